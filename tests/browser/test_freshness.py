"""What the site serves is what the package holds now."""

import json
import shutil

from fftia_lab.widgets._base import bundle, style


def stale_modules(site):
    """Return the widget modules of a site that are not the package's present ones."""
    stale = []
    for path in (site / "_static" / "lab" / "modules").glob("*.js"):
        name = path.name.rpartition("-")[0]
        present = f"fftiaLab.register({json.dumps(path.name)}, {json.dumps(bundle(name))}, "
        present += f"{json.dumps(style(name))});\n"
        if path.read_text("utf-8") != present:
            stale.append(path.name)
    return stale


def test_no_widget_on_the_site_is_stale(site):
    assert list((site / "_static" / "lab" / "modules").glob("butterfly-*.js"))
    assert stale_modules(site) == []


def test_a_stale_widget_is_noticed(site, tmp_path):
    copy = tmp_path / "site"
    shutil.copytree(site / "_static" / "lab" / "modules", copy / "_static" / "lab" / "modules")
    (module,) = (copy / "_static" / "lab" / "modules").glob("butterfly-*.js")
    module.write_text(
        module.read_text("utf-8").replace("SECONDS_A_STAGE = 1.1", "SECONDS_A_STAGE = 2")
    )
    assert stale_modules(copy) == [module.name]
