"""The hands, the time and the words of the widget `bitreversal`, against Python."""

import functools
import re
from itertools import pairwise

import numpy as np
import pytest
from kit.figures import POINTERS, drag, hold_time, mouse_drag, press, tap
from widgets.bit_reversal import oracle
from widgets.bit_reversal.page import dots, face, faces, laid_out, slot

from fftia_lab.schedule import bit_reversal


@pytest.fixture
def alone(solo):
    """Open the widget on a page of its own: alone(deals=1, …) -> (tab, figure)."""
    return functools.partial(solo, oracle.WIDGET)


# ---- what is drawn ----------------------------------------------------------------------------


def test_the_cards_lie_as_slices_deal_them(alone):
    _, figure = alone()
    for n, rounds in ((8, 1), (16, 2)):
        figure.set(n=n, rounds=rounds)
        for deals in range(rounds * oracle.depth_of(n) + 1):
            figure.set(deals=deals)
            assert laid_out(figure) == oracle.cards_after(n, deals).tolist(), (n, deals)


def test_every_card_spells_its_place(alone):
    """Top to bottom, the digits on a card are those of its place, before and after every deal."""
    _, figure = alone()
    for deals in range(5):
        figure.set(deals=deals)
        spelled = figure.root.locator(".fl-face").evaluate_all(
            """faces => faces.map(face => [...face.querySelectorAll('.fl-digit')]
                 .map(glyph => [glyph.getBoundingClientRect().top, glyph.getAttribute('class')])
                 .sort((a, b) => a[0] - b[0])
                 .map(([, name]) => /fl-digit-(.)/.exec(name)[1]).join(''))"""
        )
        places = np.argsort(oracle.cards_after(16, deals))
        assert spelled == [f"{place:04b}" for place in places]
        dealt = figure.root.locator(".fl-face .fl-dealt").count()
        assert dealt == 16 * deals, "what was dealt is marked"


def test_the_matrix_is_symmetric_when_all_is_dealt(alone):
    _, figure = alone()
    for n in (8, 16, 64):
        figure.set(n=n, deals=oracle.depth_of(n))
        shown = dots(figure, n)
        assert shown == set(enumerate(bit_reversal(n).tolist())), n
        assert shown == {(row, column) for column, row in shown}
        figure.set(deals=1)
        assert dots(figure, n) != {(row, column) for column, row in dots(figure, n)}, n


def test_the_strip_draws_every_read(alone):
    _, figure = alone(n=64, deals=6)
    for reading in ("dealt", "stockham"):
        figure.set(reading=reading)
        check_reads(figure, reading)


def check_reads(figure, reading):
    path = figure.root.locator(".fl-reads").get_attribute("d")
    walks = [
        np.array([list(map(float, point.split())) for point in walk.split("L")])
        for walk in path.split("M")[1:]
    ]
    wanted = [bit_reversal(64)] if reading == "dealt" else oracle.stockham_reads(64)
    assert len(walks) == len(wanted)
    pixels = np.concatenate(walks)[:, 1]
    step = (pixels.max() - pixels.min()) / 63
    for walk, reads in zip(walks, wanted, strict=True):
        assert np.all(np.diff(walk[:, 0]) > 0), "one after the other"
        heights = (pixels.max() - walk[:, 1]) / step
        np.testing.assert_allclose(heights, reads, atol=0.2, err_msg=reading)


def test_a_thread_leads_from_home_to_where_the_card_lies(alone):
    _, figure = alone(n=64, deals=6, card=21)
    path = figure.root.locator(".fl-chosen").get_attribute("d")
    numbers = [float(value) for value in re.findall(r"[-.\d]+", path)]
    step = (face(figure, 63)[0] - face(figure, 0)[0]) / 63
    left = face(figure, 0)[0] - figure.root.locator(".fl-area").bounding_box()["x"]
    assert (numbers[0] - left) / step == pytest.approx(21, abs=0.05)
    assert (numbers[-2] - left) / step == pytest.approx(bit_reversal(64)[21], abs=0.05)
    assert figure.root.locator(".fl-quiet").get_attribute("d").count("M") == 64 * 6
    other = figure.root.locator(".fl-mate").get_attribute("d")
    assert float(re.match(r"M([.\d]+)", other)[1]) == pytest.approx(numbers[-2], abs=0.2)


