"""Asks whether any program of a launch can reach beyond a tensor; for `make sanitize`.

triton-viz runs a kernel once, with the number of its program and the rows of its tiles as
unknowns, and asks a solver for values with which an address lies outside. Here every unknown is
one of its own, and the question is sharper than as it comes:

- an address must lie in the tensor that it was reckoned from, not in any argument;
- the rows and the columns of a tile are two unknowns, even where they are as many;
- what is loaded is an unknown as well, so whatever a mask says, nothing may lead outside; an index
  is one between the least and the greatest of its tensor;
- the turn of a loop is an unknown between bounds that may be unknown too; what one turn hands to
  the next must not lead to addresses. Unrolled loops stay as they are;
- where a program branches on an unknown, the branch is taken.

It wants triton 3.6 and triton-viz 3.0, whose insides it builds on.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import count
from types import SimpleNamespace

# It opens a tunnel for drawings; nothing here draws.
sys.modules["flask_cloudflared"] = SimpleNamespace(_run_cloudflared=None)

import triton.language as tl  # noqa: E402
from triton.runtime.interpreter import InterpretedFunction, interpreter_builder  # noqa: E402
from triton_viz import trace  # noqa: E402
from triton_viz.clients.sanitizer import report  # noqa: E402
from triton_viz.clients.sanitizer.sanitizer import (  # noqa: E402
    ArangeSymbolicExpr,
    BinarySymbolicExpr,
    SymbolicExpr,
    SymbolicSanitizer,
)
from triton_viz.core import patch  # noqa: E402
from triton_viz.core.callbacks import ForLoopCallbacks  # noqa: E402
from triton_viz.core.data import Load, RawLoad, ReduceMax, ReduceMin, ReduceSum  # noqa: E402
from triton_viz.frontends.triton import TRITON_FRONTEND  # noqa: E402
from z3 import And, Int, Not, Or, Solver, simplify  # noqa: E402

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
            expression = load(*arguments)  # the check of its address is here
            value = SymbolicExpr.create("const", unknown("loaded"), expression.dtype)
            if expression.dtype.is_int():
                value.z3, value.constraints = self.index(expression)
            return value

        if op_type in (Load, RawLoad):
            callbacks.op_overrider = loaded
        return callbacks

    def index(self, expression):
        """Return an unknown between the bounds of a tensor of integers, or what is put for them."""
        base = self._collect_tensor_base(expression)
        tensor = next(one for one in self.tensors if one.data_ptr() == base)
        index, (least, most) = unknown("index"), (int(one) for one in tensor.aminmax())
        other = 0 if expression.other is None else expression.other.eval()[0]
        others = other if isinstance(other, list) else [other]
        inside = And(index >= least, index <= most)
        return index, Or(inside, *(index == one for one in others))

    def register_for_loop_callback(self):
        def loop(iterable, line, kind, arguments, options, callable_):
            return None if kind == "tl_static_range" else self.turn(*arguments)

        return ForLoopCallbacks(range_wrapper_factory=loop)

    def turn(self, *bounds):
        """Yield the index of a loop once, an unknown between its bounds, themselves unknown."""
        start, stop, step = {1: (0, *bounds, 1), 2: (*bounds, 1), 3: bounds}[len(bounds)]
        index = unknown("turn")
        self.solver.push()
        (first, of_first), (end, of_end) = (value_of(one) for one in (start, stop))
        self.solver.add(first <= index, index < end, (index - first) % value_of(step)[0] == 0)
        self.solver.add(*(one for one in (of_first, of_end) if one is not None))
        yield tl.tensor(SymbolicExpr.create("const", index, tl.int32), tl.int32)
        self.solver.pop()


def value_of(bound):
    """Return a bound of a loop as the solver knows it, and what is known of it."""
    return SymbolicExpr.from_value(getattr(bound, "value", bound)).eval()


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


def shaped(call):
    """Return what PatchOp does, with the shape that a sum over an axis has."""

    def reduced(self, *arguments, **options):
        found = call(self, *arguments, **options)
        if self.op_type in (ReduceMax, ReduceMin, ReduceSum):
            shape = shape_after(*arguments[:3], **options)
            kind = arguments[0].dtype
            found = tl.tensor(found.handle, tl.block_type(kind, shape) if shape else kind)
        return found

    return reduced


def shape_after(tile, axis=None, keep_dims=False, **_):
    """Return the shape of a tile's sum over an axis, or over all."""
    shape = [getattr(n, "value", n) for n in tile.shape]
    axes = range(len(shape)) if axis is None else [int(axis) % len(shape)]
    kept = [1 if place in axes else n for place, n in enumerate(shape)]
    return kept if keep_dims else [n for place, n in enumerate(kept) if place not in axes]


def shifted(by):
    """Return how the solver shifts by a constant: times or over a power of two."""

    def shift(self, left, right):
        return self._apply_binop(lambda a, b: by(a, 1 << simplify(b).as_long()), left, right)

    return shift


BinarySymbolicExpr._Z3_BUILDERS |= {
    "ashr": shifted(lambda a, power: a / power),  # of integers, downwards
    "right_shift": shifted(lambda a, power: a / power),
    "left_shift": shifted(lambda a, power: a * power),
}
# Loops of device functions look for it where they are defined.
builtins._triton_viz_loop_patcher = patch._loop_patcher
patch.PatchOp.__call__ = shaped(patch.PatchOp.__call__)
TRITON_FRONTEND.namespaces[tl].pop("trans")  # by create_trans below, which keeps shapes
ArangeSymbolicExpr._to_z3_impl = row_of
report._FRAMEWORK_PATHS.append(__file__)  # what it shows is the line of the kernel
let_pass("create_trans", 1)
let_pass("create_split", 2)
let_pass("create_gather", 1)


@contextmanager
def sanitized(kernels: Collection[str]) -> Iterator[None]:
    """Let kernels, by "module.name", be asked about when they are launched, by whatever module.

    They compute nothing meanwhile. Who reaches beyond a tensor is told, and ends the process.
    """
    known = [
        (module, name, value)
        for module in list(sys.modules.values())
        for name, value in list(getattr(module, "__dict__", {}).items())
        if isinstance(value, InterpretedFunction) and name_of(value) in kernels
    ]
    traces = {id(value): trace(Sanitizer())(value) for _, _, value in known}
    for module, name, value in known:
        setattr(module, name, traces[id(value)])
    try:
        yield
    finally:
        for module, name, value in known:
            setattr(module, name, value)


def name_of(function):
    """Return "module.name" of a kernel, without the package."""
    return f"{function.fn.__module__.rpartition('.')[2]}.{function.__name__}"
