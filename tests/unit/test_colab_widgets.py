"""No Tab and no Accordion of ipywidgets, which the widget manager of Colab does not show."""

import ast
import re

from book.chapters import cells, source
from paths import NOTEBOOKS

BROKEN = {"Tab", "Accordion"}


def broken(text):
    """Return the names in a Python text that are ipywidgets' own and that Colab cannot show."""
    lines = [re.sub(r"^(\s*)%.*", r"\1pass", line) for line in text.splitlines()]
    found = set()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ipywidgets"):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = getattr(node.value, "id", getattr(node.value, "attr", ""))
            if owner in {"ipywidgets", "widgets", "w"}:
                found.add(node.attr)
    return found & BROKEN


def test_the_search_finds_them():
    assert broken("from ipywidgets import Accordion, IntSlider") == {"Accordion"}
    assert broken("import ipywidgets as widgets\nwidgets.Tab([])") == {"Tab"}
    assert broken("%pip install x\nfrom here import Tab") == set()


def test_no_figure_and_no_notebook_uses_them(root):
    texts = {path.name: path.read_text("utf-8") for path in (root / "fftia_lab").rglob("*.py")}
    for path in NOTEBOOKS:
        texts |= {f"{path.name}: {cell['id']}": source(cell) for cell in cells(path, "code")}
    assert {name: found for name, text in texts.items() if (found := broken(text))} == {}
