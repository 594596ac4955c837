"""What spectral mixing refuses, each in one clear line."""

import pytest
import torch

from fftia_lab import SpectralMixingLayer


@pytest.mark.parametrize(
    ("arguments", "options", "kind", "message"),
    [
        ((0,), {}, ValueError, "embed_dim must be at least 1; got 0"),
        ((4.0,), {}, TypeError, "embed_dim must be an integer; got 4.0 (float)"),
        ((4, 0), {}, ValueError, "num_filters must be at least 1; got 0"),
        ((4, 1), {"learnable": False}, ValueError, "num_filters must be at least 2; got 1"),
        ((4, 2, 1.0), {}, ValueError, "dropout must lie in 0 to 1, 1 excluded; got 1.0"),
        ((4, 2, 0.0, 1), {}, TypeError, "learnable must be True or False; got 1"),
        ((4,), {"causal": "yes"}, TypeError, "causal must be True or False; got 'yes'"),
        ((4,), {"mode": "bins"}, ValueError, "mode must be one of sample, sequence; got 'bins'"),
        ((4,), {"adaptive": 2}, TypeError, "adaptive must be True or False; got 2"),
        (
            (4,),
            {"learnable": False, "mode": "sequence"},
            ValueError,
            "a fixed filter has knots per sample and no gates; got mode='sequence'",
        ),
    ],
)
def test_bad_options_give_one_clear_line(arguments, options, kind, message):
    with pytest.raises(kind) as caught:
        SpectralMixingLayer(*arguments, **options)
    assert message in str(caught.value) and "\n" not in str(caught.value)


GOOD = torch.zeros(2, 8, 4)


@pytest.mark.parametrize(
    ("x", "mask", "kind", "message"),
    [
        (GOOD.long(), None, TypeError, "a floating point tensor; got torch.int64: call .float()"),
        (GOOD.numpy(), None, TypeError, "got ndarray: use torch.as_tensor(x)"),
        (GOOD + 0j, None, TypeError, "SpectralMixingLayer takes a signal in time and x holds"),
        (GOOD.to(torch.float8_e5m2), None, TypeError, "got torch.float8_e5m2: call .float()"),
        (GOOD[0], None, ValueError, "(batch, tokens, embed_dim) with embed_dim = 4; got (8, 4)"),
        (GOOD[..., :2], None, ValueError, "with embed_dim = 4; got (2, 8, 2)"),
        (GOOD, torch.ones(2, 8), TypeError, "got torch.float32: write mask != 0"),
        (GOOD, [[True] * 8] * 2, TypeError, "got list: use torch.as_tensor(mask)"),
        (GOOD, torch.ones(8, 2) > 0, ValueError, "(2, 8); got (8, 2)"),
    ],
)
def test_bad_input_gives_one_clear_line(x, mask, kind, message):
    with pytest.raises(kind) as caught:
        SpectralMixingLayer(4)(x, mask)
    assert message in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda layer: layer.response(0), ValueError, "n must be at least 1; got 0"),
        (lambda layer: layer.impulse_response(2.5), TypeError, "n must be an integer; got 2.5"),
        (lambda layer: layer.reach(-1), ValueError, "n must be at least 0; got -1"),
        (lambda layer: layer.penalty(), ValueError, "no gates to pay for; make it with adaptive"),
        (
            lambda layer: layer.verify_energy_preservation(GOOD, GOOD[:1]),
            ValueError,
            "one shape; got [2, 8, 4] and [1, 8, 4]",
        ),
        (
            lambda layer: layer.verify_energy_preservation(GOOD, GOOD),
            ValueError,
            "x has no energy to compare with",
        ),
        (
            lambda layer: layer.verify_energy_preservation(GOOD, 3),
            TypeError,
            "y must be a floating point tensor; got int",
        ),
    ],
)
def test_bad_questions_give_one_clear_line(call, kind, message):
    with pytest.raises(kind) as caught:
        call(SpectralMixingLayer(4))
    assert message in str(caught.value) and "\n" not in str(caught.value)
