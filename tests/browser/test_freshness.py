"""What the site serves is what the package holds now."""

import shutil

from subjects import SUBJECTS, name_of

from fftia_lab.publish.mime import widget_module


def present_modules():
    """Return the file name and the text of every widget's module."""
    found = {}
    for subject in SUBJECTS:
        widget = subject.WIDGET()
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
    assert len(served) == len(SUBJECTS)
    assert {name.rpartition("-")[0] for name in served} == {name_of(s) for s in SUBJECTS}


def test_a_stale_widget_is_noticed(site, tmp_path):
    copy = tmp_path / "site"
    shutil.copytree(site / "_static" / "lab" / "modules", copy / "_static" / "lab" / "modules")
    (module,) = (copy / "_static" / "lab" / "modules").glob("butterfly-*.js")
    text = module.read_text("utf-8")
    assert "STEP_MILLISECONDS = 420" in text
    module.write_text(text.replace("STEP_MILLISECONDS = 420", "STEP_MILLISECONDS = 421"), "utf-8")
    assert stale_modules(copy) == [module.name]
