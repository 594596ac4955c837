"""What each launch of spectral mixing is: how long a transform, how much of it on chip."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from .configuration import MODERN, POINTERS, Configuration
from .digits import fine_of, stages_of
from .spectral_kernels import columns_in, columns_out, mix, rows
from .spectral_weights import spectra, spectra_of_rows

SHORTEST = 64  # a transform has two digits at least
LONGEST = 1 << 22
HELD = 1 << 13  # complex numbers that a program holds …
ROOMY = {90}  # … or twice as many, where the compiler finds registers for them (`Kind.most`)
WIDEST = 64  # channels of a program
LEAST_BYTES = 8  # that a program reads side by side: README.md, "One launch or three"
BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}


@dataclass(frozen=True)
class Form:
    """What is transformed: N numbers, in rows that are complex where tokens are real.

    Args:
        size: N, a power of two.
        paired: two rows of the batch at a time, and a circular filter; else one row, turned by a
            quarter turn on its way, and a causal filter.
        periodic: whether all tokens stand there twice, because N is not how many there are.
    """

    size: int
    paired: bool
    periodic: bool = False

    @classmethod
    def circular(cls, n: int) -> Form:
        """Return the form of a circular filter over n tokens.

        >>> Form.circular(64).size, Form.circular(48).size
        (64, 128)
        """
        if n >= SHORTEST and n & (n - 1) == 0:
            return cls(n, paired=True)
        return cls(_power(2 * n), paired=True, periodic=True)

    @classmethod
    def causal(cls, n: int) -> Form:
        """Return the form of a causal filter over n tokens.

        >>> Form.causal(48).size
        64
        """
        return cls(_power(n), paired=False)

    def rows(self, batch: int) -> int:
        """Return how many complex rows a batch has."""
        return -(-batch // 2) if self.paired else batch


def _power(n: int) -> int:
    """Return the power of two that is at least n, and at least one digit."""
    return max(SHORTEST, 1 << (n - 1).bit_length())


@dataclass(frozen=True)
class Kind:
    """What the kernels of one call have in common.

    Args:
        form: what is transformed.
        channels: of the signal.
        dtype: of the signal, "float32", "float16" or "bfloat16".
        tokens_adjoin: whether tokens, and not channels, lie beside each other in memory.
        capability: of the GPU, as in `Configuration`.
    """

    form: Form
    channels: int
    dtype: str
    tokens_adjoin: bool = False
    capability: int = 90

    @property
    def most(self) -> int:
        """How many complex numbers a program of `mix` can hold at all; with more, it spills."""
        twice = not self.form.periodic and self.form.size <= 1 << 12
        return 2 * HELD if twice and self.capability in ROOMY else HELD

    @property
    def grid(self) -> tuple[int, int]:
        """How long a column and a row of the grid are; (N, 1) where one launch does."""
        size = self.form.size
        beside = BYTES[self.dtype] * (size if self.tokens_adjoin else self.most // size)
        if size <= self.most and beside >= LEAST_BYTES:
            return size, 1
        first = 1 << (size.bit_length() - 1) // 2
        return first, size // first

    def size(self, function: Any) -> int:
        """Return how many numbers a lane of a kernel has."""
        return self.grid[1 if function in (rows, spectra_of_rows) else 0]

    def lanes(self, function: Any) -> int:
        """Return how many channels a program of a kernel takes."""
        size, all_of_them = self.size(function), 1 << (self.channels - 1).bit_length()
        few = HELD // size * BYTES[self.dtype] < LEAST_BYTES
        most = self.most if few and function is mix else HELD
        return max(min(WIDEST, most // size, all_of_them), SHORTEST // size)

    def blocks(self, function: Any) -> int:
        """Return how many programs share the channels."""
        return -(-self.channels // self.lanes(function))

    def lines(self, function: Any) -> int:
        """Return how many columns or rows of the grid a row of the batch has in a kernel."""
        return self.form.size // self.size(function)

    def configure(
        self, function: Any, strided: Collection[str] = (), **flags: bool
    ) -> Configuration:
        """Return a launch of one of the kernels.

        Args:
            function: the kernel.
            strided: those of its arguments `*_channel` that are not 1.
            flags: its constants that the form does not say.
        """
        size, lanes, names = self.size(function), self.lanes(function), function.arg_names
        order = 4 * self.form.size
        fine = order if self.grid[1] == 1 else fine_of(order)
        constants: dict[str, Any] = {
            **dict(zip(("FIRST", "SECOND"), self.grid, strict=True)),
            **dict(N=size, C=lanes, KEPT=min(lanes, size * lanes // SHORTEST)),
            **dict(STAGES=stages_of(size)),
            **dict(FINE=fine, COARSE=order // fine),
            **dict(PAIRED=self.form.paired, HALF=self.form.paired),
            **flags,
            **{name: 1 for name in names if name.endswith("_channel") and name not in strided},
        }
        constants = {name: value for name, value in constants.items() if name in names}
        types = {name: self.type_of(name) for name in names if name not in constants}
        form = "circular" if self.form.paired else "causal"
        label = f"{function.__name__}, {form}, {self.form.size} tokens, {lanes} channels"
        label = ", ".join([label, self.dtype, *(name for name in flags if flags[name])])
        warps = max(1, min(16, size * lanes // 512))
        targets = tuple(one for one in MODERN if one in ROOMY or size * lanes <= HELD)
        return Configuration(
            *(label, function, types, constants),
            warps=warps,
            targets=targets,
            tensor_cores=False,
        )

    def type_of(self, name: str) -> str:
        """Return the type of an argument as Triton writes it."""
        if name in ("x", "y", "gradient"):
            return POINTERS[self.dtype]
        if name in ("work", "work_of_gradient", "spectrum", "table", "tables", "products"):
            return POINTERS["float32"]
        return "i64" if name.startswith("plane") else "i32"


def shipped() -> list[Configuration]:
    """Return launches that a user can get: each kernel and type, where it holds most."""
    found, n = [], 1 << 12
    for dtype in BYTES:
        for form in (Form.circular(n), Form.causal(n)):
            found.append(Kind(form, 1024, dtype).configure(mix, PERIODIC=False, CONJUGATE=False))
        causal = Kind(Form.causal(n), 1024, dtype)
        found.append(causal.configure(spectra, PERIODIC=False, MULTIPLY=True))
        long = Kind(Form.causal(1 << 14), 1024, dtype)
        found += [long.configure(columns_in, PERIODIC=False), long.configure(columns_out)]
    found += [long.configure(rows, CONJUGATE=False), long.configure(spectra_of_rows, MULTIPLY=True)]
    for form in (Form.circular(1 << 11), Form.causal(1 << 11)):  # on older GPUs too
        found.append(
            Kind(form, 1024, dtype, capability=80).configure(mix, PERIODIC=False, CONJUGATE=False)
        )
    periodic, adjoin = Kind(Form.circular(1000), 1024, dtype), ("x_channel", "y_channel")
    found.append(periodic.configure(mix, PERIODIC=True, CONJUGATE=False))
    beside = Kind(Form.circular(1 << 13), 1024, dtype, tokens_adjoin=True)
    found.append(beside.configure(mix, adjoin, PERIODIC=False, CONJUGATE=True))
    return found
