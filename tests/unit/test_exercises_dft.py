"""The checkers of chapter 1 pass right answers, fail the empty one, and name typical mistakes."""

import numpy as np
import pytest

from fftia_lab.exercises import check_dft, check_period, check_window
from fftia_lab.exercises.dft import RECORDS


def by_definition(x, turn=-2j * np.pi, first=0, over=None):
    """The transform by definition, with what a reader may get wrong as arguments."""
    place = np.arange(first, first + len(x))
    return np.exp(turn * np.outer(place, place) / (over or len(x))) @ x


def changing(x):
    x[0] = 0
    return np.fft.fft(x)


DFT_MISTAKES = [
    (lambda x: None, "It returned None"),
    (lambda x: np.fft.rfft(x.real), "It returned shape (5,) for 8 samples"),
    (lambda x: np.fft.fft(x[0]), "It stopped with"),
    (changing, "changed its input x"),
    (np.fft.ifft, "this is the way back"),
    (lambda x: by_definition(x, 2j * np.pi), "with a minus"),
    (lambda x: by_definition(x) / len(x), "only the centre of mass is X/N"),
    (lambda x: np.fft.fft(x, norm="ortho"), "divides by √N"),
    (lambda x: by_definition(x, -1j * np.pi), "a full turn is 2π, not π"),
    (lambda x: by_definition(x, -1j), "multiply it by 2π"),
    (lambda x: by_definition(x, first=1), "counts from 1"),
    (lambda x: by_definition(x, over=1), "divide by N"),
    (lambda x: by_definition(x).real, "the sums must be complex"),
    (lambda x: np.abs(by_definition(x)), "return the complex sums themselves"),
    (lambda x: by_definition(x.real), "imaginary part of the samples is lost"),
    (lambda x: by_definition(x, over=8), "For 5 samples"),
    (lambda x: by_definition(x) + (np.arange(len(x)) == 2), "1 of 8 sums are wrong, the first at"),
]


@pytest.mark.parametrize(("mistake", "hint"), DFT_MISTAKES)
def test_dft_hints(mistake, hint):
    verdict = check_dft(mistake)
    assert not verdict
    assert hint in verdict.message
    assert repr(verdict).startswith("Not yet. ")


def hann(size):
    return np.sin(np.pi * np.arange(size) / size) ** 2


def into(buffer):
    """The definition as a double loop, into a buffer that may not hold the sums."""

    def dft(x):
        found = buffer(x)
        for k in range(len(x)):
            for j in range(len(x)):
                found[k] += np.exp(-2j * np.pi * j * k / len(x)) * x[j]
        return found

    return dft


def whole(x):
    found = np.zeros(len(x))
    found += by_definition(x)
    return found


def turned(x, k=0, j=0):
    places = np.arange(len(x))
    return np.exp(-2j * np.pi * np.outer(places + k, places + j) / len(x)) @ x


SQUARES = "k and j need axes of their own"
DFT_SLIPS = [
    (lambda x: turned(x, j=1), "j counts from 1"),
    (lambda x: turned(x, k=1), "k counts from 1"),
    (lambda x: np.exp(-2j * np.pi * np.arange(len(x)) ** 2 / len(x)) @ x, SQUARES),
    (lambda x: np.exp(-2j * np.pi * np.arange(len(x)) ** 2 / len(x)) * x, SQUARES),
    (lambda x: np.fft.fft(np.eye(len(x))) * x, "add up each row"),
    (into(lambda x: np.zeros(len(x))), "so must their buffer"),
    (into(np.zeros_like), "For real numbers, and only for them, it is wrong: a buffer like"),
    (
        into(lambda x: np.zeros(len(x), x.dtype if x.dtype.kind == "i" else complex)),
        "For integer numbers, and only for them, it is wrong",
    ),
    (whole, "The buffer is real: it needs dtype=complex."),
]


@pytest.mark.parametrize(("mistake", "hint"), DFT_SLIPS)
@pytest.mark.filterwarnings("error")
def test_dft_slips(mistake, hint):
    """The checker's word is the only one: NumPy's warnings are kept back."""
    verdict = check_dft(mistake)
    assert not verdict
    assert hint in verdict.message


