"""Sparse spectra in files: what comes back, and what is told of files that are none."""

import os

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from fftia_lab import SparseSpectralTensor, sst
from fftia_lab.mixing.sparse.files import FORMAT


def normal(*shape, seed=0, dtype=torch.float32):
    return torch.randn(shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("shape", [(50,), (12, 9), (3, 4, 5), (2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("sparsity", [0.03, 0.5])
@pytest.mark.parametrize("coefficients", [None, torch.float16], ids=str)
def test_what_is_saved_comes_back(tmp_path, shape, sparsity, coefficients):
    before = sst(normal(*shape), sparsity, coefficients=coefficients)
    before.save(tmp_path / "one.safetensors")
    after = SparseSpectralTensor.load(tmp_path / "one.safetensors")
    assert torch.equal(after.to_spatial(), before.to_spatial()) and repr(after) == repr(before)
    assert os.listdir(tmp_path) == ["one.safetensors"]
    with safe_open(tmp_path / "one.safetensors", "pt") as file:
        assert file.metadata() == {"format": FORMAT, "version": "1"}


def test_a_file_holds_the_bytes_that_are_counted(tmp_path):
    compressed = sst(normal(64, 64), 0.2)
    compressed.save(tmp_path / "one")
    whole = (tmp_path / "one").read_bytes()
    assert len(whole) - 8 - int.from_bytes(whole[:8], "little") == compressed.nbytes


def test_what_was_there_stays_until_all_is_written(tmp_path, monkeypatch):
    path = tmp_path / "one"
    sst(torch.ones(8, 8), 0.5).save(path)
    before = path.read_bytes()

    def full(tensors, beside, metadata):
        beside.write_bytes(b"half of i")
        raise OSError("no space is left")

    monkeypatch.setattr("safetensors.torch.save_file", full)
    with pytest.raises(OSError, match="no space is left"):
        sst(normal(8, 8), 0.5).save(path)
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["one"]


def test_a_place_that_takes_no_file_is_told(tmp_path):
    for place in (tmp_path / "missing" / "one", tmp_path):
        with pytest.raises(OSError):
            sst(torch.ones(4), 0.5).save(place)
    assert os.listdir(tmp_path) == []


def refusal(path):
    with pytest.raises(ValueError) as caught:
        SparseSpectralTensor.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path} is no {FORMAT}") and "\n" not in message
    return message


def test_every_cut_is_noticed(tmp_path):
    path = tmp_path / "one"
    sst(normal(8, 6), 0.5).save(path)
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert "or cut short: " in refusal(path)


def test_foreign_files_are_told(tmp_path):
    path = tmp_path / "one"
    path.write_text("a,b\n1,2\n")
    assert "cut short" in refusal(path)
    save_file({"weight": torch.ones(2)}, path)
    assert "its format is 'one without a format'" in refusal(path)
    save_file({"weight": torch.ones(2)}, path, {"format": "pt"})
    assert "its format is 'pt'" in refusal(path)
    save_file({"weight": torch.ones(2)}, path, {"format": FORMAT, "version": "2"})
    assert "its version '2'" in refusal(path)
    save_file({"weight": torch.ones(2)}, path, {"format": FORMAT, "version": "1"})
    assert "it holds weight" in refusal(path)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        SparseSpectralTensor.load(tmp_path / "two")


def parts(sparsity):
    return sst(normal(8, 6), sparsity).parts()


def header(place, value, sparsity=0.5):
    found = parts(sparsity)
    found["header"][place] = value
    return found


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (header(0, 9), "its version is 9"),
        (header(1, 2), "names no encoding and dtype"),
        (header(4, 4), "names no encoding and dtype"),
        (header(2, 3), "its 3 coefficients are torch.float32 of shape (13, 2)"),
        (header(5, 0), "got shape (0, 6)"),
        (header(5, 80), "its code does not name 13 of 242 entries"),
        (header(5, 2, 0.03), "its code does not name 1 of 8 entries"),
        ({**parts(0.5), "header": torch.ones(3)}, "its header is torch.float32"),
        ({**parts(0.5), "code": torch.zeros(4, dtype=torch.uint8)}, "does not name 13 of 26"),
        ({**parts(0.5), "code": torch.zeros(4)}, "its code is torch.float32"),
        ({**parts(0.03), "code": torch.tensor([200], dtype=torch.uint8)}, "does not name 1 of"),
        ({**parts(0.03), "code": torch.tensor([26], dtype=torch.uint8)}, "does not name 1 of"),
        ({**parts(0.03), "code": torch.tensor([129] * 9 + [1], dtype=torch.uint8)}, "does not na"),
        (
            {**parts(0.03), "code": torch.tensor([200] * 70000 + [1], dtype=torch.uint8)},
            "longer th",
        ),
        ({**parts(0.5), "coefficients": torch.ones(13, 2).long()}, "are torch.int64 of shape"),
    ],
)
def test_parts_that_do_not_belong_together_are_told(tmp_path, made, message):
    save_file(made, tmp_path / "one", {"format": FORMAT, "version": "1"})
    assert message in refusal(tmp_path / "one")
