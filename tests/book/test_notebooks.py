"""Rules that every notebook keeps; that their cells run is nbval's business."""

import ast
import json
import re
import statistics

import nbformat
import pytest
from book.chapters import HIDING, cells, source, tags, waits
from paths import NOTEBOOKS

from fftia_lab.publish.shipping import shipped_notebook
from fftia_lab.publish.verify import toc_pages

LIMIT, MEDIAN, KERNEL, TRAP = 20, 5, 40, 32
ADDRESS = "https://github.com/someone/lab"


def limit(cell):
    """How many lines a cell may have; those of a trap are replies, and nobody sees the code."""
    if cell["id"].startswith("trap-"):
        return TRAP
    return KERNEL if "@triton.jit" in source(cell) else LIMIT


def python(cell):
    """A cell's code without IPython's % lines."""
    lines = source(cell).splitlines()
    return "\n".join(re.sub(r"^(\s*)%.*", r"\1pass", line) for line in lines)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEveryNotebook:
    def test_cells_are_small(self, path):
        lengths = [len(re.findall(r"^.*\S", source(c), re.M)) for c in cells(path, "code")]
        for cell, length in zip(cells(path, "code"), lengths, strict=True):
            assert length <= limit(cell), source(cell)
        asked = ("guess-", "trap-")
        read = [
            n
            for c, n in zip(cells(path, "code"), lengths, strict=True)
            if not c["id"].startswith(asked)
        ]
        assert statistics.median(read) <= MEDIAN

    def test_it_opens_as_a_chapter_does(self, path):
        first, second = cells(path)[:2]
        assert source(first).startswith("# ")
        assert second["id"] == "set-up" and tags(second) == {"hide-input", "remove-output"}
        text = "\n".join(source(cell) for cell in cells(path, "markdown"))
        for part in ("After this chapter you can", "You need", "minutes", "## Exercises", "Guess"):
            assert part in text, part
        assert re.search(r"## What is settled", text) and "**Sources.**" in text

    def test_the_set_up_cell_is_the_same_everywhere(self, path):
        assert source(cells(path)[1]) == source(cells(NOTEBOOKS[0])[1])
        text = source(cells(path)[1]).lower()
        for touching in ("numpy", "torch", "triton", "upgrade", " -u", "==", "apt"):
            assert touching not in text, "changes what the machine already has"

    def test_asserts_are_sentences(self, path):
        for cell in cells(path, "code"):
            for node in ast.walk(ast.parse(python(cell))):
                if isinstance(node, ast.Assert):
                    assert node.msg is not None, source(cell)
                    text = ast.literal_eval(node.msg)
                    assert len(text.split()) >= 2, text

    def test_prose_is_a_chapter_long(self, path):
        prose = [c for c in cells(path, "markdown") if not c["id"].startswith("solution-")]
        words = sum(len(re.sub("</?a[^>]*>", "", source(cell)).split()) for cell in prose)
        assert 800 <= words <= 2200

    def test_exercises_have_stub_checker_and_folded_solution(self, path):
        stubs = [c for c in cells(path, "code") if c["id"].startswith("exercise-")]
        solutions = [c for c in cells(path) if c["id"].startswith("solution-")]
        assert len(stubs) >= 2
        assert [c["id"].partition("-")[2] for c in stubs] == [
            c["id"].partition("-")[2] for c in solutions
        ]
        for stub, solution in zip(stubs, solutions, strict=True):
            assert re.search(r"check_\w+\(", source(stub))
            assert source(solution).startswith("<details><summary>A solution</summary>\n")
            assert len(re.findall(r"^.*\S", source(solution), re.M)) <= LIMIT + 4, "and the fold"

    def test_pages_show_no_verdict_on_an_empty_stub(self, path):
        """A page is read before anybody has written anything."""
        for cell in cells(path, "code"):
            if cell["id"].startswith("exercise-"):
                stubs = [n for n in ast.parse(source(cell)).body if isinstance(n, ast.FunctionDef)]
                last = stubs[-1].body[-1]
                empty = isinstance(last, ast.Return) and ast.unparse(last) == "return None"
                assert empty == ("remove-output" in tags(cell)), source(cell)

    def test_outputs_are_kept_only_where_the_prose_quotes_them(self, path):
        for cell in cells(path, "code"):
            quoted, kept = "nbval-check-output" in tags(cell), "keep_output" in tags(cell)
            assert bool(cell["outputs"]) == kept, source(cell)
            assert ("quoted" in cell["metadata"]) == (quoted and waits(cell)), source(cell)
            assert kept == (quoted and not waits(cell)), "where nothing waits they go together"

    def test_it_was_run_from_top_to_bottom(self, path):
        counts = [cell["execution_count"] for cell in cells(path, "code")]
        assert counts == list(range(1, len(counts) + 1)), "run `make refresh`"

    def test_it_is_in_the_table_of_contents(self, path, root):
        assert f"notebooks/{path.stem}" in toc_pages(root / "_toc.yml")

    def test_the_shipped_copy_carries_the_address(self, path):
        text = shipped_notebook(path, ADDRESS, "0123abc")
        assert f'repository = \\"{ADDRESS}@0123abc\\"' in text
        assert [c["id"] for c in json.loads(text)["cells"]] == [c["id"] for c in cells(path)]
        nbformat.validate(nbformat.reads(text, 4))

    def test_the_shipped_copy_carries_no_answers(self, path):
        shipped = json.loads(shipped_notebook(path, ADDRESS, "0123abc"))["cells"]
        for cell, other in zip(cells(path), shipped, strict=True):
            if cell["id"].startswith("solution-"):
                words = source(other)
                address = f"https://someone.github.io/lab/notebooks/{path.stem}.html#exercises"
                assert "```" not in words and "check_" not in words and address in words
            elif cell["cell_type"] == "code":
                assert other["outputs"] == [] and other["execution_count"] is None
                assert "quoted" not in other["metadata"]
                assert other["id"] == "set-up" or source(other) == source(cell)
                hidden = bool(tags(cell) & HIDING)
                assert (other["metadata"].get("cellView") == "form") == hidden, "as in JupyterLab"


def test_order_of_files_is_order_of_reading(root):
    pages = [page for page in toc_pages(root / "_toc.yml") if page.startswith("notebooks/")]
    assert pages == sorted(pages)
    assert len(pages) == len(NOTEBOOKS)
