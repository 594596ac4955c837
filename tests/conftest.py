"""Shared by all tests."""

import sys
import zlib

import pytest
from kit.engine import Engine
from paths import ROOT

pytest_plugins = ["kit.browser"]


@pytest.fixture(scope="session")
def root():
    """The folder of pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def engine(root, tmp_path_factory):
    """A JavaScript engine beside the modules of the figures."""
    return Engine(root / "fftia_lab" / "widgets", tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    """Several workers share the cores, and PyTorch would take all of them for each."""
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


@pytest.fixture(autouse=True)
def same_draws(request):
    """PyTorch draws in every run what it drew before, in whatever order the tests come."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(zlib.crc32(request.node.nodeid.encode()))
