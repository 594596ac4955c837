"""Triton kernels, imported as `fftia_lab.kernels`."""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path

if __name__ == "kernels":
    # Python found this folder because a checkout lies on its path. Others, transformers among them,
    # mean a package of that name on PyPI: they get it if it is there, else nothing that breaks.
    def _is_checkout(folder: str) -> bool:
        return all((Path(folder) / name).exists() for name in ("fftia_lab", "pyproject.toml"))

    _elsewhere = [folder for folder in sys.path if not _is_checkout(folder)]
    _meant = PathFinder.find_spec("kernels", _elsewhere)
    if _meant is not None and _meant.loader is not None:
        sys.modules["kernels"] = module_from_spec(_meant)
        _meant.loader.exec_module(sys.modules["kernels"])
    else:
        __version__ = "0"  # of no use to anybody who asks for at least some version
        __path__ = []

        def __getattr__(name: str) -> None:
            raise AttributeError(
                f"there is no kernels.{name}: this folder is the package fftia_lab.kernels; "
                "write `import fftia_lab.kernels` (a package named `kernels` on PyPI is "
                "somebody else's)"
            )
