"""Every fact that the book states about who meets whom."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fftia_lab import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule, StageOptions
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
    """Padding that keeps breaks the butterfly at every length that is no power of two."""
    size = 1 << (length - 1).bit_length()
    real = np.arange(size) < length
    among_real = np.ix_(real, real)
    whole = ButterflySchedule(size, padding="keep").reach(mask=real)[among_real].all()
    assert whole == (length == size)
    assert BenesSchedule(size, padding="keep").reach(mask=real)[among_real].all()
    assert ShiftSchedule(length).reach().all(), "the shift over the real length needs no padding"


def test_the_circle_of_a_shift_closes_after_the_last_real_token():
    real = np.arange(8) < 5
    assert ShiftSchedule(8).reach(mask=real)[np.ix_(real, real)].all()
    assert ShiftSchedule(8).partners(1, real).tolist() == [2, 3, 4, 0, 1, 5, 6, 7]


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
            "got 12. Pad to 16; among wirings, Shift",
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


# ---- wirings that lose nothing -----------------------------------------------------------------


def heard_bits(schedule, real):
    """Who has heard whom after all stages, a row of bits for each place."""
    heard = np.packbits(np.diag(real), axis=1)
    for partner, _ in schedule.meetings(real[None]):
        heard = heard | heard[partner[0]]
    return np.unpackbits(heard, axis=1, count=schedule.size).astype(bool)


def test_relays_reach_everything_at_every_length():
    for length in range(2, 1101):
        size = 1 << (length - 1).bit_length()
        real = np.arange(size) < length
        for wiring in (ButterflySchedule, BenesSchedule):
            heard = heard_bits(wiring(size, padding="relay"), real)
            assert heard[:, :length].all() and not heard[:, length:].any(), length
        kept = heard_bits(ButterflySchedule(size, padding="keep"), real)[:length, :length]
        assert kept.all() == (length == size), "whoever meets padding keeps itself, and loses pairs"


def test_relays_reach_everything_under_every_mask():
    rng = np.random.default_rng(0)
    wirings = [ButterflySchedule(64, padding="relay"), BenesSchedule(64, padding="relay")]
    wirings += [ButterflySchedule(64, padding="relay", decreasing=True)]
    wirings += [ShiftSchedule(64, padding="relay")]
    causal = [PrefixSchedule(64, padding="relay"), ShiftSchedule(64, True, padding="relay")]
    for _ in range(300):
        real = rng.random(64) < rng.random()
        among = np.ix_(real, real)
        for schedule in wirings + causal:
            heard = schedule.reach(mask=real)
            assert not heard[:, ~real].any(), "nothing is read from padding"
            wanted = np.tri(real.sum(), dtype=bool) if schedule.causal else True
            assert (heard[among] == wanted).all(), schedule


def test_pairs_stay_mutual_with_relays():
    real = np.arange(16) < 11
    schedule = ButterflySchedule(16, padding="relay")
    for stage, (partner, holds) in enumerate(schedule.meetings(real[None])):
        met = holds[0] & holds[0][schedule.partners(stage)]
        assert (partner[0][partner[0][met]] == np.arange(16)[met]).all()


def listenings(schedule):
    own = np.arange(schedule.size)
    return sum((schedule.partners(stage) != own).sum() for stage in range(schedule.depth))


@pytest.mark.parametrize("size", [1, 2, 3, 5, 16, 37, 64, 100, 200])
def test_a_prefix_wiring_hears_all_that_came_before(size):
    schedule = PrefixSchedule(size)
    assert schedule.depth == int(np.ceil(np.log2(size)))
    assert (schedule.reach() == np.tri(size, dtype=bool)).all()
    if size > 1:
        assert not (schedule.reach(schedule.depth - 1) == np.tri(size, dtype=bool)).all()
    for stage in range(schedule.depth):
        for i, j in enumerate(schedule.partners(stage).tolist()):
            assert j == (((i >> stage) << stage) - 1 if i >> stage & 1 else i)


@pytest.mark.parametrize(("size", "prefix", "shift"), [(16, 32, 49), (64, 192, 321)])
def test_a_prefix_wiring_listens_half_as_often_as_the_causal_shift(size, prefix, shift):
    assert listenings(PrefixSchedule(size)) == prefix
    assert listenings(ShiftSchedule(size, causal=True)) == shift


def test_a_prefix_wiring_of_a_thousand():
    assert listenings(PrefixSchedule(1000)) == 4932
    assert listenings(ShiftSchedule(1000, causal=True)) == 8977
    audience = np.bincount(PrefixSchedule(1024).partners(9), minlength=1024)
    assert audience[511] == 1 + 512, "itself and half of all: one place is heard by a whole block"


def test_all_powers_at_once_against_one_after_another():
    """LogSparse and PowerAttention: one softmax over all offsets 2^k, layer after layer."""
    own = np.arange(16)
    powers = np.isin(own[:, None] - own, [0, 1, 2, 4, 8])
    reached, heard = [], np.eye(16, dtype=bool)
    for _ in range(4):
        heard = powers.astype(int) @ heard > 0
        reached.append(int(heard.sum()))
    assert reached == [65, 116, 135, 136]
    stages = ShiftSchedule(16, causal=True)
    assert [int(stages.reach(done).sum()) for done in range(1, 5)] == [31, 58, 100, 136]


@pytest.mark.parametrize("bits", [2, 4, 6])
def test_a_complete_last_row_is_no_complete_triangle(bits):
    """The trap: of a causal butterfly the last token has heard all, and most others have not."""
    heard = ButterflySchedule(1 << bits, causal=True).reach()
    assert heard[-1].all() and heard.sum() == 3**bits < (heard.shape[0] + 1) * heard.shape[0] / 2


@pytest.mark.parametrize("schedule", [ButterflySchedule(8, padding="relay"), PrefixSchedule(6)])
def test_padding_and_prefix_come_back_from_json(schedule):
    assert schedule_from_json(schedule.to_json()) == schedule
    assert json.loads(schedule.to_json())["padding"] == schedule.padding


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ButterflySchedule(8, padding="relays"), "padding must be one of relay, keep; got"),
        (lambda: PrefixSchedule(8, causal=False), "a prefix schedule hears only the past"),
        (lambda: StageOptions("prefix"), 'schedule="prefix" hears only the past: pass causal=True'),
    ],
)
def test_what_is_no_wiring_says_so(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
