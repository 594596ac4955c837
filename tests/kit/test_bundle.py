"""One text out of many modules: each is a module, and nothing else is let in."""

import re
import shutil

import pytest
from kit.engine import snake
from kit.subjects import SUBJECTS, name_of

from fftia_lab.widgets.kit.bundle import constant, link

each = pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)


def test_every_module_links_in_an_engine(engine):
    names = sorted(str(path.relative_to(engine.folder)) for path in engine.folder.rglob("*.js"))
    assert len(names) > 50
    engine.run("".join(f'import "./{name}";\n' for name in names), name="all")


@each
def test_every_bundle_is_one_module(engine, subject):
    (engine.folder / "bundle.mjs").write_text(str(subject.WIDGET._esm), "utf-8")
    code = '//given\nimport bundle from "./bundle.mjs";\nanswer([typeof bundle.render]);'
    assert engine.run(code) == ["function"]


@each
def test_no_module_is_left_out_or_brought_for_nothing(root, subject):
    """Of its own folder a figure has all modules; of the kit what it asks for."""
    text = str(subject.WIDGET._esm)
    folder = root / "fftia_lab" / "widgets" / snake(subject.WIDGET)
    for path in folder.glob("*.js"):
        *_, last = re.findall(r"^ *(?!//)\S.{20,}$", path.read_text("utf-8"), re.M)
        assert last.removeprefix("export ") in text, path.name


def test_lines_of_comment_stay_at_home(tmp_path):
    text = "// About it.\nconst text = `//${1}`; // kept\n  // Why.\n"
    linked = link(write(tmp_path, figure=f"{text}const render = () => text;\n{END}"))
    assert linked == f"const text = `//${{1}}`; // kept\nconst render = () => text;\n{END}"


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder / "figure.js"


END = "export default { render };\n"


def test_names_of_one_module_are_not_those_of_another(engine):
    folder = engine.folder / "scopes"
    folder.mkdir()
    entry = write(
        folder,
        one='const mine = "one";\nexport const first = () => mine;\n',
        two='import { first } from "./one.js";\n\nconst mine = "two";\n\n'
        "export function second() {\n  return first() + mine;\n}\n",
        figure='import { first } from "./one.js";\nimport { second } from "./two.js";\n\n'
        f"const render = () => [first(), second()];\n\n{END}",
    )
    (folder / "bundle.mjs").write_text(link(entry), "utf-8")
    code = '//given\nimport bundle from "./scopes/bundle.mjs";\nanswer(bundle.render());'
    assert engine.run(code) == ["one", "onetwo"]


def test_no_line_is_longer_than_100_columns(root):
    """Code is laid out by deno, which leaves comments as they are."""
    written = [*(root / "fftia_lab").rglob("*.js")]
    lines = {path: path.read_text("utf-8").splitlines() for path in written}
    assert len(written) > 50
    assert [(path.name, line) for path in written for line in lines[path] if len(line) > 100] == []


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"figure": "const render = 1;\n"}, "figure.js must end with 'export default { render };'"),
        (
            {"figure": f'import {{ gone }} from "./a.js";\n{END}', "a": ""},
            r"imports \['gone'\], not",
        ),
        (
            {
                "figure": f'import {{ a }} from "./a.js";\n{END}',
                "a": 'import { b } from "./b.js";\nexport const a = 1;\n',
                "b": 'import { a } from "./a.js";\nexport const b = 1;\n',
            },
            "in a circle: a.js → b.js → a.js",
        ),
        (
            {"figure": f'import * as all from "./a.js";\n{END}', "a": ""},
            "cannot read 'import \\* as",
        ),
        (
            {"figure": f'import {{ a as b }} from "./a.js";\n{END}', "a": "export const a = 1;\n"},
            "'as'",
        ),
        ({"figure": f"export let count = 0;\n{END}"}, "cannot read 'export let count = 0;'"),
        ({"figure": f'export {{ a }} from "./a.js";\n{END}', "a": ""}, "cannot read 'export { a }"),
    ],
)
def test_what_would_not_be_a_module_is_refused(tmp_path, modules, message):
    with pytest.raises(ValueError, match=message):
        link(write(tmp_path, **modules))


def test_a_table_takes_the_place_of_a_file(tmp_path):
    entry = write(tmp_path, a="export const A = {};\n")
    write(tmp_path, figure=f'import {{ A }} from "./a.js";\n{END}')
    text = link(entry, {tmp_path / "a.js": constant("A", {"x": [1, 2]})})
    assert 'const A = {"x":[1,2]};' in text


# ---- the house -----------------------------------------------------------------------------------


def exported(path):
    lines = [line.replace(" async ", " ") for line in path.read_text("utf-8").splitlines()]
    return [
        line.split()[2].partition("(")[0]
        for line in lines
        if line.startswith(("export const ", "export function "))
    ]


def unused(widgets):
    """Exports that no other module takes."""
    texts = {path: path.read_text("utf-8") for path in widgets.rglob("*.js")}
    heads = {path: text.partition("\n\n")[0] for path, text in texts.items()}
    found = []
    for path in texts:
        taken = "".join(head for other, head in heads.items() if other != path)
        names = [name for name in exported(path) if f" {name}" not in taken.replace(",", " ")]
        found += [f"{path.relative_to(widgets)}: {name}" for name in names]
    return sorted(found)


def test_every_export_is_taken(root):
    assert unused(root / "fftia_lab" / "widgets") == []


def test_an_export_that_nobody_takes_is_found(root, tmp_path):
    widgets = shutil.copytree(root / "fftia_lab" / "widgets", tmp_path / "widgets")
    with (widgets / "kit" / "paths.js").open("a", encoding="utf-8") as file:
        file.write("\nexport const idle = 1;\n")
    assert unused(widgets) == ["kit/paths.js: idle"]
