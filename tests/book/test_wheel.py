"""The wheel of the site: what the package holds now, and nothing that it held before."""

import zipfile

import pytest

from fftia_lab.publish.wheel import build_wheel, compare


@pytest.fixture
def repository(tmp_path):
    """A small package of two folders, in which an earlier build has left a deleted module."""
    top = tmp_path / "repository"
    for folder in ("fftia_lab", "results", "build/lib/fftia_lab"):
        (top / folder).mkdir(parents=True)
    (top / "fftia_lab" / "__init__.py").write_text("")
    (top / "fftia_lab" / "palette.json").write_text("{}")
    (top / "results" / "__init__.py").write_text("")
    (top / "results" / "run.partial.json").write_text("{}")
    (top / "build" / "lib" / "fftia_lab" / "deleted.py").write_text("old = True")
    (top / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "fftia-lab"\nversion = "0.1"\n'
        '[tool.setuptools]\npackages = ["fftia_lab", "fftia_lab.results"]\n'
        '[tool.setuptools.package-dir]\n"fftia_lab.results" = "results"\n'
        '[tool.setuptools.package-data]\nfftia_lab = ["*.json"]\n'
    )
    return top


def holds(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_a_deleted_module_is_not_in_the_wheel(repository, tmp_path):
    names = ["fftia_lab/__init__.py", "fftia_lab/results/__init__.py", "fftia_lab/palette.json"]
    assert holds(build_wheel(repository, tmp_path)) == set(names)
    assert not (repository / "fftia_lab.egg-info").exists(), "and the repository is left alone"


def test_a_file_that_the_wheel_would_lack_is_told(repository, tmp_path):
    (repository / "fftia_lab" / "figure.js").write_text("")
    with pytest.raises(ValueError, match=r"it lacks \['fftia_lab/figure.js'\]"):
        build_wheel(repository, tmp_path)


def test_a_file_too_many_is_told(tmp_path):
    wheel = tmp_path / "one.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("fftia_lab/deleted.py", "")
    with pytest.raises(ValueError, match=r"has besides \['fftia_lab/deleted.py'\]"):
        compare(wheel, set())
