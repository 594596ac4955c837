"""What follows a change, written down by hand: (widget, state before, change, what follows).

Python and the figure are both held to these; the rule itself is decision 10.
"""

from fftia_lab.signals import preset
from fftia_lab.widgets import (
    BitReversal,
    Bottleneck,
    Butterfly,
    Corners,
    CostExplorer,
    FactorProduct,
    FilterLab,
    FusionPlan,
    ReceptiveField,
    SixMeetings,
    SparseSpectrum,
    SquaredPoints,
    Trips,
    TwoScores,
    Winding,
)

MEANS = {"weights": "average", "schedule": "butterfly"}
RAMP = preset("ramp", 8).round(4).tolist()
CLICK = preset("click", 64).round(4).tolist()
LONG_RAMP = preset("ramp", 64).round(3).tolist()

CASES = [
    # a figure at its end stays at its end; elsewhere it stays where it is, as far as that goes
    (Butterfly, {"stage": 3}, {"n": 16}, {"stage": 4}),
    (Butterfly, {"stage": 3}, {"n": 4}, {"stage": 2}),
    (Butterfly, {"stage": 2}, {"n": 16}, {"stage": 2}),
    (Butterfly, {**MEANS, "stage": 3}, {"schedule": "benes"}, {"stage": 5}),
    (ReceptiveField, {}, {"n": 32}, {"stage": 5, "length": 32}),
    (ReceptiveField, {"stage": 1.5}, {"n": 32}, {"stage": 1.5}),
    (ReceptiveField, {}, {"schedule": "benes"}, {"stage": 7}),
    (ReceptiveField, {"length": 13}, {"n": 32}, {"stage": 5, "length": 13}),
    (ReceptiveField, {}, {"n": 64, "token": 32, "source": 50}, {"stage": 6, "length": 64}),
    (ReceptiveField, {"length": 13}, {"padding": "keep"}, {"length": 13, "stage": 4}),
    # a prefix wiring has no future to hear
    (ReceptiveField, {"stage": 2}, {"schedule": "prefix"}, {"causal": True, "stage": 2}),
    (ReceptiveField, {"schedule": "prefix"}, {"schedule": "shift"}, {"causal": True}),
    (ReceptiveField, {"schedule": "prefix"}, {"n": 64}, {"causal": True, "stage": 6}),
    (BitReversal, {"n": 8, "deals": 3}, {"n": 16}, {"deals": 4}),
    (BitReversal, {"n": 8, "deals": 3}, {"rounds": 2}, {"deals": 3}),
    (FactorProduct, {"n": 4}, {"n": 8}, {"stage": 3}),
    (Bottleneck, {}, {"mode": "benes"}, {"stage": 5}),
    (Bottleneck, {"mode": "benes", "stage": 4}, {"mode": "pass"}, {"stage": 3}),
    (Bottleneck, {"stage": 1}, {"mode": "benes"}, {"stage": 1}),
    (FusionPlan, {}, {"n": 65536}, {"stage": 16}),
    (FusionPlan, {"stage": 7}, {"n": 65536}, {"stage": 7}),
    (FusionPlan, {"stage": 9.5}, {"n": 256}, {"stage": 8}),
    (FusionPlan, {}, {"tile": 256}, {"stage": 10, "place": 37}),
    (SquaredPoints, {"fold": 3}, {"n": 16}, {"fold": 4, "k": 2, "call": 0}),
    (SquaredPoints, {"fold": 3}, {"n": 4}, {"fold": 2, "k": 0}),
    (SquaredPoints, {"fold": 1}, {"n": 4}, {"fold": 1}),
    (Trips, {}, {"radix": 16}, {"stage": 5}),
    (Trips, {}, {"order": "grid"}, {"stage": 2}),
    (Trips, {"order": "depth", "stage": 5}, {"n": 65536}, {"stage": 1}),
    (Trips, {"stage": 6.5}, {"radix": 4}, {"stage": 6.5}),
    (Trips, {"stage": 6.5}, {"order": "depth"}, {"stage": 5}),
    # what is named is kept
    (
        Corners,
        {},
        {"reach": True},
        {"cost": True, "exact": True, "method": "The layer of this book"},
    ),
    (Butterfly, {"stage": 3}, {"n": 16, "stage": 3}, {"stage": 3}),
    (ReceptiveField, {}, {"n": 32, "stage": 4, "length": 16}, {"stage": 4, "length": 16}),
    # no choice of costs hangs on another
    (CostExplorer, {}, {"dim": 128, "heads": 32}, {"n": 4096, "projection": "head"}),
    (CostExplorer, {"dtype": "16-bit"}, {"device": "T4"}, {"dtype": "16-bit", "n": 4096}),
    # a place that is gone becomes one that is there: rows of a transform repeat, tokens end
    (Butterfly, {"node": [3, 7]}, {"n": 4}, {"node": [2, 3]}),
    (Butterfly, {"node": [2, 1]}, {"n": 4}, {"node": [2, 1]}),
    (FactorProduct, {"entry": [7, 7]}, {"n": 4}, {"entry": [3, 3]}),
    (ReceptiveField, {"n": 64, "token": 63, "source": 40}, {"n": 8}, {"token": 7, "source": 7}),
    (BitReversal, {"n": 64, "card": 63}, {"n": 8}, {"card": 7}),
    (Bottleneck, {"node": [3, 5], "entry": [2, 6]}, {"n": 4}, {"node": [2, 3], "entry": [2, 3]}),
    (FusionPlan, {"place": 1000}, {"n": 256}, {"place": 255, "stage": 8}),
    # z stays where it is on the circle, or goes back to the point before it
    (SquaredPoints, {"k": 3}, {"n": 16}, {"k": 6}),
    (SquaredPoints, {"k": 7}, {"n": 4}, {"k": 3}),
    (SquaredPoints, {"k": 2.5}, {"fold": 2}, {"k": 2.5}),
    (SquaredPoints, {}, {"n": 16, "k": 1}, {"k": 1}),
    # a call hands over to the first of its two, and was itself asked by one
    (SquaredPoints, {"fold": 1, "call": 1}, {"fold": 3}, {"call": 4}),
    (SquaredPoints, {"fold": 3, "call": 6}, {"fold": 1.5}, {"call": 1}),
    (SquaredPoints, {"fold": 3, "call": 7}, {"n": 4}, {"call": 3}),
    (SquaredPoints, {"fold": 1, "call": 1}, {"fold": 2, "call": 1}, {"call": 1}),
    # an order says how many tokens there are, and other tokens have another order
    (Bottleneck, {}, {"order": [1, 0, 3, 2]}, {"n": 4, "node": [2, 3], "stage": 2}),
    (Bottleneck, {"order": list(range(8))}, {"n": 4}, {"order": [3, 1, 2, 0]}),
    # what was done to a network goes with that network
    (Butterfly, {"twist": [1, 1, 0.125]}, {"n": 16}, {"twist": []}),
    (Butterfly, {"twist": [1, 1, 0.125]}, {"decimation": "frequency"}, {"twist": []}),
    (Butterfly, {"twist": [1, 1, 0.125]}, {"signal": "ramp"}, {"twist": [1, 1, 0.125]}),
    (
        FactorProduct,
        {"entry": [7, 7], "weight": [1, 3, 1], "change": 0.1},
        {"n": 4},
        {"entry": [3, 3], "weight": [1, 3, 1], "change": 0},
    ),
    (
        FactorProduct,
        {"weight": [1, 3, 1], "change": 0.1},
        {"weight": [1, 3, 3]},
        {"change": 0},
    ),
    # a bet ends with its question
    (Butterfly, {"node": [1, 1], "bet": 4}, {"node": [1, 0]}, {"bet": 0}),
    (Butterfly, {"node": [1, 1], "bet": 4}, {"twist": [0, 0, 0.125]}, {"bet": 4}),
    (ReceptiveField, {"bet": [9, 3]}, {"causal": True}, {"bet": [9, 3]}),
    (ReceptiveField, {"bet": [9, 3]}, {"n": 32}, {"bet": []}),
    (ReceptiveField, {"bet": [0, 3]}, {"n": 32}, {"bet": [0]}),
    (Winding, {"ask": 10, "bet": [0.5, 0.0]}, {"f": 9.0}, {"bet": [0.5, 0.0]}),
    (Winding, {"ask": 10, "bet": [0.5, 0.0]}, {"tone": 4.0}, {"bet": []}),
    (FactorProduct, {"bet": [1, 16]}, {"weights": "gates"}, {"bet": []}),
    (FactorProduct, {"bet": [1, 16]}, {"stage": 1}, {"bet": [1, 16]}),
    # the crank: where it has been is seen, and what repeats is shown when it goes there
    (Winding, {}, {"f": 7.0}, {"seen": [0, 7]}),
    (Winding, {"seen": [0, 9]}, {"f": 3.0}, {"seen": [0, 9]}),
    (Winding, {"n": 16}, {"f": 13.0}, {"seen": [0, 13], "copies": True}),
    (Winding, {"n": 16, "f": 13.0}, {"copies": False}, {"f": 3, "seen": [0, 8]}),
    # only a wave has two halves: who asks for them has a wave, who asks for another signal has none
    (Winding, {"signal": "ramp", "ask": 3, "bet": [0, 0]}, {"mode": "halves"}, {"signal": "tone"}),
    (Winding, {"mode": "halves"}, {"signal": "ramp"}, {"mode": "wound"}),
    (Winding, {"mode": "halves"}, {"tone": 4.0, "scale": "decibel"}, {"mode": "halves"}),
    (Winding, {"n": 64, "f": 30.0, "tone": 20.0}, {"n": 16}, {"f": 8, "seen": [0, 8], "tone": 8}),
    # an input keeps its part of the sequence; a question ends with the filter that it is about
    (FilterLab, {}, {"n": 128}, {"at": 127}),
    (FilterLab, {"at": 62}, {"n": 128}, {"at": 124}),
    (FilterLab, {"at": 62}, {"n": 16}, {"at": 15}),
    (FilterLab, {"ask": "future", "bet": "no"}, {"edge": "causal"}, {"ask": "", "bet": ""}),
    (FilterLab, {"ask": "seam", "bet": "no"}, {"at": 3.5}, {"ask": "seam", "bet": "no"}),
    (FilterLab, {"ask": "seam", "bet": "no"}, {"ask": "double"}, {"bet": ""}),
    (FilterLab, {}, {"n": 16, "ask": "double"}, {"ask": "double", "at": 15}),
    # a step halfway stays there while only other numbers are told
    (TwoScores, {"step": 0.5}, {"number": "b-gate"}, {"step": 0.5}),
    # a drawn signal begins as the one that was there
    (Butterfly, {"signal": "ramp"}, {"signal": "drawn"}, {"samples": RAMP}),
    (Winding, {"n": 8, "signal": "ramp"}, {"signal": "drawn"}, {"samples": RAMP}),
    (FilterLab, {"n": 16, "at": 4}, {"signal": "drawn"}, {"samples": [0] * 4 + [1] + [0] * 11}),
    (SixMeetings, {"signal": "click"}, {"signal": "drawn"}, {"samples": CLICK}),
    (Butterfly, {"samples": [1, 0, -1, 0]}, {"signal": "ramp"}, {"samples": []}),
    (Butterfly, {"samples": [1, 0]}, {"n": 4}, {"samples": [1, 2 / 3, 1 / 3, 0]}),
    (SparseSpectrum, {"signal": "ramp"}, {"signal": "drawn"}, {"samples": LONG_RAMP}),
    # what is named is shown, and the same share of its coefficients is kept
    (SparseSpectrum, {}, {"weights": "trained"}, {"kind": "weights", "kept": 26}),
    (SparseSpectrum, {}, {"signal": "square"}, {"kind": "signal", "kept": 2}),
    (SparseSpectrum, {"kept": 514}, {"kind": "signal"}, {"kept": 33}),
    (SparseSpectrum, {"kept": 1}, {"kind": "signal"}, {"kept": 1}),
    (SparseSpectrum, {"signal": "ramp", "kept": 7}, {"image": "shapes"}, {"kept": 109}),
    (SparseSpectrum, {}, {"signal": "click", "kept": 20}, {"kind": "signal", "kept": 20}),
    (SparseSpectrum, {}, {"kind": "image", "weights": "trained"}, {"kind": "image", "kept": 26}),
    (SparseSpectrum, {"bet": 20}, {"weights": "toeplitz"}, {"bet": 20}),
]
