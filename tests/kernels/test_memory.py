"""What watches the memory of kernels sees what it must: each fault is planted once."""

import os

import planted_kernels
import pytest
import torch
from watched_memory import watched

pytestmark = pytest.mark.skipif(
    os.environ.get("TRITON_INTERPRET") != "1", reason="memory is watched in the interpreter"
)


def tensors(n=256):
    return torch.arange(n, dtype=torch.float32), torch.full((n,), torch.nan)


def test_what_is_sound_runs_as_ever():
    x, y = tensors()
    with watched():
        planted_kernels.halve[(2,)](x, y, 256, TILE=128)
        planted_kernels.swap[(2,)](y, x, 256, TILE=128)
    assert torch.equal(x, torch.arange(256).roll(128) / 2)


def test_one_program_may_store_for_all():
    x, y = tensors()
    with watched():
        planted_kernels.first[(2,)](x, y, TILE=256)
    assert torch.equal(x, y)


@pytest.mark.parametrize("n", [256, 200])
def test_an_address_beyond_the_tensor_is_told(n):
    x, y = tensors(n)
    with watched(), pytest.raises(Exception, match="a program stores"):
        planted_kernels.shift[(2,)](x, y, n, TILE=128)


def test_a_view_ends_where_it_ends():
    x, y = tensors()
    with watched(), pytest.raises(Exception, match="a program loads"):
        planted_kernels.halve[(2,)](x[:255], y, 256, TILE=128)


def test_a_store_in_place_that_races_is_told():
    x, _ = tensors()
    with watched(), pytest.raises(AssertionError, match="loads at 0 where another stores: a race"):
        planted_kernels.swap[(2,)](x, x, 256, TILE=128)


def test_one_program_may_store_where_it_loads():
    x, _ = tensors()
    with watched():
        planted_kernels.halve[(2,)](x, x, 256, TILE=128)


def test_two_programs_that_store_the_same_are_told():
    x, y = tensors()
    with watched(), pytest.raises(AssertionError, match="two programs store at 0: a race"):
        planted_kernels.crowd[(2,)](x, y, TILE=128)


def test_every_test_of_kernels_is_watched():
    x, _ = tensors()
    with pytest.raises(AssertionError, match="a race"):
        planted_kernels.swap[(2,)](x, x, 256, TILE=128)
