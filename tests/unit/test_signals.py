"""The signals are what they say they are."""

import numpy as np
import pytest

from fftia_lab.signals import PRESETS, preset, sunspots


def test_sunspots_are_the_record():
    years, numbers = sunspots()
    assert len(years) == len(numbers) == 256
    assert (np.diff(years) == 1).all() and years[-1] == 2008
    assert numbers[years == 1957] == 190.2, "the highest yearly mean of the record is 1957"
    assert numbers.argmax() == np.flatnonzero(years == 1957)[0]


@pytest.mark.parametrize("last", [0, 257, -1])
def test_sunspots_beyond_the_record(last):
    with pytest.raises(ValueError, match=f"ask for 1 to 256, not {last}"):
        sunspots(last)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("size", [2, 4, 8, 16, 32, 64])
def test_presets_fit_a_figure(name, size):
    samples = preset(name, size)
    assert samples.shape == (size,)
    assert np.abs(samples).max() <= 1 + 1e-12
    assert np.abs(samples).max() > 0.3, "no default signal is silence"


@pytest.mark.parametrize("size", [1, 0, -2])
def test_a_preset_needs_two_samples(size):
    with pytest.raises(ValueError, match=f"at least 2 samples; got size={size}"):
        preset("ramp", size)


def test_sizes_are_integers():
    with pytest.raises(TypeError, match="last must be an integer; got '8'"):
        sunspots("8")


def test_unknown_preset():
    with pytest.raises(ValueError, match="unknown signal 'noise'; known: sunspots"):
        preset("noise", 8)
