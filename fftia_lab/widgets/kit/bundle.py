"""One text out of many modules: each in a scope of its own, in the order in which they are needed.

anywidget takes one module, which cannot import its neighbours in a notebook or from a Blob.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...palette import css

KIT = Path(__file__).parent
SHEETS = ("style.css", "tables.css", "stage.css")

# What the formatter makes of an import and an export; any other form is refused.
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[\w./]*)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|(?:async )?function) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)  # a line of its own; a sixth of what is sent
_ENTRY = "export default { render };\n"


@dataclass(frozen=True)
class Module:
    """A module taken apart.

    Args:
        imports: (path of the other module, names taken from it) in order.
        exports: the names that it gives.
        body: what is left of its text, without lines that are comments.
    """

    imports: tuple[tuple[Path, tuple[str, ...]], ...]
    exports: tuple[str, ...]
    body: str


def read_module(path: Path, text: str) -> Module:
    """Take the text of a module apart.

    Raises:
        ValueError: if it imports or exports in another form than `import { a } from "./b.js";`,
            `export const` and `export function`, which may be async.
    """
    imports = tuple(
        ((path.parent / other).resolve(), tuple(re.findall(r"\w+", names)))
        for names, other in _IMPORT.findall(text)
    )
    body = _COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", text)))
    if other := _OTHER.search(body.removesuffix(_ENTRY)):
        raise ValueError(f"{path.name}: the bundle cannot read {other[0]!r}")
    return Module(imports, tuple(_EXPORT.findall(text)), body)


def link(entry: Path, replaced: Mapping[Path, str] | None = None) -> str:
    """Return the module at `entry` and all that it needs as one ES module.

    Args:
        entry: a file that ends with `export default { render };`.
        replaced: texts to take instead of those of some files.

    Raises:
        ValueError: if modules need each other in a circle, or one imports a name that another does
            not export, or the entry ends in another way.
    """
    texts = replaced or {}
    modules: dict[Path, Module] = {}

    def add(path: Path, above: tuple[Path, ...]) -> None:
        if path in above:
            circle = " → ".join(one.name for one in (*above[above.index(path) :], path))
            raise ValueError(f"modules need each other in a circle: {circle}")
        if path in modules:
            return
        module = read_module(path, texts.get(path) or path.read_text("utf-8"))
        for other, names in module.imports:
            add(other, (*above, path))
            if unknown := sorted(set(names) - set(modules[other].exports)):
                raise ValueError(f"{path.name} imports {unknown}, not in {other.name}")
        modules[path] = module

    add(entry.resolve(), ())
    *needed, last = modules
    if not modules[last].body.endswith(_ENTRY):
        raise ValueError(f"{entry.name} must end with {_ENTRY.strip()!r}")
    names = {path: f"$module{number}" for number, path in enumerate(needed)}
    return "".join(
        [
            *(_scoped(modules[path], names, names[path]) for path in needed),
            _taken(modules[last], names),
        ]
    )


def _taken(module: Module, scopes: Mapping[Path, str]) -> str:
    """Return a module's text with its imports taken out of the scopes above it."""
    lines = [
        f"const {{ {', '.join(names)} }} = {scopes[other]};\n" for other, names in module.imports
    ]
    return "".join(lines) + module.body


def _scoped(module: Module, scopes: Mapping[Path, str], name: str) -> str:
    given = ", ".join(module.exports)
    return f"const {name} = (() => {{\n{_taken(module, scopes)}return {{ {given} }};\n}})();\n"


def constant(name: str, value: object) -> str:
    """Return a module that exports one value."""
    return f"export const {name} = {json.dumps(value, separators=(',', ':'))};\n"


def bundle(figure: str, replaced: Mapping[Path, str] | None = None) -> str:
    """Return the module of a figure as one text: figure.js beside its figure.py, with its imports.

    Args:
        figure: `__file__` of its figure.py.
        replaced: as in `link`.
    """
    return link(Path(figure).with_name("figure.js"), replaced)


def style(figure: str) -> str:
    """Return the style sheet of a figure: colours of both themes, the kit's rules, its own."""
    sheets = *(KIT / name for name in SHEETS), Path(figure).with_name("style.css")
    return "\n".join(
        [css(".fl-figure"), css(".fl-enlarged"), *(sheet.read_text("utf-8") for sheet in sheets)]
    )
