"""The trips of an FFT, against a cache that is simulated while real FFTs run through it."""

from collections import OrderedDict
from math import prod

import numpy as np
import pytest

from fftia_lab.cost.travel import ORDERS, trips

RADICES = (2, 4, 8, 16)


class Cached:
    """Samples in a memory behind a cache that drops what was used longest ago."""

    def __init__(self, samples, held):
        self.samples, self.held, self.fetched, self.stored = samples, held, 0, 0
        self.cache, self.seen = OrderedDict(), []

    def take(self, places):
        """Bring places into the cache in order; return their samples, which will be changed."""
        for place in places:
            if place not in self.cache:
                self.fetched += 1
                if len(self.cache) == self.held:
                    self.cache.popitem(last=False)
                    self.stored += 1
            self.cache[place] = True
            self.cache.move_to_end(place)
        self.seen.append((self.fetched, set(self.cache)))
        return self.samples[places]


def one_pass(memory, first, span, radix, offsets=None):
    """One pass of a transform of `span` samples from `first` on: every group, or some of them."""
    step = span // radix
    matrix = np.exp(-2j * np.pi * np.outer(np.arange(radix), np.arange(radix)) / radix)
    for offset in range(step) if offsets is None else offsets:
        places = np.arange(first + offset, first + span, step)
        turns = np.exp(-2j * np.pi * offset * np.arange(radix) / span)
        memory.samples[places] = turns * (matrix @ memory.take(places))


def pass_by_pass(memory, passes, _):
    span = len(memory.samples)
    for radix in passes:
        for first in range(0, len(memory.samples), span):
            one_pass(memory, first, span, radix)
        span //= radix


