"""The widget Trips without a browser: what it takes and refuses, its plan, its words."""

import numpy as np
import pytest
from traitlets import TraitError
from widgets.trips import oracle

from fftia_lab.cost import trips
from fftia_lab.widgets import Trips

PLANS = """
import { momentBefore, planOf, visitAt } from "./trips/plan.js";
//given
answer(given.map(([n, radix, order, held, times]) => {
  const plan = planOf({ n, radix, order }, held);
  const places = Array.from({ length: n }, (_, place) => place);
  const before = (time) => places.map((place) => momentBefore(plan, place, time));
  return [plan, times.map((time) => [before(time), visitAt(plan, time)])];
}));
"""
WORDS = """
const { barTexts, costLines, pickWords, sizeText } = await import("./trips/words.js");
const view = makeView(model), now = settled(given.state), seen = view(now);
answer({ cost: costLines(seen), bars: barTexts(now, seen), size: sizeText(now, seen) });
"""


def test_repr_is_the_same_in_every_run():
    assert repr(Trips()) == "Trips()"
    assert repr(Trips(order="grid", radix=4)) == "Trips(order='grid', radix=4, stage=2.0)"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n": 1000}, "n must be one of (1024, 2048,"),
        ({"radix": 32}, "radix must be one of (2, 4, 8, 16); got 32"),
        ({"order": "recursion"}, "order"),
        ({"stage": 20.5}, "stage must lie in 0 to 20; got 20.5"),
        ({"order": "grid", "stage": 3}, "stage must lie in 0 to 2; got 3"),
    ],
)
def test_bad_values_are_refused(values, message):
    with pytest.raises(TraitError) as caught:
        Trips(**values)
    assert message in str(caught.value)


def test_javascript_plans_and_fetches_as_python_does(engine):
    """Every sample of short signals in small caches, at random times and at every stop."""
    rng = np.random.default_rng(4)
    given = []
    for n, held in ((16, 16), (64, 16), (128, 16), (256, 32), (512, 64), (1024, 16)):
        for radix in oracle.RADICES:
            for order in oracle.ORDERS:
                count = len(trips(n, radix, order, held).fetches)
                times = [*range(1, count + 1), *(count * (1 - rng.random(6))).tolist()]
                given.append([n, radix, order, held, times])
    for asked, (plan, looks) in zip(given, engine.run(PLANS, given), strict=True):
        *arguments, times = asked
        found = trips(*arguments)
        assert tuple(plan["passes"]) == found.passes, arguments
        shown = [(each["span"], each["step"], each["passes"]) for each in plan["fetches"]]
        assert shown == [(each.span, each.step, each.passes) for each in found.fetches]
        moments = found.moments(np.arange(found.size))
        for time, (before, visit) in zip(times, looks, strict=True):
            assert np.allclose(before, np.where(moments < time, moments, -1).max(axis=0)), asked
            trip, samples, done = oracle.at_work(found, time)
            places = visit["first"] + visit["step"] * np.arange(visit["count"])
            assert visit["trip"] == trip and places.tolist() == samples.tolist(), (asked, time)
            assert visit["done"] == pytest.approx(done), (arguments, time)


def test_words_of_the_three_orders_and_of_what_fits(engine):
    def of(**state):
        return engine.of(Trips(), WORDS, state=state)

    said = of(radix=2)
    assert said["bars"] == [
        "memory and cache: 671\u00a0MB of 671\u00a0MB, 20 trips",
        "cache and registers: 671\u00a0MB of 671\u00a0MB, 20 trips",
        "products: 40 of 40 a sample",
    ]
    assert said["cost"][0] == "Through memory: the bytes of radix 2, pass by pass."
    said = of(order="grid")
    assert said["cost"][0].startswith("Through memory: 10 times fewer bytes than radix 2")
    assert said["bars"][0] == "memory and cache: 67.1\u00a0MB of 67.1\u00a0MB, 2 trips"
    said = of(n=65536, stage=0)
    assert said["bars"][0] == "memory and cache: nothing of 2.10\u00a0MB, 1 trip"
    assert said["size"] == "65,536 samples, 1.05\u00a0MB: 1 trip through memory"
