"""Checkers of notebook 07-attention-on-pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..schedule import ButterflySchedule, Integers, ShiftSchedule
from ._answer import real_numbers
from ._trial import attempt
from ._verdict import Verdict, agree, differing

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]


def _sigmoid(t: Floats) -> Floats:
    result: Floats = (1 + np.tanh(t / 2)) / 2
    return result


def _answer(function: Callable[..., Any], given: tuple[Any, ...], shape: tuple[int, ...]) -> Any:
    """Return a reader's numbers in the wanted shape, or what is wrong before any number is."""
    result = attempt(function, given)
    numbers = result if isinstance(result, Verdict) else real_numbers(result)
    if isinstance(numbers, Verdict) or numbers.shape == shape:
        return numbers
    return Verdict(False, f"It returned shape {numbers.shape}; wanted is {shape}.")


# ---- the gate --------------------------------------------------------------------------------


def check_gate(gate: Callable[[Floats, Floats], Any]) -> Verdict:
    """Check the partner's weight in a softmax of two scores, small and large.

    Args:
        gate: takes the scores of tokens with themselves and with their partners, of one shape;
            returns the gates, in that shape.

    >>> check_gate(lambda own, other: 1 / (1 + np.exp(other - own)))
    Not yet. This is what the token keeps: the gate is the partner's weight.
    """
    rng = np.random.default_rng(7)
    for shape in ((5,), (2, 3), (1,), (2, 1, 4), (6,)):
        own, other = rng.normal(size=(2, *shape))
        if shape == (6,):
            own, other = np.rint(3 * own).astype(int), np.rint(3 * other).astype(int)
        wanted = _sigmoid(other - own)
        found = _answer(gate, (own, other), shape)
        if isinstance(found, Verdict):
            return found
        if not agree(found, wanted):
            return Verdict(False, _gate_hint(found, own, other))
    own = np.array([1000.0, 1000.0, -1000.0, -1000.0, 1000.0])
    other = np.array([1001.0, -1000.0, 1000.0, -1001.0, 1000.0])
    found = _answer(gate, (own, other), own.shape)
    if isinstance(found, Verdict):
        return found
    if not agree(found, _sigmoid(other - own)):
        return Verdict(
            False,
            "It fails at scores of 1000, where an exponential is infinite or 0: "
            "take the difference of the two first.",
        )
    return Verdict(True, "A softmax of two, at scores of 1000 too.")


@np.errstate(divide="ignore", invalid="ignore")
def _gate_hint(found: Floats, own: Floats, other: Floats) -> str:
    both = np.exp(own) + np.exp(other)
    hints = [
        (_sigmoid(own - other), "This is what the token keeps: the gate is the partner's weight."),
        (_sigmoid(other), "The score of the token with itself does not enter."),
        (_sigmoid(own), "The score with the partner does not enter."),
        (other - own, "This is the difference of the scores: its sigmoid is missing."),
        (other / (own + other), "Scores may be negative: take their exponentials first."),
        (np.exp(other), "The weight is never divided by the sum of the two."),
        (
            np.exp(other) / np.exp(own),
            "It is divided by the token's own weight: divide by the sum.",
        ),
        (
            np.exp(other) / np.exp(other).sum(),
            "The softmax runs over the tokens: it runs over the two scores of each.",
        ),
        (np.exp(other) / both.sum(), "The sum runs over all tokens: each has its own sum of two."),
        (np.tanh((other - own) / 2), "tanh lies between -1 and 1: add 1 and halve."),
        (
            _sigmoid(2 * (other - own)),
            "It is too steep: the sigmoid of t is (1 + tanh(t / 2)) / 2.",
        ),
    ]
    for mistake, hint in hints:
        if agree(found, mistake):
            return hint
    i = differing(found.ravel(), _sigmoid(other - own).ravel())[0]
    wanted = _sigmoid(other - own).ravel()[i]
    return (
        f"For scores {own.ravel()[i]:.3f} and {other.ravel()[i]:.3f} the gate is {wanted:.3f}; "
        f"yours is {found.ravel()[i]:.3f}."
    )


# ---- both gates from one row -----------------------------------------------------------------


