"""What is written twice agrees: packages and folders, locks and environments, versions."""

import re
import subprocess
import tomllib
import zipfile

import pytest
import yaml

import fftia_lab
from fftia_lab.publish.wheel import build_wheel


def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def test_every_package_folder_is_listed(root):
    listed = set(project(root)["tool"]["setuptools"]["packages"])
    found = {
        ".".join(("fftia_lab", *path.parent.relative_to(root / "fftia_lab").parts))
        for path in (root / "fftia_lab").rglob("__init__.py")
    }
    assert listed == found | {"fftia_lab.results"}


def test_the_wheel_holds_everything(root, tmp_path):
    names = set(zipfile.ZipFile(build_wheel(root, tmp_path)).namelist())
    wanted = {
        str(path.relative_to(root))
        for path in (root / "fftia_lab").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= names, sorted(wanted - names)
    assert {"fftia_lab/kernels/__init__.py", "fftia_lab/kernels/resources.json"} <= names
    recorded = {f"fftia_lab/results/{path.name}" for path in (root / "book/results").glob("*.json")}
    assert recorded and recorded <= names


def test_versions_agree(root):
    version = project(root)["project"]["version"]
    assert fftia_lab.__version__ == version
    assert f"\nversion: {version}\n" in (root / "CITATION.cff").read_text("utf-8")
    assert f"## {version}" in (root / "CHANGELOG.md").read_text("utf-8")


def test_conda_uses_the_same_lock(root):
    environment = yaml.safe_load((root / "environment.yml").read_text("utf-8"))
    *conda, pip = environment["dependencies"]
    assert pip == {"pip": ["-r requirements.lock", "-e ."]}
    assert [name for name in conda if "=" in name] == ["python=3.13"], "versions live in the lock"


def pins(text):
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;]+)", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        ("requirements.lock", "book test lab"),
        ("requirements-colab.lock", "book test classic"),
        ("requirements-colab-2026-07.lock", "pinned"),
    ],
)
def test_the_lock_answers_pyproject(root, lock, extras):
    """Every direct requirement is pinned, by a version that it admits."""
    from packaging.requirements import Requirement

    pinned = pins((root / lock).read_text("utf-8"))
    optional = project(root)["project"]["optional-dependencies"]
    wanted = [*project(root)["project"]["dependencies"]]
    wanted += [line for extra in extras.split() for line in optional[extra]]
    for requirement in map(Requirement, wanted):
        if requirement.name != "fftia-lab":
            assert requirement.specifier.contains(pinned[requirement.name.lower()]), requirement


@pytest.mark.parametrize("runtime", ["", "-2026-07"])
def test_the_colab_lock_holds_colabs_versions(root, runtime):
    colab = pins((root / f"colab-constraints{runtime}.txt").read_text("utf-8"))
    pinned = pins((root / f"requirements-colab{runtime}.lock").read_text("utf-8"))
    shared = {name: version for name, version in colab.items() if name in pinned}
    assert shared == {name: pinned[name] for name in shared}
    assert {"anywidget", "ipywidgets", "numpy", "plotly", "ipython"} <= set(shared)


def test_both_environments_make_the_book_with_the_same_tools(root):
    """So what tests/book/test_publish.py shows of them need not be shown twice."""
    here, colabs = (
        {
            name: version
            for name, version in pins((root / lock).read_text("utf-8")).items()
            if name.startswith(TOOLS)
        }
        for lock in ("requirements.lock", "requirements-colab.lock")
    )
    assert here == colabs
    assert {"jupyter-book", "sphinx", "myst-nb", "sphinx-book-theme"} <= set(here)


TOOLS = ("jupyter-book", "jupyter-cache", "sphinx", "myst", "docutils", "pydata")


def test_nothing_names_a_registry_or_a_machine(root):
    tracked = subprocess.check_output(["git", "ls-files"], cwd=root, text=True).split()
    assert tracked
    forbidden = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + "js"]))
    for name in tracked:
        path = root / name
        if path.exists() and path.suffix in {
            ".py",
            ".md",
            ".lock",
            ".toml",
            ".yml",
            ".ipynb",
            ".js",
        }:
            assert not forbidden.search(path.read_text("utf-8")), name
