"""The folder `kernels` is ours only as `fftia_lab.kernels`; under its own name it harms nobody."""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest


def run(code, *path, isolated=False):
    """Run Python anew with these folders first on its path; return what it printed."""
    start = f"import sys; sys.path[:0] = {[str(one) for one in path]!r}\n"
    if isolated:  # from the editable install, but not from NumPy
        start += f"sys.path.append({str(Path(np.__file__).parents[1])!r})\n"
    found = subprocess.run(
        [sys.executable, *["-S"] * isolated, "-c", start + code],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONSAFEPATH": "1"},
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


@pytest.fixture
def another(tmp_path):
    """A package of the same name, as another project installs it, with its own submodule."""
    package = tmp_path / "site" / "kernels"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from .layer import Layer\n__version__ = '1.2'\n")
    (package / "layer.py").write_text("class Layer:\n    pass\n")
    return package.parent


@pytest.fixture(scope="module")
def installed(root, tmp_path_factory):
    """The wheel, unpacked as pip does it."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(folder), str(root)], check=True, capture_output=True)
    return folder


def test_ours_has_its_full_name():
    assert importlib.import_module("fftia_lab.kernels").__name__ == "fftia_lab.kernels"


def test_transformers_works_beside_a_checkout(root):
    code = (
        "import kernels\n"
        "from transformers import BertModel\n"
        "from transformers.utils import is_kernels_available\n"
        "import fftia_lab.kernels\n"
        "print(BertModel.__name__, is_kernels_available(), fftia_lab.kernels.__name__)"
    )
    assert run(code, root) == "BertModel False fftia_lab.kernels"


ASKED = "import kernels, kernels.layer; print(kernels.__version__, kernels.Layer.__module__)"


def test_another_package_of_that_name_is_handed_over(root, another):
    assert run(ASKED, root, another) == "1.2 kernels.layer"
    assert run(ASKED, another, root) == "1.2 kernels.layer"
    both = f"{ASKED}; import fftia_lab.kernels; print(fftia_lab.kernels.__doc__)"
    assert run(both, root, another).endswith("Triton kernels, imported as `fftia_lab.kernels`.")


def test_from_the_wheel_too(root, another, installed):
    ours = "import fftia_lab.kernels; print(fftia_lab.kernels.__file__)"
    assert run(ours, installed, isolated=True).startswith(str(installed))
    assert run(ASKED, root, installed, another, isolated=True) == "1.2 kernels.layer"
    assert run(ASKED, installed, another, isolated=True) == "1.2 kernels.layer"


def test_alone_it_is_harmless_and_says_what_to_write(root):
    assert run("import kernels; print(kernels.__version__, hasattr(kernels, 'x'))", root) == (
        "0 False"
    )
    code = (
        "import kernels\n"
        "try:\n    kernels.attend\n"
        "except AttributeError as error:\n    print(error)\n"
        "try:\n    import kernels.layer\n"
        "except ModuleNotFoundError as error:\n    print(error.name)"
    )
    said = run(code, root)
    assert "write `import fftia_lab.kernels`" in said and said.endswith("kernels.layer")


def test_two_checkouts_do_not_look_for_each_other(root, tmp_path):
    second = tmp_path / "second"
    (second / "kernels").mkdir(parents=True)
    (second / "fftia_lab").mkdir()
    (second / "pyproject.toml").write_text("")
    text = (root / "kernels" / "__init__.py").read_text("utf-8")
    (second / "kernels" / "__init__.py").write_text(text, "utf-8")
    assert run("import kernels; print(kernels.__version__)", root, second) == "0"
