"""What is shipped compiles for every GPU it names, spills nothing and fits; without a GPU.

Asked of every version of Triton: it compiles, it spills nothing, shared memory and registers
suffice, tensor cores are used where that is said, and the table lists what is shipped. The counts
themselves are asked only of the version that wrote the table, and only there every GPU is: another
version compiles for two of those that Colab has.
"""

import re
import subprocess
import sys
import time

import planted_faults
import planted_kernels
import pytest
import triton
from kernel_sources import SHIPPING, kernels

from fftia_lab.kernels import table
from fftia_lab.kernels.configuration import TARGETS, configurations
from fftia_lab.kernels.inspection import inspect
from fftia_lab.kernels.workers import Case, Failure, cases, clean_environment, compile_all


@pytest.mark.parametrize("module", SHIPPING)
def test_what_is_shipped_compiles_and_the_table_tells_it(module):
    full, kept = f"fftia_lab.kernels.{module}", table.load()
    targets = TARGETS if kept.triton == triton.__version__ else (75, 80)
    found = inspect({full: configurations(full)}, targets)
    assert found.faults == ()
    assert found.table.rows, "something was compiled"
    stale = list(table.differences(kept.only([module], targets), found.table))
    assert not stale, "make resources writes the table anew"


def test_the_table_tells_of_nothing_else():
    assert {row.module for row in table.load().rows} == set(SHIPPING)


def test_every_kernel_is_shipped():
    """A kernel that is in no configuration is compiled by nobody before it reaches a GPU."""
    shipped = {
        one.function.__name__
        for module in SHIPPING
        for one in configurations(f"fftia_lab.kernels.{module}")
    }
    assert sorted(kernels() - shipped - {"_probe"}) == []


@pytest.fixture(scope="module")
def sound():
    return inspect({"planted_kernels": planted_kernels.shipped()})


def test_what_is_sound_may_be_shipped(sound):
    assert sound.faults == ()
    wanted = cases("planted_kernels", planted_kernels.shipped())
    assert [row.key for row in sound.table.rows] == [(c.module, c.name, c.target) for c in wanted]
    for row in sound.table.rows:
        multiplies = row.configuration == planted_kernels.TENSOR.name
        assert (row.resources.tensor_instructions > 0) == multiplies
        assert (row.resources.shared > 0) == multiplies, "operands of a product pass through it"
        assert row.per_token_stage > 0


FAULTS = [
    (planted_faults.SPILLS, r"it spills: [1-9]\d* bytes stored, [1-9]\d* loaded"),
    (planted_faults.GREEDY, r"it wants \d{6} bytes of shared memory; there are 101376"),
    (planted_faults.UNCOMPILABLE, r"it does not compile: CompilationError: (.|\n)*stride(.|\n)*"),
    (planted_faults.WITHOUT_TENSOR_CORES, r"it is to use tensor cores, and does not"),
    (planted_faults.LOOPING, r"it gives token_stages, and still has 1 loops: give 0"),
]


def test_each_fault_is_found_where_it_is():
    found = inspect({"planted_faults": planted_faults.shipped()})
    assert len(found.faults) == len(FAULTS), found.faults
    for sentence, (configuration, wanted) in zip(found.faults, FAULTS, strict=True):
        place = f"planted_faults · {configuration.name} · sm_{configuration.targets[-1]}: "
        assert sentence.startswith(place) and re.fullmatch(wanted, sentence.removeprefix(place))


ASSEMBLER = """
import subprocess, sys, tempfile
from pathlib import Path
import triton
from planted_faults import SPILLS
from fftia_lab.kernels.compilation import build, compile_for
with tempfile.NamedTemporaryFile("w", suffix=".ptx") as file:
    file.write(build(SPILLS, 80).asm["ptx"])
    file.flush()
    tool = Path(triton.__file__).parent / "backends/nvidia/bin/ptxas"
    command = [tool, "-v", "--gpu-name=sm_80", file.name, "-o", "/dev/null"]
    print(subprocess.run(command, capture_output=True, text=True, check=True).stderr)
found = compile_for(SPILLS, 80)
print("ours", found.registers, found.spill_stores, found.spill_loads)
"""


def test_registers_and_spills_are_what_the_assembler_says():
    said = subprocess.run(
        [sys.executable, "-c", ASSEMBLER],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    registers = re.search(r"Used (\d+) registers", said)[1]
    stores, loads = re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", said).groups()
    assert int(stores) > 0
    assert said.splitlines()[-1] == f"ours {registers} {stores} {loads}"


def test_an_endless_compilation_holds_up_nobody():
    first = Case("planted_kernels", planted_kernels.SOUND.name, 80)
    begun = time.monotonic()
    [(_, found)] = compile_all([first], limit=0.01)
    assert found == Failure("it was not done after 0.01 s")
    assert time.monotonic() - begun < 5


def test_a_process_that_ends_is_told_and_the_next_case_gets_another():
    ending = Case("planted_end", "ends", 80)
    sound = Case("planted_kernels", planted_kernels.SOUND.name, 80)
    found = dict(compile_all([ending, sound], processes=1))
    assert found[ending] == Failure("its process ended")
    assert found[sound].registers > 0


def test_a_name_that_nobody_ships_is_told():
    [(_, found)] = compile_all([Case("planted_kernels", "third", 80)])
    assert found == Failure("planted_kernels ships no 'third'")
