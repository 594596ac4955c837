"""The widget `winding`: its spectrum, its signals and its bet by every hand; what it says."""

import itertools
import re

import numpy as np
import pytest
from kit.figures import drag, mouse_drag, press, tap
from widgets.winding import oracle
from widgets.winding.page import (
    count,
    heads,
    on_axis,
    on_circle,
    opening,
    part,
    path,
    plane,
    turn_round,
)

wound = pytest.fixture(opening)

# ---- the spectrum is earned ---------------------------------------------------------------------


def test_the_spectrum_is_drawn_where_the_crank_has_been(wound):
    figure = wound(n=16, signal="square", f=0)
    assert (len(heads(figure, "tops")), count(figure, "empty")) == (1, 8)
    turn_round(figure, 0, 3.5)
    assert (len(heads(figure, "tops")), count(figure, "empty")) == (4, 5)
    assert count(figure, "lines") == 4
    assert count(figure, "reached") == 4
    press(figure.tab, figure, ".fl-crank", "Home")
    assert len(heads(figure, "tops")) == 4, "what was earned stays"
    right = path(figure, "curve")[:, 0].max()
    box = part(figure, "drawing").bounding_box()
    assert right == pytest.approx(on_axis(figure, figure.state()["seen"][1])[0] - box["x"], abs=0.1)


def test_its_height_is_the_distance_of_the_dot(wound):
    figure = wound(n=16, signal="sunspots", f=0, seen=[0, 8])
    for change in ({}, {"signal": "square"}, {"window": "hann"}, {"mode": "walk"}, {"f": 2.625}):
        figure.set(**change)
        curve = path(figure, "curve")
        heights = path(figure, "axes")[0, 1] - curve[:, 1]
        steps = np.linspace(0, 8, len(curve))
        x = oracle.wound_of(figure.state())
        wanted = np.abs(np.exp(-2j * np.pi * np.outer(steps, np.arange(16)) / 16) @ x)
        np.testing.assert_allclose(heights / heights.max(), wanted / wanted.max(), atol=0.02)
        trail, middle = path(figure, "trail"), path(figure, "lever")[0]
        away = np.hypot(*(trail - middle).T)
        np.testing.assert_allclose(away / away.max(), wanted / wanted.max(), atol=0.02)
    dot = path(figure, "lever")[1]
    assert np.hypot(*(trail - dot).T).min() < 0.3, "the dot is on its own trail"


def test_the_signal_is_drawn_with_its_seam(wound):
    figure = wound(n=16, tone=2.5, f=0)
    for change in ({}, {"window": "hann"}, {"signal": "ramp"}, {"window": "none"}):
        figure.set(**change)
        x = oracle.wound_of(figure.state())
        tips = path(figure, "stems").reshape(-1, 2, 2)
        middle, heights = tips[:, 0, 1], tips[:, 0, 1] - tips[:, 1, 1]
        reach = part(figure, "pad").bounding_box()["height"] / 2 - 4
        np.testing.assert_allclose(heights / reach, x, atol=0.003)
        seam = path(figure, "again")[:4].reshape(-1, 2, 2)
        np.testing.assert_allclose((middle[0] - seam[:, 1, 1]) / reach, x[:2], atol=0.003)
        assert seam[0, 0, 0] > tips[-1, 0, 0], "after the end"
        raw = path(figure, "raw")
        assert len(raw) == (16 if figure.state()["window"] == "hann" else 0)


# ---- what is wound ------------------------------------------------------------------------------


def test_the_points_stand_where_numpy_puts_them(wound):
    figure = wound(n=16, signal="sunspots", f=2.7)
    x, y, radius = plane(figure)
    box = part(figure, "drawing").bounding_box()
    for mode, layer in (("wound", "thread"), ("walk", "steps")):
        figure.set(mode=mode)
        wanted = oracle.show(figure.state())
        values = wanted["points"] if mode == "wound" else wanted["walk"] / wanted["longest"]
        drawn = path(figure, layer)
        seen = (drawn[:, 0] + box["x"] - x) / radius - 1j * (drawn[:, 1] + box["y"] - y) / radius
        np.testing.assert_allclose(seen, values, atol=0.003)
        lever = path(figure, "lever")[1]
        dot = (lever[0] + box["x"] - x) / radius - 1j * (lever[1] + box["y"] - y) / radius
        end = wanted["centre"] if mode == "wound" else wanted["total"] / wanted["longest"]
        assert abs(dot - end) < 0.003
        other = "steps" if mode == "wound" else "thread"
        assert part(figure, other).get_attribute("d") == ""


