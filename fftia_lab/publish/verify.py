"""Is everything there? Counts what the sources promise against what the site holds."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .assets import SHARED
from .excerpts import FILE
from .fonts import ICONS
from .links import dead_links
from .mime import PLOTLY, VIEW

OUTSIDE = re.compile(
    r"""<(?:script|link|img|iframe|source|video|audio)\b[^>]*?\b(?:src|href)=["'](?:https?:)?//[^"']+"""
)
ICON = re.compile(r"""["\s]fa-solid\s+fa-([a-z-]+)""")
HARMLESS = re.compile(r"""rel=["'](?:canonical|search|prev|next|license)["']""")


def toc_pages(toc: Path) -> list[str]:
    """Return every page that `_toc.yml` names, without its ending, in reading order."""
    import yaml

    def walk(node: Any) -> Iterator[str]:
        if isinstance(node, list):
            for item in node:
                yield from walk(item)
        elif isinstance(node, dict):
            for key in ("root", "file"):
                if key in node:
                    yield str(node[key])
            for key in ("parts", "chapters", "sections"):
                yield from walk(node.get(key, []))

    return list(walk(yaml.safe_load(toc.read_text("utf-8"))))


def promised(root: Path, build: Path, page: str) -> tuple[int, int]:
    """Return how many widgets and plots a page must show.

    Notebooks are counted as they were executed, prose pages by their directives.
    """
    if (root / f"{page}.ipynb").exists():
        outputs = [
            output.get("data", {})
            for cell in _executed(build, page)["cells"]
            for output in cell.get("outputs", [])
        ]
        return sum(VIEW in data for data in outputs), sum(PLOTLY in data for data in outputs)
    prose = (root / f"{page}.md").read_text("utf-8")
    return len(re.findall(r"^[:`]{3,}\{lab-widget\}", prose, re.MULTILINE)), 0


def _executed(build: Path, page: str) -> dict[str, Any]:
    """Return a notebook with its outputs; after an edit of its prose only the cache has them."""
    import nbformat
    from jupyter_cache import get_cache

    notebook: dict[str, Any] = nbformat.read(build / "jupyter_execute" / f"{page}.ipynb", 4)
    if (build / ".jupyter_cache").exists():
        cache = get_cache(str(build / ".jupyter_cache"))
        with contextlib.suppress(KeyError):
            notebook = cache.merge_match_into_notebook(notebook)[1]
        cache.db.dispose()  # or the database stays open
    return notebook


def _page_problems(html: str, site: Path, wanted: tuple[int, int]) -> Iterator[str]:
    for kinds, count in zip((("lab-widget", "lab-guess"), ("lab-plotly",)), wanted, strict=True):
        found = sum(html.count(f'<div class="{kind}"') for kind in kinds)
        if found != count:
            trouble = "is missing" if found < count else "is there twice"
            yield f"{count} {kinds[0]} hosts expected, {found} found: a figure {trouble}"
    if "lab-dead" in html:
        yield "holds a widget that only works with a kernel"
    for module in re.findall(r'data-module="([^"]+)"', html):
        if not (site / "_static" / "lab" / "modules" / module).exists():
            yield f"loads {module}, which is not on the site"
    for icon in sorted(set(ICON.findall(html)) - set(ICONS)):
        yield f"shows the icon {icon}, which its font does not have: add it to ICONS in fonts.py"
    for match in OUTSIDE.finditer(html):
        if not HARMLESS.search(match[0]):
            yield f"loads something from outside: {match[0]}"


def problems(root: Path, build: Path) -> list[str]:
    """Return what is wrong with a built site, one line each; an empty list means nothing is.

    Args:
        root: the folder of `_toc.yml`.
        build: the folder that holds html/, jupyter_execute/ and .jupyter_cache/.
    """
    site, executed = build / "html", build / "jupyter_execute"
    pages = toc_pages(root / "_toc.yml")
    found = []
    for page in pages:
        path = site / f"{page}.html"
        if not path.exists():
            found.append(f"{page}: the page was not built")
            continue
        if (root / f"{page}.ipynb").exists() and not (executed / f"{page}.ipynb").exists():
            found.append(f"{page}: the notebook was not executed")
            continue
        html = path.read_text("utf-8")
        found += [
            f"{page}: {line}" for line in _page_problems(html, site, promised(root, build, page))
        ]
    found += [
        f"site: {name} is missing"
        for name in (*SHARED, FILE)
        if not (site / "_static" / "lab" / name).exists()
    ]
    written = (page for page in (*pages, "search", "genindex") if (site / f"{page}.html").exists())
    return [*found, *dead_links(site, written)]
