"""The checkers of chapter 4: right answers pass, and every hint is earned by a real mistake."""

import numpy as np
import pytest

from fftia_lab.exercises import check_fair, check_four_step, check_real_fft


def real(untangle=None, twiddle=lambda w: w, join=lambda e, wo: e + wo, half=0.5, divide=2j):
    """The right transform of real samples, and most of the wrong ones."""

    def real_fft(x, fft):
        z = fft(x[::2] + 1j * x[1::2])
        z = np.append(z, z[0])
        mirrored = (untangle or np.conj)(z[::-1])
        even, odd = half * (z + mirrored), (z - mirrored) / divide
        w = np.exp(-2j * np.pi * np.arange(len(z)) / len(x))
        return join(even, twiddle(w) * odd)

    return real_fft


def swapped(x, fft):
    return real()(np.stack([x[1::2], x[::2]], axis=1).ravel(), fft)


def separate(x, fft):
    even, odd = fft(x[::2]), fft(x[1::2])
    even, odd = np.append(even, even[0]), np.append(odd, odd[0])
    return even + np.exp(-2j * np.pi * np.arange(len(even)) / len(x)) * odd


REAL_MISTAKES = [
    (lambda x, fft: None, "It returned None"),
    (lambda x, fft: fft(x), "It returned shape (8,) for 8 samples"),
    (lambda x, fft: fft(x)[: len(x) // 2 + 1], "at full fare: it transforms 8 numbers"),
    (separate, "it calls fft 2 times: once do"),
    (real(twiddle=lambda w: 1.0), "The odd half is not turned"),
    (real(twiddle=np.conj), "turns the wrong way"),
    (real(twiddle=lambda w: w**2), "twice as far"),
    (real(join=lambda e, wo: e - wo), "the sign between the halves is a plus"),
    (real(divide=2), "still carries the i"),
    (real(divide=-2), "divided by i twice"),
    (real(half=1.0, divide=1j), "halve both sums"),
    (real(divide=1j), "The odd half is twice too large"),
    (real(join=lambda e, wo: np.conj(e + wo)), "the conjugate of the right one"),
    (lambda x, fft: np.append(z := fft(x[::2] + 1j * x[1::2]), z[0]), "take even and odd apart"),
    (real(untangle=lambda z: z), "Z[-k] needs its conjugate"),
    (swapped, "Even and odd have changed places"),
    (lambda x, fft: np.fft.rfft(x) + (np.arange(len(x) // 2 + 1) == 3), "frequency is k = 3"),
    (lambda x, fft: np.fft.rfft(x), "it calls fft 0 times"),
]


def closed(end, cut=False):
    """Z without the entry N/2, or with another one."""

    def real_fft(x, fft):
        z = fft(x[::2] + 1j * x[1::2])
        mirrored = end(z)[::-1].conj()
        z = z if cut else end(z)
        even, odd = (z + mirrored) / 2, (z - mirrored) / 2j
        return even + np.exp(-2j * np.pi * np.arange(len(z)) / len(x)) * odd

    return real_fft


def unrolled(x, fft):
    z = fft(x[::2] + 1j * x[1::2])
    mirrored = z[::-1].conj()
    z, mirrored = np.append(z, z[0]), np.append(mirrored, mirrored[0])
    even, odd = (z + mirrored) / 2, (z - mirrored) / 2j
    return even + np.exp(-2j * np.pi * np.arange(len(z)) / len(x)) * odd


def stacked(x, fft):
    even, odd = fft(np.stack([x[::2], x[1::2]]), axis=1)
    even, odd = np.append(even, even[0]), np.append(odd, odd[0])
    return even + np.exp(-2j * np.pi * np.arange(len(even)) / len(x)) * odd


REAL_MISTAKES += [
    (closed(lambda z: z, cut=True), "(4,) for 8 samples. There is one more: Z[N/2] is Z[0] again"),
    (closed(lambda z: np.append(z, 0)), "Z[N/2] is Z[0] again, not 0"),
    (closed(lambda z: np.append(z, z[-1])), "Z[N/2] is Z[0] again, not the last"),
    (unrolled, "The mirror of Z[k] is Z[-k]"),
    (stacked, "at full fare: it transforms 8 numbers"),
]


@pytest.mark.parametrize(("mistake", "hint"), REAL_MISTAKES)
def test_real_hints(mistake, hint):
    verdict = check_real_fft(mistake)
    assert not verdict and hint in verdict.message, verdict


def grid(turn=1.0, early=False, late=False, read=np.transpose, fill=lambda g: g, rows=True, n=None):
    """The right four steps, and most of the wrong ones."""

    def four_step(x, fft):
        side = int(np.sqrt(len(x)))
        numbers = np.arange(side)
        turns = np.exp(-2j * np.pi * turn * np.outer(numbers, numbers) / (n or len)(x))
        table = fill(x.reshape(side, side))
        table = fft(table * turns if early else table, axis=0)
        table = table if early or late else table * turns
        table = fft(table, axis=1) if rows else table
        return read(table * turns if late else table).ravel()

    return four_step


GRID_MISTAKES = [
    (lambda x, fft: None, "It returned None"),
    (lambda x, fft: fft(x), "it transforms 16 samples at once: the grid has only 4 in a row"),
    (grid(read=lambda table: table), "read the grid by columns"),
    (grid(turn=0.0), "There is no twiddle"),
    (grid(turn=-1.0), "turn the wrong way"),
    (grid(n=lambda x: np.sqrt(len(x))), "with N = 16 samples, not the side"),
    (grid(fill=np.transpose), "fill it by rows"),
    (grid(early=True), "columns first, then turn"),
    (grid(late=True), "turn before the rows"),
    (grid(rows=False), "The rows are not transformed yet"),
    (lambda x, fft: np.fft.fft(x) + (np.arange(len(x)) == 5), "first wrong frequency is k = 5"),
]


def rows_first(read):
    def four_step(x, fft):
        side = int(np.sqrt(len(x)))
        turns = np.exp(-2j * np.pi * np.outer(np.arange(side), np.arange(side)) / len(x))
        return read(fft(fft(x.reshape(side, side), axis=1) * turns, axis=0)).ravel()

    return four_step


def half_by_hand(x, fft):
    side = int(np.sqrt(len(x)))
    turns = np.exp(-2j * np.pi * np.outer(np.arange(side), np.arange(side)) / len(x))
    table = np.fft.fft(x.reshape(side, side), axis=0) * turns
    return fft(table, axis=1).T.ravel()


GRID_MISTAKES += [
    (rows_first(lambda table: table), "Rows come first"),
    (rows_first(np.transpose), "Rows come first"),
    (lambda x, fft: np.fft.fft(x), "the given fft has seen 0 numbers"),
    (half_by_hand, "the given fft has seen 16 numbers: 16 in columns and 16 in rows are wanted"),
]


@pytest.mark.parametrize(("mistake", "hint"), GRID_MISTAKES)
def test_grid_hints(mistake, hint):
    verdict = check_four_step(mistake)
    assert not verdict and hint in verdict.message, verdict


def timing(warm=True, alternate=True, turns=40, middle=np.median, block=False):
    """A fair comparison, and the unfair ones."""

    def fair(first, second, clock):
        def seconds(contender):
            began = clock()
            contender()
            return clock() - began

        if warm:
            first(), second()
        if block:
            return middle([seconds(first) for _ in range(turns)]) / middle(
                [seconds(second) for _ in range(turns)]
            )
        ratios = []
        for turn in range(turns):
            if alternate and turn % 2:
                below = seconds(second)
                ratios.append(seconds(first) / below)
            else:
                ratios.append(seconds(first) / seconds(second))
        return middle(ratios)

    return fair


def endless(first, second, clock):
    while True:
        first()


def difference(first, second, clock):
    times = [clock(), first(), clock(), second(), clock()][::2]
    return (times[1] - times[0]) - (times[2] - times[1])


def believing(first, second, clock):
    first(), second(), clock()
    return 3.0


def swallowing(first, second, clock):
    while True:
        try:
            first()
        except Exception:
            return 3.0


FAIR_MISTAKES = [
    (believing, "For another pair the answer should be 0.4; it is 3"),
    (swallowing, "20,000 calls are enough"),
    (lambda f, s, clock: str(timing()(f, s, clock)), "It returned str, not a number"),
    (lambda first, second, clock: None, "It returned None"),
    (lambda first, second, clock: [first(), second()], "It returned list, not a number"),
    (lambda first, second, clock: 3.0, "It does not run both programs"),
    (lambda first, second, clock: first(1), "It stopped with TypeError"),
    (endless, "20,000 calls are enough"),
    (difference, "a difference in seconds"),
    (lambda f, s, clock: 1 / timing()(f, s, clock), "Upside down"),
    (
        lambda f, s, clock: 2 * timing()(f, s, clock),
        "on a quiet machine the answer should be 3; it is 6",
    ),
    (timing(warm=False, turns=1), "warm up, and forget that"),
    (timing(middle=np.mean), "take the median of many, not the mean"),
    (timing(block=True), "take turns, and compare in pairs"),
    (timing(alternate=False), "go first as often as the other"),
]


@pytest.mark.parametrize(("mistake", "hint"), FAIR_MISTAKES)
def test_fair_hints(mistake, hint):
    verdict = check_fair(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_right_answers():
    assert check_real_fft(real()) and check_four_step(grid()) and check_fair(timing())
    assert check_fair(timing(warm=False)), "a median of many forgets the cold calls as well"
    assert repr(check_four_step(grid())).startswith("Right. ")


def test_almost_right_is_wrong():
    assert not check_real_fft(lambda x, fft: real()(x, fft) * (1 + 1e-6))
    assert not check_four_step(lambda x, fft: grid()(x, fft) * (1 + 1e-6))
    for size in (2, 4, 8, 16, 64, 256):
        assert not check_real_fft(lambda x, fft, n=size: real()(x, fft) * (len(x) != n)), size
    for size in (4, 16, 64, 256):
        assert not check_four_step(lambda x, fft, n=size: grid()(x, fft) * (len(x) != n)), size
    for times in (0.9, 1.1):
        assert not check_fair(lambda *given, by=times: by * timing()(*given))
