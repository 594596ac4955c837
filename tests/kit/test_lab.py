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
import pytest
from kit.figures import PLAIN, mouse_drag
from kit.subjects import SUBJECTS, name_of
from kit.tabs import Visit, frames
from nbformat.sign import NotebookNotary
from playwright.sync_api import TimeoutError
from widgets.butterfly import oracle

from fftia_lab.publish.mime import VIEW
from fftia_lab.runtime import LOST

pytestmark = pytest.mark.lab

SORT = "state => Object.entries(state).sort()"
FIGURE = "document.querySelector('.fl-figure')?.figure"
SORTED = f"({SORT})({FIGURE}.state())"

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


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """A Jupyter server; yields (its address, the folder that it serves)."""
    folder = tmp_path_factory.mktemp("jupyter")
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
    home = folder / "home"
    home.mkdir()
    environment = os.environ | {"HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1"}
    with open(folder / "server.log", "w") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            wait_for(f"http://127.0.0.1:{port}/api", server, folder / "server.log")
            yield f"http://127.0.0.1:{port}", folder
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture
def notebook(browser, jupyter):
    """Open a notebook of these cells: notebook("name", CELLS) -> its page."""
    address, folder = jupyter
    tabs = []

    def opened(name, cells, change=lambda book: None):
        made = [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(cells)]
        book = nbformat.v4.new_notebook(cells=made)
        book.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        change(book)
        nbformat.write(book, folder / f"{name}.ipynb")
        tab = Visit(browser, (address, address.replace("http", "ws")), reduced_motion="reduce")
        tabs.append(tab)
        page = tab.page
        page.goto(f"{address}/{'lab/tree' if LAB else 'notebooks'}/{name}.ipynb?reset")
        # JupyterLab may ask something, such as which kernel to use: take its suggestion.
        accept = page.locator(".jp-Dialog .jp-mod-accept").first
        page.add_locator_handler(accept, lambda button: button.click())
        page.wait_for_selector(CELL, timeout=60000)
        page.wait_for_function(KERNEL, timeout=60000)
        return page

    yield opened
    for tab in tabs:
        tab.close()


def wait_for(url, server, log):
    for _ in range(240):
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, log.read_text()
            time.sleep(0.25)
    raise AssertionError(f"no Jupyter server after 60 s: {log.read_text()}")


def seen(path, condition):
    """Wait until the kernel has written a state that meets the condition; return it."""
    state = None
    for _ in range(100):
        if path.exists():
            try:
                state = json.loads(path.read_text())
            except json.JSONDecodeError:  # caught while it was being written
                state = None
            if state and condition(state):
                return state
        time.sleep(0.1)
    raise AssertionError(f"the kernel did not see it; last state: {state}")


# A cell that is run before the kernel listens is never answered. Until one is chosen JupyterLab
# says "No Kernel", idle, and running a cell opens a dialog.
KERNEL = (
    """document.querySelector('.jp-Toolbar-kernelName')?.innerText.startsWith('Python')
       && document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'"""
    if LAB
    else """window.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()
            && document.querySelector('.kernel_idle_icon') !== null"""
)
CELL = ".jp-CodeCell .cm-content" if LAB else ".code_cell .CodeMirror"


def run_cell(page, index, done, text=None):
    """Run a cell as a reader does, after writing another text into it if one is given; once more
    if the kernel was not yet listening."""
    for _ in range(3):
        page.locator(CELL).nth(index).click()
        if text:
            page.keyboard.press("Control+a")
            page.keyboard.insert_text(text)
        page.keyboard.press("Shift+Enter")
        try:
            return page.wait_for_function(done, timeout=30000)
        except TimeoutError:
            continue
    raise AssertionError(f"cell {index} did not do this: {done}")


