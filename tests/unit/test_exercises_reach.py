"""Every checker of chapter 6 passes the right answer, fails the empty one, and names mistakes."""

import numpy as np
import pytest

from fftia_lab.exercises import check_meeting, check_reach, check_relays, check_wiring
from fftia_lab.schedule import PrefixSchedule, ShiftSchedule


def reach(partners):
    own = np.eye(len(partners[0]), dtype=bool)
    heard = own
    for stage in partners:
        heard = (own | own[stage]) @ heard
    return heard


def in_place(partners):
    heard = np.eye(len(partners[0]), dtype=bool)
    for stage in partners:
        for i, partner in enumerate(stage):
            heard[i] |= heard[partner]
    return heard


def wrong_side(partners):
    own = np.eye(len(partners[0]), dtype=bool)
    heard = own
    for stage in partners:
        heard = heard @ (own | own[stage])
    return heard


def by_columns(partners):
    heard = np.eye(len(partners[0]), dtype=bool)
    for stage in partners:
        heard = heard | heard[:, stage]
    return heard


def only_partners(partners):
    heard = np.eye(len(partners[0]), dtype=bool)
    for stage in partners:
        heard = heard[stage]
    return heard


def paths(partners):
    counts = np.eye(len(partners[0]), dtype=int)
    for stage in partners:
        counts = counts + counts[stage]
    return counts


def mutual(partners):
    own = np.eye(len(partners[0]), dtype=bool)
    heard = own
    for stage in partners:
        heard = (own | own[stage] | own[stage].T) @ heard
    return heard


def changing(partners):
    partners[0][:] = 0
    return reach(partners)


REACH_MISTAKES = [
    (lambda partners: None, "It returned None"),
    (lambda partners: partners[99], "It stopped with IndexError"),
    (lambda partners: "everyone", "It returned str, not an array of numbers"),
    (lambda partners: reach(partners) + 0j, "It returned complex128 values"),
    (lambda partners: reach(partners)[:-1], "It returned shape (5, 6) for 6 tokens"),
    (changing, "It changed its input partners"),
    (lambda partners: reach(partners).T, "Rows and columns have changed places"),
    (wrong_side, "The last stage runs first"),
    (lambda partners: reach(partners[::-1]), "The last stage runs first"),
    (lambda partners: wrong_side(partners).T, "multiplies from the wrong side"),
    (by_columns, "Rows and columns have changed places"),
    (only_partners, "Nobody keeps what it knew"),
    (in_place, "what others have only just heard"),
    (lambda partners: reach(partners[:1]), "Only the first stage has run"),
    (lambda partners: reach(partners[:-1]), "The last stage is missing"),
    (mutual, "It takes meetings for mutual"),
    (lambda partners: reach(partners) | reach(partners).T, "It is symmetric"),
    (lambda partners: np.ones((len(partners[0]),) * 2), "All ones"),
    (paths, "It counts paths, up to"),
    (lambda partners: np.eye(len(partners[0])) > 0, "entry [0, 2] should be True; it is False"),
]


