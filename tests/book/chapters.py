"""Chapters as tests see them: their cells, where they ask for a guess, and what waits for it."""

import json
import re

ASKS = re.compile(r"\*(?:[Gg]uess|Before you run)[^*]*\*")
SHOW = "<details><summary>Show</summary>"
WAITS = {"hide-output", "hide-cell"}
HIDING = {"hide-input", "hide-cell", "remove-input"}  # code that Jupyter and Colab collapse
# How many guesses each chapter asks for; one more needs one more answer behind a button.
GUESSES = {
    "01": 8,
    "02": 6,
    "03": 10,
    "04": 14,
    "05": 9,
    "06": 9,
    "07": 9,
    "08": 11,
    "09": 9,
    "10": 10,
    "11": 8,
    "12": 7,
    "13": 9,
    "15": 13,
}


def cells(path, kind=None):
    found = json.loads(path.read_text("utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return set(cell["metadata"].get("tags", []))


def waits(cell):
    """Whether a cell's output waits behind a button."""
    return bool(WAITS & tags(cell))


def waiting_outputs(path):
    """The lines of every quoted output that waits behind a button."""
    lines = []
    for cell in cells(path, "code"):
        for output in cell["metadata"].get("quoted", []):
            text = output.get("text") or output["data"]["text/plain"]
            lines += [line.strip() for line in "".join(text).splitlines()]
    return lines