# ---- hands ------------------------------------------------------------------------------------


def test_choosing_a_card(hands):
    for road, tab, figure in hands(oracle.WIDGET, card=0):
        for deals in (1, 4):
            figure.set(deals=deals, card=0)
            check_choosing(road, tab, figure, deals)


def check_choosing(road, tab, figure, deals):
    wanted = oracle.cards_after(16, deals)[2]
    if road == "keyboard":
        press(tab, figure, ".fl-deck", "ArrowRight", "ArrowRight")
    else:
        tap(road, tab, face(figure, wanted))
        figure.settle()
    state = figure.state()
    assert (state["card"], state["guess"], state["deals"]) == (wanted, [], deals)
    assert f"Card {wanted} lies at place 2" in figure.says()
    assert figure.root.locator(".fl-on").count() == 1
    text = figure.root.locator(".fl-deck").get_attribute("aria-valuetext")
    assert text == f"card {wanted}, {wanted:04b}, at place 2, 0010"
    tab.page.keyboard.press("Escape")
    figure.settle()
    assert figure.state()["card"] == -1, deals
    tab.page.keyboard.press("Enter")
    assert figure.state()["card"] == 0, deals


def test_the_arrows_walk_along_the_places(alone):
    tab, figure = alone(deals=2, card=0)
    figure.root.locator(".fl-deck").focus()
    walked = []
    for _ in range(16):
        walked.append(figure.state()["card"])
        tab.page.keyboard.press("ArrowRight")
    assert walked == oracle.cards_after(16, 2).tolist()
    assert figure.state()["card"] == 0, "round the corner"
    tab.page.keyboard.press("End")
    assert figure.state()["card"] == 15
    tab.page.keyboard.press("ArrowLeft")
    assert figure.state()["card"] == 11


def test_betting_leads_to_the_same_state_by_every_road(hands):
    for road, tab, figure in hands(oracle.WIDGET, card=6):
        for deals in (0, 1):
            figure.set(deals=deals)
            check_betting(road, tab, figure, deals)


def check_betting(road, tab, figure, deals):
    before = figure.root.bounding_box()
    if road == "keyboard":
        start = np.argsort(oracle.cards_after(16, deals))[6]
        press(tab, figure, ".fl-tag", *["ArrowRight"] * int(11 - start))
    else:
        drag(road, tab, face(figure, 6), slot(figure, 11))
        figure.settle()
    state = figure.state()
    assert (state["card"], state["guess"], state["deals"]) == (6, [6, 11], deals)
    assert figure.root.bounding_box() == before, "the page stayed where it was"
    assert "You say that card 6 will lie at place 11" in figure.root.inner_text()
    figure.root.locator(".fl-tag").focus()
    tab.page.keyboard.press("Escape")
    assert figure.state()["guess"] == [], deals


def test_tapping_a_place_is_a_bet_too(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, deals=2, card=5):
        tap(road, tab, slot(figure, 9))
        assert figure.state()["guess"] == [5, 9]
        assert tab.page.evaluate("document.activeElement.matches('.fl-tag')"), "ready to be moved"
        tab.page.keyboard.press("ArrowRight")
        assert figure.state()["guess"] == [5, 10]


def test_the_tag_is_dragged_as_well(alone):
    tab, figure = alone(deals=1, card=6, guess=[6, 2])
    tag = figure.root.locator(".fl-tag")
    start = figure.centre(tag)
    mouse_drag(tab.page, start, (slot(figure, 13)[0], start[1] + 90))
    assert figure.state()["guess"] == [6, 13]
    assert tag.get_attribute("aria-valuetext") == "card 6 to place 13"


def test_the_guess_stays_and_the_true_place_glows(alone):
    tab, figure = alone(deals=3, card=6, guess=[6, 9])
    assert figure.root.locator(".fl-truth").get_attribute("d") == ""
    figure.root.locator(".fl-tag").focus()
    figure.root.get_by_label("one deal on").click()
    figure.settle()
    assert figure.state()["guess"] == [6, 9]
    glow = figure.root.locator(".fl-truth").bounding_box()
    assert glow["x"] + glow["width"] / 2 == pytest.approx(slot(figure, 6)[0], abs=1)
    assert "You said place 9; card 6 lies at place 6." in figure.root.inner_text()
    assert figure.root.locator(".fl-guess").get_attribute("d") != "", "the guess is still drawn"
    assert not figure.root.locator(".fl-tag").is_visible(), "and can no longer be changed"
    mouse_drag(tab.page, face(figure, 2), slot(figure, 12))
    assert figure.state()["guess"] == [6, 9]