def test_a_click_never_leaves_its_circle(wound):
    figure = wound(n=8, signal="click", f=0, copies=True)
    distances = []
    for f in np.arange(-4, 8.01, 0.25):
        figure.set(f=float(f))
        middle, dot = path(figure, "lever")
        distances.append(np.hypot(*(dot - middle)))
    assert np.ptp(distances) < 0.3
    assert np.mean(distances) == pytest.approx(plane(figure)[2] / 8, abs=0.2)


def test_the_click_is_seen_through_the_crank(wound):
    figure = wound(n=8, signal="click", f=2.4)
    for _ in figure.hands((), (360, 900)):
        for f in (2.4, 0, 3, 3.75):
            figure.set(f=f)
            place = on_circle(figure, f)  # where the one sample is, and the crank
            assert figure.centre(part(figure, "crank")) == pytest.approx(place, abs=1)
            assert figure.pixel(*place) == figure.colour("self"), f


def test_thirteen_turns_are_minus_three_and_three_mirrored(wound):
    figure = wound(n=16, signal="sunspots", f=13)
    thirteen, ghost = path(figure, "thread"), path(figure, "mirror")
    says = figure.says()
    assert "k = 13 and k = −3 are one drawing, and k = 3 is its mirror image" in says
    figure.set(f=-3)
    np.testing.assert_allclose(path(figure, "thread"), thirteen, atol=0.11)
    assert "k = −3 and k = 13 are one drawing, and k = 3 is its mirror image" in figure.says()
    figure.set(f=3)
    np.testing.assert_allclose(path(figure, "thread"), ghost, atol=0.11)
    assert "one drawing" not in figure.says()
    for f, words in ((16, "k = 16 and k = 0 are one drawing."), (-8, "k = −8 and k = 8 are one")):
        figure.set(f=f)
        assert words in figure.says()


def test_hiding_what_repeats_folds_the_crank_back(wound):
    figure = wound(n=16, signal="sunspots", f=13)
    figure.root.locator(".fl-more summary").click()
    figure.root.get_by_label("show what repeats").uncheck()
    figure.settle()
    state = figure.state()
    assert (state["f"], state["copies"], state["seen"]) == (3, False, [0, 8])
    assert part(figure, "mirror").get_attribute("d") == ""


# ---- the wave and its leakage -------------------------------------------------------------------


def test_half_a_cycle_more_lights_twenty_five_lines(wound):
    figure = wound(n=64, f=5, seen=[0, 32], context={"has_touch": True})
    for road in figure.hands():
        assert "Of the 33 lines from k = 0 to 32, 1 is above 5 % of the highest." in figure.says()
        tone = part(figure, "tone")
        if road == "keyboard":
            press(figure.tab, figure, tone, *["ArrowRight"] * 5)
        else:
            start = figure.centre(tone)
            end = start[0] + on_axis(figure, 5.5)[0] - on_axis(figure, 5)[0], start[1]
            drag(road, figure.tab, start, end)
            figure.settle()
        state = figure.state()
        assert state["tone"] == pytest.approx(5.5, abs=0 if road == "keyboard" else 0.1)
        wanted = oracle.show(state)["above"]
        assert f"{wanted} are above 5 %" in figure.says()
        figure.set(tone=5.5)
        assert "25 are above 5 % of the highest." in figure.says()
        figure.set(window="hann")
        assert "4 are above 5 % of the highest." in figure.says()
        assert tone.get_attribute("aria-valuetext") == "5.50 cycles"


def test_the_lines_that_are_counted_can_be_counted(wound):
    figure = wound(n=64, tone=5.5, f=5, seen=[0, 32])
    changes = {}, {"tone": 5}, {"window": "hann"}, {"scale": "decibel"}, {"signal": "square"}
    for change in changes:
        figure.set(**change)
        wanted = oracle.show(figure.state())["above"]
        filled, hollow = heads(figure, "loud")[:, 1], heads(figure, "tops")[:, 1]
        assert (len(filled), len(hollow)) == (wanted, 33 - wanted)
        limit = path(figure, "limit")[0, 1]
        assert max(filled) <= limit <= min(hollow), "the line lies between them"
        assert figure.root.get_by_text("filled: above 5 %", exact=True).count() == 1
    figure.set(seen=[0, 20], f=20)
    assert len(heads(figure, "loud")) == 0 and part(figure, "limit").get_attribute("d") == ""
    assert figure.root.get_by_text("filled: above 5 %", exact=True).count() == 0


