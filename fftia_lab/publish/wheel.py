"""The package as a wheel, with what the package holds now and nothing that it held before."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from pathlib import Path

LEFTOVERS = ("__pycache__", "*.pyc", "*.partial.json", ".ipynb_checkpoints")
BESIDE = ("pyproject.toml", "README.md", "LICENSE")


def package_folders(root: Path) -> dict[str, str]:
    """Return each folder of the package: where it lies in the repository -> where in a wheel."""
    setuptools = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    moved = {folder: name.replace(".", "/") for name, folder in setuptools["package-dir"].items()}
    return {"fftia_lab": "fftia_lab", **moved}


def copy_package(root: Path, target: Path) -> set[str]:
    """Copy what a wheel is made of; return the names that the wheel must hold."""
    names = set()
    for folder, place in package_folders(root).items():
        ignored = shutil.ignore_patterns(*LEFTOVERS)
        shutil.copytree(root / folder, target / folder, ignore=ignored)
        files = [path for path in (target / folder).rglob("*") if path.is_file()]
        names |= {f"{place}/{path.relative_to(target / folder).as_posix()}" for path in files}
    for name in BESIDE:
        if (root / name).exists():
            shutil.copyfile(root / name, target / name)
    return names


def build_wheel(root: Path, folder: Path) -> Path:
    """Build the wheel of a repository into `folder`; return its path.

    It is built from a copy, because setuptools puts whatever lies in `build/lib` into a wheel:
    there a module lives on after it was deleted.

    Raises:
        ValueError: if the wheel and the package do not hold the same files.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "made"
        wanted = copy_package(root, source)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        command += ["--no-build-isolation", "--wheel-dir", str(made), str(source)]
        subprocess.run(command, check=True)
        (wheel,) = made.glob("*.whl")
        compare(wheel, wanted)
        return Path(shutil.copy(wheel, folder))


def compare(wheel: Path, wanted: set[str]) -> None:
    """Raise a ValueError that names the files in which a wheel and the package differ."""
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    missing, strange = sorted(wanted - held), sorted(held - wanted)
    if missing or strange:
        raise ValueError(
            f"the wheel is not the package: it lacks {missing} and has besides {strange}; "
            "look at packages and package-data in pyproject.toml"
        )