@pytest.mark.parametrize(("mistake", "hint"), REACH_MISTAKES)
def test_reach_hints(mistake, hint):
    verdict = check_reach(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_reach():
    assert check_reach(reach)
    assert check_reach(lambda partners: paths(partners) > 0)
    assert check_reach(lambda partners: reach(partners).astype(int).tolist()), "zeros and ones do"
    assert repr(check_reach(reach)).startswith("Right. ")


@pytest.mark.parametrize(("size", "stages"), [(6, 3), (8, 3), (9, 4), (5, 1), (16, 4)])
def test_almost_right_reach_is_wrong(size, stages):
    def almost(partners):
        heard = reach(partners)
        if (len(partners[0]), len(partners)) == (size, stages):
            heard[-1, 0] = ~heard[-1, 0]
        return heard

    assert not check_reach(almost)


MEETING_MISTAKES = [
    (lambda i, j: None, "It returned None"),
    (lambda i, j: 1 // 0, "It stopped with ZeroDivisionError"),
    (lambda i, j: [1], "It returned list, not a number of stages"),
    (lambda i, j: (i ^ j).bit_count(), "the highest of them decides, for 0 and 2 stage 2"),
    (lambda i, j: (i ^ j).bit_length() - 1, "It counts stages from 0: one more have run."),
    (lambda i, j: max((i ^ j).bit_length() - 1, 0), "unless a token hears itself"),
    (lambda i, j: (i ^ j) & -(i ^ j), "It gives the lowest stride"),
    (lambda i, j: ((i ^ j) & -(i ^ j)).bit_length(), "at the highest one they still stand apart"),
    (lambda i, j: abs(i - j).bit_length(), "measures the distance 1: compare the digits of 1 and"),
    (lambda i, j: i ^ j, "how many stages is that?"),
    (lambda i, j: 6, "All pairs have met after 6 stages"),
    (lambda i, j: max((i ^ j).bit_length(), 1), "that is 0 stages"),
    (lambda i, j: (i ^ j).bit_length() + (i == 9), "Token 9 has heard 0 after 4 stages; it says 5"),
]


@pytest.mark.parametrize(("mistake", "hint"), MEETING_MISTAKES)
def test_meeting_hints(mistake, hint):
    verdict = check_meeting(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_meeting():
    assert check_meeting(lambda i, j: (i ^ j).bit_length())
    assert check_meeting(lambda i, j: float(np.int64(i ^ j).item().bit_length()))
    for pair in [(0, 63), (63, 0), (31, 32), (5, 5)]:
        wrong = check_meeting(lambda i, j, p=pair: (i ^ j).bit_length() + ((i, j) == p))
        assert not wrong, pair


def relaying(real, heard=lambda token, held, partner, holds: holds, at_once=False):
    """A butterfly with relays from sets of copies; `heard` says whether a partner is heard."""
    holds, stages = list(real), []
    for stride in strides(len(real)):
        before = holds if at_once else list(holds)
        stage = list(range(len(real)))
        for i in range(len(real)):
            j = i ^ stride
            if heard(real[i], before[i], real[j], before[j]):
                stage[i] = j
                holds[i] = holds[i] or before[j]
        stages.append(stage)
    return stages


RELAY_MISTAKES = [
    (lambda real: None, "It returned None"),
    (lambda real: 4, "It returned int, not a list of stages"),
    (lambda real: relaying(real)[:-1], "It returned 3 stages for 16 places: there are 4"),
    (lambda real: [[0]] * 4, "In stage 0, there are no 16 partners, one a place"),
    (lambda real: [[0.5] * 16] * 4, "In stage 0, there are no 16 partners, one a place"),
    (
        lambda real: relaying(real[::-1]),
        "In stage 0, place 0 keeps itself: 1 holds a token, and they meet",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: a and b),
        "That is the rule that keeps",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: True),
        "In stage 0, place 12 hears 13, which holds nothing yet: padding is never read",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: holds or not held),
        "In stage 0, places 14 and 15 are both empty: two empty places keep still",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: b if a else holds),
        "In stage 2, place 9 keeps itself: 13 is a relay, which has held a copy since stage 0",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: holds and (a or not held)),
        "In stage 2, place 13 keeps itself: it is a relay, which has held a copy since stage 0",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: holds and (a or b)),
        "In stage 1, place 15 keeps still: it is empty and 13 holds something",
    ),
    (
        lambda real: relaying(real, lambda a, held, b, holds: holds and not (a and b)),
        "In stage 0, place 0 keeps itself: 1 holds a token, and they meet",
    ),
    (lambda real: relaying(real, at_once=True), "which holds nothing yet: padding is never read"),
    (
        lambda real: [[(i + d) % len(real) for i in range(len(real))] for d in strides(len(real))],
        "In stage 0, place 1 hears 2: the butterfly joins it with 0",
    ),
]