def test_what_leaks_is_seen_beside_what_is_the_wave_s_own(wound):
    """Two main lobes are known: one line to either side without a window, two with Hann's."""
    figure = wound(n=64, tone=5.5, f=5, seen=[0, 32])
    for change, own, leakage, said in (
        ({}, {5, 6}, 31, "2 are the wave’s own and 31 leakage."),
        ({"window": "hann"}, {4, 5, 6, 7}, 27, "4 are the wave’s own, 27 leakage and 2 zero."),
        ({"tone": 5}, {4, 5, 6}, 0, "3 are the wave’s own, 0 leakage and 30 zero."),
        ({"window": "none"}, {5}, 0, "1 is the wave’s own, 0 leakage and 32 zero."),
    ):
        figure.set(**change)
        assert said in figure.says()
        box = part(figure, "drawing").bounding_box()
        diamonds = np.concatenate([heads(figure, kind, ["own"]) for kind in ("tops", "loud")])
        where = {round((x + box["x"] - on_axis(figure, 0)[0]) / unit(figure)) for x, _ in diamonds}
        assert where == own and count(figure, "own") == len(own)
        assert count(figure, "leaks") == leakage
        legend = figure.root.get_by_text("round heads: leakage", exact=True)
        assert legend.count() == bool(leakage)
    figure.set(signal="square")
    assert "leakage" not in figure.says() and count(figure, "own") == count(figure, "leaks") == 0


def unit(figure):
    """Pixels from one line to the next."""
    return on_axis(figure, 1)[0] - on_axis(figure, 0)[0]


def test_in_decibels_heights_are_levels_down_to_the_floor(wound):
    figure = wound(n=64, tone=5.5, f=5, seen=[0, 32], scale="decibel")
    for _ in figure.hands((), (360, 900)):
        for change in ({}, {"window": "hann"}, {"tone": 5}, {"signal": "sunspots"}):
            figure.set(**change)
            numbers = part(figure, "heights").locator("text")
            assert numbers.all_text_contents() == ["0 dB", "−40", "−80", "−120 dB"]
            assert "decibels of the highest line; what is below −120 dB" in figure.says()
            levels = path(figure, "levels")[::2, 1]
            magnitudes = np.abs(np.fft.rfft(oracle.wound_of(figure.state())))
            wanted = 20 * np.log10(np.maximum(magnitudes / magnitudes.max(), 1e-6))
            drawn = np.concatenate([heads(figure, kind) for kind in ("tops", "loud")])
            found = np.interp(np.sort_complex(drawn @ [1, 1j]).imag, levels, [0, -40, -80, -120])
            np.testing.assert_allclose(found, np.minimum(wanted, 0), atol=0.3)
    figure.set(scale="linear")
    assert numbers.count() == 0 and part(figure, "levels").get_attribute("d") == ""


def test_a_wave_is_two_halves_and_one_of_them_stands_still(wound):
    figure = wound(n=16, tone=3, f=3, mode="halves")
    x, y, radius = plane(figure)
    box = part(figure, "drawing").bounding_box()

    def numbers(layer):
        places = path(figure, layer)
        return (places[:, 0] + box["x"] - x - 1j * (places[:, 1] + box["y"] - y)) / radius

    for f, forward, back in ((3, 0.5, 0), (13, 0, 0.5), (2.4, None, None), (0, 0, 0)):
        figure.set(f=f)
        state = figure.state()
        turned = np.exp(2j * np.pi * np.arange(16) * (3 - f) / 16) / 2
        spokes = numbers("spokes").reshape(-1, 2)
        np.testing.assert_allclose(spokes[:, 0], turned, atol=0.003)
        np.testing.assert_allclose(spokes[:, 1], oracle.show(state)["points"], atol=0.003)
        if forward is not None:
            assert f"at {forward:.2f}, the half that winds back at {back:.2f};" in figure.says()
            seen = [count(figure, name) > 0 for name in ("forward", "back")]
            assert seen == [forward > 0, back > 0], "none while a half cancels"
        card = part(figure, "card").inner_text()
        halves = re.findall(r"\(([^()]+)\) (?:forward|back)", card)
        one, other, both = map(spoken, [*halves, re.split(" [=≈] ", card)[-1]])
        assert abs(one + other - both) < 0.016, card
    figure.root.locator("select").first.select_option("square")
    figure.settle()
    assert figure.state()["mode"] == "wound" and count(figure, "spokes") == 0


