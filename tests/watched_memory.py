"""Every address of every program, watched in Triton's interpreter, which runs them one by one.

Two things a GPU does not forgive and the interpreter does not notice: an address beyond the tensor,
and programs that meet in memory, one storing where another loads or stores. Programs of a launch
run in any order on a GPU, so the second is a race even if all comes out right here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from triton.runtime.interpreter import GridExecutor, interpreter_builder

BUILDER = type(interpreter_builder)


class Launch:
    """What the programs of one launch touch.

    Args:
        tensors: its arguments.
    """

    def __init__(self, tensors):
        spans = {}
        for one in tensors:
            reach = sum((n - 1) * s for n, s in zip(one.shape, one.stride(), strict=True))
            end = one.data_ptr() + (reach + 1) * one.element_size() if one.numel() else 0
            spans[one.data_ptr()] = max(end, spans.get(one.data_ptr(), 0))
        self.spans = sorted(spans.items())
        self.touched = {"loads": defaultdict(list), "stores": defaultdict(list)}

    def touch(self, kind, pointers, mask):
        """Note the addresses that a program touches, and refuse those outside."""
        active = np.broadcast_to(mask.data.astype(bool), pointers.data.shape)
        addresses = np.unique(pointers.data[active])
        if not addresses.size:
            return
        width = pointers.get_element_ty().primitive_bitwidth // 8
        first, last = int(addresses[0]), int(addresses[-1]) + width
        base = next((b for b, end in self.spans if b <= first and last <= end), None)
        if base is None:
            where = ", ".join(f"[{b}, {end})" for b, end in self.spans)
            raise AssertionError(f"a program {kind} [{first}, {last}); tensors are {where}")
        self.touched[kind][base].append((program(), addresses))

    def check(self):
        """Refuse programs that meet in memory."""
        for base, parts in self.touched["stores"].items():
            stored, owners = joined(parts)
            twice = (stored[1:] == stored[:-1]) & (owners[1:] != owners[:-1])
            if twice.any():
                raise AssertionError(f"two programs store at {stored[1:][twice][0] - base}: a race")
            loaded, readers = joined(self.touched["loads"].get(base, []))
            place = np.searchsorted(stored, loaded).clip(max=len(stored) - 1)
            meets = (stored[place] == loaded) & (owners[place] != readers)
            if meets.any():
                at = loaded[meets][0] - base
                raise AssertionError(f"a program loads at {at} where another stores: a race")


def program():
    """Return the number of the program that runs."""
    x, y, z = interpreter_builder.grid_idx
    _, ny, nz = interpreter_builder.grid_dim
    return (x * ny + y) * nz + z


def joined(parts):
    """Return all addresses in order, and beside each the program that touches it."""
    if not parts:
        return np.zeros(0, np.uint64), np.zeros(0, int)
    addresses = np.concatenate([one for _, one in parts])
    owners = np.concatenate([np.full(one.size, who) for who, one in parts])
    order = np.lexsort((owners, addresses))
    return addresses[order], owners[order]


@contextmanager
def watched() -> Iterator[None]:
    """Watch all launches: an AssertionError tells of the first that must not be.

    Raised inside a program it reaches the caller as an InterpreterError that quotes it.
    """
    launches = []
    run, prepare = GridExecutor.__call__, GridExecutor._init_args_hst
    load, store = BUILDER.create_masked_load, BUILDER.create_masked_store

    def watched_run(self, *args, **kwargs):
        launches.append(None)
        try:
            run(self, *args, **kwargs)
            launches[-1].check()
        finally:
            launches.pop()

    def watched_prepare(self, args, kwargs):
        args, kwargs = prepare(self, args, kwargs)
        given = (*args, *kwargs.values())
        launches[-1] = Launch([one for one in given if hasattr(one, "data_ptr")])
        return args, kwargs

    def watched_load(self, pointers, mask, *rest):
        launches[-1].touch("loads", pointers, mask)
        return load(self, pointers, mask, *rest)

    def watched_store(self, pointers, value, mask, *rest):
        launches[-1].touch("stores", pointers, mask)
        return store(self, pointers, value, mask, *rest)

    GridExecutor.__call__, GridExecutor._init_args_hst = watched_run, watched_prepare
    BUILDER.create_masked_load, BUILDER.create_masked_store = watched_load, watched_store
    try:
        yield
    finally:
        GridExecutor.__call__, GridExecutor._init_args_hst = run, prepare
        BUILDER.create_masked_load, BUILDER.create_masked_store = load, store
