"""`make lab`: copies that are never overwritten, and a JupyterLab that asks nothing."""

import json
import sys
from pathlib import Path

import pytest

from fftia_lab.publish.desk import RECORD, command, lay_out


@pytest.fixture
def book(tmp_path):
    """A book of two chapters; book(name, text) writes one."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_toc.yml").write_text(
        "root: book/intro\nchapters: [{file: notebooks/a}, {file: notebooks/b}]"
    )

    def write(name, text):
        cell = {"cell_type": "markdown", "id": "c", "metadata": {}, "source": [text]}
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.write_text(json.dumps({"cells": [cell]}), "utf-8")

    write.root, write.desk = tmp_path, tmp_path / "my-notebooks"
    write("a", "first")
    write("b", "first")
    return write


def words(book, name):
    return json.loads((book.desk / f"{name}.ipynb").read_text("utf-8"))["cells"][0]["source"]


def test_what_a_reader_saved_stays_and_what_she_left_alone_is_renewed(book):
    assert lay_out(book.root, book.desk) == []
    hers = (book.desk / "a.ipynb").read_text("utf-8").replace("first", "mine")
    (book.desk / "a.ipynb").write_text(hers, "utf-8")
    assert lay_out(book.root, book.desk) == [], "the book has nothing new"
    for name in ("a", "b"):
        book(name, "second")
    for _ in range(2):
        (told,) = lay_out(book.root, book.desk)
        assert told.startswith("a.ipynb: yours stays as it is. The book's is newer")
        assert (book.desk / "a.ipynb").read_text("utf-8") == hers
        assert words(book, "b") == ["second"]
    (book.desk / "a.ipynb").rename(book.desk / "a of mine.ipynb")
    assert lay_out(book.root, book.desk) == []
    assert words(book, "a") == ["second"] and words(book, "a of mine") == ["mine"]
    assert (book.root / "notebooks" / "a.ipynb").read_text("utf-8").count("second") == 1


def test_without_its_record_nothing_is_overwritten(book):
    lay_out(book.root, book.desk)
    (book.desk / RECORD).unlink()
    book("a", "second")
    assert len(lay_out(book.root, book.desk)) == 1
    assert words(book, "a") == ["first"]


@pytest.mark.parametrize("done", [0, 1, 2])
def test_what_was_interrupted_is_copied_again(book, monkeypatch, done):
    """In the first copy, in the second, and in the record of both."""
    writes, whole = [], Path.write_text

    def half(path, text, *encoding):
        writes.append(path)
        if len(writes) > done:
            whole(path, text[:20], *encoding)
            raise KeyboardInterrupt
        return whole(path, text, *encoding)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "write_text", half)
        lay_out(book.root, book.desk)
    assert lay_out(book.root, book.desk) == []
    assert words(book, "a") == words(book, "b") == ["first"]


def test_copies_lead_to_nothing_that_is_not_there(book):
    book("a", "[b](b.ipynb), [pages](../book/x.md), <a href='#f?n=2'>two</a>")
    lay_out(book.root, book.desk)
    assert words(book, "a") == ["[b](b.ipynb), pages, <a href='#f?n=2'>two</a>"]


SCHEMAS = Path(sys.prefix, "share", "jupyter")


def properties(plugin):
    """What an extension of the JupyterLab that is installed lets one set, by its own schema."""
    name, _, part = plugin.partition(":")
    (path,) = SCHEMAS.glob(f"lab*/**/schemas/{name}/{part}.json")
    return json.loads(path.read_text("utf-8"))["properties"]


def test_jupyterlab_asks_nothing_and_keeps_figures(tmp_path):
    """It opens on the desk; each setting is one that its extension has, and of its kind."""
    pytest.importorskip("jupyterlab")
    *_, where, last = command(tmp_path)
    settings = json.loads((tmp_path / ".jupyterlab" / "overrides.json").read_text("utf-8"))
    assert (where, last) == (
        str(tmp_path),
        f"--LabApp.app_settings_dir={tmp_path / '.jupyterlab'}",
    )
    assert list(settings.values()) == [
        {"fetchNews": "false", "checkForUpdates": False},
        {"saveState": True},
    ]
    kinds = {"string": str, "boolean": bool}
    for plugin, values in settings.items():
        there = properties(plugin)
        for name, value in values.items():
            assert isinstance(value, kinds[there[name]["type"]]), f"{plugin}: {name}"
            assert value in [one["const"] for one in there[name].get("oneOf", [{"const": value}])]
