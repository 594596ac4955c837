"""A signal that a reader draws travels to other figures and pages, when they are asked."""

import numpy as np
import pytest
from kit.figures import CHAPTER, STILL, FigureOnPage

from fftia_lab.widgets import Butterfly, FilterLab, SixMeetings, SparseSpectrum, Winding

MEETING = """
import * as one from "./kit/drawn.js?one";
import * as other from "./kit/drawn.js?other";
//given
const heard = [], before = other.lastDrawn();
const end = other.onDrawn(() => heard.push(other.lastDrawn().samples));
const drawn = [1, 0.5];
one.tellDrawn(drawn, "winding");
drawn[0] = 7;
one.tellDrawn([0.25], "winding");
end();
one.tellDrawn([0], "winding");
answer({ before, heard, from: other.lastDrawn().from, apart: one.onDrawn !== other.onDrawn });
"""


def test_modules_that_were_loaded_apart_hear_of_each_other(engine):
    """Each figure has its own copy of the kit, in JupyterLab as on a page."""
    found = engine.run(MEETING, name="meeting")
    assert found["apart"], "two copies"
    assert found["before"] is None, "nothing was drawn yet"
    assert found["heard"] == [[1, 0.5], [0.25]], "as it was then, and no more after the end"
    assert found["from"] == "winding"


# A page is a record of its own, an address, and the way from there to the first page of its book.
PAGES = """
import { lastDrawn, onDrawn, tellDrawn } from "./kit/drawn.js";
//given
const store = new Map(), put = (name, value) =>
  Object.defineProperty(globalThis, name, { configurable: true, ...value });
const getItem = (key) => store.get(key) ?? null, setItem = (key, text) => store.set(key, text);
put("sessionStorage", { value: { getItem, setItem } });
const open = (href, content_root) => {
  delete globalThis[Symbol.for("fftia-lab.drawn")];
  put("location", { value: { href } });
  put("document", { value: { documentElement: { dataset: { content_root } } } });
};
"""
JOURNEY = f"""{PAGES}
const found = {{}}, look = (name, ...page) => {{ open(...page); found[name] = lastDrawn(); }};
open("https://a.org/lab/notebooks/01.html?x#winding", "../");
tellDrawn([0.5, -0.25, 1], "winding");
look("chapter", "https://a.org/lab/notebooks/03.html", "../");
look("start", "https://a.org/lab/index.html", "./");
look("again", "https://a.org/lab/notebooks/01.html", "../");
look("other", "https://a.org/student/notebooks/03.html", "../");
const heard = [], end = onDrawn(() => heard.push(lastDrawn().samples));
const shown = (persisted) =>
  dispatchEvent(Object.assign(new Event("pageshow"), {{ persisted }}));
open("https://a.org/lab/notebooks/01.html", "../");
globalThis[Symbol.for("fftia-lab.drawn")] = {{ samples: [1, 1], from: "winding" }};
shown(false);
const early = heard.length;
for (const persisted of [true, true]) shown(persisted);
end();
answer({{ found, early, heard }});
"""
ODD = f"""{PAGES}
open("file:///home/a%20b/lab/index.html", "./");
tellDrawn([0, 0], "winding");
const [key] = store.keys();
const found = given.map((text) => {{
  store.set(key, text);
  open("file:///home/a%20b/lab/notebooks/02.html", "../");
  return lastDrawn()?.samples ?? null;
}});
put("sessionStorage", {{ get() {{ throw new Error("refused"); }} }});
open("file:///home/a%20b/lab/notebooks/02.html", "../");
const before = lastDrawn();
tellDrawn([0.75, 0], "winding");
answer({{ found, before, here: lastDrawn().samples }});
"""


def test_what_was_drawn_waits_on_other_pages_of_the_book_and_on_no_other(engine):
    said = engine.run(JOURNEY, name="journey")
    kept = {"samples": [0.5, -0.25, 1], "from": None}
    assert said["found"] == {"chapter": kept, "start": kept, "again": kept, "other": None}
    assert said["early"] == 0, "a page that opens has read what there is"
    assert said["heard"] == [[0.5, -0.25, 1]], "a page that comes back hears once what it missed"


