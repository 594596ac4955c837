"""What is shipped compiles for every GPU it names, spills nothing and fits; without a GPU.

Here each configuration is compiled anew for one of its GPUs, in turn: a sample, for the time it
takes. `make resources` compiles for all, writes the table, and refuses what must not be shipped.
Asked of every version of Triton: it compiles, it spills nothing, shared memory and registers
suffice, tensor cores are used where that is said, and the table lists what is shipped. Counts are
compared only with the version that wrote the table.
"""

import re
import subprocess
import sys
import time

import planted_faults
import planted_kernels
import pytest
import torch
import triton
from kernel_sources import SHIPPING, kernels

from fftia_lab.kernels import table
from fftia_lab.kernels.compilation import problems
from fftia_lab.kernels.configuration import configurations
from fftia_lab.kernels.inspection import inspect, sample
from fftia_lab.kernels.workers import Case, Failure, cases, clean_environment, compile_all


def shipped(module):
    """Return what a module ships, as `inspect` wants it."""
    full = f"fftia_lab.kernels.{module}"
    return {full: configurations(full)}


def key(case):
    """Return how the table finds a case."""
    return table.short(case.module), case.name, case.target


@pytest.mark.parametrize("module", SHIPPING)
def test_what_is_shipped_compiles_and_is_as_the_table_says(module):
    wanted = sample(shipped(module))
    found = inspect(shipped(module), wanted)
    assert found.faults == ()
    keys = {key(case) for case in wanted}
    kept = table.load().only(lambda row: row.key in keys)
    stale = list(table.differences(kept, found.table))
    assert not stale, "make resources writes the table anew"


def test_the_table_tells_of_all_that_is_shipped_and_it_may_be():
    kept = {row.key: row for row in table.load().rows}
    told = {}
    for module in SHIPPING:
        for full, ones in shipped(module).items():
            told |= {key(case): one for one in ones for case in cases(full, [one])}
    assert sorted(kept) == sorted(told), "make resources writes the table anew"
    for place, one in told.items():
        assert problems(one, place[-1], kept[place].resources) == [], place


def test_every_kernel_is_shipped():
    """A kernel that is in no configuration is compiled by nobody before it reaches a GPU."""
    named = {
        f"{table.short(one.function.fn.__module__)}.{one.function.__name__}"
        for module in SHIPPING
        for ones in shipped(module).values()
        for one in ones
    }
    assert sorted(kernels() - named - {"machine._probe"}) == []


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
    (planted_faults.ROUNDING, r"its products are to be exact, and tensor cores round .*"),
    (planted_faults.LOOPING, r"it gives token_stages, and still has 1 loops: give 0"),
]


def test_each_fault_is_found_where_it_is():
    found = inspect({"planted_faults": planted_faults.shipped()})
    assert len(found.faults) == len(FAULTS), found.faults
    for sentence, (configuration, wanted) in zip(found.faults, FAULTS, strict=True):
        place = f"planted_faults · {configuration.name} · sm_{configuration.targets[-1]}: "
        assert sentence.startswith(place) and re.fullmatch(wanted, sentence.removeprefix(place))


def test_what_does_not_compile_may_interpret():
    """So the interpreter's tests alone would ship it."""
    if isinstance(planted_kernels.reassign, triton.JITFunction):
        pytest.skip("kernels were not loaded for the interpreter")
    x = torch.full((3,), -1, dtype=torch.int32)
    planted_kernels.reassign[(1,)](x, TIMES=2)
    assert x.tolist() == [-1, 0, 1]


OTHER_TOOLS = """
import subprocess, sys
from pathlib import Path
import planted_faults, planted_kernels, triton
from fftia_lab.kernels.compilation import build, compile_for
folder, tools = Path(sys.argv[1]), Path(triton.__file__).parent / "backends/nvidia/bin"
def say(*command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    print(done.stdout + done.stderr)
for one in (planted_faults.SPILLS, planted_kernels.SOUND):
    kernel, ours = build(one, 80), compile_for(one, 80)
    (folder / "kernel.ptx").write_text(kernel.asm["ptx"])
    (folder / "kernel.cubin").write_bytes(kernel.asm["cubin"])
    say(tools / "ptxas", "-v", "--gpu-name=sm_80", "kernel.ptx", "-o", "other.cubin")
    say(tools / "nvdisasm", "-c", "kernel.cubin")
    print("ours", ours.registers, ours.spill_stores, ours.spill_loads, ours.instructions)
"""


def test_figures_are_what_the_assembler_and_another_disassembler_say(tmp_path):
    said = subprocess.run(
        [sys.executable, "-c", OTHER_TOOLS, tmp_path],
        env={**clean_environment(), "TRITON_CACHE_DIR": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    ours = re.findall(r"^ours (.*)$", said, re.MULTILINE)
    theirs = re.split(r"^ours .*$", said, flags=re.MULTILINE)[:-1]
    for figures, text in zip(ours, theirs, strict=True):
        registers = re.search(r"Used (\d+) registers", text)[1]
        spills = re.search(r"(\d+) bytes spill stores, (\d+) bytes spill loads", text).groups()
        code = re.findall(r"^\s+/\*\w{4,}\*/.*;", text, re.MULTILINE)
        count = sum(not re.search(r"\bNOP\b", line) for line in code)
        assert figures == " ".join([registers, *spills, str(count)])
    assert len(ours) == 2 and " 0 0 " not in ours[0], "the first one spills"
    assert "@" in theirs[1], "the second has instructions that depend on a condition"


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
