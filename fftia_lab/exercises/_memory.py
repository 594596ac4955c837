"""Memory for a reader's Triton kernel: room around every tensor, and a note of who touches what.

Notes exist where Triton interprets, for every address goes through NumPy there: what lies outside
is noted and left alone. On a GPU there is the room alone, and whether a store has changed it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._trial import attempt
from ._verdict import Verdict

ROOM = 4096  # numbers before and behind a tensor


class Access(NamedTuple):
    """That a program touched a place of a tensor, which may lie before or behind it."""

    program: int
    stores: bool
    tensor: str  # "" far from all of them
    place: int


@dataclass
class Memory:
    """Tensors by name in a kernel's order, and what its programs did with them.

    Args:
        given: NumPy arrays of one axis; bool ones become int8.
        device: where the tensors lie.
    """

    given: dict[str, NDArray[Any]]
    device: str
    notes: list[Access] = field(default_factory=list)

    def __post_init__(self) -> None:
        import torch

        self.buffers, self.tensors = {}, []
        for name, values in self.given.items():
            plain = values.astype(np.int8) if values.dtype == bool else values
            around = np.full(ROOM, 99 if plain.dtype.kind == "i" else np.nan, plain.dtype)
            joined = torch.tensor(np.concatenate([around, plain, around]), device=self.device)
            self.buffers[name] = joined
            self.tensors.append(joined[ROOM : ROOM + len(values)])

    def __getitem__(self, name: str) -> NDArray[Any]:
        """Return what a tensor holds now."""
        found: NDArray[Any] = self.buffers[name].cpu().numpy()[ROOM:-ROOM]
        return found

    def length(self, name: str) -> int:
        """Return the number of places of a tensor."""
        return len(self.given[name])

    def outside(self) -> Access | None:
        """Return the first access outside all tensors, if anybody noticed."""
        for one in self.notes:
            if not one.tensor or not 0 <= one.place < self.length(one.tensor):
                return one
        for name, buffer in self.buffers.items():
            held = buffer.cpu().numpy()
            around = np.concatenate([held[:ROOM], held[-ROOM:]])
            changed = np.flatnonzero(around == around if held.dtype.kind == "f" else around != 99)
            if len(changed):
                place = int(changed[0])
                beyond = place - ROOM if place < ROOM else place - ROOM + self.length(name)
                return Access(0, True, name, beyond)
        return None

    def race(self) -> tuple[Access, Access] | None:
        """Return a store and another program's access to the same place, if anybody noticed."""
        stores: dict[tuple[str, int], Access] = {}
        for one in self.notes:
            if one.stores:
                stores.setdefault((one.tensor, one.place), one)
        for other in self.notes:
            store = stores.get((other.tensor, other.place))
            if store and store.program != other.program:
                return store, other
        return None

    def read(self, name: str) -> set[int]:
        """Return which places of a tensor were read."""
        return {one.place for one in self.notes if one.tensor == name and not one.stores}

    def note(self, addresses: Any, mask: Any, stores: bool, program: int) -> NDArray[np.bool_]:
        """Write down who touches what; return which addresses may be touched."""
        allowed = np.zeros(np.shape(addresses), dtype=bool)
        for index in np.argwhere(np.broadcast_to(mask, np.shape(addresses))):
            where = tuple(index)
            tensor, place = self._find(int(np.asarray(addresses)[where]))
            self.notes.append(Access(program, stores, tensor, place))
            allowed[where] = tensor != "" and 0 <= place < self.length(tensor)
        return allowed

    def _find(self, address: int) -> tuple[str, int]:
        for name, buffer in self.buffers.items():
            place, rest = divmod(address - buffer.data_ptr(), buffer.element_size())
            if rest == 0 and 0 <= place < len(buffer):
                return name, place - ROOM
        return "", 0


@dataclass
class _Noting:
    """The module through which Triton's interpreter reads and writes, with notes."""

    module: Any
    builder: Any
    memory: Memory

    def __getattr__(self, name: str) -> Any:
        return getattr(self.module, name)

    def load(self, addresses: Any, mask: Any, *more: Any) -> Any:
        allowed = self.memory.note(addresses, mask, False, self.builder.grid_idx[0])
        return self.module.load(addresses, allowed, *more)

    def store(self, addresses: Any, values: Any, mask: Any) -> Any:
        allowed = self.memory.note(addresses, mask, True, self.builder.grid_idx[0])
        return self.module.store(addresses, values, allowed)


@contextmanager
def _noted(memory: Memory) -> Iterator[None]:
    """Let Triton's interpreter write notes, where it is built as we know it."""
    from triton.runtime import interpreter

    before = getattr(interpreter, "_interpreter", None)
    if memory.device != "cpu" or before is None:
        yield
        return
    interpreter._interpreter = _Noting(before, interpreter.interpreter_builder, memory)
    try:
        yield
    finally:
        interpreter._interpreter = before


@dataclass
class _Launch:
    """A launch that `attempt` can call; `func` is where it looks for the reader's lines."""

    kernel: Any
    grid: int
    memory: Memory
    numbers: Sequence[int]
    constants: dict[str, int]

    @property
    def func(self) -> Any:
        return self.kernel.fn

    def __call__(self) -> bool:
        try:
            with _noted(self.memory):
                self.kernel[(self.grid,)](*self.memory.tensors, *self.numbers, **self.constants)
            _ = [self.memory[name] for name in self.memory.given]  # a GPU answers late
        except Exception as error:
            raise plain(error) from None
        return True


def plain(error: Exception) -> Exception:
    """Return what stopped a kernel: the interpreter wraps it, a compiler quotes the code first."""
    if type(error).__name__ == "InterpreterError" and isinstance(error.__cause__, Exception):
        return error.__cause__
    if type(error).__name__ == "CompilationError":
        return ValueError(str(error).strip().splitlines()[-1])
    return error


def launch(
    kernel: Any,
    grid: int,
    given: dict[str, NDArray[Any]],
    *numbers: int,
    **constants: int,
) -> Memory | Verdict:
    """Run a reader's kernel on fresh memory; return the memory, or a Verdict about its fall.

    Args:
        kernel: the reader's kernel, with tensors, then numbers, then constants as arguments.
        grid: how many programs there are.
        given: what the tensors hold.
        numbers: the arguments that are no tensors.
        constants: those that a kernel is compiled for.
    """
    if not (hasattr(kernel, "fn") and hasattr(kernel, "__getitem__")):
        return Verdict(False, "A kernel begins with the line @triton.jit, above its def.")
    import torch

    interpreted = type(kernel).__name__ == "InterpretedFunction"
    if not interpreted and not torch.cuda.is_available():
        return Verdict(
            False,
            "There is no GPU, and Triton does not interpret: restart, and set TRITON_INTERPRET=1 "
            "before it is imported.",
        )
    memory = Memory(given, "cpu" if interpreted else "cuda")
    fell = attempt(_Launch(kernel, grid, memory, numbers, constants), ())
    return fell if isinstance(fell, Verdict) else memory