def depth_first(memory, passes, held, first=0):
    if not passes:
        return
    span = prod(passes)
    one_pass(memory, first, span, passes[0])
    for part in range(first, first + span, span // passes[0]):
        depth_first(memory, passes[1:], held, part)


def as_a_grid(memory, passes, held):
    """Columns of Bailey's grid, then what is left, as many passes as the cache can serve."""
    size = span = len(memory.samples)
    for chunk in chunks_of(passes, held):
        step = span // prod(chunk)
        for first in range(0, size, span):
            for low in range(step):
                inner = span
                for radix in chunk:
                    starts = range(first, first + span, inner)
                    for start in starts:
                        one_pass(memory, start, inner, radix, range(low, inner // radix, step))
                    inner //= radix
        span = step


def chunks_of(passes, held):
    """As few as can be, as even as can be."""
    for count in range(1, len(passes) + 1):
        chunks = [part.tolist() for part in np.array_split(passes, count)]
        if all(prod(chunk) <= held for chunk in chunks):
            return chunks


PROGRAMS = dict(zip(ORDERS, (pass_by_pass, depth_first, as_a_grid), strict=True))


def digits_reversed(passes):
    """Where an FFT in place leaves each frequency."""
    order = np.zeros(1, dtype=int)
    for radix in reversed(passes):
        order = np.concatenate([radix * order + k for k in range(radix)])
    return order


def run(size, radix, order, held):
    """The memory after an FFT, which is checked."""
    rng = np.random.default_rng(size + radix)
    x = rng.normal(size=size) + 1j * rng.normal(size=size)
    memory, found = Cached(x.copy(), held), trips(size, radix, order, held)
    PROGRAMS[order](memory, found.passes, held)
    assert np.allclose(memory.samples, np.fft.fft(x)[digits_reversed(found.passes)]), "an FFT"
    memory.stored += len(memory.cache)
    return memory, found


SIZES = ((64, 64), (256, 16), (512, 16), (1024, 32), (1024, 64))
each_order = pytest.mark.parametrize("order", ORDERS)


@each_order
def test_a_simulated_cache_fetches_and_stores_what_is_counted(order):
    """Exactly, or a little less: where a trip ends the next one may find a few samples."""
    for size, held in SIZES:
        for radix in RADICES:
            memory, found = run(size, radix, order, held)
            assert memory.fetched == memory.stored, "every sample changes, and is written back"
            moved, (counted, _) = 16 * (memory.fetched + memory.stored), found.bytes()
            spared = (counted - moved) / 32
            if order == "pass" or (order == "depth" and radix == 2):
                assert spared == 0, (size, radix)
            elif order == "grid":
                assert 0 <= spared < held, (size, radix)
            else:
                assert 0 <= spared <= 0.05 * size * len(found.fetches), (size, radix)


@each_order
def test_each_butterfly_is_a_trip_from_the_cache_into_registers(order):
    for radix in RADICES:
        memory, found = run(512, radix, order, 32)
        taken = sum(512 // width for width in found.passes)
        assert len(memory.seen) == taken
        assert found.bytes(8)[1] == 2 * 8 * 512 * len(found.passes)
        assert prod(found.passes) == 512 and sum(f.passes for f in found.fetches) == len(
            found.passes
        )


@each_order
def test_the_moments_say_what_is_in_the_cache(order):
    """After each set of samples: the latest are there, and none that came before the others."""
    for size, radix, held in ((256, 2, 32), (256, 4, 64), (512, 8, 64), (1024, 16, 256)):
        memory, found = run(size, radix, order, held)
        moments, taken = found.moments(np.arange(size)), 0
        for moment, takes in sets_of(found, moments):
            taken += takes
            latest = np.where(moments <= moment, moments, -1).max(axis=0)
            cut = np.sort(latest)[-held]
            _, cached = memory.seen[taken - 1]
            surely, maybe = (set(np.flatnonzero(each)) for each in (latest > cut, latest >= cut))
            assert surely - {-1} <= cached and cached <= maybe, (size, radix, moment)
        assert taken == len(memory.seen)


def sets_of(found, moments):
    """(when it is fetched, butterflies on it) of each set of samples, in order."""
    first, all_sets = 0, []
    for fetch, when in zip(found.fetches, moments, strict=True):
        widths = found.passes[first : first + fetch.passes]
        first += fetch.passes
        takes = sum(fetch.count // width for width in widths)
        starts, counts = np.unique(when, return_counts=True)
        assert (counts == fetch.count).all(), "sets share the samples out"
        all_sets += [(start, takes, fetch.count) for start in starts]
    all_sets.sort()
    begun = np.cumsum([0, *(count for _, _, count in all_sets[:-1])]) / found.size
    assert np.allclose([start for start, _, _ in all_sets], begun), "one after the other"
    return [(start, takes) for start, takes, _ in all_sets]


def test_order_saves_more_trips_than_the_radix():
    """The numbers that chapter 4 quotes: a million samples, a cache of 65,536."""
    counts = {r: [len(trips(1 << 20, r, order).fetches) for order in ORDERS] for r in RADICES}
    assert counts == {2: [20, 5, 2], 4: [10, 3, 2], 8: [7, 3, 2], 16: [5, 2, 2]}
    assert [trips(1 << 20, radix).products for radix in RADICES] == [40, 40, 52, 80]
    assert all(len(trips(1 << 16, radix).fetches) == 1 for radix in RADICES), "it fits"


@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        ((1000,), ValueError, "size must be a power of two; got 1000"),
        ((1024, 3), ValueError, "radix must be a power of two; got 3"),
        ((1024, 2, "depth first"), ValueError, "order must be"),
        ((1024, 16, "grid", 8), ValueError, "held must be at least 16; got 8"),
        ((1024.5,), TypeError, "size"),
    ],
)
def test_bad_arguments_are_refused(arguments, kind, message):
    with pytest.raises(kind) as caught:
        trips(*arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("places", "kind", "message"),
    [
        ([0.5], TypeError, "places must be integers; got float64"),
        ([3, -1], ValueError, "places must lie in 0 to 7; got -1"),
        ([8], ValueError, "places must lie in 0 to 7; got 8"),
    ],
)
def test_places_that_hold_no_sample_are_refused(places, kind, message):
    with pytest.raises(kind, match=message):
        trips(8).moments(places)
