"""Compressed models in files: written whole or not at all, checked before a model is touched."""

from __future__ import annotations

import json
from os import PathLike

import torch
from torch import Tensor, nn

from .compress import replace
from .files import PARTS, read, write
from .linear import SparseSpectralLinear, dense_weight
from .tensor import SparseSpectralTensor

FORMAT = "fftia-lab compressed model"


def save_compressed(model: nn.Module, path: str | PathLike[str]) -> None:
    """Write the state of a model as a safetensors file; a tensor with two names is written once.

    The file holds `CompressionReport.bytes_after` bytes and the names.

    Raises:
        OSError: if nothing can be written there; a file of that name stays as it was.
        TypeError: if the state holds something else than tensors.
    """
    first: dict[int, str] = {}
    tensors: dict[str, Tensor] = {}
    twins: dict[str, str] = {}
    for name, tensor in model.state_dict(keep_vars=True).items():
        if not isinstance(tensor, Tensor):
            raise TypeError(f"{name} of the state is {type(tensor).__name__}, and no tensor")
        if id(tensor) in first:
            twins[name] = first[id(tensor)]
        else:
            first[id(tensor)], tensors[name] = name, tensor.detach()
    write(tensors, path, FORMAT, {"twins": json.dumps(twins)})


def load_compressed(model: nn.Module, path: str | PathLike[str]) -> list[str]:
    """Give a model of the same architecture the state in a file that `save_compressed` wrote.

    Its linear layers may be dense still; those that are compressed in the file are replaced.
    Everything is checked first: with an error the model is as it was.

    Returns:
        the names of the layers that are compressed.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: in one line, if it is cut short, foreign, or of another architecture.
    """
    tensors, words = read(path, FORMAT, "cpu")
    tensors |= {twin: tensors[name] for twin, name in json.loads(words["twins"]).items()}
    names = [name.removesuffix(".header") for name in tensors if name.endswith(".header")]
    try:
        spectra = {name: _spectrum(name, tensors) for name in names}
        new = _replacements(model, spectra)
        _check_fit(model, tensors, spectra)
    except ValueError as error:
        raise ValueError(f"{path} does not fit {type(model).__name__}: {error}") from None
    replace(model, new)
    model.load_state_dict(tensors)
    return names


def _spectrum(name: str, tensors: dict[str, Tensor]) -> SparseSpectralTensor:
    parts = {part: tensors.get(f"{name}.{part}", torch.empty(0)) for part in PARTS}
    try:
        return SparseSpectralTensor.from_parts(parts, register=False)
    except ValueError as error:
        raise ValueError(f"{name} is no sparse spectrum: {error}") from None


def _replacements(
    model: nn.Module, spectra: dict[str, SparseSpectralTensor]
) -> dict[nn.Module, SparseSpectralLinear]:
    """Return new layers for those of the model, dense or not, that are compressed in the file."""
    modules, new = dict(model.named_modules(remove_duplicate=False)), {}
    for name, spectrum in spectra.items():
        module = modules.get(name)
        if isinstance(module, SparseSpectralLinear):
            shape, bias = (module.in_features, module.out_features), module.bias
        else:
            weight = None if module is None else dense_weight(module)
            if module is None or weight is None:
                raise ValueError(f"it has no linear layer {name}")
            shape, bias = (weight.shape[0], weight.shape[1]), module.bias
        if shape != spectrum.shape:
            raise ValueError(f"{name} is {shape} there and {spectrum.shape} in the file")
        device = next(module.parameters()).device
        new[module] = SparseSpectralLinear(spectrum.to(device), bias)
    return new


def _check_fit(
    model: nn.Module, tensors: dict[str, Tensor], spectra: dict[str, SparseSpectralTensor]
) -> None:
    """Refuse a state of which anything but the compressed weights differs in name or shape."""

    def others(state: dict[str, Tensor]) -> dict[str, torch.Size]:
        parts = {"weight", *PARTS}
        return {
            name: tensor.shape
            for name, tensor in state.items()
            if not (name.rpartition(".")[0] in spectra and name.rpartition(".")[2] in parts)
        }

    here, there = others(model.state_dict()), others(tensors)
    for name in sorted({*here} | {*there}):
        if here.get(name) != there.get(name):
            found, wanted = (
                "missing" if shape is None else f"of shape {tuple(shape)}"
                for shape in (there.get(name), here.get(name))
            )
            raise ValueError(f"{name} is {found} in the file and {wanted} in the model")
