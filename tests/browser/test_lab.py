"""The same widget with a kernel behind it: JupyterLab 4, or the notebook of ipywidgets 7.

Which of the two runs is what the environment has installed: requirements.lock brings JupyterLab,
requirements-colab.lock the versions of Google Colab and the classic notebook that fits them.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.metadata import version

import nbformat
import numpy as np
import oracle
import pytest
from figures import mouse_drag
from playwright.sync_api import TimeoutError
from tabs import Visit

pytestmark = pytest.mark.lab

LAB = importlib.util.find_spec("jupyterlab") is not None

CELLS = [
    "import json, pathlib\n"
    "from fftia_lab.widgets import Butterfly\n"
    "w = Butterfly(n=8, signal='ramp', stage=3)\n"
    "def keep(change=None):\n"
    "    state = {k: getattr(w, k) for k in ('n', 'stage', 'signal', 'samples', 'node', 'twist')}\n"
    "    pathlib.Path('seen.json').write_text(json.dumps(state))\n"
    "w.observe(keep)\n"
    "w",
    "w.n = 4",
]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def jupyter(tmp_path):
    """A Jupyter server on a folder with one notebook; yields (address of it, folder)."""
    cells = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(CELLS)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, tmp_path / "try.ipynb")
    port = free_port()
    settings = {
        "port": port,
        "open_browser": False,
        "token": "",
        "password": "",
        "allow_root": True,
    }
    owner = "ServerApp" if LAB else "NotebookApp"
    command = [sys.executable, "-m", "jupyterlab" if LAB else "notebook"]
    command += [f"--{owner}.{name}={value}" for name, value in settings.items()]
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1"}
    with open(tmp_path / "server.log", "w") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, tmp_path / "server.log")
            path = "lab/tree/try.ipynb" if LAB else "notebooks/try.ipynb"
            yield f"http://127.0.0.1:{port}", path, tmp_path
        finally:
            server.terminate()
            server.wait(20)


def wait_for(url, server, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
    raise AssertionError(f"no Jupyter server after 60 s: {log.read_text()}")


def seen(folder, condition):
    """Wait until the kernel has seen a state that meets the condition; return it."""
    state = None
    for _ in range(100):
        path = folder / "seen.json"
        if path.exists():
            try:
                state = json.loads(path.read_text())
            except json.JSONDecodeError:  # caught while it was being written
                state = None
            if state and condition(state):
                return state
        time.sleep(0.1)
    raise AssertionError(f"the kernel did not see it; last state: {state}")


CELL = ".jp-CodeCell .cm-content" if LAB else ".code_cell .CodeMirror"


def run_cell(page, index, done):
    """Run a cell as a reader does; once more if the kernel was not yet listening."""
    for _ in range(6):
        page.locator(CELL).nth(index).click()
        page.keyboard.press("Shift+Enter")
        try:
            return page.wait_for_function(done, timeout=10000)
        except TimeoutError:
            continue
    raise AssertionError(f"cell {index} did not do this: {done}")


def test_the_kernel_and_the_figure_hear_each_other(browser, jupyter):
    address, path, folder = jupyter
    tab = Visit(browser, (address, address.replace("http", "ws")), reduced_motion="reduce")
    page = tab.page
    page.goto(f"{address}/{path}")
    # JupyterLab may ask something of its own, such as which kernel to use: take its suggestion.
    accept = page.locator(".jp-Dialog .jp-mod-accept").first
    page.add_locator_handler(accept, lambda button: button.click())
    page.wait_for_selector(CELL, timeout=60000)
    run_cell(page, 0, "document.querySelector('.fl-figure[data-ready]')")
    figure = page.locator(".fl-figure")
    figure.scroll_into_view_if_needed()
    assert figure.locator(".fl-shell").get_attribute("d").count("M") == 32

    # mouse: draw on the signal; the kernel has the new samples, and they are these
    box = figure.locator(".fl-pad").bounding_box()
    left, width, row = box["x"], box["width"], box["height"] / 8
    start = left + width * 0.75, box["y"] + row * 0.5
    mouse_drag(page, start, (start[0], box["y"] + row * 7.5))
    assert seen(folder, lambda s: s["samples"] and np.allclose(s["samples"], 0.5, atol=0.06))
    view = figure.evaluate("root => root.figure.view().outputs")
    full = figure.evaluate("root => root.figure.state()")
    wanted = oracle.show(full)["outputs"]
    assert np.allclose([re + 1j * im for re, im in view], wanted)

    # keyboard: the arrow keys are the figure's, not the notebook's
    figure.locator(".fl-range").focus()
    page.keyboard.press("ArrowLeft")
    assert seen(folder, lambda s: s["stage"] == 2)
    figure.locator(".fl-cursor").focus()
    for key in ("Enter", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    assert seen(folder, lambda s: s["node"] == [2, 2])
    assert figure.locator(".fl-cursor").evaluate("e => e === document.activeElement")

    # and back: the kernel changes a trait, the figure follows
    run_cell(page, 1, "document.querySelector('.fl-figure').figure.state().n === 4")
    state = seen(folder, lambda s: s["n"] == 4)
    assert len(state["samples"]) == 4 and state["stage"] <= 2, "what no longer fits was made to fit"
    assert figure.evaluate("root => root.figure.view().outputs.length") == 4
    tab.close()


def test_the_versions_are_the_ones_meant():
    """What ran above is what the name of this test promises."""
    if LAB:
        assert version("jupyterlab").startswith("4.")
        assert version("ipywidgets").startswith("8.")
    else:
        assert version("ipywidgets") == "7.7.1"
        assert version("anywidget") == "0.9.21"
        assert version("notebook") == "6.5.7"
