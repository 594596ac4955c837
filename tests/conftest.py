"""Shared by all tests."""

import pytest
from paths import ROOT


@pytest.fixture(scope="session")
def root():
    """The folder of pyproject.toml."""
    return ROOT
