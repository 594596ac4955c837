"""The contents beside each page say which chapters are still to come: no number is missing.

Sphinx's table of contents holds pages alone, so the line is put in where the contents are written.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_CHAPTER = re.compile(r"<li [^>]*><a [^>]*>(\d+)\. [^<]*</a></li>\n?")


def with_unwritten(contents: str, unwritten: dict[int, str]) -> str:
    """Return contents in which each chapter still to come has a line without a link.

    It stands after the last chapter with a smaller number; where there is none, it has no place.

    >>> with_unwritten('<li class="on"><a href="#">1. One</a></li>', {2: "Two"})[42:]
    '<li class="lab-unwritten">2. Two (not written yet)</li>'
    """
    for number, name in sorted(unwritten.items(), reverse=True):
        before = [found for found in _CHAPTER.finditer(contents) if int(found[1]) < number]
        if before:
            line = f'<li class="lab-unwritten">{number}. {name} (not written yet)</li>'
            end = before[-1].end()
            contents = contents[:end] + line + contents[end:]
    return contents


def _page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: object
) -> None:
    of_theme = context["generate_toctree_html"]

    def contents(kind: str, **options: Any) -> Any:
        found = of_theme(kind, **options)
        return with_unwritten(str(found), app.config.lab_unwritten) if kind == "sidebar" else found

    context["generate_toctree_html"] = contents


def setup(app: Sphinx) -> None:
    app.add_config_value("lab_unwritten", {}, "html")
    app.connect("html-page-context", _page_context, priority=600)  # after the theme's
