"""`SparseSpectralLinear`: a linear layer that keeps its weight's spectrum, and streams it."""

from __future__ import annotations

from torch import Tensor, nn

from ...arguments import as_integer
from .checks import FLOATS, check_product
from .header import Header
from .layout import Layout
from .streaming import BLOCK, Blocks, right_product, stream
from .support import Support
from .tensor import SparseSpectralTensor


class SparseSpectralLinear(nn.Module):
    """y = x W + b, with W kept as the largest entries of its spectrum.

    The layer streams: every call unpacks a block of the spectrum after the other, and W is never
    whole. So it saves memory, in files and at work, and costs time: the products of a dense layer
    and unpacking on top, which weighs the less the more tokens there are. Coefficients are
    parameters and can be trained; which entries they belong to stays. The state dict holds three
    tensors, coefficients, code and header, so that `torch.save` and safetensors keep it.

    Args:
        spectrum: of W, of shape (inputs, outputs), the transpose of `nn.Linear.weight`.
        bias: shape (outputs,), or None.
        block_size: as in `spectral_matmul`.

    Raises:
        ValueError: if the spectrum is not that of a matrix, or the bias does not fit.

    >>> import torch
    >>> from fftia_lab.mixing.sparse import sst
    >>> layer = SparseSpectralLinear(sst(torch.ones(6, 4), sparsity=1.0), torch.zeros(4))
    >>> layer(torch.ones(2, 6)).detach().round(decimals=4)
    tensor([[6., 6., 6., 6.],
            [6., 6., 6., 6.]])
    """

    code: Tensor
    header: Tensor

    def __init__(
        self, spectrum: SparseSpectralTensor, bias: Tensor | None = None, block_size: int = BLOCK
    ) -> None:
        super().__init__()
        if len(spectrum.shape) != 2:
            raise ValueError(f"a linear layer needs a matrix; got shape {spectrum.shape}")
        self.in_features, self.out_features = spectrum.shape
        if bias is not None and bias.shape != (self.out_features,):
            raise ValueError(
                f"bias must have shape ({self.out_features},); got {tuple(bias.shape)}"
            )
        self.block_size = as_integer("block_size", block_size, least=2)
        parts = spectrum.parts()
        self.coefficients = nn.Parameter(parts["coefficients"])
        self.register_buffer("code", parts["code"])
        self.register_buffer("header", parts["header"])
        self.bias = bias if bias is None or isinstance(bias, nn.Parameter) else nn.Parameter(bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return y of shape (..., outputs) for x of shape (..., inputs), in the dtype of x."""
        header = Header.read(self.header)
        checked = check_product(x, header.shape, self.coefficients.device)
        layout = Layout(header.shape)
        support = Support(layout.entries, header.encoding, self.code)
        blocks = Blocks(layout, support, self.block_size // 2)
        y = stream(right_product, checked, self.coefficients, header.exponent, blocks)
        return y if self.bias is None else y + self.bias

    @property
    def spectrum(self) -> SparseSpectralTensor:
        """The weight W, of shape (inputs, outputs), as a sparse spectrum; it shares the bytes."""
        return SparseSpectralTensor.from_parts(
            {"coefficients": self.coefficients, "code": self.code, "header": self.header},
            register=False,
        )

    @property
    def weight(self) -> Tensor:
        """The weight as `nn.Linear` has it, (outputs, inputs), unpacked: whole in memory.

        It is here for whoever asks a linear layer for its weight, and cannot be set.
        """
        return self.spectrum.to_spatial().T

    @property
    def nbytes(self) -> int:
        """The bytes that stand for the weight."""
        return self.coefficients.nbytes + self.code.nbytes + self.header.nbytes

    def extra_repr(self) -> str:
        """Return what `print(layer)` shows."""
        header = Header.read(self.header)
        share = header.kept / Layout(header.shape).entries
        return (
            f"in_features={self.in_features}, out_features={self.out_features}, "
            f"bias={self.bias is not None}, sparsity={share:.3g}, "
            f"coefficients={self.coefficients.dtype}, of={FLOATS[header.dtype]}"
        )


def dense_weight(module: nn.Module) -> Tensor | None:
    """Return the weight of a linear layer as (inputs, outputs), or None if the module is none.

    Linear layers are `nn.Linear`, whose weight is (outputs, inputs), and the `Conv1D` of
    `transformers`, which is a linear layer in spite of its name. Classes derived from them may
    compute something else.
    """
    kind = type(module)
    if kind is nn.Linear:
        return module.get_parameter("weight").T
    if kind.__name__ == "Conv1D" and kind.__module__.startswith("transformers."):
        return module.get_parameter("weight")
    return None
