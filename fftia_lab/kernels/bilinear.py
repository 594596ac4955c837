"""What is linear in a signal and in a filter, with all its derivatives, as operators of PyTorch.

Let y = A(x, w) be linear in x and in w, let A*(g, w) be its adjoint in x and W(x, g) that in w:
⟨g, A(x, w)⟩ = ⟨A*(g, w), x⟩ = ⟨W(x, g), w⟩. Then the gradients of each of the three are made of the
three, and so are their gradients: three kernels give derivatives of every order.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor

Gradients = tuple[Any, ...]


def differentiate(apply: Any, adjoint: Any, weigh: Any) -> None:
    """Register the gradients of A(x, w, *options), A*(g, w, *options), W(x, g, length, *options).

    Args:
        apply: A, an operator made by `torch.library.custom_op`, as the others are.
        adjoint: A*, of the same arguments; it returns the shape and type of its first.
        weigh: W; `length` is that of the first axis of w.
    """

    def of_apply(ctx: Any, gradient: Tensor) -> Gradients:
        x, weight = ctx.saved_tensors
        wanted = _wanted(ctx)
        to_x = adjoint(gradient, weight, *ctx.options) if wanted[0] else None
        to_weight = weigh(x, gradient, len(weight), *ctx.options) if wanted[1] else None
        return to_x, to_weight, *[None] * len(ctx.options)

    def of_adjoint(ctx: Any, gradient: Tensor) -> Gradients:
        given, weight = ctx.saved_tensors
        wanted = _wanted(ctx)
        to_given = apply(gradient, weight, *ctx.options) if wanted[0] else None
        to_weight = weigh(gradient, given, len(weight), *ctx.options) if wanted[1] else None
        return to_given, to_weight, *[None] * len(ctx.options)

    def of_weigh(ctx: Any, gradient: Tensor) -> Gradients:
        x, given = ctx.saved_tensors
        wanted, options = _wanted(ctx), ctx.options[1:]
        to_x = adjoint(given, gradient, *options) if wanted[0] else None
        to_given = apply(x, gradient, *options) if wanted[1] else None
        return to_x, to_given, *[None] * len(ctx.options)

    for operator, backward in ((apply, of_apply), (adjoint, of_adjoint), (weigh, of_weigh)):
        operator.register_autograd(backward, setup_context=_keep)


def _keep(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
    first, second, *options = inputs
    ctx.save_for_backward(first, second)
    ctx.options = options


def _wanted(ctx: Any) -> tuple[bool, bool]:
    return ctx.needs_input_grad[0], ctx.needs_input_grad[1]
