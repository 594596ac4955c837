"""The sentence of the set-up cell: which GPU, what does not run, and what a TPU runtime is told."""

import sys
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


@pytest.fixture
def colab(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))


def test_it_names_the_first_gpu(driver):
    driver("Tesla T4, 15360\nNVIDIA L4, 23034")
    assert runtime.gpu() == "Tesla T4, 15 GB"
    driver("NVIDIA GB10, [N/A]")
    assert runtime.gpu() == "NVIDIA GB10", "one without memory of its own is a GPU as well"


@pytest.mark.parametrize("says", [("", 0), ("No devices were found", 6), ("[N/A]", 0)])
def test_a_driver_without_a_gpu_is_no_gpu(driver, says):
    driver(*says)
    assert runtime.gpu() == ""


def test_it_says_what_runs(driver, colab, monkeypatch, capsys):
    driver("Tesla T4, 15360")
    monkeypatch.setattr(runtime, "find_spec", lambda name: name)
    monkeypatch.setattr(runtime, "is_tpu", lambda: False)
    runtime.say()
    said = capsys.readouterr().out
    assert said.startswith(
        "GPU: Tesla T4, 15 GB. The kernels of chapters 12 and 13 are compiled for it.\n"
    )
    assert "nothing has to be restarted" in said
    monkeypatch.setattr(runtime, "cuda_build", lambda: False)
    runtime.say()
    assert capsys.readouterr().out.startswith("No GPU that PyTorch could use. The kernels ")


def test_a_tpu_runtime_is_refused_in_words_without_a_traceback(colab, monkeypatch, capsys):
    monkeypatch.setattr(runtime, "is_tpu", lambda: True)
    quiet = Config(HistoryManager={"enabled": False})  # it would write a file at home
    shell = InteractiveShell(config=quiet)
    result = shell.run_cell("from fftia_lab import runtime; runtime.say()")
    assert isinstance(result.error_in_exec, runtime.WrongRuntime), "the cells below do not run"
    said = capsys.readouterr().out
    assert "Runtime > Change runtime type > T4 GPU" in said and "Traceback" not in said