def test_the_kernel_and_the_figure_hear_each_other(jupyter, notebook):
    path = jupyter[1] / "seen.json"
    page = notebook("try", CELLS)
    run_cell(page, 0, "document.querySelector('.fl-figure[data-ready]')")
    figure = page.locator(".fl-figure")
    figure.scroll_into_view_if_needed()
    assert figure.locator(".fl-shell").get_attribute("d").count("M") == 32

    # mouse: draw on the signal; the kernel has the new samples, and they are these
    box = figure.locator(".fl-pad").bounding_box()
    left, width, row = box["x"], box["width"], box["height"] / 8
    start = left + width * 0.75, box["y"] + row * 0.5
    mouse_drag(page, start, (start[0], box["y"] + row * 7.5))
    assert seen(path, lambda s: s["samples"] and np.allclose(s["samples"], 0.5, atol=0.06))
    view = figure.evaluate("root => root.figure.view().outputs")
    full = figure.evaluate("root => root.figure.state()")
    wanted = oracle.show(full)["outputs"]
    assert np.allclose([re + 1j * im for re, im in view], wanted)

    # keyboard: the arrow keys are the figure's, not the notebook's
    figure.locator(".fl-range").focus()
    page.keyboard.press("ArrowLeft")
    assert seen(path, lambda s: s["stage"] == 2)
    figure.locator(".fl-cursor").focus()
    for key in ("Enter", "ArrowDown", "ArrowDown", "ArrowLeft"):
        page.keyboard.press(key)
    assert seen(path, lambda s: s["node"] == [2, 2])
    assert figure.locator(".fl-cursor").evaluate("e => e === document.activeElement")

    # and back: the kernel changes a trait, the figure follows
    run_cell(page, 1, "document.querySelector('.fl-figure').figure.state().n === 4")
    state = seen(path, lambda s: s["n"] == 4)
    assert len(state["samples"]) == 4 and state["stage"] <= 2, "what no longer fits was made to fit"
    assert figure.evaluate("root => root.figure.view().outputs.length") == 4

    # large, and back into its cell
    figure.get_by_role("button", name="Enlarge").click()
    page.locator("dialog .fl-butterfly").wait_for()
    page.keyboard.press("PageUp")
    stage = seen(path, lambda s: s["stage"] < state["stage"])["stage"]
    page.keyboard.press("b")
    page.locator("dialog").wait_for(state="detached")
    assert figure.evaluate("root => root.figure.state().stage") == stage


GUESSED = """
from fftia_lab.widgets.guess import guess
twice = "You counted <a href=\\"#butterfly?n=8\\">each</a> twice."
q = guess(28, "pairs", tempting={56: twice})
q
"""


DRAWN = """
from fftia_lab.widgets.guess import draw
curve = draw({"squares": [1, 4, 9]}, [1, 2, 3], "squares", across="n", up="value", span=(0, 10))
curve
"""


def test_a_guess_is_made_in_a_notebook_and_python_hears_it(notebook):
    """A number, and a curve by keys; a link in a reply is words, for no address leads anywhere."""
    told = ["f'she said {q.said}'", DRAWN, "f'she drew {curve.said}'"]
    page = notebook("guess", [GUESSED, *told])
    run_cell(page, 0, "document.querySelector('.fl-asks input')")
    page.locator(".fl-asks input").click()
    page.keyboard.type("56")
    page.keyboard.press("Enter")
    reply = page.locator(".fl-reply", has_text="You said 56. You counted each twice. It is 28.")
    reply.first.wait_for()
    assert page.locator(".fl-reply a").count() == 0
    run_cell(page, 1, "document.body.innerText.includes('she said 56')")
    run_cell(page, 2, "document.querySelector('.fl-asks .fl-pad')")
    page.locator(".fl-asks .fl-pad").focus()
    for key in ("PageDown", "End", "PageUp"):
        page.keyboard.press(key)
    page.get_by_role("button", name="That is my guess").click()
    page.locator(".fl-reply", has_text="Furthest apart at n = 3: you drew 5, it is 9.").wait_for()
    run_cell(page, 3, "document.body.innerText.includes('she drew 3 4 5')")


TWO = """
from IPython.display import display
from fftia_lab.widgets import Butterfly
one, two = Butterfly(stage=3), Butterfly(stage=3)
display(one, two)
"""
WORDS = """%%markdown
Go to <a href="#butterfly-2?stage=1&node=[1,2]">stage 1</a>, or <a href="#butterfly?size=3">on</a>.
"""


def test_words_of_a_notebook_set_its_figures(notebook):
    page = notebook("words", [TWO, WORDS, "f'{one.stage} and {two.stage}, {two.node}'"])
    run_cell(page, 0, "document.querySelectorAll('.fl-figure[data-ready]').length === 2")
    run_cell(page, 1, "document.querySelector('a[href^=\"#butterfly-2\"]')")
    page.locator("a", has_text="stage 1").last.click()
    second = "[...document.querySelectorAll('.fl-figure')].at(-1).figure"
    page.wait_for_function(f"{second}.state().stage === 1")
    run_cell(page, 2, "document.body.innerText.includes(\"'3.0 and 1.0, [1, 2]'\")")
    page.locator("a[href^='#butterfly?size']").last.click()
    trouble = "this link asks for “size”, which the figure does not have"
    page.locator(".fl-figure .fl-wrong", has_text=trouble).wait_for()


