"""How fast devices can be: GPUs as their datasheets give them, machines as a run found them.

A datasheet says what no run can beat. What a run takes is measured, or not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HALF, SINGLE = 2, 4  # bytes of a number


@dataclass(frozen=True)
class Device:
    """A GPU on paper.

    Args:
        name: what it is called here.
        form: the version that the numbers belong to.
        capability: its compute capability times ten.
        bandwidth: bytes a second that its memory reads or writes.
        cache: bytes of its L2 cache, which may keep what one launch writes for the next.
        products: operations a second of 16-bit matrix products on tensor cores, two for each
            multiply-add, without sparsity.
        single: the same in float32, which tensor cores would round.
        source: the datasheet; caches are those of NVIDIA's architecture papers.

    >>> DEVICES["H200"].floor(4_800_000_000)
    0.001
    """

    name: str
    form: str
    capability: int
    bandwidth: float
    cache: int
    products: float
    single: float
    source: str

    def floor(self, moved: float) -> float:
        """Return the seconds that so many bytes take at the least, if all of them go to memory."""
        return moved / self.bandwidth

    def rate(self, width: int) -> float:
        """Return the operations a second of products of numbers of `width` bytes, 2 or 4.

        Raises:
            LookupError: if the sheet has no such products here.

        >>> DEVICES["T4"].rate(2), DEVICES["T4"].rate(4)
        (65000000000000.0, 8100000000000.0)
        """
        return _rate({HALF: self.products, SINGLE: self.single}, width, self.name)

    def bandwidth_for(self, held: float) -> float:
        """Return the bytes a second of its memory: a sheet tells none of its cache."""
        return self.bandwidth


@dataclass(frozen=True)
class Measured:
    """A machine as a recorded run found it.

    Args:
        name: what the record calls it.
        date: when it was measured.
        products: bytes of a number -> operations a second of its fastest large product.
        copies: (bytes that a copy reads and writes, bytes a second), smallest first.

    >>> slow_memory = Measured("A", "2026-11-29", {4: 1e11}, ((1e5, 6e10), (1e9, 1e10)))
    >>> slow_memory.bandwidth_for(1e4), slow_memory.bandwidth_for(1e6)
    (60000000000.0, 10000000000.0)
    """

    name: str
    date: str
    products: Mapping[int, float]
    copies: tuple[tuple[float, float], ...]

    def rate(self, width: int) -> float:
        """Return the operations a second of products of numbers of `width` bytes.

        Raises:
            LookupError: if none was measured.
        """
        return _rate(self.products, width, self.name)

    def bandwidth_for(self, held: float) -> float:
        """Return the fastest of the copies that move at least so many bytes, or the largest's."""
        rates = [rate for moved, rate in self.copies if moved >= held]
        return max(rates) if rates else self.copies[-1][1]


def _rate(rates: Mapping[int, float], width: int, name: str) -> float:
    if width not in rates:
        known = ", ".join(map(str, sorted(rates)))
        raise LookupError(f"products of {width}-byte numbers are not known of {name}; of {known}")
    return rates[width]


NVIDIA = "https://www.nvidia.com"
CENTRE = f"{NVIDIA}/content/dam/en-zz/Solutions/Data-Center"
# The sheets of L4, H100 and H200 give 16-bit products with sparsity, twice these.
DEVICES: dict[str, Device] = {
    device.name: device
    for device in (
        Device(
            name="T4",
            form="PCIe, 16 GB; 16-bit is float16",
            capability=75,
            bandwidth=320e9,
            cache=4_000_000,
            products=65e12,
            single=8.1e12,
            source=f"{CENTRE}/tesla-t4/t4-tensor-core-datasheet-951643.pdf",
        ),
        Device(
            name="L4",
            form="PCIe, 24 GB",
            capability=89,
            bandwidth=300e9,
            cache=48_000_000,
            products=121e12,
            single=30.3e12,
            source=f"{NVIDIA}/en-us/data-center/l4/",
        ),
        Device(
            name="A100",
            form="SXM, 80 GB",
            capability=80,
            bandwidth=2.039e12,
            cache=40_000_000,
            products=312e12,
            single=19.5e12,
            source=f"{CENTRE}/a100/pdf/nvidia-a100-datasheet-us-nvidia-1758950-r4-web.pdf",
        ),
        Device(
            name="H100",
            form="SXM",
            capability=90,
            bandwidth=3.35e12,
            cache=50_000_000,
            products=989.5e12,
            single=67e12,
            source=f"{NVIDIA}/en-us/data-center/h100/",
        ),
        Device(
            name="H200",
            form="SXM",
            capability=90,
            bandwidth=4.8e12,
            cache=50_000_000,
            products=989.5e12,
            single=67e12,
            source=f"{NVIDIA}/en-us/data-center/h200/",
        ),
    )
}
