"""The Python side of the widgets: what they take, refuse, say and save."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from paths import ROOT
from traitlets import TraitError

from fftia_lab import widgets
from fftia_lab.schedule import ButterflySchedule
from fftia_lab.signals import PRESETS, preset
from fftia_lab.widgets import Butterfly
from fftia_lab.widgets.shared.tables import SIZES, WIRINGS, schedule_tables


def test_the_figure_reads_the_librarys_wiring():
    tables = schedule_tables()
    for kind, schedule in WIRINGS.items():
        for size in SIZES:
            for causal in (False, True):
                wired = schedule(size, causal)
                stored = tables[f"{kind}/{size}/{causal:d}/0"]
                assert stored["strides"] == list(wired.strides)
                partners = [wired.partners(stage).tolist() for stage in range(wired.depth)]
                assert stored["partners"] == partners
    down = ButterflySchedule(8, decreasing=True)
    assert tables["butterfly/8/0/1"]["strides"] == list(down.strides)


def test_presets_are_shipped_at_every_size():
    signals = Butterfly().signals
    assert set(signals) == set(PRESETS)
    for name, tables in signals.items():
        for size, table in zip(SIZES, tables, strict=True):
            np.testing.assert_allclose(table, preset(name, size), atol=5e-5)


def test_repr_is_the_same_in_every_run():
    text = "Butterfly(n=16, schedule='shift', weights='average')"
    assert repr(Butterfly(n=16, weights="average", schedule="shift")) == text
    assert repr(Butterfly()) == "Butterfly()"


def test_a_drawn_signal_sets_its_size():
    widget = Butterfly(samples=[0.5, -1, 0, 0.25])
    assert (widget.n, widget.signal) == (4, "drawn")


def test_a_front_end_may_change_several_traits_at_once():
    widget = Butterfly(n=16, schedule="benes", weights="average", stage=7)
    widget.set_state({"n": 4, "schedule": "butterfly", "weights": "fft", "stage": 2})
    assert (widget.n, widget.weights, widget.stage, widget.depth) == (4, "fft", 2, 2)


def test_what_no_longer_fits_is_made_to_fit():
    widget = Butterfly(
        samples=[1, 0.5, 0, -0.5, -1, 0, 0, 0], stage=3, node=[3, 7], twist=[2, 3, 0.1]
    )
    widget.n = 4
    assert len(widget.samples) == 4 and widget.samples[0] == 1
    assert (widget.stage, widget.node, widget.twist) == (2, [2, 3], [])


def test_the_signal_and_its_samples_go_together():
    widget = Butterfly(samples=[1, 0, 0, 0])
    widget.signal = "ramp"
    assert widget.samples == []
    widget.n = 16
    widget.signal = "drawn"
    assert widget.samples == preset("ramp", 16).round(4).tolist()


@pytest.mark.parametrize(
    ("values", "kind", "message"),
    [
        ({"n": 15, "stage": 2}, TraitError, "n must be one of (2, 4, 8, 16, 32, 64); got 15"),
        ({"n": 12}, TraitError, "n must be one of (2, 4, 8, 16, 32, 64); got 12"),
        ({"size": 8}, TypeError, "has no argument 'size'; it takes autoplay, bet"),
        ({"schedule": "star"}, TraitError, "schedule"),
        ({"schedule": "shift"}, TraitError, "the FFT needs the whole butterfly"),
        (
            {"weights": "learned", "causal": True},
            TraitError,
            "what was learned needs the whole butterfly",
        ),
        ({"causal": True}, TraitError, "or weights='average' for other wirings"),
        ({"stage": 4}, TraitError, "stage must lie in 0 to 3; got 4"),
        ({"node": [4, 0]}, TraitError, "node must be [] or [0 to 3, 0 to 7]; got [4, 0]"),
        ({"node": [1, 2, 3]}, TraitError, "node must be []"),
        ({"samples": [0, 0, 0, 2]}, TraitError, "samples must lie in -1 to 1"),
        ({"samples": [0, 0, 0], "n": 4}, TraitError, "must hold 4 values"),
        ({"samples": [0, 0], "signal": "ramp", "n": 2}, TraitError, "must hold 0 values"),
        (
            {"twist": [0, 1, 0.1]},
            TraitError,
            "of a pair, full turns]; got [0.0, 1.0, 0.1]",
        ),
        ({"twist": [0.5, 0, 0.1]}, TraitError, "got [0.5, 0.0, 0.1]"),
        ({"twist": [0, 0, float("nan")]}, TraitError, "twist must be [] or, of an FFT"),
        ({"bet": -5}, TraitError, "bet must be one of (0, 1, 2, 4, 8, 16, 32, 64); got -5"),
        ({"scenes": [{"label": "x", "set": {"size": 8}}]}, TraitError, "a scene is"),
        ({"twist": [3, 0, 0.1]}, TraitError, "twist must be [] or, of an FFT"),
    ],
)
def test_bad_values_are_refused(values, kind, message):
    with pytest.raises(kind) as caught:
        Butterfly(**values)
    assert message in str(caught.value)


CLASSES = [c for c in vars(widgets).values() if isinstance(c, type)]


@pytest.mark.parametrize("widget", CLASSES)
def test_every_trait_is_documented(widget):
    for name in widget.own_traits():
        assert widget.class_traits()[name].help, name


@pytest.mark.parametrize("widget", CLASSES)
def test_the_bundle_is_one_module(widget):
    text = str(widget._esm)
    assert "import " not in "".join(line for line in text.splitlines() if line.startswith("import"))
    assert text.count("export default") == 1
    assert text.count("function mountFigure") == 1
    assert text.count("const $module") > 5, "each module in a scope of its own"


def test_make_frames_can_start():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    path, script = re.search(r"PYTHONPATH=(\S+) \S+ (\S+frame_cost\.py)", makefile).groups()
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, "-P", script, "--help"]  # whatever else is called conftest
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "--only" in done.stdout
