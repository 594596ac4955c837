"""Every checker passes the right answer, fails the empty one, and names typical mistakes."""

import numpy as np
import pytest
from IPython.lib.pretty import pretty

from fftia_lab.exercises import check_fft, check_inverse
from fftia_lab.exercises._verdict import Verdict
from fftia_lab.schedule import bit_reversal


def stages(column, turn=-1.0, minus=-1.0):
    for stride in (1 << s for s in range(len(column).bit_length() - 1)):
        a, b = np.moveaxis(column.reshape(-1, 2, stride), 1, 0)
        w = np.exp(2j * np.pi * turn * np.arange(stride) / (2 * stride))
        column = np.stack([a + w * b, a + minus * w * b], axis=1).ravel()
    return column


def changing(x):
    x[0] = 0
    return np.fft.fft(x)


def halves_swapped(x):
    if len(x) == 1:
        return x
    even, odd = halves_swapped(x[::2]), halves_swapped(x[1::2])
    turned = np.exp(-2j * np.pi * np.arange(len(odd)) / len(x)) * odd
    return np.concatenate([even - turned, even + turned])


def endless(x):
    return endless(x)


FFT_MISTAKES = [
    (lambda x: None, "It returned None"),
    (lambda x: "spectrum", "It returned str, not an array of numbers"),
    (lambda x: np.fft.fft(x)[:-1], "It returned shape (7,) for 8 samples"),
    (lambda x: 1 / 0, "ZeroDivisionError"),
    (endless, "calls itself for ever"),
    (changing, "changed its input x"),
    (np.fft.ifft, "divides by N"),
    (lambda x: np.fft.fft(x) * np.nan, "nan or inf"),
    (lambda x: np.fft.fft(x.astype(np.complex64)), "single precision"),
    (lambda x: np.fft.fft(x) / len(x), "forward divides by nothing"),
    (lambda x: np.fft.fft(x).real, "must be complex"),
    (lambda x: stages(x[bit_reversal(len(x))], turn=-0.5), "yours is half"),
    (lambda x: halves_swapped(x), "changed places"),
    (lambda x: np.fft.ifft(x) * len(x), "turn the wrong way"),
    (lambda x: np.fft.fft(x)[bit_reversal(len(x))], "undo the bit reversal"),
    (stages, "not dealt apart"),
    (lambda x: stages(x[bit_reversal(len(x))], turn=0), "no twiddle"),
    (lambda x: stages(x[bit_reversal(len(x))], turn=-2), "yours is twice that"),
    (lambda x: stages(x[bit_reversal(len(x))], minus=1), "the high one gets a minus"),
    (lambda x: np.fft.fft(x[bit_reversal(len(x))]), "not dealt apart"),
    (
        lambda x: np.fft.fft(x) + (np.arange(len(x)) == 2),
        "the first at k = 2",
    ),
]


def interleaved(x):
    if len(x) == 1:
        return x
    even, odd = interleaved(x[::2]), interleaved(x[1::2])
    turned = np.exp(-2j * np.pi * np.arange(len(odd)) / len(x)) * odd
    found = np.empty(len(x), dtype=complex)
    found[::2], found[1::2] = even + turned, even - turned
    return found


def recursion(buffer):
    def fft(x):
        if len(x) == 1:
            return x
        even, odd = fft(x[::2]), fft(x[1::2])
        turned = np.exp(-2j * np.pi * np.arange(len(odd)) / len(x)) * odd
        found = buffer(x)
        found[: len(odd)], found[len(odd) :] = even + turned, even - turned
        return found

    return fft


def loop(buffer):
    def fft(x):
        column, stride = buffer(x), 1
        column[:] = x[bit_reversal(len(x))]
        while stride < len(x):
            a, b = np.moveaxis(column.reshape(-1, 2, stride), 1, 0)
            w = np.exp(-1j * np.pi * np.arange(stride) / stride)
            a[:], b[:] = a + w * b, a - w * b
            stride *= 2
        return column

    return fft


def real_zeros(x):
    return np.zeros(len(x))


FFT_MISTAKES += [
    (lambda x: np.fft.fft(x, norm="ortho"), "It divides by √N"),
    (interleaved, "The halves are interleaved"),
    (recursion(real_zeros), "the buffer must be complex"),
    (loop(real_zeros), "the buffer must be complex"),
    (recursion(np.zeros_like), "For real numbers, and only for them, it is wrong"),
    (loop(np.empty_like), "For real numbers, and only for them, it is wrong"),
]


@pytest.mark.parametrize(("mistake", "hint"), FFT_MISTAKES)
def test_fft_hints(mistake, hint):
    verdict = check_fft(mistake)
    assert not verdict.passed and not verdict
    assert hint in verdict.message
    assert repr(verdict).startswith("Not yet. ")


def conjugated(x):
    return np.fft.fft(x.conj()).conj()


INVERSE_MISTAKES = [
    (lambda x: np.fft.fft(x).conj() / len(x), "Conjugate the spectrum too"),
    (lambda x: np.fft.fft(x)[::-1] / len(x), "roll by one"),
    (lambda x: np.fft.ifft(x).real, "imaginary part is lost"),
    (lambda x: conjugated(x) / 8, "whatever the size"),
    (lambda x: np.fft.ifft(x[::-1]), "value 1 should be"),
    (lambda x: ..., "It returned ellipsis"),
    (conjugated, "8 times too large. Divide by N"),
    (np.fft.fft, "reversed order and 8 times too large"),
    (lambda x: np.fft.fft(x) / len(x), "reversed order"),
    (lambda x: np.fft.fft(x.conj()) / len(x), "conjugate the result too"),
    (lambda x: np.fft.fft(x.conj()), "Conjugate the result too, and divide by N"),
    (lambda x: conjugated(x) / len(x) ** 2, "divides by N twice"),
    (lambda x: np.fft.ifft(x, norm="ortho"), "It divides by √N: divide by N"),
    (lambda x: np.fft.fft(x, norm="ortho"), "It divides by √N, and the spectrum"),
    (
        lambda x: np.fft.ifft(x) if np.iscomplexobj(x) else np.fft.ifft(x).real,
        "For real numbers, and only for them, it is wrong",
    ),
    (lambda x: x, "value 0 should be"),
]


@pytest.mark.parametrize(("mistake", "hint"), INVERSE_MISTAKES)
def test_inverse_hints(mistake, hint):
    verdict = check_inverse(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_answers():
    assert check_fft(np.fft.fft) and check_inverse(np.fft.ifft)
    assert check_fft(lambda x: np.fft.fft(x).tolist()), "a list of numbers is an array of numbers"
    assert repr(check_fft(np.fft.fft)).startswith("Right. ")


def test_almost_right_is_wrong():
    assert not check_fft(lambda x: np.fft.fft(x) * (1 + 1e-6))
    for size in (2, 4, 8, 16, 32, 64, 128, 256):
        assert not check_fft(lambda x, s=size: np.fft.fft(x) * (len(x) != s)), size
    for size in (2, 4, 8, 16, 32, 64):
        assert not check_inverse(lambda x, s=size: np.fft.ifft(x) * (len(x) != s)), size


def test_a_verdict_fits_into_the_column_of_a_page():
    """Whatever its length, every word of it stands, and no line is longer than a cell's code."""
    for message in ("Short.", "word " * 60 + "end.", "x" * 100 + " and well-known more " * 5):
        told = pretty(Verdict(False, message))
        assert " ".join(told.split()) == " ".join(f"Not yet. {message}".split())
        assert max(len(line) for line in told.splitlines() if "x" * 100 not in line) <= 76
