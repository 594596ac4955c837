"""Arguments that mean nothing are refused in a line that names them, before any work is done."""

import re

import numpy as np
import pytest
from traitlets import TraitError

from fftia_lab import ButterflySchedule, ShiftSchedule, StageOptions, cost, transform
from fftia_lab import figures as draw
from fftia_lab.bench import Settings, recorded
from fftia_lab.implementations import load
from fftia_lab.learn.flag import sequences
from fftia_lab.palette import colours, css
from fftia_lab.schedule import schedule_from_json
from fftia_lab.signals import preset
from fftia_lab.widgets import (
    AttentionFlow,
    Butterfly,
    FactorProduct,
    ReceptiveField,
    SixMeetings,
    TwoScores,
    Winding,
)

NAN = float("nan")
RAGGED = [[1], [1, 2]]
HUGE = '{"kind":"shift","size":1099511627776,"causal":false,"strides":[],"partners":[]}'
WORDS = {"words": list("ab"), "alt": "A."}
SIGNAL = {"title": "t", "xlabel": "x", "ylabel": "y", "alt": "A."}
CROSSINGS = {"title": "t", "xlabel": "x", "alt": "A."}
LINES = {"title": "t", "ylabel": "y", "alt": "A."}
RUN = recorded("fft")
ONE = cost.Cost(1, 1, 1, 1)

GROUND = [
    (lambda: schedule_from_json("nonsense"), ValueError, "text must be JSON"),
    (lambda: schedule_from_json(None), TypeError, "text must be what Schedule.to_json wrote"),
    (lambda: schedule_from_json('{"kind": []}'), ValueError, "unknown schedule kind []"),
    (lambda: schedule_from_json(HUGE), ValueError, "the stored wiring is not that of Shift"),
    (lambda: ShiftSchedule(4).reach(mask=RAGGED), ValueError, "mask must be an array; got rows"),
    (lambda: preset([], 8), ValueError, "unknown signal []"),
    (lambda: colours(np.ones(2)), ValueError, "theme must be"),
    (lambda: css(None), TypeError, "scope must be a CSS selector, or empty; got None"),
    (lambda: load("fftia_lab.schedule"), ValueError, 'a target is "module:function"; got'),
    (lambda: load(None), ValueError, 'a target is "module:function"; got None'),
]
COSTS = [
    (lambda: cost.linear(-1, 2, 3), ValueError, "rows must be at least 0; got -1"),
    (lambda: cost.linear(1, 1.5, 3), TypeError, "inputs must be an integer; got 1.5 (float)"),
    (lambda: cost.linear(1, 2, NAN), TypeError, "outputs must be an integer; got nan (float)"),
    (lambda: cost.dense_attention(8, "x", 4), TypeError, "heads must be an integer; got 'x'"),
    (lambda: cost.dense_attention(8, 2, 4, causal=1), TypeError, "causal must be True or False"),
    (lambda: cost.butterfly_attention(-8, 2, 4), ValueError, "size must be at least 0; got -8"),
    (lambda: cost.butterfly_attention(8, 2, 4, batch=-1), ValueError, "batch must be at least 0"),
    (lambda: StageOptions([]), ValueError, "schedule must be one"),
    (lambda: cost.butterfly_layer(8, -2, 2, 4), ValueError, "dim must be at least 0; got -2"),
    (lambda: cost.dense_layer(8, 2, 2, 0.5), TypeError, "dim_head must be an integer; got 0.5"),
    (lambda: cost.Cost(products=-1), ValueError, "products must be at least 0; got -1"),
    (lambda: ONE.bytes(0), ValueError, "width must be at least 1; got 0"),
    (lambda: ONE.product_floor(0), ValueError, "operations_per_second must be above 0; got 0"),
    (lambda: ONE.roofline(1e9, NAN), ValueError, "bytes_per_second must be above 0; got nan"),
    (lambda: ONE + 1, TypeError, "unsupported operand type(s) for +: 'Cost' and 'int'"),
]
TRANSFORMS = [
    (lambda: transform.radices(0), ValueError, "size must be at least 1; got 0"),
    (lambda: transform.radices(2.0), TypeError, "size must be an integer; got 2.0 (float)"),
    (lambda: transform.fft([1, 2], axis=None), TypeError, "axis must be an integer; got None"),
    (lambda: transform.irfft([1, 2], axis=0.5), TypeError, "axis must be an integer; got 0.5"),
    (lambda: transform.rfft([1, 2], norm=[]), ValueError, "norm must be None"),
    (lambda: transform.fft(RAGGED), ValueError, "a must be an array; got rows of different"),
    (lambda: transform.dft(RAGGED), ValueError, "x must be an array; got rows of different"),
    (lambda: transform.butterfly_factors(0), ValueError, "a power of two of samples; got 0"),
]


def outlined(block):
    return draw.matrix_figure([np.eye(2)], ["a"], alt="A.", outline=block)


