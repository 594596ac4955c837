"""What the sources of the kernels say of themselves, read and not run."""

import ast

from paths import ROOT

SOURCES = sorted((ROOT / "fftia_lab" / "kernels").glob("*.py"))
SHIPPING = [path.stem for path in SOURCES if "\ndef shipped(" in path.read_text("utf-8")]


def is_compiled(node):
    """Whether Triton compiles a function: `@triton.jit`, with arguments or without."""
    decorators = (getattr(one, "func", one) for one in node.decorator_list)
    return "triton.jit" in map(ast.unparse, decorators)


def kernels():
    """Return "module.name" of the functions that Triton compiles and that none of them calls."""
    defined, called = set(), set()
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        compiled = [n for n in tree.body if isinstance(n, ast.FunctionDef) and is_compiled(n)]
        meaning = {node.name: f"{path.stem}.{node.name}" for node in compiled} | imported(tree)
        defined |= {f"{path.stem}.{node.name}" for node in compiled}
        for call in (one for node in compiled for one in ast.walk(node)):
            if isinstance(call, ast.Call):
                called.add(meaning.get(ast.unparse(call.func)))
    return defined - called


def imported(tree):
    """Return what the names mean that a module takes from its neighbours."""
    neighbours = (one for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) and one.level)
    return {
        alias.asname or alias.name: f"{one.module}.{alias.name}"
        for one in neighbours
        for alias in one.names
    }
