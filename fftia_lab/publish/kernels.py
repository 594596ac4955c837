"""The kernels that run the notebooks of a build: what they are told when they start."""

from __future__ import annotations

import json
import logging
from pathlib import Path

ALARM = "Kernel is running over TCP without encryption"


class NoAlarm(logging.Filter):
    """Let all messages of a kernel pass but one.

    ipykernel warns of every kernel that is reached over TCP. Those of a build listen at 127.0.0.1,
    take signed messages only, run what is in the repository and end after a minute.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return ALARM not in record.getMessage()


def write_profile(folder: Path) -> Path:
    """Write the settings of kernels into a folder; return it: it goes into IPYTHONDIR.

    What a reader's own IPython does when it starts is then no part of the book either.
    """
    name = f"{NoAlarm.__module__}.{NoAlarm.__name__}"
    filtered = {
        "filters": {"alarm": {"()": name}},
        "loggers": {"IPKernelApp": {"filters": ["alarm"]}},
    }
    profile = folder / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    settings = json.dumps({"IPKernelApp": {"logging_config": filtered}})
    (profile / "ipython_kernel_config.json").write_text(settings, "utf-8")
    return folder
