"""Sparse spectra in safetensors files, with a tag: written whole or not at all, read with care."""

from __future__ import annotations

import os
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

FORMAT, VERSION = "fftia-lab sparse spectrum", "1"
PARTS = {"coefficients", "code", "header"}
Read = TypeVar("Read")


def save_parts(parts: dict[str, Tensor], path: str | PathLike[str]) -> None:
    """Write the parts of one sparse spectrum."""
    write(parts, path, FORMAT, {})


def load_parts(
    path: str | PathLike[str],
    device: torch.device | str,
    build: Callable[[dict[str, Tensor]], Read],
) -> Read:
    """Return what `build` makes of the parts in a file."""
    parts, _ = read(path, FORMAT, device)
    if set(parts) != PARTS:
        raise ValueError(f"{path} is no {FORMAT}: it holds {', '.join(sorted(parts)) or 'nothing'}")
    try:
        return build(parts)
    except ValueError as error:
        raise ValueError(f"{path} is no {FORMAT}: {error}") from None


def write(
    tensors: dict[str, Tensor], path: str | PathLike[str], tag: str, words: dict[str, str]
) -> None:
    """Write tensors beside the place, then move them there: what was there stays until then.

    Raises:
        OSError: if nothing can be written there.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    target = Path(path)
    beside = target.with_name(f"{target.name}.{os.getpid()}")
    metadata = {"format": tag, "version": VERSION, **words}
    try:
        save_file({name: t.contiguous() for name, t in tensors.items()}, beside, metadata)
        beside.replace(target)
    except SafetensorError as error:
        raise OSError(f"nothing can be written to {target}: {error}") from None
    finally:
        beside.unlink(missing_ok=True)


def read(
    path: str | PathLike[str], tag: str, device: torch.device | str
) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return the tensors of a file with this tag, and the words in it.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: in one line, if it is cut short, foreign or of another version.
    """
    from safetensors import SafetensorError, safe_open

    if not Path(path).exists():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with safe_open(path, "pt", device=str(device)) as file:
            words = file.metadata() or {}
            found = words.get("format", "one without a format"), words.get("version")
            if found != (tag, VERSION):
                raise ValueError(
                    f"{path} is no {tag} of version {VERSION}: its format is {found[0]!r}, "
                    f"its version {found[1]!r}"
                )
            return {name: file.get_tensor(name) for name in file.keys()}, words
    except (SafetensorError, OSError) as error:
        reason = " ".join(str(error).split())
        raise ValueError(f"{path} is no {tag}, or cut short: {reason}") from None
