"""Asks whether any program of a launch can reach beyond a tensor; for `make sanitize`.

triton-viz runs a kernel once, with the number of its program and the rows of its tiles as
unknowns, and asks a solver for values with which an address lies outside. Here every unknown is
one of its own, and the question is sharper than as it comes:

- an address must lie in the tensor that it was reckoned from, not in any argument;
- the rows and the columns of a tile are two unknowns, even where they are as many;
- what is loaded is an unknown as well, so whatever a mask says, nothing may lead outside;
- unrolled loops stay as they are: their index is a constant.

It wants triton 3.6 and triton-viz 3.0, whose insides it builds on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from types import ModuleType, SimpleNamespace

# It opens a tunnel for drawings; nothing here draws.
sys.modules["flask_cloudflared"] = SimpleNamespace(_run_cloudflared=None)

from triton.runtime.interpreter import InterpretedFunction, interpreter_builder  # noqa: E402
from triton_viz import trace  # noqa: E402
from triton_viz.clients.sanitizer import report  # noqa: E402
from triton_viz.clients.sanitizer.sanitizer import (  # noqa: E402
    ArangeSymbolicExpr,
    SymbolicExpr,
    SymbolicSanitizer,
)
from triton_viz.core.data import Load, RawLoad  # noqa: E402
from z3 import And, Int, Not, Or, Solver  # noqa: E402

numbers = count()


def unknown(kind):
    """Return an unknown that nothing else is."""
    return Int(f"{kind}_{next(numbers)}")


class Sanitizer(SymbolicSanitizer):
    """The sanitizer of triton-viz with the sharper question."""

    def grid_callback(self, grid):
        super().grid_callback(grid)
        self.solver = Solver()  # without the question about all arguments at once
        self.solver.add(self.pid_ok)

    def _check_range_satisfiable(self, address, constraints, expression, *rest):
        base = self._collect_tensor_base(expression)
        own = [(first, last) for first, last, t in self.tensor_addrs if t.data_ptr() == base]
        assert own, "an address is reckoned from an argument"
        inside = Or(*(And(self.addr_sym >= first, self.addr_sym <= last) for first, last in own))
        self.solver.push()
        self.solver.add(Not(inside))
        super()._check_range_satisfiable(address, constraints, expression, *rest)
        self.solver.pop()

    def _report(self, op_type, tensor, address, expression, line=None):
        line = line or report._get_user_code_location()
        super()._report(op_type, tensor, address, expression, line)

    def register_op_callback(self, op_type, *rest):
        callbacks = super().register_op_callback(op_type, *rest)
        load = callbacks.op_overrider

        def loaded(*arguments):
            kind = load(*arguments).dtype  # the check of its address is here
            return SymbolicExpr.create("const", unknown("loaded"), kind)

        if op_type in (Load, RawLoad):
            callbacks.op_overrider = loaded
        return callbacks

    def register_for_loop_callback(self):
        hooks = super().register_for_loop_callback()
        wrap = hooks.range_wrapper_factory

        def factory(iterable, line, kind, *rest):
            return None if kind == "tl_static_range" else wrap(iterable, line, kind, *rest)

        hooks.range_wrapper_factory = factory
        return hooks


def row_of(self):
    """Return an unknown of one range of rows, and its bounds."""
    row = unknown("row")
    return row, And(row >= self.start.to_py(), row < self.end.to_py())


def let_pass(name, results):
    """Teach it an operation that moves numbers about: unknowns are the same after it."""
    builder = type(interpreter_builder)
    known = getattr(builder, name)

    def moved(self, value, *rest):
        if not isinstance(value, SymbolicExpr):
            return known(self, value, *rest)
        same = tuple(SymbolicExpr.create("reshape", value, ()) for _ in range(results))
        return same if results > 1 else same[0]

    setattr(builder, name, moved)


ArangeSymbolicExpr._to_z3_impl = row_of
report._FRAMEWORK_PATHS.append(__file__)  # what it shows is the line of the kernel
let_pass("create_trans", 1)
let_pass("create_split", 2)


@contextmanager
def sanitized(*modules: ModuleType) -> Iterator[list[str]]:
    """Let every kernel of these modules be asked about when it is launched; yield their names.

    A kernel computes nothing meanwhile. Who reaches beyond a tensor is told, and ends the process.
    """
    known = [
        (module, name, value)
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, InterpretedFunction)
    ]
    for module, name, value in known:
        setattr(module, name, trace(Sanitizer())(value))
    try:
        yield [name for _, name, _ in known]
    finally:
        for module, name, value in known:
            setattr(module, name, value)
