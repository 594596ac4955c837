"""Triton kernels, imported as `fftia_lab.kernels`."""

if __name__ == "kernels":
    raise ImportError(
        "this folder is the package fftia_lab.kernels; write `import fftia_lab.kernels` "
        "(a package named `kernels` on PyPI is somebody else's)"
    )
