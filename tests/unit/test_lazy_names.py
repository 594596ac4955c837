"""What needs PyTorch is loaded when it is used, and seen before: by dir, `import *` and editors."""

import inspect
import subprocess
import sys

import jedi
import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

import fftia_lab
from fftia_lab import attention, mixing
from fftia_lab.tensors import constant_when_compiled

NAMES = {**attention.NAMES, **mixing.NAMES}
SCHEDULES = {"Schedule", *(f"{kind}Schedule" for kind in ("Benes", "Butterfly", "Prefix", "Shift"))}
PUBLIC = sorted({*NAMES, *SCHEDULES, "StageOptions"})
LAYER = {"schedule", "projection", "share_stages", "padding", "max_length"}
ARGUMENTS = {
    "ButterflySchedule": {"size", "causal", "padding", "decreasing"},
    "ShiftSchedule": {"size", "causal"},
    "BenesSchedule": {"size", "causal"},
    "FFTInspiredAttention": {"dim", "heads", "dim_head", "dropout", "causal"} | LAYER,
    "FFTInspiredMultiheadAttention": {"embed_dim", "num_heads", "batch_first", "causal"} | LAYER,
    "StageOptions": {"schedule", "projection", "share_stages", "causal"},
    "DenseAttention": {"dim", "heads", "dim_head", "dropout", "causal"},
    "SpectralMixingLayer": {"embed_dim", "num_filters", "dropout", "learnable", "causal", "mode"},
    "butterfly_attention": {"x", "w_q", "w_k", "schedule", "mask", "backend", "return_gates"},
    "swap_attention": {"model", "leave", "causal"} | LAYER,
}


def fresh(code):
    """Run Python anew: here all names may have been loaded by now."""
    return subprocess.check_output([sys.executable, "-c", code], text=True).strip()


def test_dir_shows_every_name_and_loads_nothing():
    code = "import fftia_lab, sys; print(*dir(fftia_lab)); print('torch' in sys.modules)"
    names, loaded = fresh(code).splitlines()
    assert set(PUBLIC) <= set(names.split())
    assert loaded == "False"


def test_a_part_is_loaded_when_it_is_named():
    assert set(fftia_lab.PARTS) <= set(dir(fftia_lab))
    asked = ", ".join(f"fftia_lab.{part}.__name__" for part in fftia_lab.PARTS)
    heavy = fresh(f"import fftia_lab, sys; print({asked})").split()
    assert heavy == [f"fftia_lab.{part}" for part in fftia_lab.PARTS]
    light = (
        "import fftia_lab, sys; fftia_lab.transform, fftia_lab.cost; print('torch' in sys.modules)"
    )
    assert fresh(light) == "False"


def test_import_star_brings_every_name():
    code = "from fftia_lab import *; print(*sorted(n for n in dir() if n[0] != '_'))"
    assert fresh(code).split() == PUBLIC == sorted(fftia_lab.__all__)


def test_import_star_without_pytorch_brings_what_is_there():
    code = (
        "import sys; sys.modules['torch'] = None\n"
        "import importlib.util as u; there = u.find_spec\n"
        "u.find_spec = lambda name, *rest: None if name == 'torch' else there(name, *rest)\n"
        "from fftia_lab import *; print(*sorted(n for n in dir() if 'Schedule' in n))\n"
        "print('unpad' in dir())"
    )
    schedules, lazy = fresh(code).splitlines()
    assert set(schedules.split()) == SCHEDULES and lazy == "False"


def test_what_else_is_missing_is_not_called_pytorch():
    code = (
        "import sys; sys.modules['fftia_lab.attention.matrices.tensors'] = None\n"
        "try: from fftia_lab import FFTInspiredAttention\n"
        "except ModuleNotFoundError as error: print(error.name)"
    )
    assert fresh(code) == "fftia_lab.attention.matrices.tensors"


@pytest.mark.parametrize("name", ARGUMENTS)
def test_arguments_are_named(name):
    """To Python itself, to an editor that reads the source, and to one that sees the object."""
    found = set(inspect.signature(getattr(fftia_lab, name)).parameters)
    assert ARGUMENTS[name] <= found
    source = f"import fftia_lab\nfftia_lab.{name}("
    for editor in (jedi.Script(source), jedi.Interpreter(source, [{"fftia_lab": fftia_lab}])):
        (signature, *_) = editor.get_signatures()
        assert ARGUMENTS[name] <= {parameter.name for parameter in signature.params}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("fftia_lab.FFTInsp", "FFTInspiredAttention"),
        ("fftia_lab.butterfly_at", "butterfly_attention"),
        ("fftia_lab.FFTInspiredAttention(64, sche", "schedule="),
        ("fftia_lab.ButterflySchedule(8, decr", "decreasing="),
    ],
)
def test_ipython_completes_them(typed, offered):
    quiet = Config(HistoryManager={"enabled": False})  # nothing is written into a home folder
    shell = InteractiveShell(config=quiet, user_ns={"fftia_lab": fftia_lab})
    with provisionalcompleter():
        found = [match.text for match in shell.Completer.completions(typed, len(typed))]
    assert any(match.endswith(offered) for match in found), found


def test_importing_attention_loads_neither_a_compiler_nor_triton():
    """Triton decides when it is imported whether it interprets; a reader asks for that later."""
    code = (
        "import sys, fftia_lab.attention.layers, fftia_lab.attention.functional\n"
        "import fftia_lab.widgets\n"
        "print([one for one in ('torch._dynamo', 'triton') if one in sys.modules])"
    )
    assert fresh(code) == "[]"


def test_a_constant_of_torch_compile_is_marked_as_pytorch_marks_it():
    torch = pytest.importorskip("torch")
    theirs = torch.compiler.assume_constant_result(lambda: 1)
    assert vars(constant_when_compiled(lambda: 1)) == vars(theirs)
