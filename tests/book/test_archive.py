"""The book as one file: equal for equal builds, refused if it is not whole, alive on a stick."""

import hashlib
import os
import shutil
import zipfile

import pytest
from kit.figures import STILL
from kit.tabs import Visit
from paths import NOTEBOOKS, ROOT

from fftia_lab import __version__
from fftia_lab.publish import assets
from fftia_lab.publish.archive import archive_name, contents, write_archive, zip_book
from fftia_lab.publish.excerpts import FILE

SHARED = (*assets.SHARED, FILE)
NAME = f"fftia-lab-{__version__}.zip"


@pytest.fixture
def small(tmp_path):
    """A book of one page, with what every site has: (its root, its build)."""
    files = dict.fromkeys((f"_build/html/_static/lab/{name}" for name in SHARED), "")
    files |= {"_toc.yml": "root: book/intro", "book/intro.md": "# Intro"}
    files |= {f"_build/html/{name}": "<p>Hello</p>" for name in ("index.html", "book/intro.html")}
    files |= {f"_build/html/downloads/{name}": name for name in ("a.ipynb", "a.ipynb.js", "w.whl")}
    for name, text in files.items():
        path = tmp_path / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "book", tmp_path / "book" / "_build"


def test_the_archive_holds_the_site_and_what_is_taken_away_sorted(small, tmp_path, capsys):
    root, build = small
    assert zip_book(root, build, tmp_path) == 0
    with zipfile.ZipFile(tmp_path / NAME) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        rights = {entry.external_attr >> 16 for entry in archive.infolist()}
        assert {oct(right & 0o777) for right in rights} == {"0o644"}, "anybody may read"
        assert archive.read("README.txt").count(b"\n") == 5
        assert b"Open index.html first" in archive.read("README.txt")
        assert b'href="site/book/intro.html"' in archive.read("index.html")
        assert archive.read("notebooks/a.ipynb") == b"a.ipynb"
    assert names == sorted(names)
    outside = {name for name in names if not name.startswith("site/")}
    assert outside == {"README.txt", "index.html", "notebooks/a.ipynb", "notebooks/w.whl"}
    digest = hashlib.sha256((tmp_path / NAME).read_bytes()).hexdigest()
    assert (tmp_path / f"{NAME}.sha256").read_text("utf-8") == f"{digest}  {NAME}\n"
    said = f"The book is packed: 0.0 MB, {len(SHARED) + 9} files of 0.0 MB."
    assert said in capsys.readouterr().out


def test_two_archives_of_one_build_are_equal_byte_for_byte(small, tmp_path):
    _, build = small
    write_archive(contents(build / "html", "book/intro"), tmp_path / "one.zip")
    shutil.copytree(build / "html", tmp_path / "copy", copy_function=shutil.copyfile)
    page = tmp_path / "copy" / "book" / "intro.html"
    page.chmod(0o600)
    os.utime(page, (1e9, 1e9))
    held = contents(tmp_path / "copy", "book/intro")
    write_archive(dict(reversed(held.items())), tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert not list(tmp_path.glob("*.partial"))


def test_a_book_that_was_not_built_or_is_not_whole_is_not_packed(small, tmp_path, capsys):
    root, build = small
    (build / "html" / "book" / "intro.html").unlink()
    assert zip_book(root, build, tmp_path) == 1
    said = capsys.readouterr().err
    assert "is not complete and is not packed; run `make book` again:" in said
    assert "book/intro: the page was not built" in said
    assert zip_book(root, build / "student", tmp_path, "student") == 1
    said = capsys.readouterr().err
    assert said.startswith("There is no book in") and "`make book EDITION=student`" in said
    assert not list(tmp_path.glob("*.zip*"))


def test_each_edition_has_a_name(small):
    assert archive_name("full") == NAME != archive_name("student")


# ---- the tested site, on a stick ----------------------------------------------------------------


@pytest.fixture(scope="module")
def stick(site, tmp_path_factory):
    """The tested site, packed, and unpacked where its address needs care."""
    place = tmp_path_factory.mktemp("packed")
    assert zip_book(ROOT, site.parent, place) == 0
    folder = place / "ein Stick mit Ümläuten"
    with zipfile.ZipFile(place / NAME) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def plug(browser, stick):
    """Open index.html on the stick: plug(java_script_enabled=False)."""
    tabs = []

    def opened(**context):
        tabs.append(Visit(browser, (stick.as_uri(),), "file", **STILL, **context))
        tabs[-1].open(f"{stick.as_uri()}/index.html")
        tabs[-1].page.wait_for_url("**/site/book/intro.html")
        return tabs[-1]

    yield opened
    for tab in tabs:
        assert tab.outside == []
        tab.close()


def test_from_its_first_file_a_reader_comes_to_a_chapter_with_living_figures(plug):
    tab = plug()
    page = tab.page
    page.locator(".bd-sidebar a[href$='notebooks/03-the-butterfly.html']").click()
    page.wait_for_url("**/notebooks/03-the-butterfly.html")
    figure = page.locator(".lab-widget").first
    figure.locator(".fl-figure[data-ready]").wait_for()
    assert figure.get_attribute("data-mounted") == "ok"
    assert tab.trouble == []


def test_its_first_file_needs_no_script(plug):
    page = plug(java_script_enabled=False).page
    assert page.locator("article h1").inner_text().startswith("One wiring")


def test_the_notebooks_on_the_stick_are_those_that_the_site_offers(stick, site):
    held = {path.name: path.read_bytes() for path in (stick / "notebooks").iterdir()}
    assert {name for name in held if name.endswith(".ipynb")} == {path.name for path in NOTEBOOKS}
    assert f"fftia_lab-{__version__}-py3-none-any.whl" in held
    assert {name: (site / "downloads" / name).read_bytes() for name in held} == held
