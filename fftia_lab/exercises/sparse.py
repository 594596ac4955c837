"""Checkers of notebook 11-sparse-spectra."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._answer import complex_numbers, one_number
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Reals = NDArray[np.float64]
Complexes = NDArray[np.complex128]
Hints = list[tuple[NDArray[Any], str]]
UNSET = "It returned nan or inf: it divides by zero, or leaves values unset."

# ---- every byte --------------------------------------------------------------------------------

# In each of the first three another mistake about the entries takes another number of bytes.
MATRICES = ((15, 26, 40), (9, 14, 4), (256, 256, 6554), (3, 3, 2), (4, 6, 1), (1, 9, 5), (2, 1, 2))


def check_nbytes(nbytes: Callable[[int, int, int], Any]) -> Verdict:
    """Check a reader's count of the bytes of a sparse spectrum.

    Args:
        nbytes: takes rows, columns and how many entries are kept; returns 8 bytes for each of
            those, a bit for every independent entry in whole bytes, and 56 for the header.

    >>> check_nbytes(lambda rows, columns, kept: 8 * kept + rows * columns // 8 + 56)
    Not yet. 15 × 26, 40 kept: 424. A bit for each of 390 entries: pairs share one.
    """
    for rows, columns, kept in MATRICES:
        result = attempt(nbytes, (rows, columns, kept))
        found = result if isinstance(result, Verdict) else one_number(result, "a number of bytes")
        if isinstance(found, Verdict):
            return found
        if found != _bytes(kept, _entries(rows, columns)):
            case = f"{rows} × {columns}, {kept} kept: {found:g}"
            return Verdict(False, f"{case}. {_bytes_hint(found, rows, columns, kept)}")
    return Verdict(True, "Every byte is counted, of matrices with odd and even sides.")


def _entries(rows: int, columns: int) -> int:
    return (rows * columns + (2 - rows % 2) * (2 - columns % 2)) // 2


def _bytes(kept: int, entries: int) -> int:
    return 8 * kept + -(-entries // 8) + 56


def _bytes_hint(found: float, rows: int, columns: int, kept: int) -> str:
    numbers, entries = rows * columns, _entries(rows, columns)
    right, alone = _bytes(kept, entries), 2 * entries - numbers
    mistakes = [
        (right - 56, "The header is missing: 56 bytes."),
        (8 * kept + entries + 56, "A byte for each entry: a bit is enough, eight in a byte."),
        (8 * kept + 56, "Nothing says which entries are kept: a bit for each."),
        (right + 8 * kept, "Both of every pair: the partner follows from the one that is kept."),
        (right - 4 * kept, "One number an entry: it has a real and an imaginary part."),
        (24 * kept, "That is as published: the places as whole numbers of 8 bytes."),
        (right - 8 * kept + entries * 8, "All entries: only those that are kept cost 8 bytes."),
        (8 * kept + numbers // 8 + 56, f"A bit for each of {numbers} entries: pairs share one."),
        (_bytes(kept, numbers), f"A bit for each of {numbers} entries: pairs share one."),
        (
            _bytes(kept, (numbers + 4) // 2),
            f"Four entries without a partner: with these sides there are {alone}.",
        ),
        (
            _bytes(kept, rows * (columns // 2 + 1)),
            "The half that rfft2 returns still holds pairs twice, in its first column.",
        ),
        (_bytes(kept, numbers // 2), f"{alone} of the {numbers} entries have no partner."),
        (8 * kept + entries // 8 + 56, "Whole bytes: the last bits need one too, round up."),
        (8 * kept + entries / 8 + 56, "Whole bytes: the last bits need one too, round up."),
    ]
    for mistake, hint in mistakes:
        if found == mistake:
            return hint
    return f"There are {entries} independent entries, and it is {right} bytes."


# ---- the largest lines -------------------------------------------------------------------------


def check_keep(keep: Callable[[Reals, int], Any]) -> Verdict:
    """Check a reader's signal of which the strongest lines of the spectrum are left.

    Args:
        keep: takes n samples and a count from 1 to n // 2 + 1; returns the n samples of the signal
            with so many lines, those of the largest energy, a pair counted twice; of equal ones
            the slower.

    >>> check_keep(lambda x, count: x)
    Not yet. For 8 samples and 2 lines, nothing was dropped.
    """
    for name, x, count in _signals():
        wanted = _kept(x, count)
        result = attempt(keep, (x, count))
        found = result if isinstance(result, Verdict) else complex_numbers(result)
        if isinstance(found, Verdict):
            return found
        if not np.isfinite(found).all():
            return Verdict(False, UNSET)
        if found.shape == wanted.shape and agree(found, wanted):
            continue
        return Verdict(False, f"For {name} and {count} lines, {_keep_hint(found, x, count)}")
    return Verdict(True, "The strongest lines are kept, so many and no more, from 1 to 16 samples.")


def _signals() -> list[tuple[str, Reals, int]]:
    """Return name, samples and count; in the first each mistake keeps other lines."""
    first = np.sqrt([3, 1, 2.5, 2, 2.2]) * np.exp(1j * np.array([0, 1, 2, 3, 0]))
    drawn = [np.random.default_rng(n).normal(size=n) for n in (5, 16, 9, 2, 1)]
    cases = [(f"{len(x)} sample{'s' * (len(x) > 1)}", x, 1 + len(x) // 4) for x in drawn]
    clicks = [("a single 1 in 8 samples", np.eye(8)[0], count) for count in (2, 4, 5)]
    return [("8 samples", np.fft.irfft(first, 8), 2), *cases, *clicks]


def _energy(x: Reals) -> Reals:
    k = np.arange(len(x) // 2 + 1)
    energy: Reals = np.abs(np.fft.rfft(x)) ** 2 * np.where(2 * k % len(x) == 0, 1, 2)
    return energy


def _with(x: Reals, lines: NDArray[Any]) -> Reals:
    """Return the signal with some of its lines."""
    X = np.fft.rfft(x)
    kept = np.zeros_like(X)
    kept[lines] = X[lines]
    return np.fft.irfft(kept, len(x))


def _order(energy: Reals) -> NDArray[np.int64]:
    return np.argsort(-energy, kind="stable")


def _kept(x: Reals, count: int) -> Reals:
    return _with(x, _order(_energy(x))[:count])


def _keep_hint(found: Complexes, x: Reals, count: int) -> str:
    size, energy = len(x), _energy(x)
    for mistake, hint in _keep_hints(x, count):
        if mistake.shape == found.shape and agree(found, mistake):
            return hint
    if found.shape == (size - size % 2,) and size % 2:
        return f"it returned {size - 1} samples: irfft takes an even length, unless you tell it."
    if found.shape != (size,):
        return f"it returned shape {found.shape}, not {size} samples."
    lines = sorted(_order(energy)[:count].tolist())
    i = differing(found, _kept(x, count))[0]
    return f"sample {i} is not what the lines {lines} make."


def _keep_hints(x: Reals, count: int) -> Hints:
    X, energy = np.fft.rfft(x), _energy(x)
    order, single = _order(energy), _order(np.abs(X))
    least, small = energy[order[count - 1]], np.abs(X)[single[count - 1]]
    all_twice = energy.copy()
    all_twice[-1] = 2 * np.abs(X[-1]) ** 2
    Z = np.fft.fft(x)
    half = np.zeros_like(Z)
    chosen = _order(np.abs(Z))[:count]
    half[chosen] = Z[chosen]
    dropped = np.where(np.isin(np.arange(len(X)), order[:count]), X, 0)
    return [
        (x, "nothing was dropped."),
        (_with(x, single[:count]), "a pair counts twice, and lines 0 and n/2 once."),
        (np.fft.ifft(half).real, "half a pair was kept: take lines 0 to n/2, or both of a pair."),
        (np.fft.ifft(half), "half a pair was kept: take lines 0 to n/2, or both of a pair."),
        (np.zeros(len(x)), "nothing was kept."),
        (x - _kept(x, count), "the strongest were dropped: keep them, and drop the others."),
        (_with(x, order[::-1][:count]), "the weakest were kept: sort the other way."),
        (_with(x, np.arange(min(count, len(X)))), "the slowest were kept: sort by energy."),
        (dropped, "this is its spectrum: transform it back."),
        (
            _with(x, np.flatnonzero(energy >= least)),
            "all that equal the last were kept: exactly so many, the slower first.",
        ),
        (
            _with(x, np.flatnonzero(np.abs(X) >= small)),
            "all that equal the last were kept, and a pair counts twice.",
        ),
        (
            _with(x, len(X) - 1 - _order(energy[::-1])[:count]),
            "of equal lines the faster were kept: the slower come first.",
        ),
        (_with(x, _order(all_twice)[:count]), "line n/2 is its own mirror image and counts once."),
    ]


# ---- a product by blocks -----------------------------------------------------------------------


def check_streamed(streamed: Callable[..., Any]) -> Verdict:
    """Check a reader's x W from blocks of columns of the spectrum of W.

    Args:
        streamed: takes x of shape (tokens, inputs), a function of a and b that returns columns a
            to b - 1 of the spectrum, how many there are, and how many may be asked for at a time.

    >>> check_streamed(lambda x, columns, outputs, width: x @ np.fft.ifft2(columns(0, outputs)))
    Not yet. It asked for 12 columns at once: no more than 4 at a time.
    """
    for inputs, outputs, width in ((8, 12, 4), (5, 7, 3), (6, 6, 1), (4, 3, 8)):
        rng = np.random.default_rng(inputs)
        x, W = rng.normal(size=(3, inputs)), rng.normal(size=(inputs, outputs))
        found = _try_stream(streamed, x, np.fft.fft2(W), width)
        if isinstance(found, Verdict):
            return found
        if found.shape == (3, outputs) and agree(found, x @ W):
            continue
        case = f"For {outputs} outputs, {width} at a time"
        return Verdict(False, f"{case}, {_stream_hint(found, x, W, width)}")
    return Verdict(True, "It is x W, a block at a time, also where the last block is short.")


def _try_stream(
    streamed: Callable[..., Any], x: Reals, S: Complexes, width: int
) -> Complexes | Verdict:
    asked = []

    def columns(a: int, b: int) -> Complexes:
        asked.append(len(range(S.shape[1])[a:b]))
        return S[:, a:b].copy()

    result = attempt(streamed, (x, columns, S.shape[1], width))
    if asked and max(asked) > width:
        many = f"It asked for {max(asked)} columns at once"
        return Verdict(False, f"{many}: no more than {width} at a time.")
    found = result if isinstance(result, Verdict) else complex_numbers(result)
    if not isinstance(found, Verdict) and not np.isfinite(found).all():
        return Verdict(False, UNSET)
    return found


def _stream_hint(found: Complexes, x: Reals, W: Reals, width: int) -> str:
    S, right = np.fft.fft2(W), x @ W
    outputs = S.shape[1]
    for mistake, hint in _stream_hints(x, S, width):
        if mistake.shape == found.shape and agree(found, mistake):
            return hint
    if found.shape == (*right.shape[:1], outputs - outputs % width) and outputs % width:
        return "the last block is missing: it may be shorter than the others."
    if found.shape != right.shape:
        return f"it returned shape {found.shape}, not {right.shape}."
    return "it is not x W: transform x, multiply, and transform once all blocks are there."


def _stream_hints(x: Reals, S: Complexes, width: int) -> Hints:
    outputs = S.shape[1]
    u, starts = np.fft.ifft(x), range(0, outputs, width)
    blocks = [S[:, a : a + width] for a in starts]
    early = np.hstack([np.fft.ifft(u @ block) for block in blocks])  # x @ ifft2(block) too
    waits = "each block was transformed back by itself: its columns are frequencies, so wait."
    forward = np.fft.fft(x)
    back = "transform x by ifft: W is F⁻¹ S F⁻¹, so both transforms go back."
    last = "the last transform goes back too, by ifft."
    untouched = "x stands in time and S in frequency: transform x first."
    wrong_axis = np.fft.ifft(x, axis=0)
    found: Hints = [
        (early, waits),
        (early.real, waits),
        (u @ S, "the outputs are still frequencies: transform them back."),
        ((u @ S).real, "the outputs are still frequencies: transform them back."),
    ]
    for made, hint in (
        (np.fft.ifft(forward @ S), back),
        (np.fft.fft(u @ S), last),
        (np.fft.ifft(x @ S), untouched),
        (np.fft.ifft(wrong_axis @ S), "x was transformed along the tokens: its last axis is W's."),
        (np.fft.ifft(u @ S.conj()), "the spectrum was conjugated: take it as it is."),
        (np.fft.ifft(u.conj() @ S), "x was conjugated: ifft, and nothing more."),
        (
            np.fft.ifft(u @ S, axis=0),
            "the last transform went along the tokens, not the outputs.",
        ),
        (np.fft.ifft(u.real @ S), "x lost its imaginary part: keep what ifft returns."),
        (np.fft.ifft(u @ S.real), "the spectrum lost its imaginary part."),
        (np.fft.ifft((u @ S).real), "the imaginary part was dropped too early: at the very end."),
        (np.abs(np.fft.ifft(u @ S)), "signs are lost: take the real part, not the size."),
    ):
        found += [(made, hint), (made.real, hint)]
    return found
