"""Colours can be read, told apart, and are the same wherever they are used."""

import itertools
import json
import re

import numpy as np
import pytest

from fftia_lab.palette import code_roles, colours, css, math_macros, palette

ROLES = [role for role in palette()["role"] if role != "stage"]  # stage is the grey of quiet text

# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1.0, linear RGB.
VISION = {
    "full": "1 0 0  0 1 0  0 0 1",
    "protan": "0.152286 1.052583 -0.204868 0.114503 0.786281 0.099216 -0.003882 -0.048116 1.051998",
    "deutan": "0.367322 0.860646 -0.227968 0.280085 0.672501 0.047413 -0.011820 0.042940 0.968881",
    "tritan": "1.255528 -0.076749 -0.178779 -0.078411 0.930809 0.147602 0.004733 0.691367 0.303900",
}


def matrix(numbers):
    return np.array(numbers.split(), dtype=float).reshape(3, 3)


def linear(colour):
    values = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(rgb):
    """Björn Ottosson's OKLab (2020), in which equal distances look about equally large."""
    to_cone = matrix(
        "0.4122214708 0.5363325363 0.0514459929 0.2119034982 0.6806995451 0.1073969566"
        " 0.0883024619 0.2817188376 0.6299787005"
    )
    to_lab = matrix(
        "0.2104542553 0.7936177850 -0.0040720468 1.9779984951 -2.4285922050 0.4505937099"
        " 0.0259040371 0.7827717662 -0.8086757660"
    )
    return to_lab @ np.cbrt(to_cone @ np.clip(rgb, 0, 1))


def contrast(one, other):
    dark, light = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("surface", ["paper", "panel"])
def test_text_can_be_read(theme, surface):
    """WCAG 2.2, 1.4.3: 4.5 to 1 for words, and 1.4.11: 3 to 1 for wires that carry meaning."""
    shown = colours(theme)
    for name in [*palette()["role"], "ink", "quiet", "accent"]:
        assert contrast(shown[name], shown[surface]) >= 4.5, name
    assert contrast(shown["wire"], shown[surface]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", VISION)
def test_roles_can_be_told_apart(theme, vision):
    seen = {role: oklab(matrix(VISION[vision]) @ linear(colours(theme)[role])) for role in ROLES}
    for one, other in itertools.combinations(ROLES, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 0.06, (one, other)


def test_the_measure_can_fail():
    assert contrast("#777777", "#888888") < 3
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert np.linalg.norm(oklab(linear("#ff0000")) - oklab(linear("#ff0000"))) == 0


def test_one_place_for_each_colour(root):
    """No colour is written down outside the token file, the logo and the formulas of notebooks."""
    allowed = {"palette.json", "logo.svg", "test_palette.py"}
    for folder in ("fftia_lab", "book", "notebooks"):
        for path in (root / folder).rglob("*"):
            if path.suffix not in {".py", ".js", ".css", ".md", ".ipynb"} or path.name in allowed:
                continue
            if "_build" in path.parts or ".ipynb_checkpoints" in path.parts:
                continue
            text = path.read_text("utf-8")
            if path.suffix == ".ipynb":
                text = re.sub(r"\\\\textcolor\{(#[0-9a-f]{6})\}", "", text)
            text = text.replace("'#ad5c00'", "")  # the example in the docstring of colours()
            assert not re.search(r"#[0-9a-fA-F]{6}\b", text), path


def test_formulas_in_notebooks_use_role_colours(root):
    light = {colour["light"] for colour in palette()["role"].values()}
    found = set()
    for path in (root / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            found |= set(re.findall(r"\\textcolor\{(#[^}]*)\}", "".join(cell["source"])))
    assert found and found <= light


def test_what_is_generated():
    assert "--fl-partner:#ad5c00" in css() and "--fl-partner:#ee9a3a" in css(".fl-figure")
    assert math_macros()["gate"] == [r"\class{fl-gate}{#1}", 1]
    assert code_roles()["twiddles"] == "twiddle"
    with pytest.raises(ValueError, match='"light" or "dark"; got \'sepia\''):
        colours("sepia")


def test_the_class_of_a_role_sets_its_colour_and_nothing_else(root):
    """Words in code and in formulas have it too: what is laid out by it would move them."""
    roles = palette()["role"]
    found = 0
    for path in root.rglob("fftia_lab/widgets/*/style.css"):
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", path.read_text("utf-8")):
            for one in re.sub(r"/\*.*?\*/", "", selectors, flags=re.S).split(","):
                role = re.fullmatch(r"\.fl-(\w+)", one.strip())
                if role and role[1] in roles:
                    found += 1
                    assert re.fullmatch(r"\s*color: var\(--fl-\w+\);\s*", body), (path, one)
    assert found >= 5