@pytest.mark.parametrize(("mistake", "hint"), RELAY_MISTAKES)
def test_relay_hints(mistake, hint):
    verdict = check_relays(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_relays():
    assert check_relays(relaying)
    assert check_relays(lambda real: map(np.array, relaying(real))), "arrays are lists"


@pytest.mark.parametrize(("size", "length"), [(2, 2), (4, 3), (8, 5), (16, 13), (32, 31)])
def test_almost_right_relays_are_wrong(size, length):
    def almost(real):
        stages = relaying(real)
        if (len(real), sum(real)) == (size, length):
            stages[-1][0] = 0
        return stages

    assert not check_relays(almost)


def test_relays_on_scattered_masks_count():
    def to_the_end(real):
        """Right at every length, and blind to holes."""
        last = max((i for i, held in enumerate(real) if held), default=-1)
        return relaying([i <= last for i in range(len(real))])

    for length in range(1, 17):
        real = [i < length for i in range(16)]
        assert to_the_end(real) == relaying(real)
    assert not check_relays(to_the_end)


def strides(length):
    return [1 << s for s in range((length - 1).bit_length())]


def looking_back(length):
    return [[i - d if i >= d else i for i in range(length)] for d in strides(length)]


def butterfly(length):
    return [[min(i, i ^ d) for i in range(length)] for d in strides(length)]


WIRING_MISTAKES = [
    (lambda n: None, "It returned None"),
    (lambda n: n, "It returned int, not a list of stages"),
    (lambda n: [[0]], "In stage 0, there are no 13 partners"),
    (lambda n: [[0.5] * n], "In stage 0, there are no 13 partners"),
    (butterfly, "That is the causal butterfly: 42 of 91 pairs are missed"),
    (
        lambda n: [[i - d for i in range(n)] for d in strides(n)],
        "token 0 meets -1: to Python that is the last token",
    ),
    (lambda n: [[i - 2 for i in range(n)]], "token 0 meets -2: who has nobody meets itself"),
    (
        lambda n: [[(i - d) % n for i in range(n)] for d in strides(n)],
        "token 0 hears 12, which is later. It goes round the circle",
    ),
    (lambda n: [[i ^ d for i in range(n)] for d in strides(n)], "token 0 hears 1, which is later."),
    (lambda n: looking_back(n)[:-1], "With 13 tokens, 12 never hears 4"),
    (lambda n: [[max(i - 1, 0) for i in range(n)] for _ in range(n - 1)], "it takes 12 stages"),
    (
        lambda n: [[i // d * d if i & d else i for i in range(n)] for d in strides(n)],
        "It hears the first of its own block",
    ),
    (lambda n: [], "With 13 tokens, 12 never hears 11"),
    (lambda n: looking_back(16) if n < 16 else looking_back(n), "there are no 13 partners"),
]


@pytest.mark.parametrize(("mistake", "hint"), WIRING_MISTAKES)
def test_wiring_hints(mistake, hint):
    verdict = check_wiring(mistake)
    assert not verdict
    assert hint in verdict.message


def test_right_wiring():
    assert check_wiring(looking_back)
    arrays = check_wiring(lambda n: map(ShiftSchedule(n, True).partners, range(len(strides(n)))))
    assert arrays, "arrays are lists, and any iterable of stages is a list of them"
    assert check_wiring(lambda n: looking_back(n)[::-1]), "the order of the strides is free"
    assert "49 listenings. A prefix wiring needs 32." in check_wiring(looking_back).message
    prefix = check_wiring(lambda n: map(PrefixSchedule(n).partners, range(len(strides(n)))))
    assert prefix and prefix.message.endswith("with 16 tokens by 32 listenings.")


@pytest.mark.parametrize("length", range(1, 70))
def test_one_deaf_length_is_enough(length):
    def almost(n):
        stages = looking_back(n)
        if n == length:
            stages = [*stages[1:], list(range(n))]
        return stages

    assert not check_wiring(almost)