FIGURES = [
    (lambda: draw.matrix_figure([[1, 2]], ["a"], alt="A."), ValueError, "matrices have two axes"),
    (lambda: draw.matrix_figure(5, ["a"], alt="A."), TypeError, "matrices must be a list; got 5"),
    (
        lambda: draw.matrix_figure([np.eye(2)], ["a"], alt="A.", columns=0),
        ValueError,
        "columns must be at least 1; got 0",
    ),
    (lambda: draw.matrix_figure([np.eye(2)], ["a"], alt=None), ValueError, "got alt=None"),
    (
        lambda: outlined([[0], [2]]),
        ValueError,
        "columns of the outline must lie in 0 to 1; got [2]",
    ),
    (lambda: outlined([[], [0]]), ValueError, "rows of the outline must lie in 0 to 1; got []"),
    (lambda: outlined([[0]]), ValueError, "a block's rows and its columns; got 1 parts"),
    (lambda: outlined([[0.5], [0]]), TypeError, "outline must be an integer"),
    (lambda: draw.signal_figure([1], [1, 2], **SIGNAL), ValueError, "x and y must be two rows of"),
    (lambda: draw.signal_figure([1, 2], [1, NAN], **SIGNAL), ValueError, "y must hold finite"),
    (
        lambda: draw.crossings_figure([1, 2], [1, 2], part=5, **CROSSINGS),
        ValueError,
        "between 0 and 1; got 5",
    ),
    (
        lambda: draw.crossings_figure([1, 2], [0, 0], part=0.5, **CROSSINGS),
        ValueError,
        "need a highest line; got zeros",
    ),
    (lambda: draw.growth_figure([1, -2], {"a": [1, 2]}, **LINES), ValueError, "sizes must be pos"),
    (lambda: draw.growth_figure([1, 2], [3], **LINES), TypeError, "costs must be a mapping"),
    (lambda: draw.lines_figure({}, **LINES), ValueError, "lines must be a mapping"),
    (lambda: draw.lines_figure({"a": {2: NAN}}, **LINES), ValueError, "value in lines must be"),
    (
        lambda: draw.lines_figure({"a": {2: 1.0}}, **LINES, height=-5),
        ValueError,
        "height must be at least",
    ),
    (lambda: draw.weights_figure([[1, 0], [NAN, 1]], **WORDS), ValueError, "weights must hold fi"),
    (lambda: draw.weights_figure(np.eye(2), words=7, alt="A."), TypeError, "words must be a list"),
    (
        lambda: draw.moves_figure(np.eye(2), np.eye(2), axes=["a"], **WORDS),
        ValueError,
        "axes must be two texts",
    ),
    (
        lambda: draw.timing_figure(RUN, "single", title="t", alt="A.", only=["fft", "typo"]),
        ValueError,
        "nothing to draw of typo in series 'single': only must name contenders of it, dft, fft,",
    ),
    (
        lambda: draw.timing_figure({}, "single", title="t", alt="A."),
        ValueError,
        "a record must be a finished run",
    ),
]
WIDGETS = [
    (lambda: Butterfly(twist=[NAN, 0, 0]), TraitError, "twist must be [] or, of an FFT"),
    (lambda: Butterfly(twist=[0, float("inf"), 0]), TraitError, "twist must be [] or, of an FFT"),
    (lambda: Butterfly(samples=None), TraitError, "'samples' trait of a Butterfly instance"),
    (lambda: Butterfly(samples=[]), TraitError, "samples must hold 8 values"),
    (lambda: Butterfly(samples=[0] * 4 + [NAN] * 4), TraitError, "samples must lie in -1 to 1"),
    (lambda: Butterfly(stage=NAN), TraitError, "stage must lie in 0 to 3; got nan"),
    (lambda: Winding(samples=7), TraitError, "'samples' trait of a Winding instance"),
    (lambda: Winding(f=NAN), TraitError, "f must lie in"),
    (lambda: ReceptiveField(schedule=[]), TraitError, "schedule"),
    (lambda: SixMeetings(chapter="javascript:alert(1)"), TraitError, "chapter must be a relative"),
    (lambda: SixMeetings(chapter=" Java\tScript:alert(1)"), TraitError, "chapter must be a rel"),
    (lambda: SixMeetings(chapter="data:text/html,x"), TraitError, "or one of http or https; got"),
    (lambda: AttentionFlow(stage=NAN), TraitError, "stage must lie in 0 to 4; got nan"),
    (lambda: TwoScores(q=[[NAN, 0], [0, 0]]), TraitError, "q must be [[x, y], [x, y]]"),
    (lambda: FactorProduct(factors=5), ValueError, "factors must be a list of square arrays"),
    (lambda: FactorProduct(note=None), TypeError, "note must be a sentence; got None"),
]
RUNS = [
    (lambda: Settings(rounds=0), ValueError, "rounds must be at least 1; got 0"),
    (lambda: Settings(sample_seconds=NAN), ValueError, "sample_seconds must be 0 or more; got nan"),
    (lambda: sequences(np.random.default_rng(0), -1), ValueError, "count must be at least 0"),
]


@pytest.mark.parametrize(
    ("call", "kind", "message"), GROUND + COSTS + TRANSFORMS + FIGURES + WIDGETS + RUNS
)
def test_is_refused_by_name(call, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        call()


def test_numpys_integers_and_booleans_are_welcome():
    eight, yes = np.int64(8), np.bool_(True)
    schedule = ButterflySchedule(eight, causal=yes)
    assert schedule == ButterflySchedule(8, causal=True)
    assert schedule_from_json(schedule.to_json()) == schedule, "JSON knows no NumPy"
    counted = cost.butterfly_attention(eight, np.int32(2), np.uint8(4), StageOptions(causal=yes))
    assert counted == cost.butterfly_attention(8, 2, 4, StageOptions(causal=True))
    assert type(counted.products) is int
    assert cost.linear(np.int16(400), 400, 400).products == 2 * 400**3, "no overflow"
    assert transform.radices(eight) == (8,)
    assert transform.fft([1.0, 2.0], n=eight, axis=np.int64(0)).shape == (8,)
    assert Butterfly(n=eight, stage=np.int64(2)).n == 8
    field = ReceptiveField(n=eight, token=np.int64(3))
    field.token = np.int64(5)
    assert field.token == 5 and type(field.token) is int


@pytest.mark.parametrize(
    "address", ["", "08.html", "../notebooks/08.html#a:b", "https://example.org/8", "//example.org"]
)
def test_addresses_of_a_chapter_that_are_fine(address):
    assert SixMeetings(chapter=address).chapter == address
