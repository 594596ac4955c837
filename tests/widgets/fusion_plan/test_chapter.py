"""What chapter 13 says of its figure, on the built page."""

from kit.bare import as_in_the_book
from kit.figures import PLAYING, READY, STILL, FigureOnPage, follow, pass_time
from kit.settling import state_of
from widgets.fusion_plan import oracle

CHAPTER, NAME = oracle.PLACE
SAID = [
    (
        "65,536 places, tile 256",
        "in launch 2 of 2, the program of place 4,660 holds 256 places 256 apart, 52, 308 … 65,332",
    ),
    ("half the tile", "in launch 3 of 3, the program of place 4,660 holds 128 places 512 apart"),
    ("a million places", "in launch 3 of 3, the program of place 74,565 holds 256 places 4,096"),
]
LINKED = [  # in the order of the text
    "in launch 1 of 2, the program of place 37 holds 32 places in a row",
    "in launch 1 of 2, the program of place 4,660 holds 256 places in a row",
    "in launch 2 of 2, the program of place 4,660 holds 256 places 256 apart",
    "in launch 2 of 2, the program of place 1,000 holds 256 places 16 apart",
    "in launch 2 of 2, the program of place 1,000 holds 64 places 64 apart",
]


def test_the_figure_shows_what_the_text_says(visit):
    page = visit(CHAPTER, **STILL).mount_all().page
    figure = FigureOnPage(page, NAME)
    assert "in launch 2 of 2, the program of place 37 holds 32 places 32 apart" in figure.says()
    for label, words in SAID:
        figure.root.get_by_role("button", name=label, exact=True).click()
        figure.settle()
        assert words in figure.says(), label
    links = page.locator(f"article a[href^='#{NAME}']")
    addresses = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for address, words in zip(addresses, LINKED, strict=True):
        follow(page, address)
        figure.settle()
        assert words in figure.says(), address


def test_a_larger_tile_changes_the_bars_only_where_a_launch_falls_away(solo):
    """The question of the chapter's first lines, and of its table."""
    for n, launches in ((1024, [2, 2, 2, 2]), (4096, [3, 2, 2, 2]), (65536, [4, 3, 3, 2])):
        _, figure = solo(oracle.WIDGET, n=n)
        for tile, count in zip(oracle.TILES, launches, strict=True):
            figure.set(tile=tile)
            labels = figure.root.locator(".fl-drawing text").all_text_contents()
            assert any(label.startswith(f"{count} launches: ") for label in labels), (n, tile)


def test_it_plays_once_when_it_is_seen(bare, site):
    widget = as_in_the_book(site, CHAPTER, NAME, oracle.WIDGET)
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
