"""Inputs for tests of kernels in their own types, and the float64 reference for them."""

import numpy as np
import torch
from unit.attention_cases import inputs, mask_of, schedule_of
from unit.attention_torch import relative

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
