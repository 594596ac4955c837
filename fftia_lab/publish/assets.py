"""Everything a page loads lies on the site: MathJax, plotly.js, fonts, colours, scripts.

The files come out of installed, pinned packages at build time; none is in the repository.
"""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..palette import code_roles, css, math_macros, palette, role_css
from .fonts import font_css, write_fonts

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

# One script of what formulas need: MathJax ready-made has a menu too and is half as large again.
# The part that loads the others comes first; it waits until the whole script has been read.
MATHJAX = ["startup", "core", "input/tex", "input/tex/extensions/html", "output/chtml"]
MATHJAX += ["output/chtml/fonts/tex", "a11y/assistive-mml"]
MATHJAX_FONTS = "output/chtml/fonts/woff-v2"
# What the theme brings and no page asks for: maps for who debugs it, and what fonts.py replaces.
NEVER_ASKED = ("**/*.map", "scripts/fontawesome.js*", "vendor/fontawesome/**/*")
# What runs on every page, in this order; boot.js starts the rest.
SCRIPTS = (
    "place.js",
    "guesses.js",
    "slides.js",
    "back.js",
    "present.js",
    "quotes.js",
    "beside.js",
    "paper.js",
    "heard.js",
    "reading.js",
    "boot.js",
)
SEARCH = ("excerpts.js", "search.js")  # on the page of the search alone
SHARED = (*SCRIPTS, *SEARCH, "palette.css", "palette.js", "plotly.min.js", "mathjax/mathjax.js")


def _mathjax_folder() -> Path:
    # Its import name has a hyphen, so it is found as a file of its distribution.
    from importlib.metadata import distribution

    return Path(str(distribution("sphinx-mathjax-offline").locate_file("."))) / (
        "sphinx-mathjax-offline/static/mathjax"
    )


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copyfile(source, target)


def mathjax() -> str:
    """Return MathJax as one script, which asks for nothing but its fonts."""
    names = ["[tex]/html" if name.endswith("/html") else name for name in MATHJAX[1:]]
    texts = [(_mathjax_folder() / f"{part}.js").read_text("utf-8") for part in MATHJAX]
    texts.insert(1, f"MathJax.loader.preLoad(...{json.dumps(names)});")
    return "\n".join(texts)


def write_assets(folder: Path) -> None:
    """Write all files that pages share into `folder`/lab."""
    lab = folder / "lab"
    _copy(_mathjax_folder() / MATHJAX_FONTS, lab / "mathjax" / MATHJAX_FONTS)
    (lab / "mathjax" / "mathjax.js").write_text(mathjax(), "utf-8")
    plotly_js = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
    _copy(plotly_js, lab / "plotly.min.js")
    write_fonts(lab / "fonts")
    for script in (*SCRIPTS, *SEARCH):
        _copy(Path(__file__).parent / script, lab / script)
    (lab / "palette.css").write_text("\n".join([font_css(), css(), role_css()]), "utf-8")
    shared = {"colours": palette(), "code": code_roles()}
    (lab / "palette.js").write_text(f"window.fftiaPalette = {json.dumps(shared)};\n", "utf-8")


def _configure(app: Sphinx, config: Config) -> None:
    config.mathjax_path = "lab/mathjax/mathjax.js"
    maths: dict[str, Any] = config.mathjax3_config or {}
    maths["tex"] = {"packages": {"[+]": ["html"]}, "macros": math_macros()}
    config.mathjax3_config = maths


def _provide(app: Sphinx) -> None:
    folder = Path(app.doctreedir).parent / "lab-static"
    write_assets(folder)
    app.config.html_static_path.append(str(folder))
    app.add_css_file("lab/palette.css", priority=300)
    app.add_js_file("lab/palette.js", priority=300)
    for place, script in enumerate(SCRIPTS):
        app.add_js_file(f"lab/{script}", priority=305 + place, defer="defer")


def _prune(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    for path in {path for pattern in NEVER_ASKED for path in static.glob(pattern)}:
        if path.is_file():
            path.unlink()


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _configure, priority=900)
    app.connect("builder-inited", _provide)
    app.connect("build-finished", _prune)
