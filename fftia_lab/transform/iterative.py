"""The Cooley-Tukey FFT as log2 N stages over one schedule, in decimation in time or in frequency.

Leaves out every length that is no power of two. Notebook: 03-the-butterfly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..arguments import as_integer
from ..schedule import ButterflySchedule
from .reference import Complexes, as_complex, twiddles

DECIMATIONS = ("time", "frequency")


def check_decimation(decimation: str) -> None:
    """Refuse anything but "time" and "frequency"."""
    if not isinstance(decimation, str) or decimation not in DECIMATIONS:
        raise ValueError(f'decimation must be "time" or "frequency"; got {decimation!r}')


def check_power_of_two(size: int) -> None:
    """Refuse a number of samples that radix-2 stages cannot halve to one."""
    if size < 1 or size & (size - 1):
        raise ValueError(
            f"a radix-2 FFT needs a power of two of samples; got {size}. fft takes any length"
        )


def fft_stage(x: ArrayLike, stride: int, decimation: str = "time") -> Complexes:
    """Return x after one stage of butterflies between positions `stride` apart.

    time:       (a, b) becomes (a + w b, a - w b);
    frequency:  (a, b) becomes (a + b, (a - b) w),
    with w = e^{-2πi k/(2·stride)} for the k-th pair of a group.

    Args:
        x: numbers of shape (..., N), N a multiple of 2·stride.
        stride: distance between partners, at least 1.
        decimation: "time" or "frequency".

    Returns:
        complex array of the shape of x.

    Raises:
        TypeError: if x does not hold numbers or stride is not an integer.
        ValueError: if N is no multiple of 2·stride, or the decimation is unknown.

    >>> fft_stage([1.0, 2.0, 3.0, 4.0], stride=1).real
    array([ 3., -1.,  7., -1.])
    """
    check_decimation(decimation)
    x = as_complex(x)
    stride = as_integer("stride", stride)
    if stride < 1 or x.shape[-1] % (2 * stride):
        raise ValueError(f"{x.shape[-1]} samples do not split into pairs at stride {stride}")
    groups = x.reshape(*x.shape[:-1], x.shape[-1] // (2 * stride), 2, stride)
    a, b = groups[..., 0, :], groups[..., 1, :]
    twiddle = twiddles(2 * stride).astype(x.dtype)
    if decimation == "time":
        outputs = (a + twiddle * b, a - twiddle * b)
    else:
        outputs = (a + b, (a - b) * twiddle)
    return np.stack(outputs, axis=-2).reshape(x.shape)


def fft_iterative(x: ArrayLike, decimation: str = "time") -> Complexes:
    """Return the discrete Fourier transform along the last axis in log2 N stages.

    In time, the samples are sorted by reversed binary index first and the strides grow 1, 2, 4 …;
    in frequency, the strides shrink and the spectrum is sorted last. N/2·log2 N multiplications.

    Args:
        x: numbers of shape (..., N), N a power of two.
        decimation: "time" or "frequency".

    Returns:
        complex array of the shape of x; complex64 for half or single precision, else complex128.

    Raises:
        TypeError: if x does not hold numbers.
        ValueError: if N is no power of two, or the decimation is unknown.

    Source: Cooley and Tukey (1965), doi:10.1090/S0025-5718-1965-0178586-1.

    >>> fft_iterative([0.0, 1.0, 0.0, 0.0]).round(3) + 0
    array([ 1.+0.j,  0.-1.j, -1.+0.j,  0.+1.j])
    """
    check_decimation(decimation)
    x = as_complex(x)
    check_power_of_two(x.shape[-1])
    schedule = ButterflySchedule(x.shape[-1], decreasing=decimation == "frequency")
    order = schedule.bit_reversal()
    if decimation == "time":
        x = x[..., order]
    for stride in schedule.strides:
        x = fft_stage(x, stride, decimation)
    return x[..., order] if decimation == "frequency" else x
