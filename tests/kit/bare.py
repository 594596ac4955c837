"""A page with one widget and nothing else: what a test of a hand needs, and no chapter.

`python tests/kit/bare.py FOLDER` writes what every figure is on such a page, so that the tests
of another environment can tell whether it is the same there.
"""

import itertools
import json
import re
import sys
from pathlib import Path

from fftia_lab.publish.mime import widget_host, widget_module

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><title>{name}</title>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="../_static/lab/palette.css">
<link rel="icon" href="data:,">
<script src="../_static/lab/palette.js"></script>
<script defer src="../_static/lab/place.js"></script>
<script defer src="../_static/lab/guesses.js"></script>
<script defer src="../_static/lab/slides.js"></script>
<script defer src="../_static/lab/present.js"></script>
<script defer src="../_static/lab/quotes.js"></script>
<script defer src="../_static/lab/beside.js"></script>
<script defer src="../_static/lab/boot.js"></script>
<style>body {{ margin: 0; padding: 8px 2vw 100vh; background: var(--fl-paper); }}</style></head>
<body><main><h1>{name}</h1>{hosts}</main></body></html>"""


NUMBERS = itertools.count()


def bare_page(server, *widgets, theme="light", change=None):
    """Let a server of the site answer one more address with these widgets; return that address.

    `change` may make another page of the page's text.
    """
    hosts = []
    for widget in widgets:
        state = widget.get_state()
        file, text = widget_module(state)
        server.made[f"/_static/lab/modules/{file}"] = ("text/javascript; charset=utf-8", text)
        hosts.append(widget_host(state, []))
        widget.close()
    page = PAGE.format(theme=theme, name=type(widgets[0]).__name__, hosts="\n".join(hosts))
    path = f"/widgets/{next(NUMBERS)}.html"
    server.made[path] = ("text/html; charset=utf-8", change(page) if change else page)
    return f"http://127.0.0.1:{server.server_port}{path}"


def as_in_the_book(site, page, name, widget):
    """A widget with the traits that a figure of a built page opens with."""
    text = (site / f"{page}.html").read_text("utf-8")
    saved = re.search(f'data-name="{name}"><script[^>]*>(.*?)</script>', text, re.DOTALL)[1]
    state = json.loads(saved)["state"]
    return widget(**{trait: state[trait] for trait in widget.own_traits()})


def whole_text(subject):
    """All that a figure is on a page of its own: its host with its state, and its module."""
    widget = subject.WIDGET(**subject.BARE)
    state = widget.get_state()
    widget.close()
    return widget_host(state, []) + widget_module(state)[1]


def unlike(subjects, folder):
    """The figures that are not what another environment wrote into a folder; all without one."""
    if not folder:
        return subjects
    seen = {path.name: path.read_text("utf-8") for path in Path(folder).iterdir()}
    return [each for each in subjects if seen[each.WIDGET.__name__] != whole_text(each)]


if __name__ == "__main__":
    from kit.subjects import SUBJECTS

    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for each in SUBJECTS:
        (target / each.WIDGET.__name__).write_text(whole_text(each), "utf-8")
