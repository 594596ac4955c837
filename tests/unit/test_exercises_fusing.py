"""The checkers of chapter 13 pass right answers, fail the empty one, and name typical mistakes."""

import numpy as np
import pytest

from fftia_lab.exercises import check_cut, check_held, check_warp

OWN = np.arange(32)


def cut(strides, tile):
    """As many stages as fit, from the last back: another cut, and as few."""
    runs = []
    for stride in reversed(strides):
        if runs and max(*runs[0], stride) < tile * min(*runs[0], stride):
            runs[0].insert(0, stride)
        else:
            runs.insert(0, [stride])
    return runs


def by_counting(strides, tile):
    bits = tile.bit_length() - 1
    return [strides[i : i + bits] for i in range(0, len(strides), bits)]


def contiguous_only(strides, tile):
    runs, fits = [[]], False
    for stride in strides:
        if not (fits and stride < tile):
            runs.append([])
        runs[-1].append(stride)
        fits = stride < tile
    return [run for run in runs if run]


def by_its_first(strides, tile):
    runs = []
    for stride in strides:
        if runs and stride < tile * runs[-1][0]:
            runs[-1].append(stride)
        else:
            runs.append([stride])
    return runs


CUT_MISTAKES = [
    (lambda strides, tile: None, "It returned None"),
    (lambda strides, tile: 2, "It returned int, not a list of launches"),
    (lambda strides, tile: strides, "A launch is a list of strides; it returned 1"),
    (lambda strides, tile: [["1"]], "It returned list, not an array of numbers"),
    (lambda strides, tile: [[0.5]], "A launch is a list of strides"),
    (lambda strides, tile: [[], *cut(strides, tile)], "a launch without a stage"),
    (lambda strides, tile: cut(strides, tile)[1:], "the launches run 2 stages, and not these 4"),
    (lambda strides, tile: cut(strides, tile)[::-1], "the stages stand in another order"),
    (lambda strides, tile: [strides], "1 and 8 stand in one launch: a tile of 4 places 1 apart"),
    (lambda strides, tile: cut(strides, 2 * tile), "stand in one launch: a tile of 4 places"),
    (by_its_first, "stand in one launch"),
    (lambda strides, tile: [[one] for one in strides], "that is one launch a stage, 4; 2 do"),
    (by_counting, "it counts stages: on the way down the same tile serves again"),
    (contiguous_only, "it leaves strides from the tile on alone"),
    (lambda strides, tile: cut(strides, tile // 2), "launch"),
]


@pytest.mark.parametrize(("mistake", "hint"), CUT_MISTAKES)
def test_cut_hints(mistake, hint):
    verdict = check_cut(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_another_cut_that_is_as_short_will_do():
    assert check_cut(cut)
    assert check_cut(lambda strides, tile: (run for run in cut(strides, tile)))


def held(place, tile, step):
    low = place // step
    return [(low ^ k) * step + place % step for k in range(tile)]


HELD_MISTAKES = [
    (lambda place, tile, step: None, "It returned None"),
    (lambda place, tile, step: [place], "that are 1 places; a program holds 8"),
    (lambda place, tile, step: [place + 0.5] * tile, "not a list of places"),
    (lambda place, tile, step: [0] * tile, "place 37 is not among its own"),
    (
        lambda place, tile, step: [place // tile * tile + k for k in range(tile)],
        "held(37, 8, 4): these are neighbours. A tile of step 4 holds every 4th place",
    ),
    (
        lambda place, tile, step: [place + k * step for k in range(tile)],
        "held(37, 8, 1): it begins at 37 itself",
    ),
    (
        lambda place, tile, step: [place % step + k * step for k in range(tile)],
        "place 37 is not among its own",
    ),
    (
        lambda place, tile, step: [*held(place, tile, step)[:-1], place],
        "is missing, and some stage",
    ),
]


@pytest.mark.parametrize(("mistake", "hint"), HELD_MISTAKES)
def test_held_hints(mistake, hint):
    verdict = check_held(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_places_may_come_in_any_order():
    assert check_held(held)
    assert check_held(lambda *given: np.array(sorted(held(*given))))


def transform(values, shuffle):
    for stride in (16, 2, 1, 8, 4):
        other = shuffle(values, stride)
        values = np.where(OWN & stride, other - values, values + other)
    return values


def summed(values, shuffle):
    for stride in (1, 2, 4, 8, 16):
        values = values + shuffle(values, stride)
    return values


def sign_of_lower(values, shuffle):
    for stride in (1, 2, 4, 8, 16):
        other = shuffle(values, stride)
        values = np.where(OWN & stride, values - other, values + other)
    return values


def without_shuffles(values, shuffle):
    signs = [[1 - 2 * ((i & j).bit_count() & 1) for j in range(32)] for i in range(32)]
    return np.array(signs) @ values


def one_too_many(values, shuffle):
    return shuffle(transform(values, shuffle), 0)


WARP_MISTAKES = [
    (lambda values, shuffle: None, "It returned None"),
    (lambda values, shuffle: values, "No lane has heard another"),
    (lambda values, shuffle: values + shuffle(values, 1), "It shuffled once, with stride 1"),
    (
        lambda values, shuffle: values + shuffle(values, 1) + shuffle(values, 2),
        "It shuffled 2 times, with strides 1, 2",
    ),
    (summed, "Every lane has the sum"),
    (sign_of_lower, "has the wrong sign"),
    (without_shuffles, "The numbers are right, but it shuffled 0 times"),
    (one_too_many, "The numbers are right, but it shuffled 6 times"),
    (lambda values, shuffle: transform(values, shuffle)[:16], "It returned shape (16,)"),
    (lambda values, shuffle: 2 * transform(values, shuffle), "Lane 0 should hold 1.000"),
]


@pytest.mark.parametrize(("mistake", "hint"), WARP_MISTAKES)
def test_warp_hints(mistake, hint):
    verdict = check_warp(mistake)
    assert not verdict and hint in verdict.message, verdict


def test_the_order_of_the_strides_is_free():
    assert check_warp(transform)