def test_what_no_reader_drew_is_no_signal_and_a_refusal_keeps_it_on_its_page(engine):
    fine = {"[1, -1]": [1, -1], "[7, -1e9, 0.5]": [1, -1, 0.5], str([0] * 1024): [0] * 1024}
    odd = ["", "{", "null", "3", '"ab"', '{"length": 2}', "[]", "[1]", '[1, "1"]', "[1, null]"]
    odd += ["[1, [2]]", "[1e999, 0]", str([0] * 1025)]
    said = engine.run(ODD, given=[*fine, *odd], name="odd")
    assert said["found"] == [*fine.values(), *[None] * len(odd)]
    assert said["before"] is None and said["here"] == [0.75, 0]


UNFOLDED = """
import * as one from "./kit/folds.js?one";
import * as other from "./kit/folds.js?other";
//given
const fold = () => Object.assign(new EventTarget(), { open: false });
const figure = (folds) => ({ querySelectorAll: () => folds });
const turn = (one, open) => {
  one.open = open;
  one.dispatchEvent(new Event("toggle"));
};
const shown = (module, name) => {
  const folds = [fold(), fold()];
  module.rememberFolds(figure(folds), name);
  return folds;
};
const open = (folds) => folds.map((one) => one.open);
const first = shown(one, "leak");
turn(first[1], true);
const anew = shown(other, "leak"), stranger = shown(one, "winding");
const found = [open(anew), open(stranger)];
turn(anew[1], false);
answer([...found, open(shown(one, "leak"))]);
"""


def test_what_was_unfolded_stays_so_when_a_figure_is_shown_anew(engine):
    found = engine.run(UNFOLDED, name="unfolded")
    assert found == [[False, True], [False, False], [False, False]], "its own, and until it is shut"


@pytest.fixture
def three(bare):
    """Winding, Butterfly and the cover on one page: (tab, {name: figure})."""
    widgets = [Winding(n=16, signal="ramp"), Butterfly(n=8), SixMeetings(carry="fft")]
    tab = bare(*widgets, **STILL)
    names = ("winding", "butterfly", "sixmeetings")
    return tab, {name: FigureOnPage(tab.page, name) for name in names}


def press(figure, *keys):
    """Draw by keyboard, at the first sample."""
    for key in keys:
        figure.root.locator(".fl-pad").press(key)
    figure.settle()


def read_at(samples, n):
    """The rule that the button tells: along straight lines, ends on ends."""
    places = np.linspace(0, 1, n), np.linspace(0, 1, len(samples))
    return np.interp(*places, samples).round(3).tolist()


def offer(figure):
    return figure.root.locator(".fl-offer")


def test_what_is_drawn_is_offered_and_taken_only_when_asked(three):
    tab, figures = three
    winding, butterfly, cover = figures.values()
    assert [offer(figure).is_visible() for figure in figures.values()] == [False] * 3
    before = butterfly.state()
    press(winding, "Home", "ArrowUp", "ArrowRight", "PageUp")
    drawn = winding.state()["samples"]
    butterfly.settle()
    assert butterfly.state() == before, "nothing is overwritten"
    assert not offer(winding).is_visible(), "not its own"
    assert offer(butterfly).inner_text() == "your signal, 16 → 8 samples"
    assert offer(cover).inner_text() == "your signal, 16 → 64 samples"
    offer(butterfly).click()
    butterfly.settle()
    state = butterfly.state()
    assert (state["signal"], state["samples"]) == ("drawn", read_at(drawn, 8))
    assert not offer(butterfly).is_visible(), "it shows that now"
    focused = "document.activeElement.closest('.fl-figure') !== null"
    assert tab.page.evaluate(focused), "the keyboard stays in the figure"
    assert cover.state()["signal"] != "drawn"
    assert tab.trouble == []


def test_who_took_it_follows_until_its_own_is_changed(three):
    _, figures = three
    winding, butterfly, cover = figures.values()
    press(winding, "PageUp")
    offer(butterfly).click()
    offer(cover).click()
    press(winding, "ArrowRight", "PageDown")
    butterfly.settle()
    drawn = winding.state()["samples"]
    assert butterfly.state()["samples"] == read_at(drawn, 8)
    assert cover.state()["samples"] == read_at(drawn, 64)
    press(butterfly, "ArrowLeft")  # drawn here: it is the reader's own now
    mine = butterfly.state()["samples"]
    assert winding.state()["samples"] == drawn and offer(winding).is_visible()
    assert mine != read_at(drawn, 8)
    assert cover.state()["samples"] == read_at(mine, 64), "it still follows whoever draws"
    press(winding, "Home", "PageDown")
    assert butterfly.state()["samples"] == mine and offer(butterfly).is_visible()
    cover.root.locator(".fl-reset").click()
    press(winding, "PageUp")
    assert cover.state()["signal"] == "two waves", "what was reset is asked again"


