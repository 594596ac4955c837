"""Snippets of FFT-Tensor's README (2025), with our name in the import line and small sizes."""

import re

import pytest
import torch
import transformers
from torch import nn

import fftia_lab
from fftia_lab.mixing.sparse import compress_linear_layers

pytestmark = pytest.mark.filterwarnings("default")  # transformers warns of its own ways

COMPRESSION = """
import torch
from fftia_lab import sst

# Compress a weight matrix
weights = torch.randn(256, 256)
compressed = sst(weights, sparsity=0.20)  # Keep top 20% frequencies

print(f"Compression: {compressed.compress_ratio():.1f}x")  # ~5x
print(f"Memory: {compressed.memory_mb():.2f}MB")

# Decompress
reconstructed = compressed.to_spatial()
error = torch.norm(reconstructed - weights) / torch.norm(weights)
print(f"Error: {error*100:.1f}%")  # 30-70% depending on data
"""

STREAMING = """
import torch
from fftia_lab import FrequencyMatMul, sst

# Compress weights
weights = torch.randn(256, 256)
weights_compressed = sst(weights, sparsity=0.20)

# Input
x = torch.randn(4, 16, 256)

# Block streaming matmul (reduced memory spike)
output = FrequencyMatMul.block_streaming_matmul(
    x, weights_compressed, block_size=32
)
"""

LOOP = """
import torch
from fftia_lab import sst

# Compress all linear layers
for name, module in model.named_modules():
    if isinstance(module, torch.nn.Linear):
        # Compress weights
        compressed = sst(module.weight.data, sparsity=0.20)
        module.weight.data = compressed
        print(f"Compressed {name}: {compressed.compress_ratio():.1f}x")
"""

OURS = """
import torch
from fftia_lab import compress_linear_layers

# Compress all linear layers
report = compress_linear_layers(model, sparsity=0.20)
for layer in report.layers:
    print(f"Compressed {layer.name}: {layer.ratio:.1f}x")

# Save compressed model
torch.save(model.state_dict(), path)
"""


def run(snippet, **names):
    torch.manual_seed(0)
    exec(snippet, names)
    return names


def gpt2():
    torch.manual_seed(0)
    sizes = {"n_embd": 64, "n_layer": 2, "n_head": 2, "n_positions": 16, "vocab_size": 50}
    config = transformers.GPT2Config(**sizes, bos_token_id=0, eos_token_id=0)
    return transformers.GPT2Model(config).eval()


def test_tensor_compression(capsys):
    """The published ratio, about 5, counted entries: in bytes it was 0.8, larger than dense."""
    names = run(COMPRESSION)
    assert capsys.readouterr().out.splitlines() == [
        "Compression: 4.6x",
        "Memory: 0.05MB",
        f"Error: {100 * float(names['error']):.1f}%",
    ]
    assert float(names["error"]) == pytest.approx(0.691, abs=0.01)


def test_block_streaming():
    """The published product was wrong by 1.7 times the norm of the right one."""
    names = run(STREAMING)
    wanted = names["x"] @ names["weights_compressed"].to_spatial()
    assert names["output"].shape == (4, 16, 256)
    assert float((names["output"] - wanted).norm() / wanted.norm()) < 1e-5


def test_the_published_loop_finds_nothing_in_gpt2(capsys):
    run(LOOP, model=gpt2())
    assert capsys.readouterr().out == ""
    with pytest.raises(TypeError):
        run(LOOP, model=nn.Sequential(nn.Linear(8, 8)))


def test_compress_a_model(capsys, tmp_path):
    """The published file was as large as before; where the loop found a layer it raised."""
    model, path = gpt2(), tmp_path / "gpt2_compressed.pt"
    torch.save(model.state_dict(), tmp_path / "dense.pt")
    names = run(OURS, model=model, path=path)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8 and all(re.fullmatch(r"Compressed h\.\d\.\S+: 4\.6x", o) for o in lines)
    ratio = (tmp_path / "dense.pt").stat().st_size / path.stat().st_size
    assert ratio == pytest.approx(names["report"].ratio, rel=0.15)
    fresh = gpt2()
    compress_linear_layers(fresh, sparsity=0.20)
    fresh.load_state_dict(torch.load(path))
    words = torch.arange(12)[None]
    assert torch.equal(fresh(words).last_hidden_state, model(words).last_hidden_state)


def test_the_published_names_are_there():
    one = fftia_lab.SparseSpectralTensor(data=torch.ones(4, 4), sparsity=0.5)
    for name in ("to_spatial", "compress_ratio", "memory_mb", "matmul"):
        assert callable(getattr(one, name))
    for name in ("set_limit", "register", "unregister", "total_memory_mb", "clear_all"):
        assert callable(getattr(fftia_lab.MemoryManager, name))
    assert {*fftia_lab.MemoryManager.get_stats()} == {
        "n_tensors",
        "total_memory_mb",
        "limit_mb",
        "utilization",
    }
    assert fftia_lab.randn_sst((4, 4)).shape == fftia_lab.zeros_sst((4, 4)).shape == (4, 4)