WINDOW_MISTAKES = [
    (lambda x: None, "It returned None"),
    (lambda x: hann(len(x)), "the window alone"),
    (lambda x: x, "as loud as before"),
    (lambda x: x * np.hanning(len(x)), "divide by N, not N - 1"),
    (lambda x: x * (1 - hann(len(x))), "the cosine has a minus"),
    (lambda x: 2 * x * hann(len(x)), "Twice too large"),
    (lambda x: x + hann(len(x)), "multiply by it"),
    (lambda x: x * np.sin(np.pi * np.arange(len(x)) / len(x)), "square it"),
    (lambda x: x * np.sin(np.pi / 2 * np.arange(len(x)) / len(x)) ** 2, "never out"),
    (lambda x: np.fft.fft(x) * hann(len(x)), "fade the samples"),
    (lambda x: x * np.roll(hann(len(x)), -1), "j counts from 1"),
    (lambda x: (x * hann(len(x))).astype(x.dtype), "For integer numbers, and only for them"),
    (lambda x: x * hann(len(x)) if len(x) > 1 else 0.5 * x, "For 1 samples"),
    (lambda x: x[:8] * hann(8), "It stopped with ValueError"),
    (lambda x: x * np.hamming(len(x)), "For 8 samples, value 0 should be 0.000; it is -0.139."),
]


@pytest.mark.parametrize(("mistake", "hint"), WINDOW_MISTAKES)
def test_window_hints(mistake, hint):
    verdict = check_window(mistake)
    assert not verdict
    assert hint in verdict.message


def strongest(x):
    return np.abs(np.fft.rfft(x - x.mean())).argmax()


PERIOD_MISTAKES = [
    (lambda x: None, "It returned None"),
    (strongest, "the cycles in the record: divide 200 samples by it"),
    (lambda x: len(x) / np.abs(np.fft.rfft(x)).argmax(), "subtract the mean"),
    (lambda x: len(x) / int(np.abs(np.fft.rfft(x)).argmax()), "subtract the mean"),
    (lambda x: strongest(x) / len(x), "the period is one over it"),
    (lambda x: len(x) / np.abs(np.fft.rfft(x)[1:]).argmax(), "starts at k = 1"),
    (lambda x: len(x) / (len(x) - strongest(x)), "search 0 to N/2"),
    (lambda x: len(x) / np.fft.rfft(x - x.mean()).real.argmax(), "take |X|"),
    (lambda x: len(x) / np.fft.rfft(x - x.mean()).imag.argmax(), "64 samples holds 32 cycles"),
    (lambda x: 256 / strongest(x), "use its own length"),
    (lambda x: 2 * np.pi * strongest(x) / len(x), "radians"),
    (lambda x: 200 / strongest(x), "A record of 128 samples holds 5 cycles, 25.6 samples each"),
    (lambda x: [len(x) / strongest(x)], "It returned shape (1,)"),
]


@pytest.mark.parametrize(("mistake", "hint"), PERIOD_MISTAKES)
def test_period_hints(mistake, hint):
    verdict = check_period(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_answers():
    assert check_dft(np.fft.fft) and check_dft(by_definition)
    assert check_dft(lambda x: by_definition(x).tolist()), "a list of numbers is an array too"
    assert check_window(lambda x: x * hann(len(x)))
    assert check_period(lambda x: len(x) / strongest(x))
    assert check_period(lambda x: float(len(x) / strongest(x)))


def test_almost_right_is_wrong():
    assert not check_dft(lambda x: np.fft.fft(x) * (1 + 1e-6))
    for size in range(1, 34):
        assert not check_dft(lambda x, s=size: np.fft.fft(x) * (len(x) != s)), size
    for size in range(1, 34):
        assert not check_window(lambda x, s=size: x * hann(len(x)) + (len(x) == s)), size
    for size, cycles, _ in RECORDS:
        wrong = size / cycles * (1 + 1e-6)
        assert not check_period(
            lambda x, s=size, w=wrong: w if len(x) == s else len(x) / strongest(x)
        ), size
