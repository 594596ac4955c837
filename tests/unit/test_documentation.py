"""Every example in a docstring runs and prints what it says; every public name has one."""

import doctest
import importlib
import inspect

import pytest
from unit.test_layering import modules


def module_names(root):
    names = [".".join(dotted).removesuffix(".__init__") for _, dotted in modules(root)]
    return [name for name in names if not name.endswith("__main__")]


def test_examples(root):
    attempted = 0
    for name in module_names(root):
        result = doctest.testmod(importlib.import_module(name))
        assert result.failed == 0, name
        attempted += result.attempted
    assert attempted > 25, "the examples were found"


@pytest.mark.parametrize(
    "package", ["fftia_lab", "fftia_lab.schedule", "fftia_lab.transform", "fftia_lab.figures"]
)
def test_public_names_are_documented(package):
    module = importlib.import_module(package)
    public = [
        (name, value)
        for name, value in vars(module).items()
        if not name.startswith("_") and (inspect.isclass(value) or inspect.isfunction(value))
    ]
    ours = [(n, v) for n, v in public if v.__module__.startswith("fftia_lab")]
    assert ours
    for name, value in ours:
        assert inspect.getdoc(value), name


@pytest.mark.parametrize(("name", "least"), [("README.md", 6), ("book/on-your-machine.md", 4)])
def test_what_a_text_shows_at_the_prompt_is_so(root, name, least):
    text = (root / name).read_text("utf-8").replace("```", "")  # a fence ends what is printed
    shown = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    result = doctest.DocTestRunner().run(shown)
    assert result.attempted >= least and result.failed == 0


def test_the_index_of_decisions_has_each_by_its_title(root):
    folder = root / "docs" / "decisions"
    found = [(path.name, path.read_text("utf-8").splitlines()[0]) for path in folder.glob("0*.md")]
    listed = [f"- [{title.removeprefix('# ')}]({name})" for name, title in sorted(found)]
    index = (folder / "README.md").read_text("utf-8")
    assert [line for line in index.splitlines() if line.startswith("- ")] == listed != []


def test_the_map_in_the_readme_names_every_room(root):
    text, package = (root / "README.md").read_text("utf-8"), root / "fftia_lab"
    rooms = [path.parent.name for path in package.glob("*/__init__.py")]
    rooms += [path.name for path in package.glob("[!_]*.py")]
    assert len(rooms) > 15
    assert [name for name in rooms if f"](fftia_lab/{name})" not in text] == []
