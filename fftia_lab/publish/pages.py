"""What pages need beyond notebooks: widgets and tables in prose, coloured formulas, plain ARIA."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from ..palette import palette
from .mime import place_widget

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_SIGNS = re.compile(r"[.,:;!?)\]”’]+")  # after a formula; none of them begins a line
_TEXTCOLOR = re.compile(r"\\textcolor\{(#[0-9a-fA-F]{6})\}")


def load_object(target: str) -> Any:
    """Return what "module:name" names."""
    from importlib import import_module

    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


class WidgetDirective(SphinxDirective):
    """Put a widget on a prose page: its class as "module:Class", its traits as a JSON body."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        try:
            traits = json.loads("\n".join(self.content) or "{}")
            widget = load_object(self.arguments[0])(**traits)
        except Exception as error:
            raise self.error(f"widget {self.arguments[0]}: {error}") from error
        state = widget.get_state()
        widget.close()
        return [place_widget(self.env, state, [])]


def written_by(target: str) -> str:
    """Return the Markdown that a function of the library writes, "module:name".

    Raises:
        TypeError: if it returns something else than a text.

    >>> written_by("fftia_lab.publish.pages:accessible")
    Traceback (most recent call last):
        ...
    TypeError: accessible() missing 1 required positional argument: 'body'
    """
    text = load_object(target)()
    if not isinstance(text, str):
        raise TypeError(f"{target} must return Markdown; got {type(text).__name__}")
    return text


class TextDirective(SphinxDirective):
    """Put on a prose page what a function of the library writes: a table that tests compute."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        try:
            text = written_by(self.arguments[0])
        except Exception as error:
            raise self.error(f"text {self.arguments[0]}: {error}") from error
        found = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), self.arguments[0]), 0, found)
        return found.children


class ColourFormulas(SphinxPostTransform):
    r"""Let formulas follow the theme: a token's `\textcolor{#hex}` becomes its role's class.

    Notebooks say `\textcolor` because JupyterLab and Colab know it; a page knows more.
    """

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        roles = {colour["light"]: role for role, colour in palette()["role"].items()}

        def themed(match: re.Match[str]) -> str:
            role = roles.get(match[1].lower())
            return match[0] if role is None else rf"\class{{fl-{role}}}"

        for formula in self.document.findall(
            lambda n: isinstance(n, nodes.math | nodes.math_block)
        ):
            source = formula.astext()
            coloured = _TEXTCOLOR.sub(themed, source)
            if coloured != source:
                formula.children = [nodes.Text(coloured)]


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
        signs = isinstance(after, nodes.Text) and _SIGNS.match(after)
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


def accessible(body: str) -> str:
    """Return a page's HTML without roles that ARIA no longer allows, and names that say nothing.

    A fold is then called what stands on it.
    """
    body = body.replace(' role="doc-biblioentry"', "")
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    return body.replace('<div role="list" class="citation-list">', '<div class="citation-list">')


def _page_context(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    # The saved state of widgets already lies in the hosts; myst-nb would write it once more.
    scripts = getattr(app.env, "nb_metadata", {}).get(page, {}).get("js_files", {})
    for key in [key for key in scripts if key.startswith("ipywidgets_")]:
        del scripts[key]
    context["body"] = accessible(context.get("body", ""))


def setup(app: Sphinx) -> None:
    app.add_directive("lab-text", TextDirective)
    app.add_directive("lab-widget", WidgetDirective)
    app.add_post_transform(ColourFormulas)
    app.add_post_transform(KeepSigns)
    app.connect("html-page-context", _page_context, priority=100)
