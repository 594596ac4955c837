"""`compress_linear_layers`: sparse spectra in a model that exists, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from .checks import FLOATS, check_sparsity
from .linear import SparseSpectralLinear, dense_weight
from .streaming import BLOCK
from .tensor import sst


@dataclass(frozen=True)
class CompressedLayer:
    """What became of one layer's weight.

    Args:
        name: as in `named_modules`.
        shape: (inputs, outputs).
        dense_bytes: of the weight before.
        nbytes: of all that is kept of it.
        error: relative, in the Frobenius norm.
    """

    name: str
    shape: tuple[int, int]
    dense_bytes: int
    nbytes: int
    error: float

    @property
    def ratio(self) -> float:
        """How many times smaller the weight is."""
        return self.dense_bytes / self.nbytes


@dataclass(frozen=True)
class CompressionReport:
    """What became of a model; printed it is a table.

    Args:
        layers: those that were replaced.
        left: name -> why, for all other modules that have a weight of two axes or more.
        bytes_before: of everything that the model's file holds, a tensor with two names once.
        bytes_after: the same, now.
    """

    layers: tuple[CompressedLayer, ...]
    left: dict[str, str]
    bytes_before: int
    bytes_after: int

    @property
    def ratio(self) -> float:
        """How many times smaller the whole model is."""
        return self.bytes_before / self.bytes_after

    def __str__(self) -> str:
        width = max(len(name) for name in [*self.left, *(one.name for one in self.layers), "model"])
        lines = [f"{'layer':{width}}  {'bytes':>11}  {'kept':>11}  ratio  relative error"]
        lines += [
            f"{one.name:{width}}  {one.dense_bytes:11,}  {one.nbytes:11,}  {one.ratio:5.2f}"
            f"  {one.error:14.3f}"
            for one in self.layers
        ]
        lines += [f"{name:{width}}  left: {why}" for name, why in self.left.items()]
        total = f"{self.bytes_before:11,}  {self.bytes_after:11,}  {self.ratio:5.2f}"
        return "\n".join([*lines, f"{'model':{width}}  {total}"])


def compress_linear_layers(
    model: nn.Module,
    sparsity: float = 0.20,
    *,
    coefficients: torch.dtype | None = None,
    leave: Sequence[str] = (),
    block_size: int = BLOCK,
) -> CompressionReport:
    """Replace the linear layers of a model by layers that keep sparse spectra, in place.

    Replaced are `nn.Linear` and the `Conv1D` of `transformers`, in which GPT-2 keeps its weights.
    Left as they are, and named with the reason: embeddings and all other modules with a weight of
    two axes or more, layers whose weight is another's too, as a tied head's, layers that another
    module reads past their forward, and those that would not become smaller. Biases, hooks and what
    is frozen stay. Either all is replaced, or nothing, with an error.

    The error is that of the weights; what it does to the model's answers is for a test to say.
    Weights of networks are mostly close to noise: expect about 0.69 at 0.2.

    Args:
        model: any module that has linear layers inside.
        sparsity, coefficients: as of `sst`.
        leave: names of modules to keep as they are, with all inside.
        block_size: as in `spectral_matmul`.

    Returns:
        the report: bytes, ratio and relative error of each layer, what was left and why, totals.

    Raises:
        TypeError: if leave is one name, or sparsity or coefficients are of the wrong kind.
        ValueError: if there is nothing to replace, leave names nothing, sparsity is out of range,
            or a weight holds nan or inf.

    Source: the intent of FFT-Tensor (2025), whose loop over `nn.Linear` finds none in GPT-2 and
    whose assignment raises where it finds one.

    >>> model = nn.Sequential(nn.Linear(64, 256), nn.GELU(), nn.Linear(256, 64))
    >>> report = compress_linear_layers(model, sparsity=0.20)
    >>> [one.name for one in report.layers], round(report.ratio, 1)
    (['0', '2'], 4.5)
    """
    check_sparsity(sparsity)
    names = dict(model.named_modules(remove_duplicate=False))
    _check_leave(leave, names)
    before = model_bytes(model)
    left, layers = {}, {}
    new: dict[nn.Module, SparseSpectralLinear] = {}
    for name, module in names.items():
        why = _obstacle(name, module, names, leave)
        if why is None and module not in new:
            new[module], layers[name] = _compressed(
                name, module, sparsity, coefficients, block_size
            )
            if layers[name].ratio <= 1:
                del new[module], layers[name]
                why = "would not be smaller"
        if why:
            left[name] = why
    if not new:
        reasons = "; ".join(f"{name} is left: {why}" for name, why in left.items())
        raise ValueError(
            f"{type(model).__name__} holds no linear layer to compress. {reasons}".strip()
        )
    replace(model, new)
    return CompressionReport(tuple(layers.values()), left, before, model_bytes(model))


def replace(model: nn.Module, new: dict[nn.Module, SparseSpectralLinear]) -> None:
    """Put the new modules where the old ones are, with their hooks and their mode."""
    for name, module in list(model.named_modules(remove_duplicate=False)):
        if module in new:
            parent, _, child = name.rpartition(".")
            setattr(model.get_submodule(parent), child, new[module])
            new[module].train(module.training)
            for attribute, hooks in vars(module).items():
                if "_hook" in attribute:
                    setattr(new[module], attribute, hooks)


def model_bytes(model: nn.Module) -> int:
    """Return the bytes of all tensors in the state of a model, one with two names once."""
    state = model.state_dict(keep_vars=True)
    return sum(tensor.nbytes for tensor in {id(t): t for t in state.values()}.values())


def _compressed(
    name: str,
    module: nn.Module,
    sparsity: float,
    coefficients: torch.dtype | None,
    block_size: int,
) -> tuple[SparseSpectralLinear, CompressedLayer]:
    weight = dense_weight(module)
    assert weight is not None, "asked before"
    trained, weight = module.get_parameter("weight").requires_grad, weight.detach()
    bias = dict(module.named_parameters(recurse=False)).get("bias")
    try:
        spectrum = sst(weight, sparsity, coefficients=coefficients)
    except ValueError as error:
        raise ValueError(f"{name} cannot be compressed: its weight as {error}") from None
    layer = SparseSpectralLinear(spectrum, bias, block_size)
    layer.coefficients.requires_grad_(trained)
    shape = weight.shape[0], weight.shape[1]
    wrong = relative_error(spectrum.to_spatial(), weight)
    return layer, CompressedLayer(name, shape, weight.nbytes, layer.nbytes, wrong)


def relative_error(found: Tensor, wanted: Tensor) -> float:
    """Return the Frobenius norm of the difference over that of what is wanted; 0 if both are 0."""
    size, difference = wanted.double().norm(), (found.double() - wanted.double()).norm()
    return float(difference / size) if size else float(difference)


def _obstacle(
    name: str, module: nn.Module, names: dict[str, nn.Module], leave: Sequence[str]
) -> str | None:
    """Return why a module stays, "" if it has nothing to keep, None if it can be replaced."""
    own = [p for p in module.parameters(recurse=False) if p.dim() >= 2]
    if not own:
        return ""
    if any(name == one or name.startswith(f"{one}.") for one in leave):
        return "in leave"
    if isinstance(module, nn.Embedding | nn.EmbeddingBag):
        return "an embedding, whose rows are looked up"
    if dense_weight(module) is None:
        return f"{type(module).__name__} is no linear layer that is known"
    if not name:
        return "pass a module that holds it"
    parent = names[name.rpartition(".")[0]]
    if isinstance(parent, nn.MultiheadAttention):
        return "MultiheadAttention reads its weight"
    others = (
        other
        for other, one in names.items()
        if one is not module and any(p is own[0] for p in one.parameters(recurse=False))
    )
    shared = next(others, None)
    if shared is not None:
        return f"its weight is that of {shared} too"
    return None if own[0].dtype in FLOATS else f"its weight is {own[0].dtype}"


def _check_leave(leave: Any, names: dict[str, nn.Module]) -> None:
    if isinstance(leave, str):
        raise TypeError(f"leave must be a list of names; got {leave!r}: write [{leave!r}]")
    for one in leave:
        if one not in names:
            raise ValueError(
                f"leave names {one!r}, which is no module: take one of named_modules()"
            )
