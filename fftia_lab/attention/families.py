"""Attention modules of other people that are known, and what takes their place."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from .dropin import FFTInspiredMultiheadAttention
from .layers import FFTInspiredAttention
from .masks import real_keys

ARGUMENTS = {
    "hidden_states",
    "attention_mask",
    "past_key_values",
    "past_key_value",
    "cache_position",
    "encoder_hidden_states",
    "encoder_attention_mask",
    "head_mask",
    "output_attentions",
    "kwargs",
}

REFUSALS = {
    "past_key_values": "keeps no cache: call the model with use_cache=False",
    "past_key_value": "keeps no cache: call the model with use_cache=False",
    "encoder_hidden_states": "is self-attention: keep this module, with leave=[…]",
    "head_mask": "masks no heads: leave head_mask out",
    "output_attentions": "returns no weights here: leave output_attentions out, and ask "
    "attention_matrix of the FFTInspiredAttention inside",
    "cu_seq_lens_q": "takes no packed sequences: pad them instead",
}


class SwappedSelfAttention(nn.Module):
    """Takes the place of a self-attention of `transformers`: its arguments, its result.

    Args:
        attention: the layer that does the work.
        arguments: of the forward that this one answers for, in order.
    """

    def __init__(self, attention: FFTInspiredAttention, arguments: list[str]) -> None:
        super().__init__()
        self.attention, self.arguments = attention, arguments

    def forward(self, *given: Any, **options: Any) -> tuple[Tensor, None]:
        """Return the output, and None for the weights.

        Raises:
            ValueError: if it is asked for what it cannot honour.
        """
        options.update(zip(self.arguments, given, strict=False))
        for name, refusal in REFUSALS.items():
            if options.get(name) is not None and options[name] is not False:
                raise ValueError(f"butterfly attention {refusal}")
        if options.get("is_causal") and not self.attention.causal:
            raise ValueError("is_causal=True needs a causal layer: swap with causal=True")
        x, mask = options["hidden_states"], options.get("attention_mask")
        if mask is not None:
            mask = real_keys(mask, x.shape[0], x.shape[1], self.attention.causal)
        return self.attention(x, mask), None


@dataclass(frozen=True)
class Family:
    """How models of `transformers` that are built alike name the parts of their self-attention.

    Args:
        like: models that are built so.
        projections: those of queries, keys and values.
        output: the projection of the result; None if another module has it.
        heads, size: how many heads, and of how many channels.
        dropout: a probability, or a module that has one.
    """

    like: str
    projections: tuple[str, str, str]
    output: str | None
    heads: str
    size: str
    dropout: str

    def has(self, module: nn.Module) -> bool:
        """Return whether a module has these parts and no others, and takes no positions."""
        parts = {*self.projections, *filter(None, [self.output])}
        children = {name: part for name, part in module.named_children() if name != self.dropout}
        own = [*module.parameters(recurse=False), *module.buffers(recurse=False)]
        return (
            children.keys() == parts
            and all(isinstance(part, nn.Linear) for part in children.values())
            and all(hasattr(module, name) for name in (self.heads, self.size, self.dropout))
            and not own
            and {"hidden_states", "attention_mask"} <= {*arguments_of(module)} <= ARGUMENTS
        )

    def replace(self, module: nn.Module, options: dict[str, Any]) -> nn.Module:
        """Return what takes the module's place, around its own value and output projections."""
        value = getattr(module, self.projections[2])
        dropout = getattr(module, self.dropout)
        attention = FFTInspiredAttention(
            value.in_features,
            getattr(module, self.heads),
            getattr(module, self.size),
            dropout.p if isinstance(dropout, nn.Dropout) else dropout,
            **options,
        ).to(value.weight)
        attention.value = value
        attention.output = getattr(module, self.output) if self.output else nn.Identity()
        return SwappedSelfAttention(attention, arguments_of(module))


FAMILIES = [
    Family(
        "BERT, RoBERTa, ELECTRA",
        ("query", "key", "value"),
        None,
        "num_attention_heads",
        "attention_head_size",
        "dropout",
    ),
    Family(
        "DistilBERT",
        ("q_lin", "k_lin", "v_lin"),
        "out_lin",
        "n_heads",
        "attention_head_size",
        "dropout",
    ),
    Family(
        "ViT, DeiT",
        ("q_proj", "k_proj", "v_proj"),
        "o_proj",
        "num_attention_heads",
        "head_dim",
        "attention_dropout",
    ),
]

KNOWN = (
    "torch.nn.MultiheadAttention, and the self-attention of "
    f"{', '.join(family.like for family in FAMILIES)} and models built like them in transformers"
)


def arguments_of(module: nn.Module) -> list[str]:
    """Return the names of what the module's forward takes."""
    return list(inspect.signature(type(module).forward).parameters)[1:]


def is_known(module: nn.Module) -> bool:
    """Return whether `replacement` knows the module."""
    return isinstance(module, nn.MultiheadAttention) or any(one.has(module) for one in FAMILIES)


def is_swapped(module: nn.Module) -> bool:
    """Return whether the module is butterfly attention already."""
    kinds = (FFTInspiredAttention, FFTInspiredMultiheadAttention, SwappedSelfAttention)
    return isinstance(module, kinds)


def obstacle(module: nn.Module) -> str | None:
    """Return, in words that follow the module's name, what a replacement would lose; or None."""
    if not is_known(module):
        return f"is of class {type(module).__name__}, which is not known; known are {KNOWN}"
    if "forward" in vars(module):
        return "has a forward of its own, which a tool has put there"
    if not isinstance(module, nn.MultiheadAttention):
        return None
    if type(module).forward is not nn.MultiheadAttention.forward:
        return f"is of class {type(module).__name__}, which has a forward of its own"
    for option, is_set in (
        ("add_bias_kv", module.bias_k is not None),
        ("add_zero_attn", module.add_zero_attn),
    ):
        if is_set:
            return f"has {option}=True, which butterfly attention does not have"
    usual = {"in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"}
    for name in module.state_dict():
        if name not in usual:
            return f"has {name}, which butterfly attention does not have"
    return None


def replacement(module: nn.Module, causal: bool | None, options: dict[str, Any]) -> nn.Module:
    """Return what takes the place of a known module.

    Args:
        module: one for which there is no `obstacle`.
        causal: whether it shall be causal; None: if the module says so of itself.
        options: of `FFTInspiredAttention`.

    Raises:
        ValueError: if a module that says so shall not be, or an option does not fit.
    """
    says_so = bool(getattr(module, "is_causal", False) or getattr(module, "is_decoder", False))
    if says_so and causal is False:
        raise ValueError(
            f"{type(module).__name__} is causal: leave causal out, or pass causal=True"
        )
    options = {**options, "causal": says_so if causal is None else causal}
    if isinstance(module, nn.MultiheadAttention):
        found: nn.Module = _from_multihead(module, options)
    else:
        found = next(family for family in FAMILIES if family.has(module)).replace(module, options)
    return found.train(module.training)


def _from_multihead(module: Any, options: dict[str, Any]) -> nn.Module:
    found = FFTInspiredMultiheadAttention(
        module.embed_dim,
        module.num_heads,
        module.dropout,
        module.in_proj_bias is not None,
        batch_first=module.batch_first,
        **options,
    ).to(module.in_proj_weight)
    value: Any = found.attention.value
    for own, old in ((value.weight, module.in_proj_weight), (value.bias, module.in_proj_bias)):
        if old is not None:
            with torch.no_grad():
                own.copy_(old.chunk(3)[2])
            own.requires_grad_(old.requires_grad)
    found.attention.output = module.out_proj
    return found
