"""A module that ends the process which asks what it ships, as a crash of the compiler would."""

import os


def shipped():
    """Return nothing, ever."""
    os._exit(1)