def test_leaks_are_counted_only_when_all_lines_have_been_earned(wound):
    figure = wound(n=64, tone=5.5, f=30)
    assert "above 5 %" not in figure.says()
    press(figure.tab, figure, ".fl-crank", "End")
    assert "25 are above 5 %" in figure.says()


def test_the_wave_has_a_handle_and_other_signals_have_none(wound):
    figure = wound(n=16, tone=3)
    assert part(figure, "tone").is_visible()
    figure.root.locator("select").first.select_option("square")
    figure.settle()
    assert not part(figure, "tone").is_visible()
    assert part(figure, "label-tone").inner_html() == ""


# ---- drawing ------------------------------------------------------------------------------------


def pad_point(figure, j, value):
    box = part(figure, "pad").bounding_box()
    reach = box["height"] / 2 - 4
    return (
        box["x"] + box["width"] * (j + 0.5) / figure.state()["n"],
        box["y"] + box["height"] / 2 - value * reach,
    )


def test_a_signal_is_drawn(wound):
    figure = wound(n=8, signal="drawn", samples=[0.0] * 8, context={"has_touch": True})
    keys = ["ArrowRight", *["ArrowUp"] * 6, "ArrowRight", "ArrowUp", "ArrowUp"]
    keys += ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowRight", *["ArrowDown"] * 6]
    for road in figure.hands(["keyboard", "mouse", "touch"]):
        if road == "keyboard":
            press(figure.tab, figure, ".fl-pad", *keys)
        else:
            start, end = pad_point(figure, 1, 0.6), pad_point(figure, 4, -0.6)
            drag(road, figure.tab, start, end, steps=3 if road == "mouse" else 8)
            figure.settle()
        samples = figure.state()["samples"]
        tolerance = {"keyboard": 1e-9, "mouse": 0.06, "touch": 0.25}[road]
        np.testing.assert_allclose(samples, [0, 0.6, 0.2, -0.2, -0.6, 0, 0, 0], atol=tolerance)
        _, view = figure.views([figure.state()])[0]
        assert oracle.close(view["spectrum"], np.fft.fft(samples))


def test_a_fast_stroke_has_no_gaps(wound):
    figure = wound(n=64)
    mouse_drag(figure.page, pad_point(figure, 3, 0.8), pad_point(figure, 60, -0.8), steps=2)
    figure.settle()
    assert np.diff(figure.state()["samples"][3:61]).max() <= 0


def test_choosing_drawn_keeps_what_is_seen(wound):
    figure = wound(n=16, tone=2.5)
    before = oracle.signal_of(figure.state())
    figure.root.locator("select").first.select_option("drawn")
    figure.settle()
    np.testing.assert_allclose(figure.state()["samples"], before)


def test_one_sample_is_marked_in_every_view(wound):
    figure = wound(n=16, tone=3, f=2.6)
    marked, card = part(figure, "marked"), part(figure, "card")
    assert marked.get_attribute("d") == ""
    press(figure.tab, figure, ".fl-pad", *["ArrowRight"] * 5)
    assert marked.get_attribute("d").count("a6 6") == 4, "a ring in the signal, one in the plane"
    assert card.inner_text().startswith("sample 5: x₅")
    press(figure.tab, figure, ".fl-crank")
    assert marked.get_attribute("d") == ""
    drawing = part(figure, "drawing").bounding_box()
    x, y = path(figure, "thread")[7]
    figure.page.mouse.move(drawing["x"] + x, drawing["y"] + y)
    figure.settle()
    assert card.inner_text().startswith("sample 7: x₇")


# ---- the bet ------------------------------------------------------------------------------------


def place_guess(figure, road):
    """A guess 45 degrees up, half way out, by each road."""
    if road != "keyboard":
        return tap(road, figure.tab, on_circle(figure, -2, far=0.5))
    press(figure.tab, figure, figure.root.get_by_role("button", name="Place a guess"), "Enter")
    figure.page.wait_for_function("document.activeElement.matches('.fl-guess-handle')")
    return press(figure.tab, figure, ".fl-guess-handle", *["ArrowUp"] * 7, *["ArrowRight"] * 7)


