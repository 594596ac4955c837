"""The page's own engine, on Chromium's software adapter and without any."""

import json
import re
import shutil

import pytest
from kit.bare import PAGE, SHARED, bare_page
from kit.figures import STILL, FigureOnPage
from kit.tabs import Visit
from widgets.live_benchmark import oracle

from fftia_lab.bench import load
from fftia_lab.publish.mime import widget_host, widget_module

MEASURE = "Measure on this page's GPU"
NOTES = "/{}/.test(document.querySelector('.fl-note').textContent)".format
ENDED = NOTES("^Measured|^Stopped|nothing is measured|lost|refuses|memory|not timed")
LONG = 90000  # milliseconds
SHORT = {"lengths": [32, 64], "rounds": 3}


def opened(browser, address, allowed, **context):
    tab = Visit(browser, allowed, **STILL, **context)
    tab.open(address)
    return tab, FigureOnPage(tab.page, "livebenchmark")


@pytest.fixture
def measuring(browser_with_gpu, addresses, server):
    """Open the figure where it can measure: measuring(change=text -> text of its module).

    `longest` is how many seconds a call may take: this GPU is a CPU, and others use it too.
    """
    tabs = []

    def made(change=lambda text: text, script="", longest="500", **traits):
        widget = oracle.WIDGET(**{**SHORT, **traits})
        patient = {"const LONGEST = 0.5;": f"const LONGEST = {longest};"}
        widget._esm = replaced(change(widget._esm), patient)
        address = bare_page(server, widget)
        tabs.append(opened(browser_with_gpu, address, tuple(addresses.values()), script=script))
        return tabs[-1]

    yield made
    for tab, _ in tabs:
        assert tab.outside == [], "nothing leaves the page"
        tab.close()


def measure(tab, figure):
    figure.root.get_by_role("button", name=MEASURE).click()
    tab.page.wait_for_function(ENDED, timeout=LONG)
    figure.settle()
    return figure.root.locator(".fl-note").inner_text()


def replaced(module, changes):
    """A module in which a fault was planted."""
    for text, wrong in changes.items():
        assert text in module
        module = module.replace(text, wrong)
    return module


def kept(figure):
    """The newest run, as the page would save it."""
    with figure.page.expect_download() as download:
        figure.root.get_by_role("button", name="Save the run").click()
    return download.value


def test_it_measures_and_python_reads_the_record(measuring, tmp_path):
    tab, figure = measuring(series="attention: attention alone, float32")
    said = measure(tab, figure)
    assert re.fullmatch(r"Measured 2 sizes on .*swiftshader.* \(a software adapter.*\)\.", said), (
        said
    )
    file = kept(figure)
    assert file.suggested_filename == "attention-webgpu.json"
    file.save_as(tmp_path / "run.json")
    record = load(tmp_path / "run.json")
    assert (record["name"], record["device"]["kind"]) == ("attention", "webgpu")
    assert "a software adapter: a time of a CPU" in record["device"]["name"]
    names = [(one["contender"], one["shape"]) for one in record["entries"]]
    assert names == [(name, [n]) for n in (32, 64) for name in oracle.PAGE["attention"][1]]
    for one in record["entries"]:
        assert one["error"] < 1e-4 and one["rounds"] == 3
        assert 0 < one["seconds"]["lower"] <= one["seconds"]["median"] <= one["seconds"]["upper"]
        assert one["contender"] != "dense" or one["ratio"]["median"] == 1
    assert "computed by a CPU" in figure.says()
    assert len(figure.root.locator(".fl-rival-dots").get_attribute("d").split("M")) == 3
    assert tab.trouble == []


def test_the_fft_is_measured_where_its_points_will_be_seen(measuring):
    tab, figure = measuring(series="fft: single", rival="fft", lengths=[4096], rounds=1)
    measure(tab, figure)
    assert figure.state()["series"] == "fft: 64 sequences, complex64"
    assert figure.root.evaluate("root => root.figure.view().own.contenders.fft.length") == 1
    figure.set(n=4096)
    assert "in 2 launches, and each by itself in 6" in figure.root.inner_text()


@pytest.mark.parametrize(
    ("text", "wrong", "name"),
    [
        ("-held[b + own + c]", "held[b + own + c]", "butterfly"),
        ("weights = weights * keep + weight", "weights = weights + weight", "dense"),
        ("if (place < n) {", "if (place < n - 1u) {", "dense"),  # the last place is left out
    ],
)
def test_a_wrong_kernel_is_refused_and_not_timed(measuring, text, wrong, name):
    tab, figure = measuring(change=lambda module: replaced(module, {text: wrong}))
    said = measure(tab, figure)
    assert re.match(rf"{name} is wrong at N = 32: relative error .* It is not timed\.", said), said
    assert figure.root.evaluate("root => root.figure.view().own") is None
    assert figure.root.get_by_role("button", name=MEASURE).is_enabled()


def test_a_kernel_that_does_not_compile_is_refused(measuring):
    tab, figure = measuring(change=lambda text: replaced(text, {"fn butterfly(": "fn butterfly{"}))
    assert measure(tab, figure).startswith("The browser refuses the kernel: ")


