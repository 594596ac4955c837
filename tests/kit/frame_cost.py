"""How long each hand's figure takes to draw a step of a drag: a measurement, not a test.

    make frames

A frame at 60 a second has 16 ms. The cost of a drawing is the time that its script takes, as the
figure itself measures it; layout and paint come after that. Each drag is repeated: of what a step
has cost the least is kept, because another program can only add to it. A phone is a quarter as
fast as a desk.
"""

import argparse
from pathlib import Path
from statistics import median

import numpy as np
from kit.bare import bare_page
from kit.chromium import FLAGS, installed
from kit.figures import DRAWN, FigureOnPage
from kit.subjects import SUBJECTS, name_of
from kit.tabs import Visit, serve
from paths import ROOT
from playwright.sync_api import sync_playwright

STEPS, REPEATS, PHONE = 24, 5, 4
VIEWPORT = {"width": 900, "height": 1200}
KEEP_COSTS = """root => Object.defineProperty(root.figure, 'cost', {
  set(cost) { (window.costs ??= []).push(cost); },
})"""
TAKE_COSTS = f"""async () => {{
  await {DRAWN};
  const dearest = Math.max(0, ...window.costs ?? []);
  window.costs = [];
  return dearest;
}}"""


def opened(browser, address, subject):
    """A figure on a page that keeps what each drawing has cost."""
    tab = Visit(browser, (address,), viewport=VIEWPORT, reduced_motion="reduce").open(address)
    figure = FigureOnPage(tab.page, name_of(subject))
    figure.root.evaluate(KEEP_COSTS)
    return tab, figure


def hands_of(figure, subject):
    """Each hand that can be seen, and the state to take it in: the largest where it is there."""
    found = {}
    for state in (subject.BARE, subject.LARGEST):
        figure.set(**{**subject.BARE, **state})
        for hand in subject.NUDGES:
            if figure.root.locator(hand).first.is_visible():
                found[hand] = figure.state()
    return found


def drag_costs(figure, hand, state):
    """The milliseconds of each step of a drag from a hand through the middle of the figure."""
    page, found = figure.page, []
    figure.set(**state)
    start = np.array(figure.centre(figure.root.locator(hand).first))
    area = figure.root.locator(".fl-area").first
    way = 1.5 * (np.array(figure.centre(area)) - start)
    page.mouse.move(*start)
    page.mouse.down()
    page.evaluate(TAKE_COSTS)
    for step in range(1, STEPS + 1):
        page.mouse.move(*(start + way * step / STEPS))
        found.append(page.evaluate(TAKE_COSTS))
    page.mouse.up()
    return found


def least(drags):
    """Of each step the least of several drags; a step that has changed nothing is left out."""
    return [cost for cost in map(min, zip(*drags, strict=True)) if cost]


def row_of(label, drags):
    costs = least(drags) or [0]
    phone = [PHONE * value for value in (median(costs), max(costs))]
    return f"{label:32}{median(costs):8.1f}{max(costs):8.1f}{phone[0]:10.0f}{phone[1]:6.0f}"


def main():
    """Print the median and the largest step of each hand, here and on a phone."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", default=str(ROOT / "_build/html"))
    parser.add_argument("--only", default="", help="name of one widget")
    options = parser.parse_args()
    server = serve(Path(options.site))
    print(f"{'milliseconds':32}{'median':>8}{'worst':>8}   at a quarter of the speed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        for subject in SUBJECTS:
            if options.only not in ("", name_of(subject)):
                continue
            tab, figure = opened(
                browser, bare_page(server, subject.WIDGET(**subject.BARE)), subject
            )
            hands = {name: state for name, state in reversed(list(hands_of(figure, subject)))}
            for name, state in hands.items():
                drags = [drag_costs(figure, name, state) for _ in range(REPEATS)]
                print(row_of(f"{name_of(subject)} {name}", drags), flush=True)
            tab.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
