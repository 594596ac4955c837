"""What `receptivefield` draws, plays and says, against Python."""

import functools

import numpy as np
import pytest
from kit.figures import PLAYING, hold_time, pass_time
from kit.layers import boxes, lines, path
from widgets.receptive_field import oracle
from widgets.receptive_field.page import nodes, painted, word


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(width=360, n=8) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


# ---- what is drawn ------------------------------------------------------------------------------

STATES = [
    dict(zip(("n", "schedule", "causal", "padding", "length"), values, strict=True))
    for values in [
        (16, "butterfly", False, "keep", 16),
        (16, "butterfly", False, "keep", 13),
        (16, "butterfly", False, "relay", 13),
        (64, "butterfly", True, "relay", 64),
        (32, "shift", True, "relay", 21),
        (8, "shift", False, "keep", 5),
        (16, "benes", False, "relay", 11),
        (16, "prefix", True, "relay", 13),
    ]
]


def test_the_matrix_is_painted_as_it_was_heard(alone):
    _, figure = alone()
    for wired in STATES:
        length = wired["length"]
        for stage in range(oracle.schedule_of(wired).depth + 1):
            figure.set(**wired, stage=stage)
            before, now = (oracle.pairs_of(wired, max(stage - back, 0)) for back in (1, 0))
            cells, fresh = (painted(figure, layer) for layer in ("cells", "fresh"))
            assert (cells[:length, :length] == before).all(), (wired, stage)
            assert (fresh[:length, :length] == (now & ~before)).all(), (wired, stage)
            assert not cells[length:].any(), (wired, stage)
        allowed = np.tri(length) if wired["causal"] else np.ones((length, length))
        assert (painted(figure, "ground")[:length, :length] == allowed).all(), wired


def test_the_cone_and_the_dotted_tree_are_those_of_the_wiring(alone):
    _, figure = alone()
    for wired in STATES:
        token, source = wired["length"] - 2, 1
        depth = oracle.schedule_of(wired).depth
        figure.set(**wired, stage=depth, token=token, source=source)
        check_cone_and_tree(figure, wired, token, source)


def check_cone_and_tree(figure, wired, token, source):
    """Every wire into somebody who will be heard; every wire from somebody who has the news."""
    n = wired["n"]
    partners, own = oracle.partners_of(wired), np.arange(n)
    needed, straight, crossing = {token}, 0, 0
    for number, stage in reversed(list(enumerate(partners))):
        holds = oracle.reach_of(wired, number).any(axis=1)
        straight += sum(holds[i] for i in needed)
        crossing += sum(int(stage[i]) != i for i in needed)
        needed = {j for i in needed for j in (i, int(stage[i])) if holds[j]}
    assert len(lines(figure, "own")) == straight, wired
    assert len(lines(figure, "cross")) == crossing, wired
    told, wires = own == source, 0
    for stage in partners:
        wires += told.sum() + (told[stage] & (stage != own)).sum()
        told = told | told[stage]
    assert len(lines(figure, "told")) == wires, wired


