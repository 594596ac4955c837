"""What the site serves is what the package holds now."""

import json
import shutil

import pytest
from kit.subjects import SUBJECTS, name_of
from paths import NOTEBOOKS

from fftia_lab.publish.mime import widget_module
from fftia_lab.widgets.guess import draw, guess


def asked():
    """A question, whose module all questions of words and numbers share."""
    return guess(28, "pairs")


def drawn():
    """A question that a curve answers."""
    return draw({"pairs": [1, 6, 28]}, [2, 4, 8], "pairs", across="N", up="pairs", span=(0, 30))


def present_modules():
    """Return the file name and the text of every widget's module."""
    found = {}
    for made in [*(subject.WIDGET for subject in SUBJECTS), asked, drawn]:
        widget = made()
        name, text = widget_module(widget.get_state())
        widget.close()
        found[name] = text
    return found


def stale_modules(site):
    """Return the widget modules of a site that are not the package's present ones."""
    present = present_modules()
    folder = site / "_static" / "lab" / "modules"
    return [p.name for p in folder.glob("*.js") if p.read_text("utf-8") != present.get(p.name)]


def test_no_widget_on_the_site_is_stale(site):
    served = {path.name for path in (site / "_static" / "lab" / "modules").glob("*.js")}
    assert stale_modules(site) == []
    assert len(served) == len(SUBJECTS) + 2
    names = {name.rpartition("-")[0] for name in served}
    assert names == {"guess", "stroke", *(name_of(s) for s in SUBJECTS)}


def test_a_stale_widget_is_noticed(site, tmp_path):
    copy = tmp_path / "site"
    shutil.copytree(site / "_static" / "lab" / "modules", copy / "_static" / "lab" / "modules")
    (module,) = (copy / "_static" / "lab" / "modules").glob("butterfly-*.js")
    text = module.read_text("utf-8")
    assert "STEP_MILLISECONDS = 420" in text
    module.write_text(text.replace("STEP_MILLISECONDS = 420", "STEP_MILLISECONDS = 421"), "utf-8")
    assert stale_modules(copy) == [module.name]


# ---- what the notebooks quote -------------------------------------------------------------------


def written(outputs):
    """What a cell wrote: its streams, each in one piece, and its values as text."""
    found = []
    for output in outputs:
        kind, data = output.get("name", "value"), output.get("data", output)
        text = "".join(data.get("text/plain") or data.get("text"))
        if kind != "value" and found and found[-1][0] == kind:
            text = found.pop()[1] + text
        found.append((kind, text))
    return found


def quoted_cells(notebook):
    """Every cell whose output the prose quotes, and that output as it is kept."""
    for cell in notebook["cells"]:
        if "nbval-check-output" in cell["metadata"].get("tags", []):
            yield cell, cell["metadata"].get("quoted", cell["outputs"])


def changed_outputs(kept, executed):
    """The cells of two runs of one notebook that wrote something else."""
    now = {cell["id"]: cell["outputs"] for cell in executed["cells"] if "outputs" in cell}
    pairs = ((cell["id"], outputs) for cell, outputs in quoted_cells(kept))
    return [name for name, outputs in pairs if written(outputs) != written(now[name])]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_build_wrote_what_the_prose_quotes(site, path):
    executed = site.parent / "jupyter_execute" / "notebooks" / path.name
    kept, run = (json.loads(each.read_text("utf-8")) for each in (path, executed))
    assert len(list(quoted_cells(kept))) > 0
    assert changed_outputs(kept, run) == [], "run `make refresh`, then read what quotes them"


def test_a_changed_output_is_noticed():
    kept, changed = (json.loads(NOTEBOOKS[0].read_text("utf-8")) for _ in range(2))
    quoted = list(quoted_cells(changed))
    for cell, outputs in quoted:
        cell["outputs"] = outputs
    assert changed_outputs(kept, changed) == []
    cell, _ = quoted[0]
    cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "1.0"}]
    assert changed_outputs(kept, changed) == [cell["id"]]
