"""Two published layers: the DFT alone as a mixer, and a filter with one weight a frequency."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..arguments import as_choice, as_integer
from .checks import check_tokens, silence, wide
from .knots import without_turns

NORMS = "backward", "ortho", "forward"


class FourierMixing(nn.Module):
    """The real part of the DFT over tokens and channels: mixing with nothing learned, as in FNet.

    y = Re(F_n x F_d). Every output hears every input; token i is mixed with token n - i.

    Args:
        embed_dim: channels of the input and the output.
        norm: "backward" scales nothing, as published, and outputs grow by √(n · embed_dim);
            "ortho" divides by that, "forward" by its square.

    Shapes:
        x: float16, bfloat16, float32 or float64 (batch, n, embed_dim), any n from 0. Spectra are
            float32, or float64 for float64.
        mask: bool (batch, n), true for a real token; None means all. What stands at a masked token
            is never read; the frequencies are those of the padded length all the same.
        returns shape and type of x, 0 at masked tokens.

    Raises:
        TypeError: if x is no real floating point, or the mask not bool.
        ValueError: if a shape or the norm does not fit.

    Source: Lee-Thorp et al. (2021), FNet: Mixing Tokens with Fourier Transforms.

    >>> FourierMixing(2)(torch.ones(1, 2, 2))
    tensor([[[4., 0.],
             [0., 0.]]])
    """

    def __init__(self, embed_dim: int, *, norm: str = "backward") -> None:
        super().__init__()
        self.embed_dim = as_integer("embed_dim", embed_dim, least=1)
        self.norm = as_choice("norm", norm, NORMS)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        check_tokens(type(self).__name__, x, mask, self.embed_dim)
        if not x.numel():
            return x.clone()
        spectrum = torch.fft.fft2(wide(silence(x, mask)), dim=(1, 2), norm=self.norm)
        return silence(spectrum.real.to(x.dtype), mask)

    def extra_repr(self) -> str:
        return f"embed_dim={self.embed_dim}, norm={self.norm!r}"


class GlobalFilter(nn.Module):
    """One learned complex weight a frequency and channel, over one axis of tokens or two: GFNet.

    y = F⁻¹(K ⊙ F(x)), circular, with norm="ortho". The weights belong to one size of input; what
    keeps its meaning at other lengths is `SpectralMixingLayer`.

    Args:
        embed_dim: channels of the input and the output.
        height: number of tokens, or of rows of a grid of tokens.
        width: number of columns of the grid; None means that there is none.

    Shapes:
        x: float16, bfloat16, float32 or float64 (batch, tokens, embed_dim), where tokens is height,
            or height · width, row by row. Spectra are float32, or float64 for float64.
        mask: bool (batch, tokens), true for a real token; None means all. What stands at a masked
            token is never read.
        returns shape and type of x, 0 at masked tokens.

    `complex_weight` has the published name and shape, (height, width // 2 + 1, embed_dim, 2), real
    and imaginary parts drawn with deviation 0.02; without a grid (height // 2 + 1, embed_dim, 2).

    Raises:
        TypeError: if x is no real floating point, the mask not bool, or a size no integer.
        ValueError: if a shape does not fit.

    Source: Rao et al. (2021), Global Filter Networks for Image Classification.

    >>> GlobalFilter(8, 14, 14)(torch.randn(2, 196, 8)).shape
    torch.Size([2, 196, 8])
    """

    def __init__(self, embed_dim: int, height: int, width: int | None = None) -> None:
        super().__init__()
        self.embed_dim = as_integer("embed_dim", embed_dim, least=1)
        self.height = as_integer("height", height, least=1)
        self.width = None if width is None else as_integer("width", width, least=1)
        flat = self.width is None
        last = self.height if self.width is None else self.width
        sizes = (last // 2 + 1,) if flat else (self.height, last // 2 + 1)
        self.complex_weight = nn.Parameter(torch.empty(*sizes, self.embed_dim, 2))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weights anew."""
        nn.init.normal_(self.complex_weight, std=0.02)

    @property
    def tokens(self) -> int:
        """How many tokens it filters."""
        return self.height * (self.width or 1)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return what the tokens become; shapes as in the class."""
        check_tokens(type(self).__name__, x, mask, self.embed_dim)
        if x.shape[1] != self.tokens:
            raise ValueError(
                f"this filter has weights for {self.tokens} tokens; got {x.shape[1]}: make another "
                f"GlobalFilter, or use SpectralMixingLayer, which takes any number"
            )
        if not x.numel():
            return x.clone()
        signal = wide(silence(x, mask))
        rows = 1 if self.width is None else self.height
        grid = torch.unflatten(signal, 1, (rows, -1))
        weight = torch.view_as_complex(self.complex_weight.to(signal.dtype))
        spectrum = torch.fft.rfft2(grid, dim=(1, 2), norm="ortho") * weight
        columns = torch.fft.ifft(spectrum, dim=1, norm="ortho")
        size = grid.shape[2]
        filtered = torch.fft.irfft(without_turns(columns, size, 2), size, dim=2, norm="ortho")
        return silence(filtered.flatten(1, 2).to(x.dtype), mask)

    def extra_repr(self) -> str:
        grid = "" if self.width is None else f", width={self.width}"
        return f"embed_dim={self.embed_dim}, height={self.height}{grid}"
