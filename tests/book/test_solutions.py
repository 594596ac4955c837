"""What answers a guess waits in the notebook too; so do solutions; and no tag says so alone."""

import ast
import linecache
import re

import pytest
from book.chapters import ASKS, GUESSES, HIDING, SHOW, cells, source, tags, waits
from paths import NOTEBOOKS

from fftia_lab.publish.recorded import TAG

SOLUTION = re.compile(
    r"<details><summary>A solution</summary>\n\n```python\n(.+?)\n```\n\n</details>", re.S
)


def story(path):
    """A chapter in order: ("ask" | "show" | "wait" | "see", what is there)."""
    for cell in cells(path):
        if cell["cell_type"] == "code":
            yield ("wait" if waits(cell) else "see"), cell["id"]
            continue
        for part in re.finditer(rf"{ASKS.pattern}|{re.escape(SHOW)}", source(cell)):
            yield ("show" if part[0] == SHOW else "ask"), part[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestEveryChapter:
    def test_each_guess_is_answered_behind_a_button(self, path):
        answers, waits = [], []
        for kind, what in story(path):
            if kind == "ask":
                answers.append(0)
            elif kind == "show":
                assert answers, "an answer before the first guess"
                answers[-1] += 1
            elif kind == "wait":
                waits.append((len(answers), what))
        assert len(answers) == GUESSES[path.stem[:2]]
        assert all(answers), f"guess {answers.index(0) + 1} has no answer behind a button"
        assert all(after for after, _ in waits), "what waits answers a guess"

    def test_no_output_stands_between_a_guess_and_its_answer(self, path):
        open_guess, printed = False, []
        for cell in cells(path):
            if cell["cell_type"] == "markdown":
                places = [part[0] for part in ASKS.finditer(source(cell).rpartition(SHOW)[2])]
                open_guess = bool(places) or (open_guess and SHOW not in source(cell))
            elif cell["outputs"] and (open_guess or waits(cell)):
                printed.append(cell["id"])
        assert printed == []

    def test_the_line_that_jupyter_shows_of_hidden_code_tells_nothing(self, path):
        for cell in cells(path, "code"):
            if "hide-cell" in tags(cell):
                assert not re.match(r"assert|print", source(cell)), source(cell)

    def test_a_fold_is_closed_before_the_next_heading(self, path):
        for cell in cells(path, "markdown"):
            for part in re.split(r"^#+ ", source(cell), flags=re.M):
                lines = [line for line in part.splitlines() if "details>" in line]
                assert lines[1::2] == ["</details>"] * (len(lines) // 2) and len(lines) % 2 == 0
                assert all(re.fullmatch(r"<details><summary>.+</summary>", x) for x in lines[::2])

    def test_jupyter_hides_what_the_tags_hide(self, path):
        for cell in cells(path, "code"):
            hidden = {"source_hidden": True} if tags(cell) & HIDING else {}
            assert cell["metadata"].get("jupyter", {}) == hidden, cell["id"]

    def test_solutions_are_right(self, path):
        """Run each after the chapter's imports and functions: its checker must be content."""
        room, found = {}, 0
        if any(TAG in tags(cell) for cell in cells(path, "code")):
            pytest.importorskip("triton", reason="its kernels need Triton")
        for cell in cells(path):
            text = source(cell)
            solution = SOLUTION.fullmatch(text)
            if solution:
                assert re.search(r"^assert check_\w+\(", solution[1], re.M)
                assert max(map(len, solution[1].splitlines())) <= 76
                run(solution[1], solution[1], cell["id"], room)
                found += 1
            elif cell["cell_type"] == "code" and "%pip" not in text:
                body = [node for node in ast.parse(text).body if kept(node)]
                run(ast.Module(body, []), text, cell["id"], room)
        assert found >= 2


def kept(node):
    """Whether a statement is run before solutions: imports, functions, the choice of a device."""
    return isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef) or (
        isinstance(node, ast.If) and "TRITON_INTERPRET" in ast.unparse(node)
    )


def run(code, text, name, room):
    """Run a cell's code; Triton looks for the text of a kernel in the file that it stands in."""
    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name
    exec(compile(code, name, "exec"), room)
