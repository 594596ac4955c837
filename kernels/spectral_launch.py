"""How spectral mixing is launched: one kernel, or three where a row does not fit on chip."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .fft import table_of, tables_of
from .machine import on_device_of
from .spectral_configuration import Form, Kind
from .spectral_kernels import columns_in, columns_out, mix, rows
from .spectral_weights import weigh, weigh_rows

PROGRAMS = 256  # that share the rows of a filter's gradient: a number of its own, so that a sum
# comes out alike on every device


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
    given = _arguments(x=x, gradient=gradient)
    with on_device_of(x):
        if kind.grid[1] == 1:
            total = _sums(kind, weigh, given, PERIODIC=form.periodic)
        else:
            of_x, of_gradient = _workspace(kind, x), _workspace(kind, x)
            _launch(kind, columns_in, _arguments(x=x) | of_x, PERIODIC=False)
            _launch(kind, columns_in, _arguments(x=gradient) | of_gradient, PERIODIC=form.periodic)
            given |= dict(work=of_x["work"], work_of_gradient=of_gradient["work"])
            given |= dict(plane_of_work=of_x["plane"])
            total = _sums(kind, weigh_rows, given)
    return torch.complex(*total.sum(1))


def _sums(kind: Kind, function: Any, given: dict[str, Any], **flags: bool) -> Tensor:
    """Return sums of Γ conj(X) over some rows each, (2, splits, size, channels)."""
    x = given["x"]
    splits = min(kind.form.rows(len(x)), -(-PROGRAMS // (kind.blocks(function) * kind.lines(function))))
    total = x.new_zeros((2, splits, kind.form.size, kind.channels), dtype=torch.float32)
    given |= dict(spare=torch.empty_like(total), total=total, plane=total.stride(0))
    given |= dict(splits=splits, rows=kind.form.rows(len(x)))
    _launch(kind, function, given, **flags)
    return total


def _launch(kind: Kind, function: Any, given: dict[str, Any], **flags: bool) -> None:
    """Launch one of the kernels with those arguments that it has."""
    size, blocks = kind.size(function), kind.blocks(function)
    device = next(one.device for one in given.values() if isinstance(one, Tensor))
    given = given | dict(
        blocks=blocks,
        table=table_of(size, device),
        tables=tables_of(4 * kind.form.size, device),
    )
    strided = [name for name in given if name.endswith("_channel") and given[name] != 1]
    configuration = kind.configure(function, strided, **flags)
    apart = "splits" in configuration.types  # else every row has programs of its own
    rows_of = given["splits"] if apart else kind.form.rows(given["batch"])
    programs = rows_of * kind.lines(function) * blocks
    arguments = {name: given[name] for name in configuration.types}
    configuration.launch((programs,), **arguments)


def _kind(x: Tensor, form: Form) -> Kind:
    adjoin = x.stride(1) == 1 and x.stride(2) != 1
    return Kind(form, x.shape[2], str(x.dtype).removeprefix("torch."), adjoin)


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
