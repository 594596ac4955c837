"""What the compiler makes of the forward kernel, asked for GPUs that need not be there."""

from fftia_lab.kernels.compilation import Resources
from fftia_lab.kernels.forward_launches import shipped
from fftia_lab.kernels.workers import Case, compile_all

MODULE = "fftia_lab.kernels.forward_launches"


def test_exact_products_do_not_go_to_tensor_cores_which_round():
    exact = [one.name for one in shipped() if one.name.endswith("float32 ieee")]
    assert len(exact) == 3
    asked = [Case(MODULE, name, 100) for name in exact]
    for case, found in compile_all(asked, processes=1):
        assert isinstance(found, Resources), found
        assert found.tensor_instructions == 0, case.name
