"""What chapter 8 says of its figures of the bottlenecks, on the built page."""

import pytest
from kit.bare import as_in_the_book
from kit.figures import PLAYING, READY, STILL, FigureOnPage, pass_time
from kit.settling import state_of
from widgets.bottleneck import oracle

CHAPTER = "notebooks/08-butterfly-attention"
SAID = [
    ("bottleneck", "one stage earlier", "Rows 1, 3, 5 and 7 hear them only through it"),
    ("bottleneck", "before all stages", "8 rows by 1 column, rank 1"),
    ("bottleneck", "after the last", "1 row by 8 columns, rank 1"),
    ("bottleneck", "four tokens", "2 rows by 2 columns, rank 1"),
    ("orders", "exchange the two ends", "the values of 0 and 1 both want place 1"),
    ("orders", "exchange the two ends", "2 of 8 arrive: 3 stages make 4,096 of 40,320 orders"),
    ("orders", "with two stages more", "5 stages of gates 0 and 1 make all 40,320 orders"),
    ("orders", "four tokens", "2 stages make 16 of 24 orders, and not this one"),
]


def test_the_figures_show_what_the_text_says(visit):
    page = visit(CHAPTER, **STILL).mount_all().page
    figures = {name: FigureOnPage(page, name) for name in ("bottleneck", "orders")}
    assert "2 rows by 4 columns, rank 1" in figures["bottleneck"].says(), "as it opens"
    assert "All 8 values arrive" in figures["orders"].says()
    for name, label, words in SAID:
        figures[name].root.get_by_role("button", name=label, exact=True).click()
        figures[name].settle()
        assert words in figures[name].says(), label
    text = " ".join(page.locator("article").inner_text().split())
    for words in ("Always eight entries, never shared", "only two of eight arrive"):
        assert words in text
    entries = [
        (int(row), int(column))
        for rows, columns in oracle.rank_one_blocks(oracle.ButterflySchedule(8), 1)
        for row in rows
        for column in columns
    ]
    assert len(entries) == len(set(entries)) == 64, "eight blocks of eight"


@pytest.mark.parametrize("name", ["bottleneck", "orders"])
def test_both_play_once_when_they_are_seen(bare, site, name):
    widget = as_in_the_book(site, CHAPTER, name, oracle.WIDGET)
    end = state_of(widget)
    tab = bare(widget, held=True, viewport={"width": 700, "height": 900})
    pass_time(tab.page, READY)
    figure = tab.page.locator(".fl-figure")
    pass_time(tab.page, PLAYING)
    assert figure.evaluate("root => root.figure.state().stage") < 1, "from the first stage on"
    pass_time(tab.page, f"!({PLAYING})")
    assert figure.evaluate("root => root.figure.state()") == end, "and back to how it opened"
    tab.page.clock.run_for(3000)
    assert figure.locator(".fl-play").text_content() == "Play"
    assert tab.trouble == []
