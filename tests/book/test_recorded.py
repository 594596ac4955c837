"""Where Triton cannot be had its cells keep what was recorded, and all others run."""

import ast
import subprocess
import sys
from importlib import util

import nbformat
import pytest
from book.chapters import cells, source, tags
from paths import NOTEBOOKS

from fftia_lab.publish import recorded

CHAPTERS = [p for p in NOTEBOOKS if any(recorded.TAG in tags(cell) for cell in cells(p, "code"))]
chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
WITHOUT = "import sys\nsys.modules['triton'] = None\n"


@pytest.fixture
def without_triton(monkeypatch):
    """Nobody finds Triton."""
    find = util.find_spec
    for module in (util, recorded):
        monkeypatch.setattr(
            module, "find_spec", lambda name: None if name == "triton" else find(name)
        )


def needs(cell):
    return recorded.TAG in tags(cell)


def prints(cell):
    """Whether a cell's code prints, or ends with a value."""
    tree = ast.parse(source(cell))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(ast.unparse(f) == "print" for f in calls) or isinstance(tree.body[-1], ast.Expr)


def test_there_is_such_a_chapter():
    assert len(CHAPTERS) >= 1


@chapters
def test_where_triton_is_missing_its_cells_are_not_run(path, without_triton):
    text = path.read_text("utf-8")
    plain = nbformat.reads(text, as_version=4).cells
    for cell, found in zip(plain, recorded.read(text).cells, strict=True):
        assert ("skip-execution" in tags(found)) == needs(cell)
        if needs(cell):
            assert found.outputs == cell.metadata.get("quoted", cell.outputs)
            assert bool(found.outputs) == prints(cell), source(cell)
        else:
            assert found == cell


@chapters
def test_where_triton_is_there_nothing_changes(path, monkeypatch):
    monkeypatch.setattr(recorded, "find_spec", lambda name: name == "triton" or None)
    text = path.read_text("utf-8")
    assert recorded.read(text) == nbformat.reads(text, as_version=4)


@chapters
def test_all_other_cells_run_without_triton(path):
    others = [c for c in cells(path, "code") if not needs(c) and "%pip" not in source(c)]
    code = WITHOUT + "\n".join(map(source, others))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]


@chapters
def test_a_notebook_without_triton_says_where_to_read_on(path, without_triton):
    first = next(cell for cell in cells(path, "code") if needs(cell))
    with pytest.raises(ModuleNotFoundError, match=r"Linux: pip install triton\. .* Colab"):
        exec(source(first), {})


@chapters
def test_the_page_says_that_its_outputs_may_be_recorded(path):
    text = "\n".join(source(cell) for cell in cells(path, "markdown"))
    assert "outputs that were recorded on Linux" in text
