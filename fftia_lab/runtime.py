"""What the machine under a notebook can do, in a sentence: the first cell of a chapter says it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

TPU = (
    "This is one of Colab's TPU runtimes. Its PyTorch is older than the book's, and it has no "
    "Triton. Choose Runtime > Change runtime type > T4 GPU; without kernels, in chapters 1 to 11, "
    "CPU will do. Then run this cell again."
)
IN_COLAB = (
    "Go on with the next cell: nothing has to be restarted, whatever pip says. Words that set a "
    "figure do so on the book's page and in JupyterLab; here take the figure's own buttons."
)


# JupyterLab says "Error displaying widget: model not found" where a notebook was saved without the
# state of its figures, which is how it saves them unless it is told otherwise. No output has a say
# in that, but a style sheet has, which is saved with the output of the set-up cell.
LOST = """<style>
.jp-Notebook:has(.fl-set-up) .jp-OutputArea-output.jupyter-widgets:not(:has(*)) {
  visibility: hidden;
}
.jp-Notebook:has(.fl-set-up) .jp-OutputArea-output.jupyter-widgets:not(:has(*))::before {
  visibility: visible;
  display: block;
  content: "This figure was saved without its state: run its cell again.";
}
</style><span class="fl-set-up"></span>"""


class WrongRuntime(RuntimeError):
    """A machine for which the book is not made; IPython shows its words and no traceback."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


def in_colab() -> bool:
    """Return whether this is a kernel of Google Colab, which loads this module when it starts."""
    return "google.colab" in sys.modules


def is_tpu() -> bool:
    """Return whether this is a TPU runtime: no other one of Colab has its drivers installed."""
    return find_spec("libtpu") is not None or find_spec("torch_xla") is not None


def gpu() -> str:
    """Return the name of the first NVIDIA GPU, and its memory in units of 2**30 bytes.

    An empty text says that there is no driver, or that it names no GPU. It asks the driver and not
    PyTorch, which takes seconds to load and which few chapters need.
    """
    asked = ["--query-gpu=name,memory.total", "--format=csv,noheader,nounits"]
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return ""
    try:
        run = subprocess.run([tool, *asked], capture_output=True, text=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    name, _, mebibytes = run.stdout.partition("\n")[0].rpartition(", ")
    # One that shares the memory of its processor says "[N/A]" of its own.
    return f"{name}, {int(mebibytes) / 1024:.0f} GB" if mebibytes.isdecimal() else name


def cuda_build() -> bool:
    """Return whether the installed PyTorch could use a GPU, without loading it."""
    try:
        return not version("torch").endswith("+cpu")
    except PackageNotFoundError:
        return False


def sentence(found: str, missing: Iterable[str] = ()) -> str:
    """Return what runs on a machine and what does not.

    Args:
        found: its GPU; empty if there is none that PyTorch could use.
        missing: of "torch" and "triton" what is not installed.

    >>> sentence("Tesla T4, 15 GB")
    'GPU: Tesla T4, 15 GB. The kernels of chapters 12 and 13 are compiled for it.'
    >>> sentence("", ["triton"])
    'No GPU that PyTorch could use. Without Triton, the kernels of chapters 12 and 13 do not run.'
    """
    have = f"GPU: {found}" if found else "No GPU that PyTorch could use"
    if "torch" in missing:
        return f"{have}. Without PyTorch, chapters 7 to 13 do not run to their end."
    if "triton" in missing:
        return f"{have}. Without Triton, the kernels of chapters 12 and 13 do not run."
    what = "compiled for it" if found else "interpreted, slowly"
    return f"{have}. The kernels of chapters 12 and 13 are {what}."


def say() -> None:
    """Print what this machine can do.

    Raises:
        WrongRuntime: on a TPU runtime of Colab; it says what to choose instead.
    """
    if in_colab() and is_tpu():
        raise WrongRuntime(TPU)
    missing = [name for name in ("torch", "triton") if find_spec(name) is None]
    print(sentence(gpu() if cuda_build() else "", missing))
    if in_colab():
        print(IN_COLAB)
    elif "IPython" in sys.modules:
        from IPython.display import display

        display({"text/html": LOST, "text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]
