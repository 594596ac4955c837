"""Where lines of prose may not break: a phone's are short, and half a sum is hard to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_AFTER = re.compile(r"[.,:;!?)\]”’]+")  # after a formula; none of them begins a line
SHORT = 16  # letters that stay on one line; a longer sum breaks before its signs
_UNITS = "%|×|ns|µs|ms|s|B|bytes?|kB|KiB|MB|MiB|GB|TB|W|k?Hz"
_SIGN = "[+−·×=≈<>≤≥]"
_PART = r"(?:\(?−?[\d.]+\s[+−]\s[\d.]+i\)?|\S+)"  # of a sum: a complex number is one
# Labels of figures in their quotation marks stay whole: quotes.js makes links of them.
_TERM = re.compile(
    rf"(?P<label>“[^”]*”)|{_PART}(?:\s{_SIGN}\s{_PART})+|[\d.,]+\s(?:{_UNITS})(?!\w)"
)
_AS_WRITTEN = nodes.FixedTextElement | nodes.literal | nodes.math | nodes.raw | nodes.title


def keep_signs(parent: nodes.Element) -> None:
    """Let no line begin with the sign that follows a formula, which is a box to a browser.

    >>> line = nodes.paragraph("", "", nodes.math("", "N"), nodes.Text(": eight"))
    >>> keep_signs(line)
    >>> [child.astext() for child in line]
    ['N:', ' eight']
    """
    for formula in [child for child in parent.children if isinstance(child, nodes.math)]:
        place = parent.index(formula)
        after = parent[place + 1] if place + 1 < len(parent) else formula
        signs = isinstance(after, nodes.Text) and _AFTER.match(after)
        if not signs:
            continue
        kept = nodes.inline("", "", formula, nodes.Text(signs[0]), classes=["lab-kept"])
        rest = nodes.Text(after[signs.end() :])
        parent[place : place + 2] = [kept, rest] if rest else [kept]


class KeepSigns(SphinxPostTransform):
    """Formulas and the signs after them stay on one line."""

    default_priority = 6

    def run(self, **kwargs: Any) -> None:
        for parent in {formula.parent for formula in self.document.findall(nodes.math)}:
            keep_signs(parent)


def terms(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a text, and of each whether it stays on one line.

    >>> [piece for piece, whole in terms("It is 0.5 − 0.5i, or 4 % of k = 3.") if whole]
    ['0.5 − 0.5i,', '4 %', 'k = 3.']
    >>> [piece for piece, whole in terms("x + 2,000 · 3,000 = 6.2 − 2.1i") if whole]
    ['+ 2,000', '· 3,000', '= 6.2 − 2.1i']
    """
    end = 0
    for found in _TERM.finditer(text):
        yield text[end : found.start()], False
        end = found.end()
        if found["label"] or len(found[0]) <= SHORT:
            yield found[0], not found["label"]
            continue
        for place, part in enumerate(re.findall(rf"(?:{_SIGN}\s)?{_PART}", found[0])):
            yield " " * bool(place), False
            yield part, len(part.split()) > 1
    yield text[end:], False


class KeepTerms(SphinxPostTransform):
    """A number and its unit, a complex number, a short sum and short code stay on one line."""

    default_priority = 7

    def run(self, **kwargs: Any) -> None:
        for code in self.document.findall(nodes.literal):
            if len(code.astext()) <= SHORT:
                code["classes"].append("lab-kept")
        for parent in list(self.document.findall(nodes.TextElement)):
            if isinstance(parent, _AS_WRITTEN) or "lab-kept" in parent["classes"]:
                continue
            for text in [one for one in parent.children if isinstance(one, nodes.Text)]:
                pieces = [(piece, whole) for piece, whole in terms(text) if piece]
                if any(whole for _, whole in pieces):
                    parent.replace(text, [_line(*piece) for piece in pieces])


def _line(piece: str, whole: bool) -> nodes.Node:
    return nodes.inline("", piece, classes=["lab-kept"]) if whole else nodes.Text(piece)


def setup(app: Sphinx) -> None:
    app.add_post_transform(KeepSigns)
    app.add_post_transform(KeepTerms)
