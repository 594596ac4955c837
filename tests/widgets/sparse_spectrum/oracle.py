"""What the figure `sparsespectrum` must show, by NumPy's real FFT and bytes counted one by one."""

from functools import cache

import numpy as np

from fftia_lab.signals import PRESETS
from fftia_lab.widgets import SparseSpectrum
from fftia_lab.widgets.sparse_spectrum.figure import COUNTS, GUESSES
from fftia_lab.widgets.sparse_spectrum.tables import MADE, SAMPLES, spectrum_tables

WIDGET = SparseSpectrum
PLACE = ("notebooks/11-sparse-spectra", "sparsespectrum")
BARE = {"signal": "square", "kept": 5}
LARGEST = {"kind": "weights", "weights": "random", "kept": 514, "published": True, "bet": 70}
NUDGES = {".fl-cut-at": "ArrowRight", ".fl-spot": "ArrowLeft", ".fl-pad": "PageUp"}
HOSTILE = [
    "kind=video",
    "kind=constructor",
    "signal=toString",
    "signal=hills",
    "samples=[%22a%22]",
    "samples=3",
    "samples=[null]",
    "image=drawn",
    "image=__proto__",
    "weights=3",
    "weights=constructor",
    "kept=-1",
    "kept=1.5",
    "kept=%22x%22",
    "precision=fp8",
    "published=1",
    "bet=50",
    "tables={}",
    "autoplay=true",
]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    kind, signal = str(rng.choice(list(COUNTS))), str(rng.choice([*PRESETS, "drawn"]))
    samples = (rng.integers(-20, 21, SAMPLES) / 20).tolist() if signal == "drawn" else []
    return {
        "kind": kind,
        "signal": signal,
        "samples": samples,
        "image": str(rng.choice(list(MADE["image"]))),
        "weights": str(rng.choice(list(MADE["weights"]))),
        "kept": int(rng.integers(1, COUNTS[kind] + 1)),
        "precision": str(rng.choice(["fp32", "fp16"])),
        "published": bool(rng.random() < 0.3),
        "bet": int(rng.choice([0, *GUESSES])),
    }


def thing_of(state):
    """What is compressed: one axis for a signal, two for the rest."""
    name = state[state["kind"]]
    if name == "drawn":
        return np.array(state["samples"])
    table = spectrum_tables()[state["kind"]][name]
    return np.array(table["values"]).reshape([n for n in table["shape"] if n > 1])


