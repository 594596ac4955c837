"""A real browser on the built book: everything that leaves the page is blocked and logged."""

import os

import pytest
from kit.bare import as_in_the_book, bare_page
from kit.chromium import FLAGS, installed
from kit.figures import CHAPTER, ROADS, STILL, FigureOnPage, each_state, hold_time
from kit.tabs import Visit, serve
from paths import ROOT
from playwright.sync_api import sync_playwright

from fftia_lab.widgets import Butterfly


@pytest.fixture(scope="session")
def launch():
    """Start browsers that are closed at the end: launch(flags)."""
    path = installed()
    assert path, "no Chromium: Debian has it as apt-get install chromium; or set CHROMIUM"
    with sync_playwright() as playwright:
        started = []

        def launched(flags):
            started.append(playwright.chromium.launch(executable_path=path, args=flags))
            return started[-1]

        yield launched
        for each in started:
            each.close()


@pytest.fixture(scope="session")
def browser(launch):
    return launch(FLAGS)


@pytest.fixture(scope="session")
def browser_with_gpu(launch):
    """A browser with WebGPU on an adapter of software."""
    flags = [flag for flag in FLAGS if flag != "--disable-gpu"]
    return launch([*flags, "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"])


@pytest.fixture(scope="session")
def site():
    """The folder of the built pages; `make test` builds it anew."""
    folder = (ROOT / os.environ.get("LAB_SITE", "_build/html")).resolve()
    assert (folder / "book" / "intro.html").exists(), f"no book in {folder}; run `make test`"
    return folder


@pytest.fixture(scope="session")
def server(site):
    """A server of the site; tests may let it answer more."""
    server = serve(site)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def addresses(site, server):
    """Where the same site is found: over HTTP and from disk."""
    return {"http": f"http://127.0.0.1:{server.server_port}", "file": f"file://{site}"}


@pytest.fixture(params=["http", "file"])
def way(request):
    """Over HTTP or from disk."""
    return request.param


@pytest.fixture
def visit(browser, addresses):
    """Open tabs that are closed afterwards: visit("book/intro", "file", color_scheme="dark").

    With held=True no time passes on the page unless the test lets it.
    """
    tabs = []

    def opened(page, way="http", link="", held=False, **context):
        tab = Visit(browser, tuple(addresses.values()), way, **context)
        tabs.append(tab)
        if held:
            hold_time(tab.page)
        return tab.open(f"{addresses[way]}/{page}.html{link}")

    yield opened
    for tab in tabs:
        tab.close()


@pytest.fixture
def bare(browser, addresses, server):
    """Open a page with these widgets and nothing else: bare(Butterfly(n=4), link="#…")."""
    tabs = []

    def opened(*widgets, link="", theme="light", held=False, change=None, **context):
        address = bare_page(server, *widgets, theme=theme, change=change)
        tab = Visit(browser, tuple(addresses.values()), **context)
        tabs.append(tab)
        if held:
            hold_time(tab.page)
        return tab.open(f"{address}{link}")

    yield opened
    for tab in tabs:
        tab.close()


@pytest.fixture
def solo(bare):
    """Open one widget on a page of its own: solo(Butterfly, width=360, n=4) -> (tab, figure)."""
    tabs = []

    def opened(widget, width=900, touch=False, motion=False, held=False, **traits):
        context = {"viewport": {"width": width, "height": 1200}, "has_touch": touch}
        context |= {} if motion else STILL
        tabs.append(bare(widget(**traits), held=held, **context))
        return tabs[-1], FigureOnPage(tabs[-1].page, widget.__name__.lower())

    yield opened
    for tab in tabs:
        assert tab.trouble == tab.outside == []


@pytest.fixture
def hands(solo):
    """One widget by every hand, on one page: for road, tab, figure in hands(Butterfly, n=4): …

    Without roads it is only looked at, at each width.
    """

    def each(widget, roads=ROADS, widths=(900,), **traits):
        tab, figure = solo(widget, widths[0], touch="touch" in roads, **traits)
        for road in figure.hands(roads, widths):
            yield road, tab, figure

    return each


@pytest.fixture
def shown(hands, request):
    """The widget of a test's `oracle` in each of its `STATES` in turn, on one page, at each width:
    for figure, state in shown(360, 900): …"""
    module = request.module

    return lambda *widths: each_state(hands, module.oracle.WIDGET, module.STATES, widths or (900,))


@pytest.fixture
def twist(bare, site):
    """Open the figure `twist` of chapter 3 alone: twist(has_touch=True) -> (tab, figure)."""

    def opened(link="", **context):
        widget = as_in_the_book(site, CHAPTER, "twist", Butterfly)
        tab = bare(widget, link=link, **{**STILL, **context})
        return tab, FigureOnPage(tab.page, "twist")

    return opened


def pytest_collection_modifyitems(items):
    for item in items:
        needs = {"browser", "site"} & set(getattr(item, "fixturenames", ()))
        if needs and not item.get_closest_marker("lab"):
            item.add_marker(pytest.mark.browser)
