"""What a kernel ships: each launch that a device may see, as the compiler must know it.

A kernel's module declares them in a function `shipped()`; `compilation` compiles every one of them
for every GPU that it names, on machines without any. A host function launches by the same object,
so what was compiled and what runs cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any


@dataclass(frozen=True)
class Target:
    """A generation of GPUs: its compute capability times ten, devices, and bytes of shared memory.

    Args:
        capability: what follows `sm_`.
        devices: a few that have it.
        shared: the most that one program may have (CUDA C++ Programming Guide, table of technical
            specifications per compute capability).
    """

    capability: int
    devices: str
    shared: int


PACKAGE = "fftia_lab.kernels"
KIB = 1024
TARGETS: dict[int, Target] = {
    target.capability: target
    for target in (
        Target(75, "T4", 64 * KIB),
        Target(80, "A100", 163 * KIB),
        Target(86, "A10, RTX 30", 99 * KIB),
        Target(89, "L4, RTX 40", 99 * KIB),
        Target(90, "H100, H200", 227 * KIB),
        Target(100, "B200", 227 * KIB),
    )
}
# Where Triton uses tensor cores; below, `tl.dot` becomes ordinary multiplications.
MODERN = (80, 86, 89, 90, 100)
POINTERS = {"float32": "*fp32", "float16": "*fp16", "bfloat16": "*bf16", "bool": "*i1"}


@dataclass(frozen=True)
class Configuration:
    """One launch of one kernel, without its data.

    Args:
        name: what tells it from the module's others, in words of the table:
            "forward, tile 128, head_dim 64, bfloat16".
        function: the `@triton.jit` function.
        types: argument -> its type as Triton writes it ("*bf16", "*i1", "i32", "fp32"), of every
            argument that is no `tl.constexpr`; see `POINTERS`. "i32:16" is a number that 16
            divides, which Triton sees when it launches.
        constants: `tl.constexpr` argument -> its value on a device; an argument that is None at
            the launch belongs here too.
        warps: of a program, 32 threads each.
        pipeline: Triton's `num_stages`, of loops over memory.
        registers: how many a thread may take; 0 leaves it to the compiler, which may spill a few
            so that more programs fit a multiprocessor.
        targets: the capabilities that it is shipped for; every one is compiled.
        token_stages: tokens of a program times the stages it takes them through, where the
            compiled text runs each instruction once (no loops that stay loops); else 0, and
            the table gives no instructions per token-stage.
        tensor_cores: whether the compiled text must use them; else it must not, since they would
            round what is to be exact.

    Raises:
        ValueError: if types and constants are not the function's arguments, each once, or a target
            is unknown.
    """

    name: str
    function: Any
    types: Mapping[str, str]
    constants: Mapping[str, Any] = field(default_factory=dict)
    warps: int = 4
    pipeline: int = 1
    registers: int = 0
    targets: tuple[int, ...] = MODERN
    token_stages: int = 0
    tensor_cores: bool = True

    def __post_init__(self) -> None:
        given, wanted = [*self.types, *self.constants], list(self.function.arg_names)
        if sorted(given) != sorted(wanted):
            odd = set(wanted) ^ set(given) or {name for name in given if given.count(name) > 1}
            raise ValueError(
                f"{self.name}: types and constants must name each of the kernel's arguments "
                f"({', '.join(wanted)}) once; compare {', '.join(sorted(odd))}"
            )
        unknown = sorted(set(self.targets) - set(TARGETS))
        if unknown or not self.targets:
            raise ValueError(
                f"{self.name}: targets must be some of {', '.join(map(str, TARGETS))}; "
                f"got {unknown or 'none'}"
            )

    def signature(self) -> dict[str, str]:
        """Return argument -> type in the kernel's order, "constexpr" for constants."""
        kinds = ((name, self.types.get(name, "constexpr")) for name in self.function.arg_names)
        return {name: kind.removesuffix(":16") for name, kind in kinds}

    def options(self) -> dict[str, int]:
        """Return what the compiler is told beside types and constants."""
        found = {"num_warps": self.warps, "num_stages": self.pipeline}
        return found | ({"maxnreg": self.registers} if self.registers else {})

    def launch(self, grid: tuple[int, ...], **arguments: Any) -> None:
        """Run the kernel on tensors and numbers: the arguments that `types` names."""
        self.function[grid](**arguments, **self.constants, **self.options())


def declared() -> dict[str, tuple[Configuration, ...]]:
    """Return module -> its shipped configurations, of every module of kernels that has `shipped`.

    Raises:
        ValueError: if two configurations of a module have one name.
    """
    places = import_module(PACKAGE).__path__
    names = sorted(f"{PACKAGE}.{one.name}" for one in iter_modules(places))
    ships = (
        n for n in names if not n.endswith("__main__") and hasattr(import_module(n), "shipped")
    )
    return {name: configurations(name) for name in ships}


def configurations(module: str) -> tuple[Configuration, ...]:
    """Return what one module ships, by its full name.

    Raises:
        ValueError: if two configurations have one name.
    """
    shipped = tuple(import_module(module).shipped())
    names = [one.name for one in shipped]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{module}.shipped() gives one name to two configurations: {twice[0]}")
    return shipped