def test_the_only_path_is_drawn_with_its_digits(alone):
    _, figure = alone(source=6, token=11)
    codes = figure.root.locator(".fl-codes text").all_text_contents()
    assert codes == ["0110", "0111", "0011", "1011"]
    x1, y1, x2, y2 = lines(figure, "path").T
    assert (x1[1:] == x2[:-1]).all() and (y1[1:] == y2[:-1]).all(), "one unbroken line"
    step = (word(figure, 15)[1] - word(figure, 0)[1]) / 15
    rows = np.append(y1, y2[-1])
    assert np.round((rows - rows[0]) / step).astype(int).tolist() == [0, 1, 1, -3, 5]
    assert path(figure, "ahead") == ""
    flipped = figure.root.locator(".fl-card .fl-address").evaluate_all(
        """codes => codes.map(code => [...code.childNodes]
             .map(node => Number(node.className === 'fl-partner')))"""
    )
    assert flipped == [[0, 0, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [1, 0, 0, 0]], "they stand out"
    figure.set(stage=2.5)
    assert len(lines(figure, "path")) == 3 and len(lines(figure, "ahead")) == 2
    halfway = lines(figure, "path")[-1]
    whole = lines(figure, "ahead")[0]
    assert halfway[:2] == pytest.approx(whole[:2])
    assert halfway[2:] == pytest.approx((whole[:2] + whole[2:]) / 2, abs=0.2)


def test_benes_has_half_as_many_paths_as_tokens(alone):
    _, figure = alone(schedule="benes")
    for n, paths in ((4, 2), (8, 4), (16, 8), (64, 32)):
        figure.set(n=n, length=n, source=1, token=n - 1)
        assert figure.state()["stage"] == 2 * int(np.log2(n)) - 1
        assert figure.views([figure.state()])[0][1]["route"]["paths"] == paths
        assert f"on {paths} paths" in figure.root.locator(".fl-card").inner_text(), n
        # out of the source, along all ways, back into the token
        starts = lines(figure, "path")
        assert len(starts[starts[:, 0] == starts[:, 0].min()]) == 2, n


def test_padding_has_no_wires_and_says_so(alone):
    _, figure = alone(length=13, token=3, source=12, padding="keep")
    lowest = nodes(figure)[0, 12, 1]
    box = figure.root.locator(".fl-area").bounding_box()
    for layer in ("quiet", "own", "cross", "told"):
        assert lines(figure, layer)[:, [1, 3]].max() + box["y"] <= lowest + 1, layer
    absent = figure.root.locator(".fl-absent").all_text_contents()
    assert absent == ["13", "14", "15", "padding", "padding", "padding"]
    dots = path(figure, "pad").count("M")
    assert dots == 3 * 5


def test_relays_light_up_as_they_take_a_copy(alone):
    _, figure = alone(length=13, token=3, source=12, padding="relay")
    for stage in range(5):
        figure.set(stage=stage)
        holds = [oracle.reach_of(figure.state(), at)[13:].any(axis=1).sum() for at in range(5)]
        assert holds == [0, 1, 3, 3, 3]
        assert path(figure, "lit").count("M") == sum(holds[: stage + 1])
        assert path(figure, "relay").count("M") == sum(holds)
        assert path(figure, "pad").count("M") == 3 * 5 - sum(holds)
    absent = figure.root.locator(".fl-absent").all_text_contents()
    assert absent == ["13", "14", "15", "relay", "relay", "relay"]
    figure.set(causal=True)
    assert path(figure, "relay") == "", "where nobody looks ahead a relay would tell nobody"
    assert figure.root.locator(".fl-absent").all_text_contents()[-1] == "padding"


CUT = [
    ({"causal": True}, 32),
    ({"length": 13, "padding": "keep"}, 8),
    ({"length": 13, "padding": "relay"}, 0),
    ({"schedule": "shift"}, 0),
    ({"schedule": "prefix"}, 0),
]


def test_wires_that_are_cut_leave_stubs(alone):
    """Half the wires of the causal butterfly; those from padding to who keeps."""
    _, figure = alone()
    start = figure.state()
    for traits, cut in CUT:
        figure.set(**{**start, **traits})
        assert path(figure, "cut").count("M") == cut, traits
    state = start | {"padding": "keep"}
    for traits in ({"causal": True}, {"length": 13}):
        whole, left = oracle.partners_of(state), oracle.partners_of(state | traits)
        real = (state | traits)["length"]
        gone = sum((a[:real] != b[:real]).sum() for a, b in zip(whole, left, strict=True))
        assert gone == next(cut for case, cut in CUT if traits.items() <= case.items())


def test_numbers_make_room_for_the_chosen_one(alone):
    _, figure = alone(n=64, source=9, token=45)
    tag = figure.root.locator("text.fl-said")
    assert tag.text_content() == "9"
    shown = figure.root.locator(".fl-number").all_text_contents()
    assert shown == ["0", "", "16", "24", "32", "40", "48", "56"]
    figure.set(source=-1)
    assert figure.root.locator(".fl-number").all_text_contents()[1] == "8"
    assert tag.text_content() == ""


# ---- time ---------------------------------------------------------------------------------------


def test_playing_fills_the_matrix_stage_by_stage(alone):
    tab, figure = alone(motion=True, stage=0)
    hold_time(tab.page)
    figure.root.locator(".fl-play").click()
    counts = []
    for _ in range(5):
        counts.append(figure.root.evaluate("root => root.figure.view().cells"))
        tab.page.clock.run_for(1130)
    assert counts == [oracle.pairs_of(figure.state(), stage).sum() for stage in range(5)]
    assert counts == [16, 32, 64, 128, 256]
    assert figure.state()["stage"] == 4


def test_between_stages_the_news_is_on_its_way(alone):
    _, figure = alone(stage=1.5)
    assert path(figure, "travel").count("M") == 16, "one dot a crossing wire"
    fresh, cells = boxes(figure, "fresh"), boxes(figure, "cells")
    reaches = [oracle.reach_of(figure.state(), stage) for stage in (1, 2)]
    assert (painted(figure, "cells") == reaches[0]).all()
    assert (painted(figure, "fresh") == (reaches[1] & ~reaches[0])).all()
    small = fresh[0, 2]
    figure.set(stage=2)
    assert boxes(figure, "fresh")[0, 2] == pytest.approx(2 * small, rel=0.03)
    assert len(cells) and path(figure, "travel") == ""


def test_an_invitation_ends_with_the_first_touch(alone):
    tab, figure = alone(motion=True, held=True, autoplay=True)
    pass_time(tab.page, PLAYING)
    tab.page.mouse.click(*word(figure, 3))
    tab.page.clock.run_for(40)
    assert figure.root.locator(".fl-play").inner_text() == "Play"
    rest = figure.state()["stage"]
    tab.page.clock.run_for(6000)
    assert (figure.state()["stage"], figure.state()["source"]) == (rest, 3)


MOVING = "root => root.getAnimations({subtree: true}).map(a => a.effect.target.classList[0])"


@pytest.mark.parametrize("motion", [True, False])
def test_what_is_lost_fades_unless_motion_is_reduced(alone, motion):
    tab, figure = alone(motion=motion)
    before = path(figure, "cells")
    animations = tab.context.new_cdp_session(tab.page)
    animations.send("Animation.enable")
    animations.send("Animation.setPlaybackRate", {"playbackRate": 0})  # held
    figure.root.evaluate("root => root.figure.set({causal: true})")
    figure.settle()
    moving = set(figure.root.evaluate(MOVING)) & {"fl-leaving", "fl-snap"}
    assert moving == ({"fl-leaving", "fl-snap"} if motion else set())
    if motion:
        assert path(figure, "leaving") == before
        assert path(figure, "snap").count("M") == 32
    animations.send("Animation.setPlaybackRate", {"playbackRate": 1})
    figure.page.wait_for_function(
        "getComputedStyle(document.querySelector('.fl-snap')).opacity === '0'"
    )


# ---- words --------------------------------------------------------------------------------------

CARDS = [
    ({"source": 6, "token": 11}, "0110 → 0111 → 0011 → 1011. It crosses in stages 1, 3 and 4."),
    ({"source": 6, "token": 11, "stage": 3}, "It arrives in stage 4."),
    ({"source": 6, "token": 7, "stage": 3}, "It has arrived in stage 1."),
    ({"source": 5, "token": 5}, "token 5 “the” has always heard itself."),
    (
        {"source": 9, "token": 3, "causal": True},
        "never. Token 9 “the” is later, and nobody hears the future.",
    ),
    (
        {"source": 3, "token": 8, "causal": True},
        "never. 0011 has a 1 where 1000 has a 0, and without the future a 1 stays a 1.",
    ),
    (
        {"source": 12, "token": 3, "length": 13, "padding": "keep"},
        "never. The only path leads through 1101 = 13, which is padding.",
    ),
    (
        {"source": 12, "token": 3, "length": 13, "padding": "relay"},
        "1100 → 1101 → 1111 → 1011 → 0011. 13 and 15 are relays. It crosses in stages 1, 2, 3",
    ),
    (
        {"source": 10, "token": 3, "length": 11, "padding": "relay"},
        "1010 → 1011 → 0011. 11 is a relay. It crosses in stages 1 and 4.",
    ),
    (
        {"source": 2, "token": 13, "schedule": "prefix", "causal": True},
        "2 → 3 → 7 → 13. It crosses in stages 1, 3 and 4.",
    ),
    (
        {"source": 2, "token": 13, "schedule": "shift", "causal": True},
        "distance 11 = 1 + 2 + 8. It crosses in stages 1, 2 and 4.",
    ),
    ({"source": 1, "token": 13, "schedule": "shift"}, "distance 4 = 4. It crosses in stage 3."),
    (
        {"source": 4, "token": 2, "schedule": "shift", "length": 13},
        "distance 2, or 15 once round the circle: 2 paths.",
    ),
    ({"source": 5, "token": 8, "causal": True}, "Dotted red: 32 listenings that are cut."),
    ({"source": -1, "length": 13, "padding": "keep"}, "Dotted red: 8 listenings that are cut."),
    ({"source": 0, "token": 15, "schedule": "benes"}, "0000 to 1111 on 8 paths: a digit may flip"),
]


def test_the_card_says_how_the_news_comes(alone):
    _, figure = alone()
    start = figure.state()
    for state, words in CARDS:
        figure.set(**{**start, "stage": schedule_depth(state), **state})
        card = figure.root.locator(".fl-card")
        assert words in card.inner_text(), state
        if words.startswith("Dotted red"):
            assert card.locator(".fl-wrong").inner_text() == "Dotted red", "in the colour it names"


def schedule_depth(state):
    """All stages, for whoever names none."""
    usual = {"n": 16, "schedule": "butterfly", "causal": False, "padding": "keep"}
    return oracle.schedule_of({**usual, **state}).depth


def test_the_sentence_lists_tokens_as_people_do(alone):
    _, figure = alone(causal=True, token=10, source=-1)
    heard = np.flatnonzero(oracle.reach_of(figure.state(), 4)[10]).tolist()
    assert heard == [0, 2, 8, 10]
    assert "has heard 4 of 11: 0, 2, 8 and 10." in figure.says()
    figure.set(token=0, stage=0)
    assert "After 0 of 4 stages, token 0 “No” has heard only itself." in figure.says()
    figure.set(token=7, stage=4)
    assert "has heard 8 of 8: 0 to 7." in figure.says()
    figure.set(n=64, length=64, token=42, stage=6)
    heard = np.flatnonzero(oracle.reach_of(figure.state(), 6)[42]).tolist()
    assert len(heard) == 8
    assert "has heard 8 of 43: 0, 2, 8, 10 … 42." in figure.says()
    assert "In all 729 of 2,080 pairs; 1,351 are missed." in figure.says()


@pytest.mark.parametrize("held", [(390, 844), (844, 390), (1600, 900)])
def test_enlarged_it_keeps_both_drawings_and_its_square(alone, held):
    wide, high = held
    tab, figure = alone(width=wide)
    tab.page.set_viewport_size({"width": wide, "height": high})
    figure.root.get_by_role("button", name="Enlarge").click()
    tab.settle()
    square = tab.page.locator("dialog .fl-field").bounding_box()
    assert square["width"] == pytest.approx(square["height"], rel=0.01) and square["width"] > 150
    for part in ("field", "dots"):
        box = tab.page.locator(f"dialog .fl-{part}").first.bounding_box()
        assert box["width"] > 100 and box["height"] > 100, part
        assert 0 <= box["x"] < box["x"] + box["width"] <= wide, part
        assert 0 <= box["y"] < box["y"] + box["height"] <= high, part
