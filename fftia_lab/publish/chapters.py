"""How a chapter's page differs from its notebook: the figure first, answers behind a button.

A notebook is also read in Jupyter, where set-up must run before the figure. On a page all has run,
so the figure may stand right under the title. What answers a guess waits in a closed <details>.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from .editions import INSTEAD, STUDENT
from .mime import raw
from .running import run_line_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx

LOG = logging.getLogger(__name__)
ANSWER, SOLUTION = "Show", "A solution"
OBJECTIVES = "After this chapter you can"
OPENS = re.compile(r"<details><summary>(.+?)</summary>\s*$")
STREAMS = ("stream", "stderr")  # the classes of what myst-nb shows of stdout and stderr
FIGURE = re.compile(r'<div class="lab-(?:widget|plotly)"')


class Fold(nodes.General, nodes.Element):  # type: ignore[misc] # docutils has no types
    """A closed <details>; `summary` is what its button says."""


def _open_fold(translator: Any, node: Fold) -> None:
    kind = "lab-fold lab-answer" if node["summary"] == ANSWER else "lab-fold"
    button = f"<summary>{escape(node['summary'])}</summary>"
    translator.body.append(f'<details class="{kind}">{button}\n')


def _close_fold(translator: Any, node: Fold) -> None:
    translator.body.append("</details>\n")


def _is_cell(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and node.get("nb_element") == "cell_code"


def _output(cell: nodes.Element) -> nodes.Element | None:
    last = cell.children[-1] if cell.children else None
    is_output = isinstance(last, nodes.Element) and last.get("nb_element") == "cell_code_output"
    return last if is_output else None


def _markup(node: nodes.Node) -> str:
    return node.astext().strip() if isinstance(node, nodes.raw) else ""


def _hidden_part(cell: nodes.Element, goes_on: bool) -> nodes.Element | None:
    """Take out of a cell what its tags hide, or return the cell if that is all of it.

    Where the fold before it goes on, the code goes into it too, or it would stand above its place.
    """
    mode = cell.attributes.pop("hide_mode")
    if mode == "input+output":
        cell["hide_mode"] = "input"  # a fold of its own, inside
    if mode != "output" or goes_on:
        return cell
    output = _output(cell)
    if output is None:
        return None
    cell.remove(output)
    shell: nodes.Element = cell.copy()
    shell += output
    return shell


def folded(children: Iterable[nodes.Node], page: str) -> list[nodes.Node]:
    """Return nodes with <details> and hidden outputs as folds; neighbours that answer are one."""
    found: list[nodes.Node] = []
    inside: Fold | None = None

    def answer() -> Fold | None:
        last = found[-1] if found else None
        return last if isinstance(last, Fold) and last["summary"] == ANSWER else None

    for child in children:
        opening = OPENS.match(_markup(child))
        if opening:
            inside = (opening[1] == ANSWER and answer()) or Fold(summary=opening[1])
            if not found or inside is not found[-1]:
                found.append(inside)
        elif _markup(child) == "</details>":
            inside = None
        elif inside is not None:
            inside += child
        elif _is_cell(child) and child.get("hide_mode", "input") != "input":
            fold = answer()
            hidden = _hidden_part(child, goes_on=fold is not None)
            if hidden is not child:
                found.append(child)
            if hidden is not None:
                if fold is None:
                    fold = Fold(summary=ANSWER)
                    found.append(fold)
                fold += hidden
        else:
            found.append(child)
    if inside is not None:
        LOG.warning("a <details> is not closed before the next heading", location=page)
    return found


def unsolved(children: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return what `folded` returned with a sentence in the place of each solution."""

    def told(node: nodes.Node) -> bool:
        return isinstance(node, Fold) and node["summary"] == SOLUTION

    def sentence() -> nodes.paragraph:
        return nodes.paragraph("", "", nodes.emphasis(text=INSTEAD))

    return [sentence() if told(node) else node for node in children]


def _stream(output: nodes.Node) -> str:
    classes = output["classes"] if isinstance(output, nodes.literal_block) else []
    return next((name for name in STREAMS if name in classes), "")


def joined(outputs: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return outputs of a cell with neighbours that were printed to one stream as one block.

    A kernel sends what is printed in bursts, and where one ends hangs on the time.
    """
    found: list[nodes.Node] = []
    for stream, group in groupby(outputs, _stream):
        first, *others = group
        if stream and others:
            text = "".join(burst.astext() for burst in (first, *others))
            first.rawsource, first[:] = text, [nodes.Text(text)]  # unequal, it is not coloured
            others = []
        found += [first, *others]
    return found


class JoinBursts(SphinxPostTransform):
    """What a cell prints is one block, however the kernel sent it.

    `nb_merge_streams` of myst-nb adds to the notebook itself and prints the later bursts twice.
    """

    default_priority = 196

    def run(self, **kwargs: Any) -> None:
        for output in self.document.findall(nodes.container):
            if output.get("nb_element") == "cell_code_output":
                output[:] = joined(output.children)


class FoldAnswers(SphinxPostTransform):
    """Close what answers a guess, and the solutions of exercises, which students do not get."""

    default_priority = 198  # before myst-nb folds each hidden cell on its own
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        for parent in [self.document, *self.document.findall(nodes.section)]:
            found = folded(list(parent.children), self.env.docname)
            parent[:] = unsolved(found) if self.config.lab_edition == STUDENT else found


class FigureFirst(SphinxPostTransform):
    """Lift a chapter's first figure to its title; what ran before it stands above the objectives.

    The question that the figure asks comes before both: nobody should look for its field.
    """

    default_priority = 197
    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        section = next(iter(self.document.findall(nodes.section)), None)
        source = str(self.env.doc2path(self.env.docname))
        if section is None or not source.endswith(".ipynb"):
            return
        cells = [child for child in section.children if _is_cell(child)]
        ran: list[nodes.Node] = [raw(run_line_of(self.env.docname, self.config))]
        for cell in cells:
            output = _output(cell)
            if output is not None and FIGURE.search(output.astext()):
                cell.remove(output)
                section.insert(1, nodes.container("", output, classes=["cell", "lab-first"]))
                ran += cells[: cells.index(cell) + 1]
                break
        for cell in ran[1:]:
            section.remove(cell)
        texts = [child.astext() for child in section.children]
        goals = (place for place, text in enumerate(texts) if text.startswith(OBJECTIVES))
        place = next(goals, len(texts))
        section[place:place] = ran


def setup(app: Sphinx) -> None:
    app.add_node(Fold, html=(_open_fold, _close_fold))
    app.add_post_transform(JoinBursts)
    app.add_post_transform(FigureFirst)
    app.add_post_transform(FoldAnswers)