def test_a_lost_device_keeps_what_was_measured_and_the_next_press_goes_on(measuring):
    lose = "const found = await measureSize("
    after = "if (n === 64 && !globalThis.once) { globalThis.once = 1; opened.device.destroy(); }"
    tab, figure = measuring(change=lambda text: replaced(text, {lose: f"{after}\n{lose}"}))
    said = measure(tab, figure)
    assert said.startswith("The device was lost") and said.endswith("What was measured stays.")
    run = "root => root.figure.view().own"
    assert [n for n, *_ in figure.root.evaluate(run)["contenders"]["dense"]] == [32]
    assert "Your run is not finished." in figure.root.inner_text()
    figure.root.get_by_role("button", name=MEASURE).click()
    tab.page.wait_for_function(NOTES("^Measured"), timeout=LONG)
    assert [n for n, *_ in figure.root.evaluate(run)["contenders"]["dense"]] == [32, 64]


def test_what_would_take_too_long_is_left_out_and_the_record_says_why(measuring, tmp_path):
    tab, figure = measuring(longest="1e-9", lengths=[32, 64, 128])
    said = measure(tab, figure)
    assert said.startswith("Measured 1 size on ") and "Longer ones were left out: " in said
    kept(figure).save_as(tmp_path / "run.json")
    record = load(tmp_path / "run.json")
    assert [one["shape"] for one in record["entries"]] == [[32]] * 3
    assert [one["shape"] for one in record["skipped"]] == [[64]] * 3 + [[128]] * 3
    assert "a call of more than 1e-9 s may cost the page its device" in record["skipped"][0]["why"]


NO_ROOM = """
const real = GPUDevice.prototype.popErrorScope;
let first = true;
GPUDevice.prototype.popErrorScope = function () {
  const found = real.call(this);
  if (!first) return found;
  first = false;
  return found.then(() => new GPUOutOfMemoryError("no room left"));
};
"""


def test_a_gpu_without_room_says_so(measuring):
    tab, figure = measuring(script=NO_ROOM)
    assert measure(tab, figure) == "The GPU has no memory for this: no room left"
    assert measure(tab, figure).startswith("Measured 2 sizes"), "and the next press is another one"


WAITS = """
if (n === 128 && !globalThis.once) {
  globalThis.once = 1;
  tell(record, "N = 128 waits", 0.5);
  await new Promise((done) => signal.addEventListener("abort", done));
}
"""


def test_a_run_is_stopped_and_goes_on(measuring):
    """The second size waits for the hand: a slow hand would find the run at its end."""
    begin = "const found = await measureSize("
    held = {begin: f"{WAITS}{begin}"}
    tab, figure = measuring(change=lambda text: replaced(text, held), lengths=[32, 128])
    figure.root.get_by_role("button", name=MEASURE).click()
    tab.page.wait_for_function(NOTES("N = 128"), timeout=LONG)
    bar = figure.root.locator("progress")
    assert 0.4 < bar.evaluate("bar => bar.value") <= 1 and bar.is_visible()
    figure.root.get_by_role("button", name="Stop").click()
    tab.page.wait_for_function(NOTES("^Stopped"), timeout=LONG)
    figure.settle()
    assert not bar.is_visible()
    record = tab.page.evaluate("document.querySelector('.fl-figure').figure.view().own")
    assert not record["complete"] and len(record["contenders"]["dense"]) == 1
    assert measure(tab, figure).startswith("Measured 2 sizes")


def test_from_disk_too(browser_with_gpu, addresses, site, tmp_path):
    """A page that lies on the disk, with its module beside it as the book's are."""
    widget = oracle.WIDGET(**SHORT)
    state = widget.get_state()
    file, text = widget_module(state)
    lab = shutil.copytree(site / "_static" / "lab", tmp_path / "_static" / "lab")
    (lab / "modules" / file).write_text(text, "utf-8")
    hosts = widget_host(state, [])
    page = PAGE.format(theme="light", name="disk", scripts=SHARED, hosts=hosts)
    (tmp_path / "widgets").mkdir()
    path = tmp_path / "widgets" / "page.html"
    path.write_text(page, "utf-8")
    tab, figure = opened(browser_with_gpu, path.as_uri(), (tmp_path.as_uri(),), way="file")
    assert measure(tab, figure).startswith("Measured 2 sizes")
    assert tab.outside == []
    tab.close()


def test_without_an_adapter_the_figure_says_so(solo, way):
    tab, figure = solo(oracle.WIDGET)
    said = measure(tab, figure)
    assert said == "This browser knows WebGPU and finds no GPU for it: nothing is measured here."
    assert figure.root.evaluate("root => root.figure.view().own") is None
    tab.trouble.clear()  # the browser warns that there is none


@pytest.mark.parametrize(
    ("secure", "said"),
    [
        (True, "This browser has no WebGPU: nothing is measured here."),
        (False, "Browsers give WebGPU only to pages that came over HTTPS, from this machine or"),
    ],
)
def test_without_webgpu_the_figure_says_so_before_anybody_presses(bare, secure, said):
    hide = (
        "Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined });"
        "Object.defineProperty(globalThis, 'isSecureContext', "
        f"{{ get: () => {json.dumps(secure)} }});"
    )
    tab = bare(oracle.WIDGET(), script=hide, **STILL)
    figure = FigureOnPage(tab.page, "livebenchmark")
    assert figure.root.locator(".fl-note").inner_text().startswith(said)
    assert tab.trouble == []