@cache
def layout(shape):
    """The independent entries of the real FFT: rows, columns, mirrored rows, how often each is."""
    height, wide = (1, *shape)[-2:]
    found = []
    for column in range(wide // 2 + 1):
        own = column in (0, wide // 2)
        for row in range(height):
            mirror = -row % height
            if not own or row <= mirror:
                found.append((row, column, mirror if own else row, 1 + (not own or row != mirror)))
    return np.array(found).T


def half_of(x):
    """The half spectrum as a matrix, of a signal with one row."""
    return np.fft.rfftn(x).reshape((1, *x.shape)[-2], -1)


def order_of(x):
    """The ranks of the entries, the largest energy first, and the roots of all energies."""
    rows, columns, _, times = layout(x.shape)
    energy = times * np.abs(half_of(x)[rows, columns]) ** 2
    level = np.rint(energy / (energy.max() or 1) * 1e12)
    return np.lexsort((np.arange(len(level)), -level)), np.sqrt(energy)


def as_stored(values, precision):
    """Numbers as they come back from fp32 or fp16; for fp16 scaled into its range."""
    values = np.asarray(values)
    if precision == "fp32" or not values.any():
        return values.astype(np.float32).astype(float)
    scale = 2.0 ** (14 - np.frexp(np.abs(values).max())[1])
    return (values * scale).astype(np.float16).astype(float) / scale


def rebuilt(x, ranks, precision):
    """What these entries make, conjugates added by NumPy."""
    half, (rows, columns, mirrors, _) = half_of(x), layout(x.shape)[:, ranks]
    chosen, kept = half[rows, columns], np.zeros_like(half)
    chosen = as_stored(chosen.real, precision) + 1j * as_stored(chosen.imag, precision)
    kept[mirrors, columns] = chosen.conj()
    kept[rows, columns] = chosen
    return np.fft.irfft2(kept, s=(1, *x.shape)[-2:]).reshape(x.shape)


def support_bytes(ranks, places):
    """The shorter of a bit for each place, and of the gaps at seven bits a byte."""
    gaps = np.diff(np.sort(ranks), prepend=-1) - 1
    return min(-(-places // 8), int((1 + (gaps >= 2**7) + (gaps >= 2**14)).sum()))


def relative(x, other):
    whole = np.linalg.norm(x)
    return float(np.linalg.norm(x - other) / whole) if whole else 0.0


def whole_bytes(x, ranks, precision):
    """Two numbers for each entry, where they are, and a header of int64."""
    numbers = 2 * {"fp32": 4, "fp16": 2}[precision] * len(ranks)
    return numbers, support_bytes(ranks, layout(x.shape).shape[1]), 8 * (5 + x.ndim)


def published_bytes(x, ranks):
    """Complex64 for every entry of the whole spectrum, conjugates too; int64 for each index."""
    entries = int(layout(x.shape)[3][ranks].sum())
    return 8 * entries, 8 * x.ndim * entries, 0


def pruned(x, count, precision):
    """Bytes and error of the largest numbers themselves."""
    ranks = np.argsort(-np.abs(x), axis=None, kind="stable")[:count]
    left = np.zeros(x.size)
    left[ranks] = as_stored(x.ravel()[ranks], precision)
    numbers = {"fp32": 4, "fp16": 2}[precision] * count
    size = numbers + support_bytes(ranks, x.size) + 8 * (1 + x.ndim)
    return size, relative(x, left.reshape(x.shape))


def int8(x, by_row):
    step = np.abs(x).max(axis=-1, keepdims=True) / 127 if by_row else np.abs(x).max() / 127
    step = np.where(step > 0, step, 1)
    return x.size + 4 * step.size, relative(x, np.rint(x / step) * step)


def near(found, wanted):
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-9)


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    x, kept, precision = thing_of(state), state["kept"], state["precision"]
    order, sizes = order_of(x)
    rows, columns, _, _ = layout(x.shape)[:, order]
    assert view["places"] == (rows * view["shape"][1] + columns).tolist(), state
    assert (view["values"], view["count"]) == (x.ravel().tolist(), len(order))
    np.testing.assert_allclose(view["sizes"], sizes[order], atol=1e-9)
    made = rebuilt(x, order[:kept], precision)
    np.testing.assert_allclose(view["rebuilt"], made.ravel(), rtol=0, atol=1e-6)
    for k in (0, 1, kept, len(order) // 3, len(order)):
        error = relative(x, rebuilt(x, order[:k], precision))
        assert abs(view["errors"][k] - error) < 1e-6, (state, k)
        assert view["totals"]["whole"][k] == sum(whole_bytes(x, order[:k], precision))
        assert view["totals"]["published"][k] == sum(published_bytes(x, order[:k]))
    assert view["error"] == view["errors"][kept]
    counted = published_bytes(x, order[:kept]) if state["published"] else None
    parts = counted or whole_bytes(x, order[:kept], precision)
    assert [view["bytes"][name] for name in ("numbers", "indices", "header")] == [*parts]
    assert (view["bytes"]["total"], view["dense"]) == (sum(parts), 4 * x.size)
    assert abs(view["ratio"] - 4 * x.size / sum(parts)) < 1e-9
    check_rivals(state, view, x, view["totals"]["whole"][kept])


def check_rivals(state, view, x, most):
    """Assert what pruning and INT8 cost and lose."""
    precision, count = state["precision"], view["rival"]["count"]
    for some in {0, 1, count, x.size // 7, x.size}:
        size, error = pruned(x, some, precision)
        assert view["pruned"]["bytes"][some] == size
        assert abs(view["pruned"]["errors"][some] - error) < 1e-6, (state, some)
    size, error = pruned(x, count, precision)
    assert size <= most or not count
    assert count == x.size or pruned(x, count + 1, precision)[0] > most
    assert (view["rival"]["bytes"], view["rival"]["error"]) == (
        size,
        view["pruned"]["errors"][count],
    )
    wanted = [int8(x, by_row) for by_row in ((False, True) if x.ndim > 1 else (False,))]
    assert [one["bytes"] for one in view["int8"]] == [size for size, _ in wanted]
    near([one["error"] for one in view["int8"]], [error for _, error in wanted])
