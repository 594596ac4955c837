"""The sentence of the set-up cell: which GPU, what does not run, and what a TPU runtime is told."""

import sys
from importlib.metadata import version
from types import ModuleType

import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from fftia_lab import runtime


@pytest.fixture
def driver(tmp_path, monkeypatch):
    """Put an nvidia-smi there that prints these lines, and a PyTorch that may use a GPU."""
    monkeypatch.setattr(runtime, "cuda_build", lambda: True)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    def says(text, status=0):
        tool = tmp_path / "nvidia-smi"
        tool.write_text(f"#!/bin/sh\necho '{text}'\nexit {status}\n")
        tool.chmod(0o755)

    return says


def installed(*names):
    """What stands for find_spec where these packages are there and no others."""
    return lambda name: name if name in names else None


@pytest.fixture
def colab(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))


def test_it_names_the_first_gpu(driver):
    driver("NVIDIA L4, 23034\nTesla T4, 15360")
    assert runtime.gpu() == "NVIDIA L4, 22 GB"
    driver("NVIDIA GB10, [N/A]")
    assert runtime.gpu() == "NVIDIA GB10", "one without memory of its own is a GPU as well"


@pytest.mark.parametrize("says", [("", 0), ("No devices were found", 6), ("[N/A]", 0)])
def test_a_driver_without_a_gpu_is_no_gpu(driver, says):
    driver(*says)
    assert runtime.gpu() == ""


def test_it_says_what_runs(driver, colab, monkeypatch, capsys):
    driver("Tesla T4, 15360")
    monkeypatch.setattr(runtime, "find_spec", installed("torch", "triton"))
    runtime.say()
    said = capsys.readouterr().out
    assert said.startswith(
        "GPU: Tesla T4, 15 GB. The kernels of chapters 12 and 13 are compiled for it.\n"
    )
    assert "nothing has to be restarted" in said
    monkeypatch.setattr(runtime, "cuda_build", lambda: False)
    runtime.say()
    assert capsys.readouterr().out.startswith("No GPU that PyTorch could use. The kernels ")
    monkeypatch.setattr(runtime, "find_spec", installed("triton"))
    runtime.say()
    assert "Without PyTorch, chapters 7 to 13 do not run" in capsys.readouterr().out
    monkeypatch.setattr(runtime, "find_spec", installed("torch"))
    runtime.say()
    assert "Without Triton, the kernels of chapters 12 and 13" in capsys.readouterr().out


def test_outside_of_colab_it_says_nothing_of_colab_and_what_a_lost_figure_says(monkeypatch, capsys):
    """A notebook keeps the style sheet with the output of the cell."""
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    monkeypatch.setattr(runtime, "find_spec", installed("torch", "triton", "torch_xla"))
    runtime.say()
    assert len(capsys.readouterr().out.splitlines()) == 1
    ((kind, rules), _) = shown[0].items()
    assert kind == "text/html" and "run its cell again" in rules


def test_pytorch_for_processors_alone_uses_no_gpu(monkeypatch):
    for number, wanted in (("2.9.1+cpu", False), ("2.9.1+cu128", True), ("2.9.1", True)):
        monkeypatch.setattr(runtime, "version", lambda name, number=number: number)
        assert runtime.cuda_build() is wanted, number
    monkeypatch.setattr(runtime, "version", lambda name: version("no-such-package"))
    assert runtime.cuda_build() is False


@pytest.mark.parametrize("driver_of_a_tpu", ["libtpu", "torch_xla"])
def test_a_tpu_runtime_is_refused_in_words_without_a_traceback(
    colab, monkeypatch, capsys, driver_of_a_tpu
):
    monkeypatch.setattr(runtime, "find_spec", installed("torch", driver_of_a_tpu))
    quiet = Config(HistoryManager={"enabled": False})  # it would write a file at home
    shell = InteractiveShell(config=quiet)
    result = shell.run_cell("from fftia_lab import runtime; runtime.say()")
    assert isinstance(result.error_in_exec, runtime.WrongRuntime), "the cells below do not run"
    said = capsys.readouterr().out
    assert "Runtime > Change runtime type > T4 GPU" in said and "Traceback" not in said
