"""The letters of the pages, cut down to what pages show.

Whole, the five fonts of the book weigh a megabyte, twice all else that a page loads; most of it is
Cyrillic, phonetics and small capitals. The theme's icons come as a script of 1.5 megabytes and
three fonts, of which pages show a handful of shapes.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

FONTS = {
    "font_source_serif_pro": ("SourceSerifPro", ("Regular", "It", "Semibold")),
    "font_source_sans_pro": ("SourceSansPro", ("Regular", "Semibold")),
}
# Latin with its accents, Greek, and all that stands between words, numbers and arrows.
LETTERS = (range(0x20, 0x180), range(0x370, 0x400), range(0x2000, 0x2300), range(0x25A0, 0x2700))
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "onum", "tnum", "lnum", "pnum", "sups"]
ICON_FONT = "theme/pydata_sphinx_theme/static/vendor/fontawesome/webfonts/fa-solid-900.ttf"
# What the theme's templates show, by Font Awesome's names; `verify` finds one that is not here.
ICONS = ["angle-left", "angle-right", "arrow-up", "bars", "circle-half-stroke", "list"]
ICONS += ["magnifying-glass", "moon", "sun"]


def cut(source: Path, target: Path, **kept: Any) -> None:
    """Write a font that has only some letters (`unicodes`) or shapes (`glyphs`).

    Raises:
        fontTools.subset.Subsetter.MissingGlyphsSubsettingError: if the font lacks a shape.
    """
    from fontTools import subset  # only a build has it

    options = subset.Options(flavor="woff", layout_features=FEATURES, hinting=False)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(**kept)
    cutter.subset(font)
    target.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, str(target), options)
    font.close()


def write_fonts(folder: Path) -> None:
    """Write every font of the pages into a folder, once: none changes between two builds."""
    letters = [code for some in LETTERS for code in some]
    for package, (family, weights) in FONTS.items():
        for weight in weights:
            target = folder / f"{family}-{weight}.woff"
            source = Path(str(files(package))) / "files" / f"{family}-{weight}.ttf"
            if not target.exists():
                cut(source, target, unicodes=letters)
    icons = folder / "icons.woff"
    if not icons.exists():
        cut(Path(str(files("pydata_sphinx_theme"))) / ICON_FONT, icons, glyphs=ICONS)


def font_css() -> str:
    """Return the rules that name the fonts; the theme's stylesheet asks for its icons by name."""
    faces = []
    for family, weights in FONTS.values():
        name = family.replace("Source", "Source ").replace("Pro", " Pro")
        for weight in weights:
            style = "italic" if weight == "It" else "normal"
            heavy = 600 if weight == "Semibold" else 400
            faces.append(_face(name, style, heavy, f"{family}-{weight}"))
    return "\n".join([*faces, _face("Font Awesome 6 Free", "normal", 900, "icons")])


def _face(name: str, style: str, weight: int, file: str) -> str:
    return (
        f'@font-face{{font-family:"{name}";font-style:{style};font-weight:{weight};'
        f'font-display:swap;src:url("fonts/{file}.woff")}}'
    )
