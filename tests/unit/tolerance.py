"""How close is equal: from the precision and the size, in one place, printing its number."""

import numpy as np


def assert_close(found, wanted, *, factor=4.0):
    """Fail unless found is wanted up to factor · eps · log2(size), relative to wanted's RMS."""
    found, wanted = np.asarray(found), np.asarray(wanted)
    assert found.shape == wanted.shape, f"shape {found.shape}, wanted {wanted.shape}"
    eps = np.finfo(found.dtype).eps
    size = max(2, wanted.shape[-1])
    scale = max(float(np.sqrt(np.mean(np.abs(wanted) ** 2))), 1e-300)
    error = float(np.abs(found - wanted).max(initial=0.0)) / scale
    bound = factor * eps * np.log2(size)
    assert error <= bound, f"relative error {error:.2e} exceeds {bound:.2e}"
