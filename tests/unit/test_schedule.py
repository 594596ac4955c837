"""Every fact that the book states about who meets whom."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fftia_lab import BenesSchedule, ButterflySchedule, ShiftSchedule
from fftia_lab.schedule import SCHEDULES, bit_reversal, schedule_from_json

powers = st.integers(0, 8).map(lambda bits: 1 << bits)
sizes = st.integers(1, 200)


def any_schedule():
    xor = st.builds(ButterflySchedule, powers, st.booleans(), st.booleans())
    benes = st.builds(BenesSchedule, powers, st.booleans())
    return st.one_of(xor, benes, st.builds(ShiftSchedule, sizes, st.booleans()))


@given(powers)
def test_butterfly_partners_differ_in_one_digit(size):
    schedule = ButterflySchedule(size)
    assert schedule.strides == tuple(1 << stage for stage in range(schedule.depth))
    for stage in range(schedule.depth):
        difference = schedule.partners(stage) ^ np.arange(size)
        assert set(difference.tolist()) == {1 << stage}


@given(powers)
def test_butterfly_hears_everyone_at_the_end_and_half_before_it(size):
    schedule = ButterflySchedule(size)
    assert 2**schedule.depth == size
    assert schedule.reach().all()
    for stages in range(schedule.depth + 1):
        assert (schedule.reach(stages).sum(axis=1) == 2**stages).all()


@given(powers)
def test_causal_butterfly_hears_only_subsets_of_its_digits(size):
    own = np.arange(size)
    subset = (own[:, None] & own[None, :]) == own[None, :]
    assert (ButterflySchedule(size, causal=True).reach() == subset).all()
    assert subset.sum() == 3 ** (size.bit_length() - 1)


def test_causal_reach_at_sixteen():
    assert ButterflySchedule(16, causal=True).reach().sum() == 81
    assert ShiftSchedule(16, causal=True).reach().sum() == 136
    assert np.flatnonzero(ButterflySchedule(16, causal=True).reach()[8]).tolist() == [0, 8]


@pytest.mark.parametrize("size", range(2, 201))
def test_shift_hears_everyone_at_every_size(size):
    schedule = ShiftSchedule(size)
    assert schedule.depth == int(np.ceil(np.log2(size)))
    assert schedule.reach().all()
    assert not schedule.reach(schedule.depth - 1).all()
    causal = ShiftSchedule(size, causal=True).reach()
    assert (causal == np.tri(size, dtype=bool)).all()


@given(sizes)
def test_shift_partners_are_a_stride_away_on_the_circle(size):
    whole, causal = ShiftSchedule(size), ShiftSchedule(size, causal=True)
    for stage, stride in enumerate(whole.strides):
        assert (whole.partners(stage) == np.roll(np.arange(size), -stride)).all()
        before = np.arange(size) - stride
        assert (causal.partners(stage) == np.where(before < 0, np.arange(size), before)).all()


def hard_permutations(schedule):
    """Every permutation that swapping or passing each pair can reach, by brute force."""
    reached = {tuple(range(schedule.size))}
    for stage in range(schedule.depth):
        for low, high in schedule.pairs(stage).tolist():
            swapped = set()
            for order in reached:
                order = list(order)
                order[low], order[high] = order[high], order[low]
                swapped.add(tuple(order))
            reached |= swapped
    return len(reached)


def test_one_pass_routes_a_tenth_and_benes_routes_all():
    assert BenesSchedule(8).strides == (1, 2, 4, 2, 1)
    assert hard_permutations(ButterflySchedule(8)) == 4096
    assert hard_permutations(BenesSchedule(8)) == 40320


@pytest.mark.parametrize("length", range(2, 70))
def test_right_padding(length):
    """Masking the padding breaks the butterfly at every length that is no power of two."""
    size = 1 << (length - 1).bit_length()
    real = np.arange(size) < length
    among_real = np.ix_(real, real)
    whole = ButterflySchedule(size).reach(mask=real)[among_real].all()
    assert whole == (length == size)
    assert BenesSchedule(size).reach(mask=real)[among_real].all()
    assert ShiftSchedule(length).reach().all(), "the shift over the real length needs no padding"


def test_the_shift_over_the_padded_length_loses_reach():
    real = np.arange(8) < 5
    assert not ShiftSchedule(8).reach(mask=real)[np.ix_(real, real)].all()


@given(any_schedule())
def test_pairs_are_the_meetings(schedule):
    for stage in range(schedule.depth):
        partners = schedule.partners(stage)
        met = {frozenset((i, j)) for i, j in enumerate(partners.tolist()) if i != j}
        pairs = schedule.pairs(stage)
        assert (pairs[:, 0] < pairs[:, 1]).all()
        assert {frozenset(pair) for pair in pairs.tolist()} == met
        assert len(pairs) == len(met)


@given(any_schedule())
def test_causal_means_never_later(schedule):
    if schedule.causal:
        for stage in range(schedule.depth):
            assert (schedule.partners(stage) <= np.arange(schedule.size)).all()
        assert not np.triu(schedule.reach(), 1).any()


@given(any_schedule())
def test_json_round_trip(schedule):
    stored = json.loads(schedule.to_json())
    assert stored["kind"] in SCHEDULES
    assert len(stored["partners"]) == len(stored["strides"]) == schedule.depth
    assert schedule_from_json(schedule.to_json()) == schedule


def test_json_refuses_another_wiring():
    stored = ButterflySchedule(4).as_dict()
    stored["partners"][0] = [0, 1, 2, 3]
    with pytest.raises(ValueError, match="the stored wiring is not that of"):
        schedule_from_json(json.dumps(stored))
    with pytest.raises(ValueError, match="unknown schedule kind 'star'"):
        schedule_from_json('{"kind": "star"}')
    with pytest.raises(ValueError, match="unknown schedule kind None"):
        schedule_from_json("[]")
    with pytest.raises(ValueError, match="this is no stored butterfly schedule"):
        schedule_from_json('{"kind": "butterfly"}')


@given(powers)
def test_bit_reversal_reads_the_address_backwards(size):
    bits = size.bit_length() - 1
    wanted = [int(f"{i:0{bits}b}"[::-1], 2) if bits else 0 for i in range(size)]
    assert bit_reversal(size).tolist() == wanted
    assert ButterflySchedule(size).bit_reversal().tolist() == wanted
    assert (bit_reversal(size)[bit_reversal(size)] == np.arange(size)).all()


def test_decreasing_is_the_same_wiring_backwards():
    down, up = ButterflySchedule(16, decreasing=True), ButterflySchedule(16)
    assert down.strides == up.strides[::-1]
    assert down.reach().all()


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: ButterflySchedule(12),
            ValueError,
            "got 12. Pad to 16, or use Shift",
        ),
        (lambda: BenesSchedule(0), ValueError, "at least one position; got size=0"),
        (lambda: ShiftSchedule(-3), ValueError, "at least one position; got size=-3"),
        (lambda: ButterflySchedule(8.0), TypeError, "size must be an integer; got 8.0 (float)"),
        (lambda: ButterflySchedule("8"), TypeError, "size must be an integer; got '8' (str)"),
        (lambda: ShiftSchedule(True), TypeError, "size must be an integer; got True (bool)"),
        (lambda: ShiftSchedule(8, causal=1), TypeError, "causal must be True or False; got 1"),
        (lambda: ButterflySchedule(8).partners(3), IndexError, "allowed: 0 to 2"),
        (lambda: ButterflySchedule(8).pairs(-1), IndexError, "stage -1 is out of range"),
        (
            lambda: ButterflySchedule(8).partners(1.0),
            TypeError,
            "must be an integer; got 1.0",
        ),
        (lambda: ShiftSchedule(1).partners(0), IndexError, "allowed: none: there are no stages"),
        (lambda: ButterflySchedule(8).reach(4), IndexError, "stages must lie in 0 to 3; got 4"),
        (
            lambda: ShiftSchedule(4).reach(mask=[1, 1, 1, 0]),
            ValueError,
            "mask must be bool",
        ),
        (lambda: ShiftSchedule(4).reach(mask=[True]), ValueError, "got bool of shape (1,)"),
        (lambda: bit_reversal(6), ValueError, "power of two; got 6"),
    ],
)
def test_bad_input_gives_one_clear_line(make, kind, message):
    with pytest.raises(kind) as caught:
        make()
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_numpy_integers_are_integers():
    assert ButterflySchedule(np.int64(8)) == ButterflySchedule(8)
