"""How long each widget takes to draw its largest state: a measurement, not a test.

    make frames

A frame at 60 a second has 16 ms. The cost of a drawing is the time that its script takes, as the
figure itself measures it; layout and paint come after that.
"""

import argparse
import statistics
from pathlib import Path

import numpy as np
from kit.bare import bare_page
from kit.chromium import FLAGS, installed
from kit.figures import FigureOnPage
from kit.subjects import SUBJECTS, name_of
from kit.tabs import Visit, serve
from paths import ROOT
from playwright.sync_api import sync_playwright

FRAMES, WARM_UP = 120, 20


def largest_states(subject, count):
    """Random states of the size that costs most."""
    rng = np.random.default_rng(1)
    size = subject.LARGEST.get("n")
    while count:
        state = subject.random_state(rng)
        if size is None or state.get("n") == size:
            count -= 1
            yield state


def costs(browser, server, subject, throttle):
    """Return the milliseconds of every drawing after the first few."""
    address = bare_page(server, subject.WIDGET())
    tab = Visit(browser, (address,), reduced_motion="reduce").open(address)
    figure = FigureOnPage(tab.page, name_of(subject))
    session = tab.context.new_cdp_session(tab.page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    found = []
    for state in largest_states(subject, FRAMES + WARM_UP):
        figure.set(**state)
        found.append(figure.root.evaluate("root => root.figure.cost"))
    tab.close()
    return found[WARM_UP:]


def main():
    """Print the median and the 95th percentile of each widget, at full speed and at a quarter."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--site", default=str(ROOT / "_build/html"))
    parser.add_argument("--only", default="", help="name of one widget")
    options = parser.parse_args()
    server = serve(Path(options.site))
    print(f"{'milliseconds':16}{'median':>8}{'p95':>8}   at a quarter of the speed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        for subject in SUBJECTS:
            if options.only in ("", name_of(subject)):
                row = f"{name_of(subject):16}"
                for throttle in (1, 4):
                    times = costs(browser, server, subject, throttle)
                    p95 = statistics.quantiles(times, n=20)[-1]
                    row += f"{statistics.median(times):8.1f}{p95:8.1f}"
                print(row)
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    main()
