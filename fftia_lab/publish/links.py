"""Does every link within the site lead somewhere? Its file must be there, and its place in it.

Sphinx sees to references; what stands in a notebook or a template as HTML is nobody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

LINK = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
PLACE = re.compile(r'\b(?:id|data-name)="([^"]*)"')  # of a figure too: #butterfly?n=8 sets it
SECOND = re.compile(r"-\d+$")  # the second figure of a name on its page


def dead_links(site: Path, pages: Iterable[str]) -> Iterator[str]:
    """Yield what is wrong with the links of pages, each of a page once.

    Args:
        site: the folder of the pages.
        pages: their names there, without their ending.
    """

    @cache
    def places(path: Path) -> frozenset[str]:
        return frozenset(PLACE.findall(path.read_text("utf-8")))

    def fault(page: str, link: str) -> str:
        address = urlsplit(link)
        if address.scheme or address.netloc:
            return ""
        name = join(dirname(page), unquote(address.path)) if address.path else f"{page}.html"
        target, place = site / normpath(name), unquote(address.fragment).partition("?")[0]
        if not target.is_file():
            return "which is not on the site"
        is_page, names = target.suffix == ".html", {place, SECOND.sub("", place)}
        if place and is_page and not names & places(target):
            return "and there is no such place on that page"
        return ""

    for page in pages:
        html = (site / f"{page}.html").read_text("utf-8")
        for link in dict.fromkeys(map(unescape, LINK.findall(html))):
            if found := fault(page, link):
                yield f"{page}: leads to {link}, {found}"
