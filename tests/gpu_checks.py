"""What a GPU must get right: checks that tests run on one at full size, and elsewhere at tiny ones.

Each takes sizes and returns what it found; a test says how much it may be. Oracles are float64: the
definition in NumPy, PyTorch's own operations, and `torch.fft`.
"""

import torch
from unit.attention_cases import schedule_of
from unit.attention_torch import relative

from fftia_lab.attention import butterfly_attention
from fftia_lab.attention.reference import butterfly_attention as by_definition
from fftia_lab.kernels.fft import fft
from fftia_lab.kernels.short_filters import short_convolution
from fftia_lab.kernels.spectral_mixing import spectral_mixing
from fftia_lab.mixing import causal_convolution

# n, heads, channels of a head, sequences
SMALL, ODD, LONG = (512, 4, 64, 2), (1000, 4, 64, 2), (65536, 4, 64, 1)
TINY, TINY_ODD = (32, 1, 16, 2), (37, 1, 16, 2)
DTYPES = (torch.float32, torch.float16, torch.bfloat16)


def numbers(*shape, seed=0, device="cpu", dtype=torch.float64):
    """Random numbers, the same on every device."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64).to(device, dtype)


def given(sizes, kind, dtype, device, ragged=False, causal=False):
    """Return x, W_q, W_k and the gradient of y in a type, the wiring, and a mask or none."""
    n, heads, d, batch = sizes
    schedule = schedule_of(kind, n, causal)
    weights = schedule.depth, heads, d, d
    tensors = [
        numbers(*shape, seed=seed, device=device, dtype=dtype) * scale
        for seed, (shape, scale) in enumerate(
            [((batch, heads, n, d), 1), (weights, d**-0.5), (weights, d**-0.5)]
        )
    ]
    real = None
    if ragged:
        lengths = torch.linspace(n // 3, n, batch).long()
        real = (torch.arange(n) < lengths[:, None]).to(device)
    return tensors, numbers(*tensors[0].shape, seed=9, device=device, dtype=dtype), schedule, real


def attended(backend, tensors, to_y, schedule, real, dtype=None):
    """Return y and the gradients of x, W_q and W_k."""
    leaves = [one.detach().to(dtype or one.dtype).requires_grad_() for one in tensors]
    y = butterfly_attention(*leaves, schedule=schedule, mask=real, backend=backend)
    return [y.detach(), *torch.autograd.grad(y, leaves, to_y.to(y.dtype))]


def attention_errors(sizes, kind, dtype, device, backends=("triton", "blocks"), **options):
    """Return, for each backend, by how much y and gradients deviate from those in float64.

    "blocks" is PyTorch's dense attention on each pair, rounded after every stage.
    """
    tensors, *rest = given(sizes, kind, dtype, device, **options)
    wanted = attended("eager", tensors, *rest, dtype=torch.float64)
    found = {backend: attended(backend, tensors, *rest) for backend in backends}
    return {
        backend: [relative(one, best) for one, best in zip(some, wanted, strict=True)]
        for backend, some in found.items()
    }


def definition_error(sizes, kind, device, **options):
    """Return by how much y in fp32 deviates from what the definition makes of it in NumPy."""
    tensors, _, schedule, real = given(sizes, kind, torch.float32, device, **options)
    found = butterfly_attention(*tensors, schedule=schedule, mask=real, backend="triton")
    arrays = [one.double().cpu().numpy() for one in tensors]
    y, _ = by_definition(*arrays, schedule, None if real is None else real.cpu().numpy())
    return relative(found.cpu(), torch.tensor(y))


def same_bits(sizes, kind, dtype, device):
    """Whether two runs give the same y and the same gradients, to the last bit."""
    everything = given(sizes, kind, dtype, device)
    first, second = (attended("triton", *everything) for _ in range(2))
    return all(torch.equal(one, other) for one, other in zip(first, second, strict=True))


def padding_is_not_read(sizes, dtype, device):
    """Whether NaN in masked places changes no bit of y or a gradient where a token is real."""
    tensors, to_y, schedule, real = given(sizes, "butterfly relay", dtype, device, ragged=True)
    shown = real[:, None, :, None]
    before = attended("triton", tensors, to_y, schedule, real)
    x = tensors[0].where(shown, float("nan"))
    after = attended("triton", [x, *tensors[1:]], to_y, schedule, real)
    seen = [(before[0].where(shown, 0), after[0].where(shown, 0))]
    seen += [(before[1].where(shown, 0), after[1].where(shown, 0))]
    seen += zip(before[2:], after[2:], strict=True)
    return all(torch.equal(one, other) for one, other in seen)


def differentiated(function, leaves, to_y):
    """Return y and the gradients of all leaves."""
    leaves = [one.detach().requires_grad_() for one in leaves]
    y = function(*leaves)
    return [y.detach(), *torch.autograd.grad(y, leaves, to_y.to(y.dtype))]


def through_torch(x, response, causal):
    """Filter through `torch.fft`, in the precision of the response."""
    n = x.shape[1]
    wide = x.to(response.real.dtype)
    if not causal:
        return torch.fft.irfft(torch.fft.rfft(wide, dim=1) * response, n, dim=1).to(x.dtype)
    kernel = torch.fft.irfft(response, 2 * n, dim=0)[:n]
    spectrum = torch.fft.rfft(wide, 2 * n, dim=1) * torch.fft.rfft(kernel, 2 * n, dim=0)
    return torch.fft.irfft(spectrum, 2 * n, dim=1)[:, :n].to(x.dtype)


def mixing_errors(n, channels, batch, dtype, causal, device):
    """Return, for kernel and `torch.fft`, by how much y and gradients deviate from float64."""
    x, to_y = (numbers(batch, n, channels, seed=seed, device=device) for seed in (0, 9))
    x, to_y = x.to(dtype), to_y.to(dtype)
    bins = n + 1 if causal else n // 2 + 1
    parts = (numbers(bins, channels, seed=seed, device=device) for seed in (1, 2))
    response = torch.complex(*parts).to(torch.complex64)
    exact = [x.double(), response.to(torch.complex128)]
    wanted = differentiated(lambda *given: through_torch(*given, causal), exact, to_y)
    found = {
        "kernel": differentiated(
            lambda *given: spectral_mixing(*given, causal), [x, response], to_y
        ),
        "torch.fft": differentiated(
            lambda *given: through_torch(*given, causal), [x, response], to_y
        ),
    }
    return {name: _deviations(some, wanted) for name, some in found.items()}


def short_filter_errors(n, channels, taps, batch, dtype, device):
    """Return, for kernel and PyTorch's convolution, by how much they deviate from float64."""
    x, to_y = (numbers(batch, n, channels, seed=seed, device=device) for seed in (0, 9))
    x, to_y = x.to(dtype), to_y.to(dtype)
    kernel = numbers(taps, channels, seed=1, device=device).to(dtype).float()

    def direct(signal, weights):
        return causal_convolution(signal, weights, method="direct")

    wanted = differentiated(direct, [x.double(), kernel.double()], to_y)
    found = {
        "kernel": differentiated(short_convolution, [x, kernel], to_y),
        "torch": differentiated(direct, [x, kernel], to_y),
    }
    return {name: _deviations(some, wanted) for name, some in found.items()}


def transform_error(n, rows, device):
    """Return by how much the transform deviates from NumPy's precision, by `torch.fft`."""
    parts = (numbers(rows, n, seed=seed, device=device, dtype=torch.float32) for seed in (0, 1))
    x = torch.complex(*parts)
    return _deviations([fft(x)], [torch.fft.fft(x.to(torch.complex128))])[0]


def _deviations(found, wanted):
    return [
        relative(*(torch.view_as_real(one) if one.is_complex() else one for one in pair))
        for pair in zip(found, wanted, strict=True)
    ]