def test_a_hand_lost_to_the_last_deal_goes_to_the_cards(alone):
    tab, figure = alone(deals=3, card=6)
    figure.root.locator(".fl-tag").focus()
    figure.set(deals=4)
    assert tab.page.evaluate("document.activeElement.matches('.fl-deck')")


def test_after_the_deals_a_stroke_sweeps_over_the_cards(alone):
    tab, figure = alone(deals=4, card=0)
    cards = oracle.cards_after(16, 4)
    mouse_drag(tab.page, face(figure, cards[1]), face(figure, cards[12]), steps=20)
    state = figure.state()
    assert (state["card"], state["guess"]) == (cards[12], [])


def test_the_matrix_and_the_strip_choose_the_same_card(hands):
    for road, tab, figure in hands(oracle.WIDGET, POINTERS, deals=4, card=0):
        area = figure.root.locator(".fl-area").bounding_box()
        frames = figure.root.locator(".fl-frame").get_attribute("d")
        matrix, strip = (
            [float(number) for number in part]
            for part in re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)v([.\d]+)", frames)
        )
        spots = [(matrix, 13.5 / 16, 13), (strip, 2.5 / 16, oracle.cards_after(16, 4)[2])]
        for (x, y, wide, tall), part, card in spots:
            tap(road, tab, (area["x"] + x + wide * part, area["y"] + y + tall / 2))
            assert figure.state()["card"] == card


def test_hovering_shows_and_does_not_choose(alone):
    tab, figure = alone(deals=4, card=3)
    own = figure.root.locator(".fl-chosen").get_attribute("d")
    tab.page.mouse.move(*face(figure, 13))
    figure.settle()
    assert "Card 13 lies at place 11, and card 11 at place 13" in figure.says()
    assert figure.root.locator(".fl-chosen").get_attribute("d") != own
    assert figure.state()["card"] == 3
    figure.set(n=8)
    tab.page.mouse.move(5, 5)
    figure.settle()
    assert "Card 3 lies at place 6" in figure.says()


# ---- time -------------------------------------------------------------------------------------


def test_playing_deals_and_pausing_rests(alone):
    tab, figure = alone(motion=True, card=6)
    hold_time(tab.page)
    play = figure.root.locator(".fl-play")
    play.click()
    tab.page.clock.run_for(1000)
    middle = figure.state()["deals"]
    assert 0.3 < middle < 1
    assert laid_out(figure) != list(range(16)), "cards are on their way"
    play.click()
    resting = figure.state()["deals"]
    tab.page.clock.run_for(2000)
    assert middle <= figure.state()["deals"] == resting < 4
    play.click()
    tab.page.clock.run_for(9000)
    assert figure.state()["deals"] == 4
    assert laid_out(figure) == bit_reversal(16).tolist()


@pytest.mark.parametrize("motion", [True, False])
def test_dealing_again_brings_all_home(alone, motion):
    tab, figure = alone(motion=motion, deals=4, card=6)
    if motion:
        hold_time(tab.page)
    again = figure.root.get_by_role("button", name="Deal the deck again")
    again.click()
    if motion:
        tab.page.clock.run_for(2000)
        assert 4 < figure.state()["deals"] < 8
        tab.page.clock.run_for(9000)
    else:
        figure.settle()
    state = figure.state()
    assert (state["rounds"], state["deals"]) == (2, 8)
    assert laid_out(figure) == list(range(16))
    assert "Dealt twice, all 16 cards lie where they began" in figure.says()
    assert not again.is_visible()
    figure.root.get_by_label("the deck is dealt").select_option("1")
    assert figure.state()["deals"] == 4, "once again, it lies dealt out"


