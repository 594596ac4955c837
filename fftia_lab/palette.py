"""One colour for one thing: the palette behind every page, formula, figure and widget.

`palette.json` names each role once, with its colour on a light and on a dark page. CSS, the plotly
template, the widgets and the maths macros are all generated from it here.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

PALETTE_FILE = Path(__file__).parent / "palette.json"

# Who says that the page is dark: the book, JupyterLab, Colab, VS Code; else the system.
DARK_HOSTS = (
    'html[data-theme="dark"]',
    'body[data-jp-theme-light="false"]',
    'html[theme="dark"]',
    "body.vscode-dark",
)
LIGHT_HOSTS = (
    'html[data-theme="light"]',
    'body[data-jp-theme-light="true"]',
    'html[theme="light"]',
    "body.vscode-light",
)


@cache
def palette() -> dict[str, dict[str, dict[str, Any]]]:
    """Return the colour file: group -> name -> {"light", "dark", ...}."""
    loaded: dict[str, dict[str, dict[str, Any]]] = json.loads(PALETTE_FILE.read_text("utf-8"))
    return loaded


def colours(theme: str) -> dict[str, str]:
    """Return name -> hex colour for the theme "light" or "dark", roles and page together.

    >>> colours("light")["partner"]
    '#ad5c00'
    """
    if not isinstance(theme, str) or theme not in ("light", "dark"):
        raise ValueError(f'theme must be "light" or "dark"; got {theme!r}')
    return {name: colour[theme] for group in palette().values() for name, colour in group.items()}


def _variables(theme: str) -> str:
    return ";".join(f"--fl-{name}:{colour}" for name, colour in colours(theme).items())


def css(scope: str = "") -> str:
    """Return the CSS variables `--fl-NAME` for both themes.

    Args:
        scope: selector of the element that carries them; "" puts them on the whole page.

    Raises:
        TypeError: if scope is no text.
    """
    if not isinstance(scope, str):
        raise TypeError(f"scope must be a CSS selector, or empty; got {scope!r}")
    target = scope or ":root"
    light = ",".join(f"{host} {scope}".strip() for host in LIGHT_HOSTS)
    dark = ",".join(f"{host} {scope}".strip() for host in DARK_HOSTS)
    return "\n".join(
        [
            f"{target}{{{_variables('light')}}}",
            f"@media (prefers-color-scheme:dark){{{target}{{{_variables('dark')}}}}}",
            f"{light}{{{_variables('light')};color-scheme:light}}",
            f"{dark}{{{_variables('dark')};color-scheme:dark}}",
        ]
    )


def role_css() -> str:
    """Return one class `.fl-ROLE` a role, for words, formulas and code on a page."""
    return "\n".join(
        f".fl-{role}, html[data-theme] .highlight .n.fl-{role}{{color:var(--fl-{role})}}"
        for role in palette()["role"]
    )


def math_macros() -> dict[str, list[str | int]]:
    r"""Return the MathJax macro of each role: `\twiddle{w}` has the colour of a twiddle.

    >>> math_macros()["twiddle"]
    ['\\class{fl-twiddle}{#1}', 1]
    """
    return {role: [rf"\class{{fl-{role}}}{{#1}}", 1] for role in palette()["role"]}


def code_roles() -> dict[str, str]:
    """Return variable name -> role, for colouring names in code as the figures colour them."""
    return {word: role for role, colour in palette()["role"].items() for word in colour["code"]}
