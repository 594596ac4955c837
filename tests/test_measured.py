"""Numbers in prose come out of recorded runs, or the build says why not."""

import pytest

from fftia_lab.publish.measured import comparison, entry

RUN = {
    "name": "toy",
    "date": "2026-11-20T21:00:00Z",
    "device": {"name": "A processor"},
    "entries": [
        {"contender": "fft", "shape": [8], "seconds": {"median": 2e-6}},
        {"contender": "dft", "shape": [8], "seconds": {"median": 5e-6}},
        {"contender": "dft", "shape": [16], "seconds": {"median": 3e-3}},
    ],
}
FAST = {"contender": "fft", "shape": [8]}


def test_a_comparison_says_times_device_and_date():
    text = comparison(
        RUN, FAST, {"shape": [16]}, "{what} against {against}: {times} times, {device}, {date}"
    )
    assert text == "2 µs against 3 ms: 1,500 times, A processor, 2026-11-20"


def test_small_ratios_keep_their_digits():
    assert comparison(RUN, FAST, {"contender": "dft", "shape": [8]}, "{times}") == "2.5"


@pytest.mark.parametrize(("wanted", "count"), [({"contender": "dft"}, 2), ({"shape": [4]}, 0)])
def test_exactly_one_entry_is_meant(wanted, count):
    with pytest.raises(LookupError, match=f"{count} entries of the run 'toy'"):
        entry(RUN, wanted)
