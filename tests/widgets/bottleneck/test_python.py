"""The Python side of the widget Bottleneck: what it takes, refuses, ships and says."""

import subprocess
import sys
from math import factorial

import numpy as np
import pytest
from traitlets import TraitError
from widgets.bottleneck import oracle

from fftia_lab.widgets import Bottleneck
from fftia_lab.widgets.bottleneck.tables import SETS, bottleneck_tables


def test_repr_is_the_same_in_every_run():
    assert repr(Bottleneck()) == "Bottleneck()"
    text = "Bottleneck(gates=2, node=[1, 4], stage=1.0)"
    assert repr(Bottleneck(stage=1, node=[1, 4], gates=2)) == text


def test_what_it_ships_are_gates_and_counts():
    tables = Bottleneck().tables
    for size in (4, 8):
        gates = np.array(tables["gates"][str(size)])
        assert gates.shape == (SETS, size.bit_length() - 1, size)
        assert (gates > 0).all() and (gates < 1).all(), "so that no entry of a block is 0"
        made = {mode: len(oracle.makeable(mode, size)) for mode in ("pass", "benes")}
        assert tables["counts"][str(size)] == {"all": factorial(size), **made}
    assert tables["counts"]["8"] == {"all": 40320, "pass": 4096, "benes": 40320}
    assert bottleneck_tables() is bottleneck_tables(), "counted once"


def test_the_order_it_opens_with_looks_easy_and_is_not():
    figure = Bottleneck(mode="pass")
    assert sum(a != b for a, b in enumerate(figure.order)) == 2
    assert tuple(figure.order) not in oracle.makeable("pass", 8)
    assert tuple(figure.order) in oracle.makeable("benes", 8)


def test_every_block_has_as_many_entries_as_there_are_tokens():
    for size in (4, 8):
        for cut in range(size.bit_length()):
            for rows, columns in oracle.rank_one_blocks(oracle.ButterflySchedule(size), cut):
                assert len(rows) * len(columns) == size


def test_an_order_brings_its_number_of_tokens():
    figure = Bottleneck()
    figure.order = [1, 0, 3, 2]
    assert (figure.n, figure.stage, figure.node) == (4, 2, [2, 3])
    figure.n = 8
    assert (figure.order, figure.stage, figure.node) == ([7, 1, 2, 3, 4, 5, 6, 0], 3, [2, 3])
    with figure.hold_trait_notifications():
        figure.mode, figure.stage = "benes", 4
    assert figure.depth == 5


def test_a_front_end_may_change_several_traits_at_once():
    figure = Bottleneck()
    figure.set_state({"n": 4, "order": [2, 3, 0, 1], "node": [0, 3], "stage": 1, "mode": "benes"})
    assert (figure.n, figure.order, figure.stage) == (4, [2, 3, 0, 1], 1)


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 16}, TraitError, "n must be one of (4, 8); got 16"),
        ({"mode": "shift"}, TraitError, "mode"),
        ({"gates": 4}, TraitError, "gates must lie in 0 to 3; got 4"),
        ({"node": [4, 0]}, TraitError, "node must be [0 to 3 stages, 0 to 7]; got [4, 0]"),
        ({"node": [1]}, TraitError, "node must be [0 to 3 stages, 0 to 7]; got [1]"),
        ({"n": 4, "node": [2, 4]}, TraitError, "node must be [0 to 2 stages, 0 to 3]"),
        ({"entry": [8, 0]}, TraitError, "entry must be [] or [row, column] with both in 0 to 7"),
        ({"order": [0] * 8}, TraitError, "order must hold each of 0 to 7 once; got [0, 0, 0"),
        ({"order": [2, 0, 1]}, TraitError, "order must hold each of 0 to 7 once; got [2, 0, 1]"),
        ({"n": 8, "order": [1, 0, 3, 2]}, TraitError, "order must hold each of 0 to 7 once"),
        ({"stage": 4}, TraitError, "stage must lie in 0 to 3; got 4"),
        ({"stage": float("nan")}, TraitError, "stage must lie in 0 to 3; got nan"),
        ({"place": 3}, TypeError, "has no argument 'place'; it takes autoplay, entry"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        Bottleneck(**values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_widgets_load_no_torch():
    code = "import sys, fftia_lab.widgets as w; w.Bottleneck(); print('torch' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