def test_the_bet_stands_beside_the_truth(wound):
    figure = wound(n=16, signal="sunspots", f=0, ask=3, context={"has_touch": True})
    for road in figure.hands():
        words = part(figure, "bet")
        assert "where will the dot be at k = 3?" in words.inner_text()
        assert part(figure, "asked").get_attribute("d") != ""
        place_guess(figure, road)
        figure.settle()
        state = figure.state()
        assert state["bet"] == pytest.approx([0.35, 0.35], abs=0.02)
        assert figure.views([state])[0][1]["off"] is None
        assert count(figure, "truth") == 0 and "Now turn the crank there" in words.inner_text()
        assert part(figure, "asked").get_attribute("d") == ""
        figure.root.get_by_role("button", name="Turn there").click()
        figure.settle()
        assert figure.state()["f"] == 3
        off = oracle.show(figure.state())["off"]
        assert f"{off:.2f} away" in words.inner_text()
        assert count(figure, "truth") == 2, "a ring at the truth and a line to it"


def test_a_guess_can_be_moved_and_is_about_one_signal(wound):
    figure = wound(n=16, signal="sunspots", f=0, ask=3, bet=[0.0, 0.0])
    hand = part(figure, "guess-handle")
    mouse_drag(figure.page, figure.centre(hand), on_circle(figure, -4, far=0.6))
    figure.settle()
    assert figure.state()["bet"] == pytest.approx([0, 0.6], abs=0.02)
    figure.set(signal="square")
    assert figure.state()["bet"] == []
    assert not hand.is_visible()


def test_no_question_no_bet(wound):
    figure = wound(n=16, f=2, ask=-1)
    assert not part(figure, "bet").is_visible()
    figure.page.mouse.click(*on_circle(figure, -2, far=0.5))
    figure.settle()
    assert figure.state()["bet"] == []
    figure.set(ask=2)
    assert not part(figure, "bet").is_visible(), "nobody bets on what has been seen"


# ---- words --------------------------------------------------------------------------------------


def spoken(text):
    """Read a complex number as the figure writes it."""
    return complex(text.replace("−", "-").replace(" ", "").replace("i", "j"))


NAMES = {0: "X₀", 3: "X₃", 2.6: "X(2.60)", 13: "X₁₃", -3: "X(−3)"}


def test_the_formula_holds_this_states_numbers(wound):
    figure = wound(n=16)
    for signal, f in itertools.product(["sunspots", "square", "click"], NAMES):
        figure.set(signal=signal, f=f)
        wanted = oracle.show(figure.state())
        card = part(figure, "card").inner_text()
        sums, mean = card.split("…")[1].split(";")
        assert abs(spoken(sums.strip(" =")) - wanted["total"]) < 0.008, card
        assert abs(spoken(mean.split("=")[1]) - wanted["centre"]) < 0.008, card
        first, second = re.findall(r"\(([^()]+)\) · \(([^()]+)\)", card)
        for (sample, turn), value in zip((first, second), wanted["points"][:2], strict=True):
            assert abs(spoken(sample) * spoken(turn) - value) < 0.012, card
        assert card.startswith(f"{NAMES[f]} = Σ")


def test_the_sentence_tells_what_is_seen(wound):
    figure = wound(n=64, tone=5, f=5)
    assert figure.says() == (
        "Wound 5 times round, the 64 samples sum to X₅ = 32.00. "
        "Their centre of mass is X₅/64, 0.50 from the middle."
    )
    figure.set(f=1)
    assert figure.says().startswith("Wound 1 time round")
    figure.set(f=4.6)
    distance = abs(oracle.show(figure.state())["centre"])
    assert f"the centre of mass is {distance:.2f} from the middle" in figure.says()
    figure.set(mode="walk")
    wanted = oracle.show(figure.state())
    assert f"{abs(wanted['total']):.2f} from the start" in figure.says()
    assert f"they would reach {wanted['longest']:.2f}." in figure.says()


def test_silence_can_be_drawn(wound):
    figure = wound(samples=[0.0] * 8, f=1, seen=[0, 4], ask=2, mode="walk")
    assert "0 are above 5 %" in figure.says()


def test_far_values_are_brought_into_range(wound):
    figure = wound(n=16, tone=3)
    figure.set(f=1000, tone=99, seen=[-99, 99])
    state = figure.state()
    assert (state["f"], state["tone"], state["seen"]) == (16, 8, [-8, 16])
    figure.set(n=8)
    assert figure.state()["f"] == 8 and figure.state()["tone"] == 4
