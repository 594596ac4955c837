"""What a notebook displayed becomes a host element: JSON that boot.js will bring to life."""

from __future__ import annotations

import hashlib
import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
PLOTLY = "application/vnd.plotly.v1+json"

GUESS = "guess"  # hosts of questions, which are no figures
QUESTIONS = {"guess", "stroke"}  # the widgets that ask them
NEEDED = "This figure is interactive and needs JavaScript."

# Traits of every widget that mean nothing without a kernel.
PLUMBING = {"_anywidget_id", "_css", "_dom_classes", "_esm", "layout", "tabbable", "tooltip"}


def inert_json(value: object) -> str:
    """Return JSON that may stand inside a <script> element."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).replace("<", "\\u003c")


def host(kind: str, payload: object, missing: str = NEEDED, **attributes: str) -> str:
    """Return the element that boot.js mounts, with what is there instead of it without scripts."""
    given = "".join(f' {k.replace("_", "-")}="{html.escape(v)}"' for k, v in attributes.items())
    return (
        f'<div class="lab-{kind}"{given}>'
        f'<script type="application/json">{inert_json(payload)}</script>'
        f"<noscript>{missing}</noscript></div>"
    )


def raw(markup: str) -> nodes.raw:
    """Return a node of HTML."""
    return nodes.raw("", markup, format="html")


def modules(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return page -> module file -> text, kept with the pages that Sphinx caches."""
    kept: dict[str, dict[str, str]] = vars(env).setdefault("lab_modules", {})
    return kept


def widget_name(state: dict[str, Any]) -> str:
    """Return the name of a widget's class in small letters, as its module is called."""
    return str(state.get("_anywidget_id", "widget")).rpartition(".")[2].lower()


def widget_module(state: dict[str, Any]) -> tuple[str, str]:
    """Return the file name and the text of the script that carries a widget's ES module.

    It is a classic script with the module as text: module scripts are blocked on file:// pages.
    """
    esm, css = state["_esm"], state.get("_css", "")
    digest = hashlib.sha256((esm + css).encode()).hexdigest()[:12]
    file = f"{widget_name(state)}-{digest}.js"
    text = f"fftiaLab.register({json.dumps(file)}, {json.dumps(esm)}, {json.dumps(css)});\n"
    return file, text


def widget_host(state: dict[str, Any], buffers: list[Any]) -> str:
    """Return the host of an anywidget with this saved state."""
    values = {
        key: value
        for key, value in state.items()
        if key not in PLUMBING and not key.startswith(("_model_", "_view_"))
    }
    payload = {
        "state": values,
        "buffers": [{"path": b["path"], "data": b["data"]} for b in buffers],
    }
    own = widget_name(state)
    asks = own in QUESTIONS
    name = str(values.get("what" if asks else "title") or own)
    given = {"data_module": widget_module(state)[0], "data_name": name}
    if not asks:
        return host("widget", payload, **given)
    given |= {"id": question_id(name), "data_on_paper": question_on_paper(values)}
    return host(GUESS, payload, plain_question(values), **given)


def question_id(what: str) -> str:
    """Return the anchor of a question on its page.

    >>> question_id("samples in row 5 after two stages")
    'asks-samples-in-row-5-after-two-stages'
    """
    return f"asks-{nodes.make_id(what)}"


def question_on_paper(values: dict[str, Any]) -> str:
    """Return a question as it is printed before it has started: words to choose from, or a line."""
    what, among, unit = (values.get(key) for key in ("what", "among", "unit"))
    if among:
        return f"{what}: {', '.join(among[:-1])}, or {among[-1]}?"
    if values.get("across"):
        return f"{what}: draw a curve over {values['across'][0]}."
    return f"{what}: ________ {unit or ''}".strip()


def plain_question(values: dict[str, Any]) -> str:
    """Return a question as it stands without scripts.

    Most have a fold of their own below; one that carries its answer has it here.
    """
    why = values.get("why", "")
    if not why:
        return ""
    asked, told = (
        html.escape(re.sub(r"</?a\b[^>]*>", "", text))
        for text in (values["what"], f"{values['answer']}. {why}")
    )
    return f"<p>{asked}</p><details><summary>Show</summary><p>{told}</p></details>"


def place_widget(env: BuildEnvironment, state: dict[str, Any], buffers: list[Any]) -> nodes.raw:
    """Return the host of a widget on a page, and keep its module for the site."""
    file, text = widget_module(state)
    modules(env).setdefault(env.docname, {})[file] = text
    return raw(widget_host(state, buffers))


class StaticWidget:
    """Turns a displayed anywidget and its saved state into a host; refuses every other widget."""

    mime_priority_overrides: ClassVar = [("html", VIEW, 4)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Node] | None:
        if inline or data.mime_type != VIEW:
            return None
        notebook = renderer.renderer.nb_client.nb_metadata
        saved = notebook.get("widgets", {}).get(STATE, {}).get("state", {})
        model = saved.get(data.content["model_id"])
        if model is None or model["model_module"] != "anywidget":
            found = model["model_name"] if model else "one without saved state"
            renderer.logger.warning(
                f"a widget that needs a kernel is dead on a page: {found}; use an anywidget",
                subtype="dead_widget",
                line=data.line,
            )
            text = "(This control works where the notebook runs, not on this page.)"
            return [nodes.paragraph(text=text, classes=["lab-dead"])]
        env = renderer.renderer.sphinx_env
        return [place_widget(env, model["state"], model.get("buffers", []))]


class PlotlyFigure:
    """Turns plotly JSON into a host; a figure without alternative text is an error."""

    mime_priority_overrides: ClassVar = [("html", PLOTLY, 4)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Node] | None:
        if inline or data.mime_type != PLOTLY:
            return None
        figure = {k: data.content[k] for k in ("data", "layout", "frames") if data.content.get(k)}
        layout = figure.get("layout", {})
        alt = (layout.get("meta") or {}).get("alt", "")
        if not alt:
            renderer.logger.warning(
                "a plotly figure has no alternative text: set layout.meta = {'alt': ...}",
                subtype="missing_alt",
                line=data.line,
            )
        style = f"min-height:{int(layout.get('height', 450))}px"
        return [raw(host("plotly", figure, role="img", aria_label=alt, style=style))]


def _forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    modules(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, names: set[str], other: BuildEnvironment) -> None:
    for name in names:
        modules(env)[name] = modules(other).get(name, {})


def _write_modules(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_static" / "lab" / "modules"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {name: text for page in modules(app.env).values() for name, text in page.items()}
    for old in set(folder.glob("*.js")) - {folder / name for name in wanted}:
        old.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("build-finished", _write_modules)
