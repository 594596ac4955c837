"""Numbers in prose come out of recorded runs, or the build says why not."""

import pytest
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from fftia_lab.publish.measured import comparison, entry
from fftia_lab.publish.pages import written_by

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


HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:b) *c* $d$ {ref}`e` &amp; \\\n\n# f"


def test_the_words_of_a_run_are_words_and_no_markup():
    """What MyST makes of them is one paragraph with exactly the name's characters."""
    run = RUN | {"device": {"name": HOSTILE}}
    text = comparison(run, FAST, FAST, "On {device}.")
    found = create_md_parser(MdParserConfig(enable_extensions={"dollarmath"}), RendererHTML)
    tokens = found.parse(text)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children} <= {"text", "text_special"}
    said = "".join(child.content for child in tokens[1].children)
    assert said == f"On {' '.join(HOSTILE.split())}."
    with pytest.raises(ValueError, match="<b>2026-11"):
        comparison(RUN | {"date": "<b>2026-11-20"}, FAST, FAST, "{date}")


@pytest.mark.parametrize("broken", ["a text", [1], {"name": "x", "entries": [3]}, {}])
def test_a_file_that_is_no_run_is_named(broken):
    with pytest.raises((LookupError, ValueError)):
        comparison(broken, FAST, FAST, "{times}")


def test_what_the_library_writes_is_text_or_refused(monkeypatch):
    monkeypatch.setattr("fftia_lab.publish.measured.table", lambda: "| a |", raising=False)
    assert written_by("fftia_lab.publish.measured:table") == "| a |"
    monkeypatch.setattr("fftia_lab.publish.measured.table", lambda: 3, raising=False)
    with pytest.raises(TypeError, match="measured:table must return Markdown; got int"):
        written_by("fftia_lab.publish.measured:table")
