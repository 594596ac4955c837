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
    app.connect("html-page-context", _page_context, priority=100)
