"""GPUs as their datasheets give them: the numbers under every bound on paper, and their source.

A datasheet says what no run can beat. What a run takes is measured, or not known.
"""

from __future__ import annotations

from dataclasses import dataclass


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
    source: str

    def floor(self, moved: float) -> float:
        """Return the seconds that so many bytes take at the least, if all of them go to memory."""
        return moved / self.bandwidth


NVIDIA = "https://www.nvidia.com"
A100 = f"{NVIDIA}/content/dam/en-zz/Solutions/Data-Center/a100/pdf"
# The sheets of H100 and H200 give products with sparsity, twice these.
DEVICES: dict[str, Device] = {
    device.name: device
    for device in (
        Device(
            "A100",
            "SXM, 80 GB",
            80,
            2.039e12,
            40_000_000,
            312e12,
            f"{A100}/nvidia-a100-datasheet-us-nvidia-1758950-r4-web.pdf",
        ),
        Device(
            "H100", "SXM", 90, 3.35e12, 50_000_000, 989.5e12, f"{NVIDIA}/en-us/data-center/h100/"
        ),
        Device(
            "H200", "SXM", 90, 4.8e12, 50_000_000, 989.5e12, f"{NVIDIA}/en-us/data-center/h200/"
        ),
    )
}