def test_within_a_deal_cards_only_go_forward(alone):
    """Each card is between its old and its new place, and never goes back."""
    _, figure = alone(n=8)
    before, after = (np.argsort(oracle.cards_after(8, deals)) for deals in (1, 2))
    step = (face(figure, 7)[0] - face(figure, 0)[0]) / 7
    left = face(figure, 0)[0]
    seen = []
    for part in np.linspace(1, 1.999, 12):
        figure.set(deals=part)
        seen.append([(x - left) / step for _, x, _ in faces(figure)])
    seen = np.array(seen)
    np.testing.assert_allclose(seen[0], before, atol=0.02)
    np.testing.assert_allclose(seen[-1], after, atol=0.02)
    assert np.all(np.diff(seen, axis=0) * np.sign(after - before) >= -0.01)
    halfway = figure.views([{"deals": 1.5}])[0][1]["gone"]
    assert len(set(halfway)) > 2, "one after the other, as a hand deals"


# ---- words ------------------------------------------------------------------------------------


def every_deal(*sizes):
    return [(n, deals) for n in sizes for deals in range(1, oracle.depth_of(n) + 1)]


def test_the_sentences_say_what_python_counts(alone):
    _, figure = alone()
    for n, deals in every_deal(8, 16, 32, 64):
        figure.set(n=n, deals=deals, card=-1)
        cards, depth = oracle.cards_after(n, deals), oracle.depth_of(n)
        home, said = (cards == np.arange(n)).sum(), figure.says()
        assert f"After {deals} of {depth} deals, {home} of the {n} cards lie where" in said
        assert f" {oracle.fewest_swaps(cards)} swaps would undo it" in said
        travel = float(re.search(r"lies ([\d.]+) places from home", said)[1])
        away = np.abs(cards - np.arange(n)).mean()
        assert travel == pytest.approx(away, abs=0.051), (n, deals)
        hop = re.search(r"each ([\d.]+) from", figure.root.locator(".fl-caption").text_content())
        assert float(hop[1]) == pytest.approx(np.abs(np.diff(cards)).mean(), abs=0.051), (n, deals)


def test_six_swaps_and_four_that_stay(alone):
    _, figure = alone(deals=4)
    said = figure.says()
    assert "4 of the 16 cards lie where they began (0, 6, 9, 15). 6 swaps would undo it" in said
    assert figure.root.locator(".fl-card").inner_text() == ""
    figure.set(reading="stockham")
    facts = oracle.WIDGET().facts
    card = figure.root.locator(".fl-card").inner_text()
    assert f"lies {facts['travel']} places from home" in card
    assert f"is read {facts['hop']} addresses from the one before" in card


def test_a_card_whose_address_reads_the_same_backwards(alone):
    _, figure = alone(deals=4)
    for card in range(16):
        figure.set(card=card)
        place = int(f"{card:04b}"[::-1], 2)
        wanted = "is back where it began" if place == card else f"lies at place {place}, and"
        assert f"Card {card} {wanted}" in figure.says()


def test_what_lies_beyond_is_brought_into_range(alone):
    _, figure = alone(deals=4)
    figure.set(n=64)
    assert figure.state()["deals"] == 6, "a deck that was dealt out stays dealt out"
    figure.set(card=63, guess=[50, 3])
    figure.set(n=8)
    state = figure.state()
    assert (state["card"], state["guess"], state["deals"]) == (7, [], 3)
    figure.set(deals=-5)
    assert figure.state()["deals"] == 0


def test_the_numbers_on_resting_cards_lie_apart(hands):
    for _, _, figure in hands(oracle.WIDGET, (), (360, 900)):
        for n, deals in [(8, 0), (16, 0), *every_deal(8, 16)]:
            figure.set(n=n, deals=deals)
            boxes = figure.root.locator(".fl-face text").evaluate_all(
                "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
            )
            boxes.sort()
            assert len(boxes) == n
            assert all(a[1] <= b[0] + 0.5 for a, b in pairwise(boxes)), (n, deals)


def test_moving_cards_is_cheap(alone):
    """Frames of a drag restyle what is there: the same elements, before and after."""
    _, figure = alone(n=64, card=21)
    before = figure.root.evaluate(
        "root => { root.kept = [...root.querySelectorAll('.fl-area *')]; return root.kept.length }"
    )
    for deals in np.linspace(0, 6, 25):
        figure.set(deals=deals, card=int(4 * deals))
    same = "root => root.kept.every((e, i) => e === root.querySelectorAll('.fl-area *')[i])"
    assert before > 100 and figure.root.evaluate(same)
