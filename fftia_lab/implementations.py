"""The one table of implementations, read by tests, benchmarks and the book.

Targets are strings, so that reading the table imports nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any


@dataclass(frozen=True)
class Implementation:
    """One way to compute something, and what it must agree with.

    Args:
        target: "module:function" of this implementation.
        oracle: "module:function" that gives the right answer for the same arguments.
        device: where it runs, "cpu", "cuda" or "any".
        powers_of_two: whether it takes only such lengths.
        longest: above this length nobody should wait for it, and a benchmark leaves it out.
        does: what it can do beyond the least that its kind must.
    """

    target: str
    oracle: str
    device: str = "cpu"
    powers_of_two: bool = True
    longest: int | None = None
    does: frozenset[str] = frozenset()

    def load(self) -> Callable[..., Any]:
        """Import and return the implementation."""
        return load(self.target)

    def load_oracle(self) -> Callable[..., Any]:
        """Import and return the oracle."""
        return load(self.oracle)


def load(target: str) -> Callable[..., Any]:
    """Return the function that "module:function" names.

    Raises:
        ValueError: if the target is no such text.
        ModuleNotFoundError: if there is no such module.
        AttributeError: if the module has no such function.

    >>> load("fftia_lab.schedule:bit_reversal")(4)
    array([0, 2, 1, 3])
    """
    module, colon, name = target.partition(":") if isinstance(target, str) else ("", "", "")
    if not (module and colon and name):
        raise ValueError(f'a target is "module:function"; got {target!r}')
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


NUMPY_FFT = "numpy.fft:fft"
NUMPY_RFFT = "numpy.fft:rfft"

TRANSFORMS: dict[str, Implementation] = {
    "dft": Implementation(
        "fftia_lab.transform:dft", NUMPY_FFT, powers_of_two=False, longest=1 << 11
    ),
    "fft_iterative": Implementation("fftia_lab.transform:fft_iterative", NUMPY_FFT),
    "fft_recursive": Implementation(
        "fftia_lab.transform:fft_recursive", NUMPY_FFT, longest=1 << 15
    ),
    "fft_four_step": Implementation("fftia_lab.transform:fft_four_step", NUMPY_FFT),
    "fft": Implementation("fftia_lab.transform:fft", NUMPY_FFT, powers_of_two=False),
    "fft_stockham": Implementation("fftia_lab.transform:fft_stockham", NUMPY_FFT),
}

REAL_TRANSFORMS: dict[str, Implementation] = {
    "rfft": Implementation("fftia_lab.transform:rfft", NUMPY_RFFT, powers_of_two=False),
}

MIX_HEADS, DROPOUT, GATES = "weights across heads", "dropout", "gates"
TRANSFORMS_OF_TORCH = "torch.func and forward mode"
WIDE, OTHER_WIRINGS = "more than two that meet", "wirings that are no butterfly"
DOUBLE = "float64"


def _attention(target: str, *does: str, device: str = "any") -> Implementation:
    return Implementation(
        f"fftia_lab.{target}:attend",
        "fftia_lab.attention.reference:butterfly_attention",
        device=device,
        powers_of_two=False,
        does=frozenset(does),
    )


def _in_pytorch(module: str, *does: str) -> Implementation:
    return _attention(f"attention.backends.{module}", DOUBLE, *does)


# Backends of fftia_lab.attention.butterfly_attention. A target takes a `Job`, and its oracle the
# arrays of that job.
ATTENTION: dict[str, Implementation] = {
    "eager": _in_pytorch("eager", OTHER_WIRINGS),
    "plain": _in_pytorch("plain", MIX_HEADS, DROPOUT, GATES, TRANSFORMS_OF_TORCH, OTHER_WIRINGS),
    "blocks": _in_pytorch("blocks", MIX_HEADS, DROPOUT, WIDE),
    "compiled": _in_pytorch("compiled", OTHER_WIRINGS),
    "literal": _in_pytorch("literal", MIX_HEADS, GATES, TRANSFORMS_OF_TORCH, OTHER_WIRINGS, WIDE),
    "triton": _attention("kernels.attend", MIX_HEADS, OTHER_WIRINGS, device="cuda"),
}


def _convolution(name: str, longest: int | None = None) -> Implementation:
    return Implementation(
        f"fftia_lab.mixing.convolution:{name}",
        "fftia_lab.mixing.reference:causal_convolution",
        device="any",
        powers_of_two=False,
        longest=longest,
    )


# Methods of fftia_lab.mixing.causal_convolution.
CONVOLUTIONS: dict[str, Implementation] = {
    "fft": _convolution("by_fft"),
    "direct": _convolution("by_taps"),
    "blocks": _convolution("by_blocks", longest=1 << 8),  # taps: it holds their square
}
