"""The import graph tells the story: ground, then transform, then figures, then widgets."""

import ast
import re
import shutil
import subprocess
import sys

import pytest

GROUND = {"arguments", "devices", "implementations", "lazy", "options", "palette", "schedule"}
GROUND |= {"signals", "tensors"}
LAB = GROUND | {"transform", "figures"}
MAY_IMPORT = {
    "__main__": {"mixing"},
    "arguments": set(),
    "devices": set(),
    "schedule": {"arguments"},
    "implementations": set(),
    "lazy": set(),
    "tensors": {"arguments"},
    "options": {"arguments", "schedule"},
    "palette": set(),
    "signals": {"arguments"},
    "cost": GROUND,
    "transform": GROUND | {"cost"},
    "attention": GROUND | {"cost"},
    "mixing": GROUND | {"cost", "transform"},
    "kernels": GROUND | {"records"},
    "figures": GROUND | {"transform"},
    "records": {"results"},
    "rounding": set(),
    "results": set(),
    "runtime": set(),
    "bench": LAB | {"attention", "mixing", "kernels", "cost", "records", "rounding"},
    "widgets": LAB | {"attention", "bench", "cost", "kernels", "mixing", "records"},
    "learn": GROUND | {"cost", "attention", "records", "bench"},
    "exercises": LAB | {"mixing"},
    "publish": {"palette", "records", "rounding"},
}


def modules(root):
    """Yield (path, dotted name as a list) of every Python file of the package."""
    rooms = {"fftia_lab": [], "book/results": ["results"]}
    for folder, package in ((root / path, name) for path, name in rooms.items()):
        for path in sorted(folder.rglob("*.py")):
            parts = [*package, *path.relative_to(folder).with_suffix("").parts]
            yield path, ["fftia_lab", *parts]


def targets(tree, dotted):
    """Yield every module that a file imports, absolute, as a list of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = dotted[: -node.level] if node.level else []
            if node.module:
                yield base + node.module.split(".")
            else:
                yield from ([*base, alias.name] for alias in node.names)


def violations(root):
    """Return one line for each import that goes against the story."""
    found = []
    for path, dotted in modules(root):
        room = dotted[1]
        if room == "__init__":
            continue
        if room not in MAY_IMPORT:
            found.append(f"{path.name}: the room {room} is not in MAY_IMPORT")
            continue
        for target in targets(ast.parse(path.read_text("utf-8")), dotted):
            inside = target[0] == "fftia_lab" and len(target) > 1 and not target[1].startswith("__")
            if inside and target[1] not in MAY_IMPORT[room] | {room}:
                found.append(f"{path.relative_to(root)}: {room} must not import {target[1]}")
    return found


def test_imports_follow_the_story(root):
    assert violations(root) == []
    assert len(list(modules(root))) > 20, "the walk has found the package"


def test_a_planted_violation_is_found(root, tmp_path):
    for folder in ("fftia_lab", "book/results"):
        shutil.copytree(root / folder, tmp_path / folder)
    planted = [
        ("fftia_lab/schedule/base.py", "from ..transform import dft\n", "schedule", "transform"),
        ("fftia_lab/kernels/__init__.py", "import fftia_lab.widgets\n", "kernels", "widgets"),
        ("fftia_lab/publish/verify.py", "from .. import signals\n", "publish", "signals"),
    ]
    for name, line, room, target in planted:
        path = tmp_path / name
        before = path.read_text("utf-8")
        path.write_text(before + line, "utf-8")
        assert violations(tmp_path) == [f"{name}: {room} must not import {target}"]
        path.write_text(before, "utf-8")
    assert violations(tmp_path) == []


# What modules of figures may import, by folder; what has no drawing takes neither hands nor page.
PAGE = {"elements", "figure", "hands", "controls", "picks", "time", "sound", "links"}
WITHOUT_A_PAGE = ("model.js", "words.js", "layout.js", "paths.js")


def javascript_violations(widgets):
    """Return one line for each import between folders, or of a page, that must not be."""
    found = []
    for path in sorted(widgets.rglob("*.js")):
        folder = path.parent.name
        allowed = {"kit": {"kit"}, "shared": {"kit", "shared"}}.get(
            folder, {folder, "kit", "shared"}
        )
        for target in re.findall(r'from "([^"]+)"', path.read_text("utf-8")):
            other = (path.parent / target).resolve()
            if other.parent.name not in allowed or other.parent.parent != widgets.resolve():
                found.append(f"{folder}/{path.name}: must not import {target}")
            pure = path.name in WITHOUT_A_PAGE and folder != "kit"
            if pure and other.parent.name == "kit" and other.stem in PAGE:
                found.append(f"{folder}/{path.name}: computes without a page; imports {target}")
    return found


def test_modules_of_figures_follow_the_story(root):
    assert javascript_violations(root / "fftia_lab" / "widgets") == []


@pytest.mark.parametrize(
    ("module", "target"),
    [
        ("butterfly/model.js", "../winding/model.js"),
        ("kit/time.js", "../shared/news.js"),
        ("shared/news.js", "../butterfly/model.js"),
        ("winding/words.js", "../kit/elements.js"),
    ],
)
def test_a_planted_import_of_a_module_is_found(root, tmp_path, module, target):
    widgets = shutil.copytree(root / "fftia_lab" / "widgets", tmp_path / "widgets")
    with (widgets / module).open("a", encoding="utf-8") as file:
        file.write(f'import {{ x }} from "{target}";\n')
    (line,) = javascript_violations(widgets)
    assert line.startswith(f"{module}: ") and target in line


HEAVY = ("torch", "triton", "plotly", "anywidget", "ipywidgets", "sphinx", "scipy", "yaml")


def loaded_by(statement):
    code = f"import sys; {statement}; print([m for m in {HEAVY} if m in sys.modules])"
    return subprocess.check_output([sys.executable, "-c", code], text=True).strip()


def test_the_core_loads_numpy_and_nothing_heavier():
    core = "import fftia_lab, fftia_lab.transform, fftia_lab.implementations, fftia_lab.exercises"
    assert loaded_by(core) == "[]"
    assert "torch" not in loaded_by("import fftia_lab.widgets")
    assert "plotly" in loaded_by("import fftia_lab.figures"), "the probe can see a heavy module"
