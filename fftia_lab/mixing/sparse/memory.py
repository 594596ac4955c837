"""`MemoryManager`: how many bytes the living sparse spectra take, and a limit to them."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol
from weakref import WeakValueDictionary

from ...arguments import as_positive


class Kept(Protocol):
    """What has a size: a sparse spectrum, or a tensor."""

    @property
    def nbytes(self) -> int: ...


class MemoryManager:
    """An account of all sparse spectra that are alive; not to be called, its methods are.

    Every `SparseSpectralTensor` is entered when it is made. It is not kept alive by that: whatever
    nobody else refers to is gone from the account. There is no limit until one is set.

    Source: published in FFT-Tensor (2025), whose list kept all it had seen alive.

    >>> from fftia_lab.mixing.sparse import zeros_sst
    >>> before = MemoryManager.get_stats()["n_tensors"]
    >>> one = zeros_sst((8, 8))
    >>> MemoryManager.get_stats()["n_tensors"] - before
    1
    """

    _living: ClassVar[WeakValueDictionary[int, Any]] = WeakValueDictionary()
    _limit_mb: float | None = None

    @classmethod
    def set_limit(cls, mb: float | None) -> None:
        """Allow so many units of 2^20 bytes from now on; None means no limit.

        Raises:
            TypeError, ValueError: if it is no number above 0.
            MemoryError: if more is in use already; the old limit stays.
        """
        limit = None if mb is None else as_positive("mb", mb)
        if limit is not None and cls.total_memory_mb() > limit:
            raise MemoryError(
                f"sparse spectra take {cls.total_memory_mb():.3f} MB, more than the limit of "
                f"{limit:g} MB that was to be set"
            )
        cls._limit_mb = limit

    @classmethod
    def register(cls, tensor: Kept) -> None:
        """Enter a sparse spectrum, or a tensor; once, however often it is called.

        Raises:
            MemoryError: if all would exceed the limit then; it is not entered.
        """
        if id(tensor) in cls._living:
            return
        used, wanted = cls.total_memory_mb(), tensor.nbytes / 2**20
        if cls._limit_mb is not None and used + wanted > cls._limit_mb:
            raise MemoryError(
                f"sparse spectra take {used:.3f} MB, and {wanted:.3f} MB more would exceed the "
                f"limit of {cls._limit_mb:g} MB: let some go, keep fewer entries, or raise it with "
                "MemoryManager.set_limit"
            )
        cls._living[id(tensor)] = tensor

    @classmethod
    def unregister(cls, tensor: Kept) -> None:
        """Strike a sparse spectrum off the account; nothing happens if it is not there."""
        cls._living.pop(id(tensor), None)

    @classmethod
    def total_memory_mb(cls) -> float:
        """Return what is in use, in units of 2^20 bytes."""
        return sum(tensor.nbytes for tensor in list(cls._living.values())) / 2**20

    @classmethod
    def clear_all(cls) -> None:
        """Strike everything off the account. What others refer to stays in memory."""
        cls._living.clear()

    @classmethod
    def get_stats(cls) -> dict[str, float | int | None]:
        """Return n_tensors, total_memory_mb, limit_mb and utilization, used over allowed."""
        used = cls.total_memory_mb()
        return {
            "n_tensors": len(cls._living),
            "total_memory_mb": used,
            "limit_mb": cls._limit_mb,
            "utilization": None if cls._limit_mb is None else used / cls._limit_mb,
        }