def test_a_stroke_by_hand_is_told_at_its_end(three):
    tab, figures = three
    winding, butterfly, _ = figures.values()
    winding.root.locator(".fl-pad").scroll_into_view_if_needed()
    box = winding.root.locator(".fl-pad").bounding_box()
    x, y, wide, high = (box[name] for name in ("x", "y", "width", "height"))
    tab.page.mouse.move(x + 0.2 * wide, y + 0.2 * high)
    tab.page.mouse.down()
    tab.page.mouse.move(x + 0.8 * wide, y + 0.8 * high, steps=5)
    butterfly.settle()
    assert not offer(butterfly).is_visible(), "not before"
    tab.page.mouse.up()
    butterfly.settle()
    offer(butterfly).click()
    assert butterfly.state()["samples"] == read_at(winding.state()["samples"], 8)


def test_the_address_is_that_of_the_figure_in_hand_and_leads_there(three, bare):
    tab, figures = three
    winding, butterfly, _ = figures.values()
    press(winding, "PageUp")
    offer(butterfly).click()
    press(winding, "PageDown", "ArrowRight", "ArrowUp")
    tab.page.wait_for_function("location.hash.startsWith('#winding?')")
    later = "new Promise(done => setTimeout(done, 300))"  # behind all that writes the address
    tab.page.evaluate(later)
    assert tab.page.evaluate("location.hash").startswith("#winding?")
    press(butterfly, "ArrowLeft")
    tab.page.wait_for_function("location.hash.startsWith('#butterfly?')")
    link, state = tab.page.evaluate("location.hash"), butterfly.state()
    again = bare(Butterfly(n=8), link=link, **STILL)
    assert FigureOnPage(again.page, "butterfly").state() == state


def test_figures_of_filters_and_sparse_spectra_take_it_too(bare):
    tab = bare(Winding(n=16), FilterLab(n=16), SparseSpectrum(kind="weights"), **STILL)
    winding, lab, sparse = (
        FigureOnPage(tab.page, name) for name in ("winding", "filterlab", "sparsespectrum")
    )
    press(winding, "Home", "PageUp")
    drawn = winding.state()["samples"]
    for figure, wanted in ((lab, drawn), (sparse, read_at(drawn, 64))):
        offer(figure).click()
        figure.settle()
        assert figure.state()["samples"] == wanted, figure.name
        assert not offer(figure).is_visible(), figure.name
    assert sparse.state()["kind"] == "signal"
    assert tab.trouble == []


def test_a_chapter_read_from_disk_shares_it_too(visit):
    tab = visit(CHAPTER, "file", **STILL)
    first, second = (FigureOnPage(tab.page, name) for name in ("butterfly", "twist"))
    press(first, "Home", "ArrowRight", "ArrowRight")
    second.settle()
    offer(second).click()
    assert second.state()["samples"] == first.state()["samples"]
    assert tab.trouble == tab.outside == []


@pytest.mark.parametrize("way", ["http", "file"])
def test_what_was_drawn_in_chapter_1_is_offered_in_chapter_3(visit, way):
    first = "notebooks/01-dft-by-definition"
    tab = visit(first, way, **STILL)
    winding, leak = (FigureOnPage(tab.page, name) for name in ("winding", "leak"))
    press(winding, "Home", "PageDown", "ArrowRight", "PageUp")
    drawn = winding.state()["samples"]
    assert offer(leak).inner_text() == "your signal"
    tab.open(tab.page.url.partition("#")[0].replace(first, CHAPTER))
    butterfly = FigureOnPage(tab.page, "butterfly")
    assert butterfly.state()["signal"] != "drawn", "offered, not forced"
    assert offer(butterfly).inner_text() == "your signal, 64 → 8 samples"
    offer(butterfly).click()
    butterfly.settle()
    assert butterfly.state()["samples"] == read_at(drawn, 8)
    assert tab.trouble == tab.outside == []
