"""How spectral mixing is launched: one kernel, or three where a row does not fit on chip."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .fft import table_of, tables_of
from .machine import on_device_of
from .spectral_configuration import Form, Kind
from .spectral_kernels import columns_in, columns_out, mix, rows
from .spectral_weights import spectra, spectra_of_rows


def mixed(x: Tensor, spectrum: Tensor, form: Form, conjugate: bool) -> Tensor:
    """Return x filtered, or what the adjoint of the filter makes of it.

    Args:
        x: float32, float16 or bfloat16 (batch, tokens, channels), not empty, with any strides.
        spectrum: complex64, any strides: (size // 2 + 1, channels) if paired, of a real filter;
            else (size, channels), at frequencies (k + 1/4)/size.
        form: what is transformed.
        conjugate: whether to take the adjoint.
    """
    y = torch.empty(x.shape, dtype=x.dtype, device=x.device)
    kind, start = _kind(x, form), x.shape[1] if form.periodic and not conjugate else 0
    given = _arguments(x=x, y=y) | _spectrum(spectrum) | dict(start=start)
    flags = dict(PERIODIC=form.periodic, CONJUGATE=conjugate)
    with on_device_of(x):
        if kind.grid[1] == 1:
            _launch(kind, mix, given, **flags)
        else:
            given |= _workspace(kind, x)
            _launch(kind, columns_in, given, PERIODIC=form.periodic)
            _launch(kind, rows, given, CONJUGATE=conjugate)
            _launch(kind, columns_out, given)
    return y


def weighed(x: Tensor, gradient: Tensor, form: Form) -> Tensor:
    """Return Σ over rows of Γ conj(X), complex64 (size, channels), for the spectra of both.

    Args:
        x: as in `mixed`.
        gradient: of what `mixed` returned, of the same type.
        form: what is transformed.
    """
    kind = _kind(x, form)
    space = _workspace(kind, x)
    products = space["work"]
    space["products"] = products
    with on_device_of(x):
        for signal, again in ((x, False), (gradient, True)):
            given = _arguments(x=signal) | space
            periodic = form.periodic and again
            if kind.grid[1] == 1:
                _launch(kind, spectra, given, PERIODIC=periodic, MULTIPLY=again)
            else:
                given |= _workspace(kind, x) if again else {}
                _launch(kind, columns_in, given, PERIODIC=periodic)
                _launch(kind, spectra_of_rows, given, MULTIPLY=again)
    # In the grid frequency c + first · d stands at (c, d).
    sums = products.sum(1).transpose(1, 2).reshape(2, form.size, -1)
    return torch.complex(*sums)


def _launch(kind: Kind, function: Any, given: dict[str, Any], **flags: bool) -> None:
    """Launch one of the kernels with those arguments that it has."""
    size, blocks = kind.size(function), kind.blocks(function)
    strided = [name for name in given if name.endswith("_channel") and given[name] != 1]
    configuration = kind.configure(function, strided, **flags)
    device = next(one.device for one in given.values() if isinstance(one, Tensor))
    given = given | dict(blocks=blocks, table=table_of(size, device))
    if "tables" in configuration.types:
        constants = configuration.constants
        given["tables"] = tables_of(constants["FINE"], constants["COARSE"], device)
    programs = kind.form.rows(given["batch"]) * kind.lines(function) * blocks
    arguments = {name: given[name] for name in configuration.types}
    configuration.launch((programs,), **arguments)


def _kind(x: Tensor, form: Form) -> Kind:
    adjoin = x.stride(1) == 1 and x.stride(2) != 1
    major, minor = torch.cuda.get_device_capability(x.device) if x.is_cuda else (9, 0)
    dtype = str(x.dtype).removeprefix("torch.")
    return Kind(form, x.shape[2], dtype, adjoin, 10 * major + minor)


def _arguments(**signals: Tensor) -> dict[str, Any]:
    """Return tensors with their strides, and the shape that they all have."""
    found: dict[str, Any] = dict(signals)
    for name, signal in signals.items():
        axes = f"{name}_batch", f"{name}_token", f"{name}_channel"
        found |= dict(zip(axes, signal.stride(), strict=True))
        found |= dict(zip(("batch", "tokens", "channels"), signal.shape, strict=True))
    return found


def _spectrum(spectrum: Tensor) -> dict[str, Any]:
    real = torch.view_as_real(spectrum.resolve_conj())
    bins, channels, _ = real.stride()
    return dict(spectrum=real, spectrum_bin=bins // 2, spectrum_channel=channels // 2)


def _workspace(kind: Kind, x: Tensor) -> dict[str, Any]:
    """Return the memory between three launches, (2, rows, first, second, channels)."""
    shape = 2, kind.form.rows(len(x)), *kind.grid, kind.channels
    work = x.new_empty(shape, dtype=torch.float32)
    return dict(work=work, plane=work.stride(0))
