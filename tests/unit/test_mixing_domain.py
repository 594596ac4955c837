"""Time and frequency are not mixed up: what is refused, what may be done, what is kept."""

import operator

import numpy as np
import pytest
import torch
from unit.layer_cases import tokens
from unit.mixing_cases import layer_of, relative

from fftia_lab import (
    DomainError,
    FourierMixing,
    FrequencySignal,
    SpectralMixingLayer,
    SpectralMLPBlock,
    TimeSignal,
    causal_convolution,
)


def pair(n=9, dim=-2):
    signal = TimeSignal(tokens(2, n), dim)
    return signal, signal.to_frequency()


@pytest.mark.parametrize("n", [1, 2, 5, 8, 37])
def test_there_and_back(n):
    signal, spectrum = pair(n)
    assert relative(spectrum.to_time().values, signal.values) < 1e-14
    wanted = np.fft.rfft(signal.values.numpy(), axis=1)
    assert np.abs(spectrum.values.numpy() - wanted).max() < 1e-13
    assert signal.to_time() is signal and spectrum.to_frequency() is spectrum


@pytest.mark.parametrize("n", [1, 2, 5, 8, 37])
def test_energy_is_the_same_in_both(n):
    """Parseval, with all n bins of NumPy's DFT."""
    signal, spectrum = pair(n)
    whole = np.fft.fft(signal.values.numpy(), axis=1)
    wanted = (np.abs(whole) ** 2).sum() / n
    assert float(spectrum.energy()) == pytest.approx(wanted, rel=1e-13)
    assert float(signal.energy()) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (operator.add, "add"),
        (operator.sub, "subtract"),
        (operator.mul, "multiply"),
        (operator.truediv, "divide"),
    ],
)
def test_the_other_domain_is_refused(operation, name):
    signal, spectrum = pair()
    for one, other in ((signal, spectrum), (spectrum, signal)):
        with pytest.raises(DomainError) as caught:
            operation(one, other)
        first, second = one.domain, other.domain
        assert f"cannot {name} a {first} signal and a {second} signal" in str(caught.value)
        assert f"use to_{first}() on the second" in str(caught.value)
        for bare in (other.values, other.values.numpy(), None):
            for sides in ((one, bare), (bare, one)):
                with pytest.raises(DomainError, match=r"no domain|does not know domains"):
                    operation(*sides)
        torch.testing.assert_close(operation(one, one).values, operation(one.values, one.values))
    shorter, _ = pair(8)
    with pytest.raises(
        ValueError, match=f"cannot {name} signals of 9 samples along axis -2 and of"
    ):
        operation(signal, shorter)


def test_functions_of_torch_are_refused():
    signal, spectrum = pair()
    for call, name in (
        (lambda: torch.add(signal, spectrum), "add"),
        (lambda: torch.fft.rfft(spectrum), "fft_rfft"),
        (lambda: torch.cat([signal, spectrum]), "cat"),
    ):
        with pytest.raises(DomainError, match=f"torch's {name} does not know domains"):
            call()


def test_numbers_scale():
    for signal in pair():
        for scaled in (2 * signal, signal * 2.0, signal / 0.5, -(-2 * signal)):
            torch.testing.assert_close(scaled.values, 2 * signal.values)
            assert type(scaled) is type(signal) and scaled.length == 9


def test_a_product_of_spectra_is_what_a_layer_does():
    layer, x = layer_of(), tokens(2, 9)
    response = FrequencySignal(layer.response(9), length=9)
    filtered = (TimeSignal(x).to_frequency() * response).to_time()
    torch.testing.assert_close(filtered.values, layer(x))


def test_the_axis_is_counted_from_the_end():
    signal, spectrum = pair(9, dim=1)
    assert signal.dim == -2 and spectrum.values.shape == (2, 5, 3)
    last = TimeSignal(signal.values, dim=2)
    assert last.dim == -1 and last.to_frequency().values.shape == (2, 9, 2)
    assert repr(spectrum) == "FrequencySignal(shape=(2, 5, 3), length=9, dim=-2)"
    with pytest.raises(ValueError, match="along axis"):
        signal + last


@pytest.mark.parametrize(
    "layer",
    [SpectralMixingLayer(3), FourierMixing(3), SpectralMLPBlock(3)],
    ids=lambda layer: type(layer).__name__,
)
def test_layers_want_values_in_time(layer):
    signal, spectrum = pair()
    name = type(layer).__name__
    for given, fix in (
        (spectrum, r"x\.to_time\(\)\.values"),
        (signal, r"x\.values"),
        (spectrum.values, "irfft first"),
    ):
        with pytest.raises(DomainError, match=rf"^{name} takes .*{fix}"):
            layer(given)
    with pytest.raises(DomainError, match="causal_convolution takes a tensor of values in time"):
        causal_convolution(spectrum, torch.zeros(1, 3))
    assert issubclass(DomainError, TypeError)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: TimeSignal(torch.zeros(3, dtype=torch.int64)), TypeError, "got torch.int64"),
        (lambda: TimeSignal(torch.zeros(3) + 0j, -1), TypeError, "got torch.complex64"),
        (lambda: TimeSignal([1.0]), TypeError, "holds a floating point tensor; got list"),
        (lambda: TimeSignal(torch.zeros(3)), ValueError, "no axis -2 with samples in shape (3,)"),
        (lambda: TimeSignal(torch.zeros(0), -1), ValueError, "no axis -1 with samples in shape"),
        (lambda: FrequencySignal(torch.zeros(3), 4, -1), TypeError, "complex tensor; got torch.fl"),
        (
            lambda: FrequencySignal(torch.zeros(3) + 0j, 6, -1),
            ValueError,
            "a frequency signal of 6 samples holds 4 numbers along axis -1; got shape (3,)",
        ),
        (
            lambda: FrequencySignal(torch.zeros(3) + 0j, 0, -1),
            ValueError,
            "length must be at least",
        ),
    ],
)
def test_bad_input_gives_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value) and "\n" not in str(caught.value)