class _Counted(np.ndarray):
    """A matrix that counts the rows it is multiplied with; its views share the count."""

    rows: list[int]

    def __array_finalize__(self, made_from: Any) -> None:
        self.rows = getattr(made_from, "rows", [])

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [np.asarray(one) for one in inputs]
        if ufunc is np.matmul:
            other = plain[1 if isinstance(inputs[0], _Counted) else 0]
            self.rows.append(other.size // self.shape[0])
        return getattr(ufunc, method)(*plain, **options)

    def __array_function__(self, function: Any, types: Any, given: Any, options: Any) -> Any:
        if function is np.dot:
            return np.matmul(*given, **options)
        return super().__array_function__(function, types, given, options)


def check_pair_stage(pair_stage: Callable[[Floats, Floats, Integers], Any]) -> Verdict:
    """Check one stage that makes both gates of a pair from one row of a matrix product.

    Args:
        pair_stage: takes x of shape (n, d), M = W_q W_kᵀ/√d of shape (d, d) and the pairs (a, b) as
            rows of an array of shape (n/2, 2); returns y, shape (n, d).

    >>> check_pair_stage(lambda x, m, pairs: x)
    Not yet. Nobody has moved: y is x.
    """
    rng = np.random.default_rng(8)
    for size, width, stage in ((8, 3, 1), (4, 2, 0), (16, 5, 3), (2, 4, 0)):
        x, m = rng.normal(size=(size, width)), rng.normal(size=(width, width))
        pairs = ButterflySchedule(size).pairs(stage)
        found = _answer(pair_stage, (x, m, pairs), x.shape)
        if isinstance(found, Verdict):
            return found
        if not agree(found, _pair_stage(x, m, pairs)):
            return Verdict(False, _pair_hint(found, x, m, pairs))
    return _one_row_a_pair(pair_stage)


def _one_row_a_pair(pair_stage: Callable[..., Any]) -> Verdict:
    """Count the rows that right numbers have cost."""
    rng = np.random.default_rng(10)
    for size in (2, 8):
        x, m = rng.normal(size=(size, 4)), rng.normal(size=(4, 4)).view(_Counted)
        pairs = ButterflySchedule(size).pairs(0)
        m.rows = []
        result = attempt(pair_stage, (x, m, pairs))
        if isinstance(result, Verdict):
            return result
        rows = sum(m.rows)
        if rows > len(pairs):
            few = f"{len(pairs)} pair{'s' * (len(pairs) > 1)}"
            return Verdict(
                False,
                f"The numbers are right. It multiplies {rows} rows by M for {few}: "
                "both gates can use the same row.",
            )
        if rows < len(pairs):
            return Verdict(
                False,
                "The numbers are right. The checker cannot count the rows that M is multiplied "
                "with: multiply with M itself, and with @.",
            )
    return Verdict(True, "Both gates from one row a pair, in four sizes.")


def _pair_stage(x: Floats, m: Floats, pairs: Integers) -> Floats:
    """Each token on its own, from the definition: g_i = sigmoid(x_i M (x_j - x_i))."""
    y = x.copy()
    for a, b in pairs.tolist():
        for i, j in ((a, b), (b, a)):
            difference = x[j] - x[i]
            y[i] = x[i] + _sigmoid(x[i] @ m @ difference) * difference
    return y


def _put(x: Floats, pairs: Integers, y_a: Floats, y_b: Floats) -> Floats:
    y = x.copy()
    y[pairs[:, 0]], y[pairs[:, 1]] = y_a, y_b
    return y


def _pair_hint(found: Floats, x: Floats, m: Floats, pairs: Integers) -> str:
    a, b = x[pairs[:, 0]], x[pairs[:, 1]]
    delta = b - a
    right, across = delta @ m.T, delta @ m

    def gated(v: Floats, sign: float = -1) -> tuple[Floats, Floats]:
        return (
            _sigmoid((a * v).sum(-1))[:, None],
            _sigmoid(sign * (b * v).sum(-1))[:, None],
        )

    def stage(v: Floats, sign: float = -1) -> Floats:
        g_a, g_b = gated(v, sign)
        return _put(x, pairs, a + g_a * delta, b - g_b * delta)

    g_a, g_b = gated(right)
    width = np.sqrt(x.shape[1])
    hints = [
        (x, "Nobody has moved: y is x."),
        (stage(across), "v is δ M: the question is x_a M δ, so v = δ Mᵀ."),
        (stage(right, 1), "b sees the difference from the other side: g_b = σ(-x_b·v)."),
        (stage(across, 1), "v = δ Mᵀ, and g_b has a minus: σ(-x_b·v)."),
        (_put(x, pairs, a + g_a * delta, b + g_b * delta), "b moves away from a: subtract g_b δ."),
        (
            _put(x, pairs, a - (1 - g_a) * delta, b + (1 - g_b) * delta),
            "The difference points the wrong way: δ = x_b - x_a.",
        ),
        (
            _put(x, pairs, a + g_a * delta, b - g_a * delta),
            "Both move by g_a: b has a gate of its own, σ(-x_b·v).",
        ),
        (
            _put(x, pairs, a + g_a * delta, b - (1 - g_a) * delta),
            "g_b is not 1 - g_a: each token divides its own 1.",
        ),
        (
            _put(x, pairs, a + g_a * delta, b + g_b * (a + g_a * delta - b)),
            "b has met the new a: both must see what was there before the stage.",
        ),
        (stage(right / width), "M holds the √d already: do not divide again."),
        (_put(x, pairs, a + g_a * delta, b), "Only the first of each pair has moved."),
        (
            _put(x, pairs, a + g_b * delta, b - g_a * delta),
            "Each takes the partner's gate: g_a says how far a itself moves.",
        ),
        (
            _put(x, pairs, a + g_a * b, b + g_b * a),
            "It adds the partner and keeps all of its own: mix, x_a + g_a (x_b - x_a).",
        ),
    ]
    for mistake, hint in hints:
        if agree(found, mistake):
            return hint
    wanted = _pair_stage(x, m, pairs)
    i = differing(found.ravel(), wanted.ravel())[0] // x.shape[1]
    return f"Token {i} of {len(x)} should become {wanted[i].round(3)}; it is {found[i].round(3)}."


# ---- a partner that is padding ---------------------------------------------------------------


def check_masked_stage(
    masked_stage: Callable[[Floats, Floats, Integers, Booleans], Any],
) -> Verdict:
    """Check one stage with given gates in which padding is never read, whatever it holds.

    Args:
        masked_stage: takes x of shape (n, d), gates of shape (n,), partners of shape (n,) and
            `real`, bool of shape (n,); returns y, shape (n, d).

    >>> check_masked_stage(lambda x, g, partner, real: x + g[:, None] * (x[partner] - x))
    Not yet. The mask changes nothing: whoever would meet padding keeps itself.
    """
    for x, gates, partner, real in _sentences():
        for filling in (None, np.nan, np.inf):
            x[~real] = x[~real] if filling is None else filling
            wanted = _masked_stage(x, gates, partner, real)
            trouble = _masked_trouble(masked_stage, (x, gates, partner, real), wanted)
            if trouble is not None:
                return trouble
    return Verdict(True, "Padding is never read, not even NaN, in six sentences.")


def _sentences() -> Iterator[tuple[Floats, Floats, Integers, Booleans]]:
    """Yield sentences with padding at their ends: one, then pairs of it, then none at all.

    The last two wirings are a shift, where meetings are not mutual and some meet themselves.
    """
    rng = np.random.default_rng(9)
    butterfly, shift = ButterflySchedule, partial(ShiftSchedule, causal=True)
    for schedule, stage, first, end in (
        (butterfly(8), 1, 0, 7),
        (butterfly(16), 2, 1, 15),
        (butterfly(4), 0, 0, 3),
        (butterfly(8), 1, 0, 5),
        (shift(6), 1, 1, 5),
        (shift(6), 0, 0, 6),
    ):
        size = schedule.size
        real = (first <= np.arange(size)) & (np.arange(size) < end)
        x, gates = rng.normal(size=(size, 3)), rng.uniform(0.2, 0.8, size)
        yield x, gates, schedule.partners(stage), real


def _masked_stage(x: Floats, gates: Floats, partner: Integers, real: Booleans) -> Floats:
    y = x.copy()
    for i, j in enumerate(partner.tolist()):
        if real[i] and real[j]:
            y[i] = x[i] + gates[i] * (x[j] - x[i])
    return y


def _masked_trouble(
    masked_stage: Callable[..., Any], given: tuple[Any, ...], wanted: Floats
) -> Verdict | None:
    """Return what is wrong with the answer to one question, or None."""
    x, _, _, real = given
    found = _answer(masked_stage, given, wanted.shape)
    if isinstance(found, Verdict):
        return found
    if np.isfinite(x).all():
        right = agree(found, wanted)
        return None if right else Verdict(False, _masked_hint(found, given, wanted))
    if not np.isfinite(found[real]).all():
        return Verdict(
            False,
            "NaN came through: 0 · NaN is NaN. Choose whom a token meets before you multiply.",
        )
    if agree(found[real], wanted[real]):
        return None
    return Verdict(False, "Real tokens change with what padding holds: it is read.")


def _masked_hint(found: Floats, given: tuple[Any, ...], wanted: Floats) -> str:
    x, gates, partner, real = given
    gate, both = gates[:, None], (real & real[partner])[:, None]
    moved = x + gate * (x[partner] - x)
    zeros = np.where(real[:, None], x, 0)
    hints = [
        (moved, "The mask changes nothing: whoever would meet padding keeps itself."),
        (x, "Nobody has moved: two real tokens meet."),
        (
            np.where(both, x + gate[partner] * (x[partner] - x), x),
            "It takes the partner's gate: gates[i] says how far token i itself moves.",
        ),
        (
            np.where(both, x + gate * x[partner], x),
            "It adds the partner and keeps all of its own: mix, x + g (x[partner] - x).",
        ),
        (np.where(both, x, moved), "The mask is the wrong way round: true is a real token."),
        (
            np.where(real[:, None], moved, x),
            "A real token hears padding: look at real[partner] too.",
        ),
        (
            np.where(real[partner][:, None], moved, x),
            "Padding hears a real token: it keeps its value.",
        ),
        (
            zeros + gate * (zeros[partner] - zeros),
            "Padding is heard as zeros, which dilutes its partner: the partner keeps itself.",
        ),
        (
            np.where(real[:, None], zeros + gate * (zeros[partner] - zeros), x),
            "Padding is heard as zeros, which dilutes its partner: the partner keeps itself.",
        ),
        (np.where(real[:, None], wanted, 0), "Padding has become 0: it keeps its value."),
        (
            np.where(both, moved, 0),
            "Whoever would meet padding has become 0: it keeps its value.",
        ),
    ]
    for mistake, hint in hints:
        if agree(found, mistake):
            return hint
    i = differing(found.ravel(), wanted.ravel())[0] // x.shape[1]
    return f"Token {i} of {len(x)} should become {wanted[i].round(3)}; it is {found[i].round(3)}."
