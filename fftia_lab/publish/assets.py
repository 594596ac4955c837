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

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

MATHJAX = ("tex-chtml.js", "input/tex/extensions/html.js", "output/chtml/fonts/woff-v2")
FONTS = {
    "font_source_serif_pro": ("SourceSerifPro", ("Regular", "It", "Semibold")),
    "font_source_sans_pro": ("SourceSansPro", ("Regular", "Semibold")),
}
# What runs on every page, in this order; boot.js starts the rest.
SCRIPTS = (
    "place.js",
    "guesses.js",
    "slides.js",
    "present.js",
    "quotes.js",
    "beside.js",
    "boot.js",
)


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


def _font_css() -> str:
    faces = []
    for family, weights in FONTS.values():
        name = family.replace("Source", "Source ").replace("Pro", " Pro")
        for weight in weights:
            style = "italic" if weight == "It" else "normal"
            heavy = 600 if weight == "Semibold" else 400
            faces.append(
                f'@font-face{{font-family:"{name}";font-style:{style};font-weight:{heavy};'
                f'font-display:swap;src:url("fonts/{family}-{weight}.ttf")}}'
            )
    return "\n".join(faces)


def write_assets(folder: Path) -> None:
    """Write all files that pages share into `folder`/lab."""
    lab = folder / "lab"
    for part in MATHJAX:
        _copy(_mathjax_folder() / part, lab / "mathjax" / part)
    plotly_js = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"
    _copy(plotly_js, lab / "plotly.min.js")
    for package, (family, weights) in FONTS.items():
        for weight in weights:
            name = f"{family}-{weight}.ttf"
            _copy(Path(str(files(package))) / "files" / name, lab / "fonts" / name)
    for script in SCRIPTS:
        _copy(Path(__file__).parent / script, lab / script)
    (lab / "palette.css").write_text("\n".join([_font_css(), css(), role_css()]), "utf-8")
    shared = {"colours": palette(), "code": code_roles()}
    (lab / "palette.js").write_text(f"window.fftiaPalette = {json.dumps(shared)};\n", "utf-8")


def _configure(app: Sphinx, config: Config) -> None:
    config.mathjax_path = "lab/mathjax/tex-chtml.js"
    maths: dict[str, Any] = config.mathjax3_config or {}
    maths.setdefault("options", {})["enableMenu"] = False
    maths["loader"] = {"load": ["[tex]/html"]}
    maths["tex"] = {"packages": {"[+]": ["html"]}, "macros": math_macros()}
    config.mathjax3_config = maths


def _provide(app: Sphinx) -> None:
    folder = Path(app.doctreedir).parent / "lab-static"
    write_assets(folder)
    app.config.html_static_path.append(str(folder))
    app.add_css_file("lab/palette.css", priority=300)
    app.add_js_file("lab/palette.js", priority=300)
    for order, script in enumerate(SCRIPTS):
        app.add_js_file(f"lab/{script}", priority=301 + order, defer="defer")


def setup(app: Sphinx) -> None:
    app.connect("config-inited", _configure, priority=900)
    app.connect("builder-inited", _provide)
