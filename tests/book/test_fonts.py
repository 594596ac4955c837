"""The fonts of the pages are cut to what pages show, and to no less."""

import re
from importlib.resources import files
from pathlib import Path

from fontTools.ttLib import TTFont

from fftia_lab.publish.fonts import FONTS, ICON_FONT, ICONS, write_fonts


def letters(path):
    with TTFont(path) as font:
        return set(font.getBestCmap())


def test_every_letter_that_a_page_or_a_figure_shows_is_in_each_font_that_had_it(site):
    shown = set()
    for pattern in ("*/*.html", "_static/lab/modules/*.js"):
        for path in site.glob(pattern):
            text = path.read_text("utf-8")
            shown |= set(map(ord, text))
            shown |= {int(code, 16) for code in re.findall(r"\\u([0-9a-f]{4})", text)}
    assert {0x2212, 0x3C9, 0x2192} < shown, "signs, Greek, arrows"
    for package, (family, weights) in FONTS.items():
        for weight in weights:
            whole = Path(str(files(package))) / "files" / f"{family}-{weight}.ttf"
            cut = letters(site / "_static" / "lab" / "fonts" / f"{family}-{weight}.woff")
            assert (letters(whole) & shown) - cut == set(), weight
            assert len(cut) < len(letters(whole)) * 0.9


NUMERALS = {"onum", "tnum", "lnum", "pnum"}


def numerals(path):
    with TTFont(path) as font:
        found = font["GSUB"].table.FeatureList.FeatureRecord
        return NUMERALS & {record.FeatureTag for record in found}


def test_figures_of_old_style_and_of_one_width_are_kept(tmp_path):
    write_fonts(tmp_path)
    for package, (family, weights) in FONTS.items():
        for weight in weights:
            cut = tmp_path / f"{family}-{weight}.woff"
            whole = Path(str(files(package))) / "files" / f"{family}-{weight}.ttf"
            assert numerals(cut) == numerals(whole) != set(), cut.stem
            assert cut.stat().st_size < 60_000
    assert len(list(tmp_path.glob("Source*.woff"))) == 5


def test_icons_have_the_shapes_of_their_names(tmp_path):
    write_fonts(tmp_path)
    source = Path(str(files("pydata_sphinx_theme"))) / ICON_FONT
    with TTFont(tmp_path / "icons.woff") as icons, TTFont(source) as whole:
        wanted = {code: name for code, name in whole.getBestCmap().items() if name in ICONS}
        found = icons.getBestCmap()
        assert set(found) == set(wanted) and set(wanted.values()) == set(ICONS)
        for code, name in wanted.items():
            assert icons["hmtx"][found[code]] == whole["hmtx"][name]
