"""Words in quotation marks that stand on a button lead to what the button shows, and Back back."""

from kit.figures import STILL, FigureOnPage

from fftia_lab.widgets import Butterfly

WORDS = "<p>First “eight samples”, then “what nobody shows”, then “the last stage” of it.</p>"


def test_a_quoted_button_is_a_link_of_the_nearest_figure(bare):
    """Of two figures with the same words the one before; other quotations stay as they are."""
    one, other = (
        Butterfly(
            title=title,
            n=16,
            stage=0,
            scenes=[
                {"label": "eight samples", "set": {"n": 8}},
                {"label": "the last stage", "set": {"stage": 4, "node": [4, 3]}},
            ],
        )
        for title in ("upper", "lower")
    )

    def written(page):
        first, second = page.split('<div class="lab-widget"')[1:]
        head = page.partition('<div class="lab-widget"')[0].replace("<main>", "<main><article>")
        body = f'<div class="lab-widget"{first}{WORDS}<div class="lab-widget"{second}'
        return (head + body).replace("</main>", f"{WORDS}</article></main>")

    tab = bare(one, other, change=written, **STILL)
    page = tab.page
    upper, lower = (FigureOnPage(page, name) for name in ("upper", "lower"))
    links = page.locator("article > p a")
    assert links.all_inner_texts() == ["“eight samples”", "“the last stage”"] * 2
    assert "“what nobody shows”" in page.locator("article > p").first.inner_text()
    links.nth(0).click()
    upper.until(n=8)
    assert lower.state()["n"] == 16
    upper.settle()  # it is lower now, and what follows it has moved
    links.nth(3).click()
    lower.until(stage=4, node=[4, 3])
    page.go_back()
    lower.until(stage=0)
    assert tab.trouble == []
