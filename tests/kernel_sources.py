"""What the sources of the kernels say of themselves, read and not run."""

import ast

from paths import ROOT

SOURCES = sorted((ROOT / "kernels").glob("*.py"))
SHIPPING = [path.stem for path in SOURCES if "\ndef shipped(" in path.read_text("utf-8")]


def is_compiled(node):
    """Whether Triton compiles a function: `@triton.jit`, with arguments or without."""
    decorators = (getattr(one, "func", one) for one in node.decorator_list)
    return "triton.jit" in map(ast.unparse, decorators)


def kernels():
    """Return the names of the functions that Triton compiles and that none of them calls."""
    defined, called = set(), set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and is_compiled(node):
                defined.add(node.name)
                calls = (one for one in ast.walk(node) if isinstance(one, ast.Call))
                called |= {ast.unparse(one.func).rpartition(".")[2] for one in calls}
    return defined - called
