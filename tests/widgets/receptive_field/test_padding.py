"""Who hears whom where a sentence ends early: the figure's rule is the library's, everywhere."""

import numpy as np
import pytest

from fftia_lab.schedule import PADDING, SCHEDULES
from fftia_lab.widgets.receptive_field.figure import LENGTHS

MEETINGS = """
import { meetings, places } from "./shared/padding.js";
//given
answer(given.map((state) => [places(state), meetings(state)]));
"""


@pytest.mark.parametrize("n", LENGTHS)
def test_the_figure_and_the_library_agree_at_every_length(engine, n):
    states = [
        {"schedule": kind, "n": n, "causal": causal, "length": length, "padding": padding}
        for kind in SCHEDULES
        for causal in (False, True)
        if causal or kind != "prefix"
        for length in range(1, n + 1)
        for padding in PADDING
    ]
    for state, (places, stages) in zip(states, engine.run(MEETINGS, states), strict=True):
        wiring = SCHEDULES[state["schedule"]](n, state["causal"], padding=state["padding"])
        real = np.arange(n) < state["length"]
        assert places == wiring.places(state["length"]), state
        assert len(stages) == wiring.depth
        for stage, (partner, holds) in zip(stages, wiring.meetings(real[None]), strict=True):
            assert stage["partners"] == partner[0].tolist(), state
            assert stage["holds"] == holds[0].tolist(), state


def test_a_place_that_takes_no_part_is_heard_by_nobody_real():
    """What `places` leaves out of the drawing, and of the count, tells no token anything."""
    for kind, wiring in SCHEDULES.items():
        for causal in {True, kind == "prefix"}:
            for length in range(1, 17):
                schedule = wiring(16, causal, padding="relay")
                real, used = np.arange(16) < length, np.arange(16) < schedule.places(length)
                for partner, _ in schedule.meetings(real[None]):
                    assert used[partner[0][real]].all(), (schedule, length)
