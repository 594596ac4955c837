"""Spectral mixing: the FFT along the tokens, a learned filter, and the way back."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from ..arguments import as_boolean, as_choice, as_integer, check_dropout
from .checks import check_tokens, silence, wide
from .convolution import causal_convolution
from .gates import FrequencyGates
from .knots import kernel_per_sample, response_per_sample, response_per_sequence
from .transforms import rfft

MODES = "sample", "sequence"


class SpectralMixingLayer(nn.Module):
    """A learned filter for each channel, along the tokens: rfft, times the response, irfft.

    y[i] = Σ_j h[(i - j) mod n] x[j], where h is the inverse DFT of the response H; or, causal,
    y[i] = Σ_{j ≤ i} h[i - j] x[j]. It begins as the identity, H = 1, and mixes no channels.

    Args:
        embed_dim: channels of the input and the output.
        num_filters: knots, complex numbers that each channel learns at frequencies; None means half
            of embed_dim, and at least 1, or 2 if they are fixed. The first, and in mode "sample"
            the last, are real.
        dropout: probability, while training, with which a number of the output is dropped.
        learnable: whether the knots are learned. If not, H falls as (1 - 2f)² from 1 to 0, drawn
            through the knots: a token keeps about a third of itself and takes 2/(πt)² of each one
            t away; the weights are not negative and their sum is 1.
        causal: whether a token hears only itself and earlier ones: h is zero at negative lags, and
            the transforms are over 2n samples, since one alone would let the future leak.
        mode: "sample", knots at equal distances from 0 to 1/2 cycle per sample and straight lines
            between: the same kernel at every length, but a local one, within about 1.3 times
            num_filters lags; or "sequence", knots at 0, 1, 2 … cycles per sequence (per 2n samples,
            if causal), further frequencies pass: it reaches across, but stretches with n.
        adaptive: whether each knot has a gate that learns to shut; add `penalty()` to the loss.

    Shapes:
        x: float16, bfloat16, float32 or float64 (batch, n, embed_dim), any n from 0. Spectra are
            float32, or float64 for float64.
        mask: bool (batch, n), true for a real token; None means all. What stands at a masked token
            is never read.
        returns shape and type of x, 0 at masked tokens.

    A causal layer per sample does not notice padding on the right. A circular one wraps round the
    padded length, and one per sequence stretches with it: they do, even though no padding is read.

    Raises:
        TypeError: if x is no real floating point, the mask not bool, or an option of another type.
        ValueError: if a shape or an option does not fit.

    What differs from the published code: it filters the real spectrum, so that the identity is one;
    frequencies do not depend on the embedding; masks and causality are exact; a fixed filter mixes.

    Source: Rao et al. (2021), Global Filter Networks, for the filter between two transforms; Li et
    al. (2021), Fourier Neural Operator, for knots per sequence.

    >>> layer = SpectralMixingLayer(embed_dim=64, causal=True)
    >>> x = torch.randn(2, 37, 64)
    >>> torch.allclose(layer(x), x, atol=1e-6)
    True
    """

    def __init__(
        self,
        embed_dim: int,
        num_filters: int | None = None,
        dropout: float = 0.0,
        learnable: bool = True,
        *,
        causal: bool = False,
        mode: str = "sample",
        adaptive: bool = False,
    ) -> None:
        super().__init__()
        self.embed_dim = as_integer("embed_dim", embed_dim, least=1)
        self.learnable = as_boolean("learnable", learnable)
        few = 1 if self.learnable else 2  # a fixed filter falls from one knot to another
        if num_filters is None:
            num_filters = max(self.embed_dim // 2, few)
        self.num_filters = as_integer("num_filters", num_filters, least=few)
        check_dropout(dropout)
        self.dropout = nn.Dropout(float(dropout))
        self.causal = as_boolean("causal", causal)
        self.mode = as_choice("mode", mode, MODES)
        adaptive = as_boolean("adaptive", adaptive)
        if not self.learnable and (adaptive or self.mode != "sample"):
            raise ValueError(
                f"a fixed filter has knots per sample and no gates; got mode={mode!r}, "
                f"adaptive={adaptive}: leave them out, or set learnable=True"
            )
        turning = self.num_filters - (1 if self.mode == "sequence" else min(self.num_filters, 2))
        self._keep("real", torch.ones(self.num_filters, self.embed_dim))
        self._keep("imaginary", torch.zeros(turning, self.embed_dim))
        self.gates = FrequencyGates(self.num_filters) if adaptive else None
        self.reset_parameters()

    real: Tensor
    imaginary: Tensor

    def _keep(self, name: str, value: Tensor) -> None:
        if self.learnable:
            self.register_parameter(name, nn.Parameter(value))
        else:
            self.register_buffer(name, value)

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Return to the beginning: the identity, or the fixed filter."""
        self.imaginary.zero_()
        if self.learnable:
            self.real.fill_(1)
        else:
            self.real.copy_(torch.linspace(1, 0, self.num_filters).square()[:, None])
        if self.gates is not None:
            self.gates.reset_parameters()

    def _knots(self, like: Tensor) -> Tensor:
        """Return the knots, complex (num_filters, embed_dim), as precise as `like`."""
        above = 1  # the mean of a real signal cannot turn, nor can half the sampling rate
        below = self.num_filters - len(self.imaginary) - above
        turning = pad(self.imaginary.to(like.dtype), (0, 0, above, below))
        knots = torch.complex(self.real.to(like.dtype), turning)
        return knots if self.gates is None else knots * self.gates().to(like.dtype)[:, None]

    def _response(self, n: int, like: Tensor) -> Tensor:
        """Return the response of a circular filter at the bins of n samples."""
        respond = response_per_sample if self.mode == "sample" else response_per_sequence
        return respond(self._knots(like), n)

    def _kernel(self, n: int, like: Tensor) -> Tensor:
        """Return the impulse response at lags 0 to n - 1, shape (n, embed_dim)."""
        if self.mode == "sample":
            return kernel_per_sample(self._knots(like), n)
        return torch.fft.irfft(self._response(2 * n, like), 2 * n, dim=0)[:n]

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        check_tokens(type(self).__name__, x, mask, self.embed_dim)
        n = x.shape[1]
        if not x.numel():
            return x.clone()
        signal = wide(silence(x, mask))
        if self.causal:
            mixed = causal_convolution(signal, self._kernel(n, signal), method="fft")
        else:
            response = self._response(n, signal).T.contiguous().T  # frequencies side by side
            mixed = torch.fft.irfft(rfft(signal, n, 1) * response, n, dim=1)
        dropped: Tensor = self.dropout(mixed)
        return silence(dropped.to(x.dtype), mask)

    def response(self, n: int) -> Tensor:
        """Return the response at the bins of n samples, complex (n // 2 + 1, embed_dim).

        If causal, that of the padded transform, over 2n samples: (n + 1, embed_dim).

        Raises:
            TypeError: if n is not an integer.
            ValueError: if it is below 1.

        >>> SpectralMixingLayer(embed_dim=2).response(6).shape
        torch.Size([4, 2])
        """
        n, like = as_integer("n", n, least=1), wide(self.real)
        if self.causal:
            return torch.fft.rfft(self._kernel(n, like), 2 * n, dim=0)
        return self._response(n, like)

    def impulse_response(self, n: int) -> Tensor:
        """Return what an impulse at token 0 becomes, real (n, embed_dim).

        If circular, row t is the weight of what is t tokens earlier, and, since the end meets the
        beginning, of what is n - t later: rows above n/2 are best read as negative lags.

        Raises:
            TypeError: if n is not an integer.
            ValueError: if it is below 1.

        >>> SpectralMixingLayer(embed_dim=1).impulse_response(4).ravel()
        tensor([1., 0., 0., 0.], grad_fn=<ViewBackward0>)
        """
        n, like = as_integer("n", n, least=1), wide(self.real)
        if self.causal:
            return self._kernel(n, like)
        return torch.fft.irfft(self._response(n, like), n, dim=0)

    def reach(self, n: int) -> Tensor:
        """Return which input can change which output, whatever is learned: bool (n, n), [to, from].

        Per sample a kernel is 0 at multiples of 2(num_filters - 1) lags, where the squared sinc of
        a straight line between knots is.

        Raises:
            TypeError: if n is not an integer.
            ValueError: if it is negative.

        >>> SpectralMixingLayer(embed_dim=8, causal=True).reach(3).int()
        tensor([[1, 0, 0],
                [1, 1, 0],
                [1, 1, 1]], dtype=torch.int32)
        """
        n = as_integer("n", n, least=0)
        place = torch.arange(n)
        lag = place[:, None] - place
        period = max(2 * (self.num_filters - 1), 1)
        heard = torch.ones(n, n, dtype=torch.bool)
        if self.mode == "sample" and (self.causal or n % period == 0):
            heard = (lag == 0) | (lag % period != 0)
        return heard & (lag >= 0) if self.causal else heard

    def penalty(self) -> Tensor:
        """Return the expected share of open gates, 0 to 1, a scalar to be added to a loss.

        Raises:
            ValueError: if the layer has no gates.

        >>> layer = SpectralMixingLayer(embed_dim=4, adaptive=True)
        >>> bool(layer.penalty() > 0.98)
        True
        """
        if self.gates is None:
            raise ValueError("this layer has no gates to pay for; make it with adaptive=True")
        return self.gates.penalty()

    def verify_energy_preservation(self, x: Tensor, y: Tensor) -> float:
        """Return the energy of y over that of x: Σ y² / Σ x², 1.0 for two of the same energy.

        A filter keeps energy only where |H| = 1, as at the beginning; nothing here enforces it.

        Args:
            x: real tensor, what a layer was given.
            y: real tensor of the same shape, what it returned.

        Raises:
            TypeError: if one is no real tensor.
            ValueError: if the shapes differ, or x has no energy.

        >>> layer, x = SpectralMixingLayer(embed_dim=4), torch.randn(1, 8, 4)
        >>> round(layer.verify_energy_preservation(x, layer(x)), 4)
        1.0
        """
        for name, signal in (("x", x), ("y", y)):
            if not isinstance(signal, Tensor) or not signal.is_floating_point():
                kind = signal.dtype if isinstance(signal, Tensor) else type(signal).__name__
                raise TypeError(f"{name} must be a floating point tensor; got {kind}")
        if x.shape != y.shape:
            raise ValueError(f"x and y must have one shape; got {[*x.shape]} and {[*y.shape]}")
        energies = [float(signal.detach().double().square().sum()) for signal in (x, y)]
        if not energies[0]:
            raise ValueError("x has no energy to compare with: all of it is 0")
        return energies[1] / energies[0]

    def extra_repr(self) -> str:
        options: dict[str, Any] = {
            "learnable": self.learnable,
            "causal": self.causal,
            "mode": self.mode,
            "adaptive": self.gates is not None,
        }
        told = ", ".join(f"{name}={value!r}" for name, value in options.items())
        return f"embed_dim={self.embed_dim}, num_filters={self.num_filters}, {told}"
