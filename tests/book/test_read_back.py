"""Figures have names, and each chapter once computes with what a hand has done to one."""

import ast
import builtins
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest
import torch
from book.chapters import cells, source
from book.test_notebooks import python
from kit.subjects import SUBJECTS
from paths import NOTEBOOKS

SUBJECT = {subject.WIDGET.__name__: subject for subject in SUBJECTS}
READS = "read-back"
chapters = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def names_in(code, kind):
    return {n.id for n in ast.walk(code) if isinstance(n, ast.Name) and isinstance(n.ctx, kind)}


def given_by(code):
    """The names that a cell defines."""
    imports = [
        a for n in ast.walk(code) if isinstance(n, ast.Import | ast.ImportFrom) for a in n.names
    ]
    defined = [n for n in code.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    found = {alias.asname or alias.name.partition(".")[0] for alias in imports}
    return found | {n.name for n in defined} | names_in(code, ast.Store)


def slice_before(path, cell):
    """The cells before one that it needs, and what these need, in order."""
    every = [one for one in cells(path, "code") if one["id"] != "set-up"]
    before = every[: [one["id"] for one in every].index(cell["id"])]
    wanted = names_in(ast.parse(python(cell)), ast.Load) - set(dir(builtins))
    found = []
    for one in reversed(before):
        code = ast.parse(python(one))
        if given_by(code) & wanted:
            found.append(one)
            wanted = wanted - given_by(code) | names_in(code, ast.Load)
    return found[::-1]


def figures(path):
    """(name, class) of each figure of a chapter; fails where one has no name of its own."""
    found = []
    for cell in cells(path, "code"):
        body = ast.parse(python(cell)).body
        for at, line in enumerate(body):
            made = getattr(line, "value", None)
            if not isinstance(made, ast.Call) or getattr(made.func, "id", "") not in SUBJECT:
                continue
            assert isinstance(line, ast.Assign), f"{source(cell)}\nthe figure needs a name"
            name = line.targets[0].id
            assert ast.unparse(body[-1]) == name and at == len(body) - 2, "it is shown by its name"
            found.append((name, made.func.id))
    return found


@chapters
def test_each_figure_has_a_name_of_its_own(path):
    found = [name for name, _ in figures(path)]
    assert found and len(set(found)) == len(found)
    stored = [names_in(ast.parse(python(cell)), ast.Store) for cell in cells(path, "code")]
    assert [name for name in found if sum(name in names for names in stored) != 1] == []


def changed(figure, rng, size=None):
    """Put a figure into a state that its own oracle calls possible, of a size if one is given."""
    draw = SUBJECT[type(figure).__name__].random_state
    states = (draw(rng) for _ in range(200))
    state = next(one for one in states if size is None or one.get("n", size) == size)
    with figure.hold_trait_notifications():
        for name, value in state.items():
            setattr(figure, name, value)


@pytest.fixture
def gradients():
    """As they were: chapters switch them off for the kernel that they have to themselves."""
    before = torch.is_grad_enabled()
    yield
    torch.set_grad_enabled(before)


@chapters
@pytest.mark.usefixtures("gradients")
def test_what_a_hand_has_done_is_read_back(path):
    """The cell's sentence holds as the figure opens and in other states, and so do its numbers."""
    (cell,) = [one for one in cells(path, "code") if one["id"] == READS]
    names = dict(figures(path))
    (name,) = names_in(ast.parse(python(cell)), ast.Load) & set(names)
    space, said, rng = {}, [], np.random.default_rng(32)
    for one in slice_before(path, cell):
        exec(compile(python(one), one["id"], "exec"), space)
    for turn in range(4):
        if turn:
            changed(space[name], rng, getattr(space[name], "n", None) if turn > 1 else None)
        with redirect_stdout(StringIO()) as out:
            exec(compile(python(cell), READS, "exec"), space)
        said.append(out.getvalue())
    assert len({*said}) >= 3, "it follows the hand"
    assert len({*said[1:]}) >= 2, "and not the size alone"
    space[name].close()