@pytest.mark.skipif(not LAB, reason="the words are JupyterLab's")
def test_a_figure_that_was_saved_without_its_state_says_what_to_do(jupyter, notebook):
    def saved(book):
        book.cells[0].outputs = [nbformat.v4.new_output("display_data", {"text/html": LOST})]
        view = {"model_id": "gone", "version_major": 2, "version_minor": 0}
        book.cells[1].outputs = [nbformat.v4.new_output("display_data", {VIEW: view})]
        NotebookNotary(data_dir=str(jupyter[1] / "home/.local/share/jupyter")).sign(book)

    page = notebook("saved", ["", ""], saved)
    page.wait_for_function(
        """[...document.querySelectorAll('.jupyter-widgets')].some((lost) =>
             getComputedStyle(lost).visibility === 'hidden'
             && getComputedStyle(lost, '::before').visibility === 'visible'
             && getComputedStyle(lost, '::before').content.includes('run its cell again'))""",
        timeout=60000,
    )


ASKS = """
from fftia_lab.widgets import LiveBenchmark
w = LiveBenchmark(series="fft: single", rival="fft")
w
"""


def test_a_figure_asks_its_kernel_to_measure_and_shows_what_comes(jupyter, notebook):
    page = notebook("benchmarks", [ASKS, "w.measured[0]['device']['kind'], w.asked['state']"])
    run_cell(page, 0, "document.querySelector('.fl-livebenchmark[data-ready]')")
    figure = page.locator(".fl-livebenchmark")
    measure = figure.get_by_role("button", name="Measure in Python")
    measure.wait_for()  # it is there once the kernel has answered
    measure.click()
    note = "document.querySelector('.fl-note').textContent"
    page.wait_for_function(f"/^Python measures fft on .*: [1-9]/.test({note})", timeout=60000)
    seen = "document.querySelector('.fl-figure').figure.view().own"
    page.wait_for_function(f"{seen}?.contenders.fft.length > 0")
    figure.get_by_role("button", name="Pause").click()
    figure.get_by_role("button", name="Go on").wait_for()
    assert page.evaluate(note) == "Python waits in the middle of fft."
    figure.get_by_role("button", name="Go on").click()
    figure.get_by_role("button", name="Stop Python").click()
    page.wait_for_function(f"{note} === 'Python has stopped. What it measured stays.'")
    assert figure.locator(".fl-rival-dots").get_attribute("d")
    run_cell(page, 1, "document.body.innerText.includes(\"('cpu', 'stopped')\")")


KERNELS = """
import json, pathlib
from fftia_lab import widgets

def shown(name, widget, fields, traits):
    global w, keep
    w, path = getattr(widgets, widget)(**traits), pathlib.Path(f"{name}.json")
    keep = lambda change=None: path.write_text(json.dumps({k: getattr(w, k) for k in fields}))
    w.observe(keep)
    return w

def change(state):
    with w.hold_trait_notifications():
        for name, value in state.items():
            setattr(w, name, value)
    keep()
"""


def test_every_widget_talks_with_a_kernel(jupyter, notebook):
    """In JupyterLab in one notebook: it takes longer to start than to hear all figures."""
    folder, page = jupyter[1], None
    (folder / "kernels.py").write_text(KERNELS, "utf-8")
    for subject in SUBJECTS:
        print(name_of(subject))  # pytest shows it if the test fails
        if not (page and LAB):  # in JupyterLab a figure takes the place of the last one
            page = notebook(name_of(subject), ["", ""])
        talk(page, subject, folder / f"{name_of(subject)}.json")


def talk(page, subject, path):
    name, state = name_of(subject), subject.random_state(np.random.default_rng(19))
    asked = name, subject.WIDGET.__name__, sorted(state), subject.BARE
    ready = f"document.querySelector('.fl-{name}[data-ready]')"
    run_cell(page, 0, ready, f"%run -i kernels.py\nshown{asked!r}")
    figure = page.locator(f".fl-{name}")

    # The classic notebook shows an output a moment after the figure in it has started.
    figure.locator(", ".join(subject.NUDGES)).filter(visible=True).first.wait_for()
    handle, key = next(
        item for item in subject.NUDGES.items() if figure.locator(item[0]).first.is_visible()
    )
    figure.locator(handle).first.focus()
    page.keyboard.press(key)
    frames(page, 3)
    wanted = figure.evaluate("root => root.figure.state()")
    assert seen(path, lambda now: now == wanted)

    wanted = json.dumps(state)
    # For a moment no figure may be there: the classic notebook puts it up a second time.
    there = f"{FIGURE} && JSON.stringify({SORTED}) === JSON.stringify(({SORT})({wanted}))"
    run_cell(page, 1, there, f"change({state!r})")
    view = figure.evaluate(f"root => ({PLAIN})(root.figure.view())")
    subject.check(state, view)


def test_the_versions_are_the_ones_meant():
    """What ran above is what the name of this test promises."""
    if LAB:
        assert version("jupyterlab").startswith("4.")
        assert version("ipywidgets").startswith("8.")
    else:
        assert version("ipywidgets") == "7.7.1"
        assert version("anywidget") == "0.9.21"
        assert version("notebook") == "6.5.7"
