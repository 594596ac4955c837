"""The attention figures show the numbers they are given, and refuse what does not fit."""

import itertools

import numpy as np
import pytest

from fftia_lab import ButterflySchedule
from fftia_lab.attention.matrices import rank_one_blocks
from fftia_lab.figures import matrix_figure, moves_figure, weights_figure

WORDS = ["the", "bank", "the"]
WEIGHTS = np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0], [1 / 3, 1 / 3, 1 / 3]])


def test_weights_are_written_in_per_cent_and_nothing_is_not_written():
    drawn = weights_figure(WEIGHTS, WORDS, alt="Three words.")
    cells = drawn.data[0]
    assert [list(row) for row in cells.text] == [
        ["50", "25", "25"],
        ["", "100", ""],
        ["33.3", "33.3", "33.3"],
    ]
    assert np.allclose(cells.z, WEIGHTS, atol=1e-4)
    eighths = weights_figure(np.full((1, 1), 1 / 8), ["the"], alt="An eighth.").data[0]
    assert eighths.text[0][0] == "12.5", "not 12 beside a text that says 12.5"
    assert drawn.layout.meta["alt"] == "Three words."


def test_every_token_has_its_word_though_words_repeat():
    layout = weights_figure(WEIGHTS, WORDS, alt="Three words.").layout
    for axis in (layout.xaxis, layout.yaxis):
        assert list(axis.ticktext) == WORDS
        assert list(axis.tickvals) == [0, 1, 2]
    assert layout.yaxis.autorange == "reversed", "row 0 is on top"
    assert layout.xaxis.side == "top"


@pytest.mark.parametrize(
    ("weights", "words", "message"),
    [
        (WEIGHTS, WORDS[:2], r"2 words need weights of shape \(2, 2\); got \(3, 3\)"),
        (WEIGHTS[0], WORDS, r"3 words need weights of shape \(3, 3\); got \(3,\)"),
        (WEIGHTS - 0.5, WORDS, "must not be negative; the smallest is -0.5"),
    ],
)
def test_weights_that_do_not_fit(weights, words, message):
    with pytest.raises(ValueError, match=message):
        weights_figure(weights, words, alt="Wrong.")


BEFORE = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
AFTER = np.array([[0.25, 0.5], [0.5, 0.5], [0.25, 0.5], [0.25, 0.5]])


def test_equal_moves_share_an_arrow():
    drawn = moves_figure(
        BEFORE, AFTER, ["the", "bank", "the", "left"], axes=["water", "money"], alt="Moves."
    )
    starts = drawn.data[0]
    assert list(starts.text) == ["the …", "bank"]
    assert starts.customdata[0][0] == "the, left"
    assert list(zip(starts.x, starts.y, strict=True)) == [(0, 0), (1, 1)]
    arrows = [(a.ax, a.ay, a.x, a.y) for a in drawn.layout.annotations]
    assert arrows == [(0, 0, 0.25, 0.5), (1, 1, 0.5, 0.5)]
    assert (drawn.layout.xaxis.title.text, drawn.layout.yaxis.title.text) == ("water", "money")


def test_labels_stand_off_their_arrows_and_inside():
    before = [[0, 1], [1, 1], [2, 0], [1, 0]]
    after = [[0.5, 0], [0.5, 0], [1, 0.5], [1.5, 0.5]]
    drawn = moves_figure(before, after, list("abcd"), axes=["x", "y"], alt="Four.")
    assert list(drawn.data[0].textposition) == [
        "top right",
        "top right",
        "bottom left",
        "bottom left",
    ]
    for axis, column in ((drawn.layout.xaxis, 0), (drawn.layout.yaxis, 1)):
        values = np.vstack([before, after])[:, column]
        assert axis.range[0] < values.min() and values.max() < axis.range[1]


def test_moves_that_do_not_fit():
    with pytest.raises(ValueError, match=r"2 words .* \(2, 2\); got \(4, 2\) and \(4, 2\)"):
        moves_figure(BEFORE, AFTER, WORDS[:2], axes=["x", "y"], alt="Wrong.")


def test_a_title_stays_with_its_matrix_on_a_narrow_page():
    layout = matrix_figure([np.eye(2)] * 2, ["one", "two"], alt="Two.").layout
    assert {layout.yaxis.constraintoward, layout.yaxis2.constraintoward} == {"top"}


def framed(drawn, axis):
    """The cells inside the frames of one matrix, each as often as a frame holds it."""
    frames = [s for s in drawn.layout.shapes if (s.xref, s.yref) == (f"x{axis}", f"y{axis}")]
    own = range(8)
    return sorted(
        (i, j)
        for s, i, j in itertools.product(frames, own, own)
        if s.x0 < j < s.x1 and s.y0 < i < s.y1
    )


def test_an_outline_frames_the_cells_of_its_block_in_every_matrix():
    wiring = ButterflySchedule(8)
    for stages in range(4):
        for rows, columns in rank_one_blocks(wiring, stages):
            drawn = matrix_figure([np.eye(8)] * 2, ["a", "b"], alt="Two.", outline=(rows, columns))
            wanted = sorted(itertools.product(rows.tolist(), columns.tolist()))
            assert framed(drawn, "") == framed(drawn, "2") == wanted
    assert not matrix_figure([np.eye(8)], ["a"], alt="One.").layout.shapes
