"""`python -m fftia_lab check`: what it prints, and that each invariant can fail."""

import subprocess
import sys

import pytest
import torch
from torch import nn

from fftia_lab import SpectralMixingLayer
from fftia_lab.__main__ import main
from fftia_lab.mixing import invariants
from fftia_lab.mixing.invariants import INVARIANTS, LAYERS

SEEDS = {"round trip", "parseval", "gradients", "identity", "domain", "determinism"}


def test_the_command_measures_the_layers(capsys):
    assert main(["check"]) == 0
    *lines, empty, last = capsys.readouterr().out.splitlines()[1:]
    names = {line[:13].strip() for line in lines}
    assert names == SEEDS | {"causality", "padding"}
    assert {line[13:49].strip() for line in lines} == set(LAYERS)
    assert all(line.endswith("  holds") and float(line[49:58]) <= 1e-5 for line in lines)
    assert last == f"All {len(lines)} hold." and not empty


def test_a_layer_that_is_no_identity_fails_the_command(monkeypatch, capsys):
    forward = SpectralMixingLayer.forward
    monkeypatch.setattr(SpectralMixingLayer, "forward", lambda *a, **k: 1.001 * forward(*a, **k))
    assert main(["check"]) == 1
    *lines, _, last = capsys.readouterr().out.splitlines()
    failing = [line for line in lines if line.endswith("FAILS")]
    assert len(failing) == 4 and all(line.startswith("identity") for line in failing)
    assert last.startswith("4 of ") and last.endswith(" fail.")


class _Halved(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, slope):
        return slope


class _Planted(nn.Module):
    """A function in the place of a layer, with nothing checked."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x, mask=None):
        return self.function(x)


FAULTS = {
    "round_trip": [lambda x: x.roll(1, 1) + 0.01 * x.square(), lambda x: x.cumsum(1)],
    "parseval": [lambda x: x + 0.1 * x.square(), lambda x: x.cumsum(1)],
    "gradients": [_Halved.apply, lambda x: x.detach() * x],
    "identity": [lambda x: x.roll(1, 1), lambda x: x + 1e-5, lambda x: x * torch.nan],
    "domain": [lambda x: x],
    "determinism": [lambda x: x + torch.rand_like(x), lambda x: x * (1 + torch.rand(()) / 1e6)],
    "causality": [lambda x: x + x.flip(1), lambda x: x + 1e-5 * x.roll(-1, 1)],
    "padding": [lambda x: x + x.mean(1, keepdim=True)],
}


@pytest.mark.parametrize(
    ("measure", "limit"),
    [one[:2] for one in INVARIANTS],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_every_invariant_can_fail(measure, limit):
    """And a filter that has no fault passes."""
    for function in FAULTS[measure.__name__]:
        torch.manual_seed(0)
        figure = measure(_Planted(function))
        assert not invariants.Finding("", "", figure, limit).holds, figure


def test_without_pytorch_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr("fftia_lab.__main__.find_spec", lambda name: None)
    assert main(["check"]) == 2
    assert "pip install 'fftia-lab[torch]'" in capsys.readouterr().err


def test_as_a_reader_types_it():
    child = subprocess.run([sys.executable, "-m", "fftia_lab"], capture_output=True, text=True)
    assert child.returncode == 2 and "required: command" in child.stderr
