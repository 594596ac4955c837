"""What the kernels of a build are told: to keep one alarm to themselves, and nothing else."""

import json
import logging

from traitlets.config import Application

from fftia_lab.publish.kernels import ALARM, NoAlarm, write_profile


def passes(text):
    record = logging.LogRecord("IPKernelApp", logging.WARNING, "", 0, text, None, None)
    return NoAlarm().filter(record)


def test_one_message_is_kept_back_and_no_other():
    assert not passes(f"{ALARM}. All communication (including code and outputs) is sent in plain")
    assert passes("Kernel is running out of memory") and passes("debugpy_stream undefined")


def test_the_profile_is_read_as_kernels_read_it(tmp_path, capsys):
    class IPKernelApp(Application):
        name = "kernel"

    folder = write_profile(tmp_path / "profile")
    assert folder == tmp_path / "profile" == write_profile(folder), "and may be there already"
    app = IPKernelApp()
    app.load_config_file("ipython_kernel_config", path=str(folder / "profile_default"))
    app.log.warning(ALARM)
    app.log.warning("the disk is full")
    said = capsys.readouterr().err
    assert "the disk is full" in said and ALARM not in said
    assert json.loads((folder / "profile_default" / "ipython_kernel_config.json").read_text())
