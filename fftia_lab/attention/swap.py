"""`swap_attention`: butterfly attention in a model that exists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import nn

from .families import KNOWN, is_known, is_swapped, obstacle, replacement


def swap_attention(
    model: nn.Module,
    *,
    leave: Sequence[str] = (),
    causal: bool | None = None,
    schedule: str | None = None,
    projection: str = "head",
    share_stages: bool = False,
    padding: str = "relay",
    radix: int = 2,
    max_length: int = 65536,
    backend: str = "auto",
) -> list[str]:
    """Replace all self-attention of a model by butterfly attention, in place.

    Known are `torch.nn.MultiheadAttention` and, of `transformers`, the self-attention of BERT,
    RoBERTa and ELECTRA, of DistilBERT, of ViT and DeiT, and of models built like them. Value and
    output projections stay, with what is frozen in them; so do hooks of the module, and one module
    in two places is one again. Queries and keys start anew, and nothing of them is frozen: the
    model wants training. Either all of it is replaced, or nothing, with an error.

    Attention from one sequence to another is left alone where it can be told: `multihead_attn` of
    PyTorch's decoder, keys of another width, "cross" and "att" in one name, "Cross" in a class. In
    other models name it in `leave`; if not, the first call raises.

    A module of `transformers` that says it is causal becomes causal. PyTorch's does not say so:
    swap both halves of a `torch.nn.Transformer`, as below. Nothing is cached, so a decoder wants
    `use_cache=False`; and no weights are returned for `output_attentions`. A mask that says more
    than padding and causality raises: at once on a processor, later on CUDA and in what is
    compiled, where a look at its values would cost a wait.

    Args:
        model: any module that has attention inside.
        leave: names of modules to keep as they are, with all inside, as in `named_modules` or the
            end of such a name.
        causal: whether tokens hear only earlier ones; None means where the module says so.
        schedule, projection, share_stages, padding, radix, max_length, backend: as in
            `FFTInspiredAttention`.

    Returns:
        the names of the modules that were replaced.

    Raises:
        ValueError: if there is nothing to replace; if attention of another kind is in the model and
            not in `leave` (ALBERT's, ESM's, any with positions in its scores); if something would
            be lost, such as add_bias_kv, add_zero_attn, parametrized or tied weights, or hooks of
            the projections that go; if an option does not fit.
        TypeError: if `leave` is one name.

    >>> model = nn.Transformer(64, 4, 1, 1, batch_first=True)
    >>> swap_attention(model.encoder), swap_attention(model.decoder, causal=True)
    (['layers.0.self_attn'], ['layers.0.self_attn'])
    """
    found = _found(model, leave)
    if not found:
        raise ValueError(
            f"{type(model).__name__} has no self-attention that swap_attention knows: {KNOWN}"
        )
    options = {
        "schedule": schedule,
        "projection": projection,
        "share_stages": share_stages,
        "padding": padding,
        "radix": radix,
        "max_length": max_length,
        "backend": backend,
    }
    new: dict[nn.Module, nn.Module] = {}
    for name, module in found.items():
        if module not in new:
            new[module] = replacement(module, causal, options)
            _refuse_to_lose(name, module, new[module], model)
    for name, module in found.items():
        _keep_hooks(module, new[module])
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, new[module])
    for part in model.modules():
        if isinstance(part, nn.TransformerEncoder):
            part.use_nested_tensor = False
    return list(found)


def _found(model: nn.Module, leave: Sequence[str]) -> dict[str, nn.Module]:
    """Return what to replace, by name; a module in two places has two."""
    names = dict(model.named_modules(remove_duplicate=False))
    _check_leave(leave, names, model)
    found = {}
    for name, module in names.items():
        if any(_inside(name, left) for left in leave) or is_swapped(module):
            continue
        if _is_cross(name, module, names) or not (is_known(module) or _is_attention(module)):
            continue
        if not name:
            raise ValueError(
                f"{type(model).__name__} is attention itself: pass a module that holds it"
            )
        why = obstacle(module)
        if why:
            raise ValueError(
                f"{name} {why}; to keep it as it is, pass leave=[{name!r}] to swap_attention"
            )
        found[name] = module
    return found


def _check_leave(leave: Sequence[str], names: dict[str, nn.Module], model: nn.Module) -> None:
    if isinstance(leave, str):
        raise TypeError(f"leave must be a list of names; got {leave!r}: write [{leave!r}]")
    for left in leave:
        if not any(_inside(name, left) for name in names):
            raise ValueError(
                f"leave names {left!r}, which is no module of {type(model).__name__}: "
                "take a name, or its end, from named_modules()"
            )


def _inside(name: str, left: str) -> bool:
    """Return whether a module is the one that `left` means, or is inside it."""
    return f".{left}." in f".{name}."


def _is_cross(name: str, module: nn.Module, names: dict[str, nn.Module]) -> bool:
    """Return whether attention is known to look at another sequence than its own."""
    parent, _, child = name.rpartition(".")
    if child == "multihead_attn" and isinstance(names[parent], nn.TransformerDecoderLayer):
        return True
    other_width = isinstance(module, nn.MultiheadAttention) and not module._qkv_same_embed_dim
    named = any("cross" in part and "att" in part for part in name.lower().split("."))
    return other_width or named or "Cross" in type(module).__name__


def _is_attention(module: nn.Module) -> bool:
    """Return whether a module calls itself attention, and nothing inside it does."""
    own, *inside = ("Attention" in type(part).__name__ for part in module.modules())
    return own and not any(inside)


def _refuse_to_lose(name: str, old: nn.Module, new: nn.Module, model: nn.Module) -> None:
    """Refuse weights that others share, and hooks of parts, that the replacement does not have."""
    shared = _weights_outside(model, old) - {*new.parameters()}
    for weight_name, weight in old.named_parameters():
        if weight in shared:
            raise ValueError(
                f"{name} shares {weight_name} with another module, and would not after the swap; "
                f"untie them, or pass leave=[{name!r}] to swap_attention"
            )
    kept = {*new.modules()}
    for part_name, part in old.named_modules():
        if part is not old and part not in kept and any(_hooks(part).values()):
            raise ValueError(f"{name}.{part_name} has hooks and would go: remove them first")


def _weights_outside(model: nn.Module, old: nn.Module) -> set[nn.Parameter]:
    """Return the weights that a model has if a module in it counts for nothing."""
    if model is old:
        return set()
    inside = (_weights_outside(part, old) for part in model.children())
    return {*model.parameters(recurse=False)}.union(*inside)


def _hooks(module: nn.Module) -> dict[str, Any]:
    return {name: value for name, value in vars(module).items() if "_hook" in name}


def _keep_hooks(old: nn.Module, new: nn.Module) -> None:
    """Give the new module the hooks of the old: the same dictionaries, so that handles work."""
    for name, hooks in _hooks(old).items():
        setattr(new, name, hooks)
