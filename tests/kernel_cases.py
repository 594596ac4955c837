"""Inputs for tests of kernels in their own types, and the float64 reference for them."""

import numpy as np
import torch
from unit.attention_cases import inputs, mask_of, schedule_of
from unit.attention_torch import by_dense_attention, relative

from fftia_lab.attention.backends.job import Job
from fftia_lab.attention.reference import butterfly_attention as by_definition

FP32 = 2e-6  # what a forward in fp32 may deviate


def case(kind, n, causal=False, mask="none", *, d=16, batch=2, heads=2, device="cpu", seed=0):
    """Return a float64 job: x, weights, schedule and mask, as tensors."""
    schedule = schedule_of(kind, n, causal)
    x, w_q, w_k = inputs(n, schedule.depth, batch=batch, heads=heads, d=d, seed=seed)
    real = mask_of(mask, batch, n, seed)
    tensors = [torch.tensor(one, device=device) for one in (x, w_q, w_k)]
    real = None if real is None else torch.tensor(real, device=device)
    return Job.of(*tensors, schedule, real)


def in_type(job, dtype):
    """Return x and Mᵀ of a job, rounded once."""
    return job.x.to(dtype), job.bilinear().to(dtype).contiguous()


def with_gradient(kind, n, *rest, dtype=torch.float32, **more):
    """Return a job, and of it the gradient of y, x and Mᵀ in a type."""
    job = case(kind, n, *rest, **more)
    x, bilinear = in_type(job, dtype)
    seed = torch.Generator().manual_seed(n)
    to_y = torch.randn(x.shape, generator=seed, dtype=torch.float64).to(x.device, dtype)
    return job, (to_y, x, bilinear)


def gradients(job, to_y, x, bilinear):
    """Return both gradients by PyTorch's autograd, in float64, through a softmax over all tokens.

    With W_q = 1 and W_k = √d Mᵀ the scores q·k/√d are x Mᵀ themselves.
    """
    x, bilinear = (one.detach().double().cpu().requires_grad_() for one in (x, bilinear))
    d = x.shape[-1]
    w_q = torch.eye(d, dtype=torch.float64).expand(bilinear.shape)
    real = None if job.real is None else job.real.cpu()
    y = by_dense_attention(x, w_q, bilinear * d**0.5, job.schedule, real)
    if real is not None:
        y = y.where(real[:, None, :, None], 0)
    return torch.autograd.grad(y, (x, bilinear), to_y.double().cpu(), materialize_grads=True)


def reference(job, x=None):
    """Return what the definition makes of a job in float64, 0 where a token is not real."""
    x = job.x if x is None else x
    arrays = [one.double().cpu().numpy() for one in (x, job.w_q, job.w_k)]
    real = None if job.real is None else job.real.cpu().numpy()
    y, gates = by_definition(*arrays, job.schedule, real)
    if real is not None:
        y = np.where(real[:, None, :, None], y, 0)
    return torch.tensor(y), gates


def deviation(found, wanted):
    """The deviation's root mean square over that of what is wanted; inf if there is NaN."""
    assert found.shape == wanted.shape
    assert found.isfinite().all() or not wanted.isfinite().all(), "NaN, or memory nobody wrote"
    return relative(found.cpu(), wanted.cpu())
