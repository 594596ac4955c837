"""The Sphinx side, on small sites that are built for the purpose and then damaged."""

import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from book.told import files, telling
from sphinx.errors import ConfigError

from fftia_lab.publish import editions
from fftia_lab.publish.__main__ import serve
from fftia_lab.publish.building import (
    borrow_outputs,
    build,
    closing,
    discard_stale,
    fingerprint,
    ship,
)
from fftia_lab.publish.editions import INSTEAD, STUDENT, place
from fftia_lab.publish.verify import problems, toc_pages

ADDRESS = "https://github.com/someone/lab"
CELLS = {
    "figure": (
        "from fftia_lab.figures import matrix_figure\n"
        "matrix_figure([[[1, 0], [0, 1]]], ['I'], alt='The identity.')"
    ),
    "widget": "from fftia_lab.widgets import Butterfly\nButterfly(n=4)",
    "printed": "print('per sample ', end='', flush=True)\nprint(8, flush=True)\nprint(16)",
    "formula": r"$\textcolor{#5f0f74}{w} + \textcolor{#123456}{z}$",
}


@pytest.fixture
def book(tmp_path, root):
    """A book of three pages in its own folder, with the real configuration."""
    for name in ("_config.yml", "pyproject.toml", "requirements.lock"):
        shutil.copy(root / name, tmp_path / name)
    for name in ("fftia_lab", "book/_static", "book/_templates", "book/results"):
        shutil.copytree(root / name, tmp_path / name)
    (tmp_path / "book" / "references.bib").write_text("")
    (tmp_path / "book" / "intro.md").write_text(
        "# Intro\n\n```{lab-widget} fftia_lab.widgets:Butterfly\n"
        '{"n": 16, "stage": 2}\n```\n\nA $\\twiddle{w}$.\n'
    )
    (tmp_path / "book" / "on-your-machine.md").write_text(
        "# Yours\n\n## In Colab\n\nThree steps.\n"
    )
    (tmp_path / "notebooks").mkdir()
    write_notebook(tmp_path, CELLS["figure"], CELLS["widget"], CELLS["printed"])
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/intro\nchapters:\n"
        "  - file: notebooks/01-one\n  - file: book/on-your-machine\n"
    )
    return tmp_path


def write_notebook(book, *code, last=""):
    cells = [nbformat.v4.new_markdown_cell(f"# One\n\n{CELLS['formula']}", id="title")]
    cells += [nbformat.v4.new_code_cell(text, id=f"c{i}") for i, text in enumerate(code)]
    cells += [nbformat.v4.new_markdown_cell(last, id="last")] * bool(last)
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, book / "notebooks" / "01-one.ipynb")


def run_sphinx(book, *flags):
    """Build without shipping; return exit status and what was printed."""
    code = "from jupyter_book.cli.main import main; main()"
    command = [sys.executable, "-c", code, "build", str(book), "-W", "--keep-going", *flags]
    run = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PLOTLY_RENDERER": "plotly_mimetype", "PYTHONSAFEPATH": "1"},
    )
    return run.returncode, run.stdout + run.stderr


def test_a_good_book_and_the_ways_to_spoil_it(book):
    status, log = run_sphinx(book)
    assert status == 0, log
    folder = book / "_build"
    page = folder / "html" / "notebooks" / "01-one.html"
    html = page.read_text("utf-8")
    assert "leads to ../downloads/01-one.ipynb, which is not on the site" in str(
        problems(book, folder)
    )
    (folder / "html" / "downloads").mkdir()
    for name in re.findall(r'href="\.\./downloads/([^"]+)"', html):
        (folder / "html" / "downloads" / name).touch()
    assert problems(book, folder) == []
    intro = (folder / "html" / "book" / "intro.html").read_text("utf-8")
    kept = r'<p>A <span class="lab-kept"><span class="math[^>]*>[^<]*</span>\.</span></p>'
    assert re.search(kept, intro), "no line begins with the sign after a formula"
    assert "<span></span>per sample 8\n16\n</pre>" in html, "one block of three bursts"
    assert r"\class{fl-twiddle}{w}" in html and r"\textcolor{#123456}{z}" in html

    module = re.search(r'data-module="([^"]+)"', html)[1]
    text = (folder / "html" / "_static" / "lab" / "modules" / module).read_text("utf-8")
    assert json.loads(text.partition(", ")[2].partition('", "')[0] + '"').startswith("const $mod")

    def spoiled(new):
        page.write_text(new, "utf-8")
        found = problems(book, folder)
        page.write_text(html, "utf-8")
        return "\n".join(found)

    removed = re.sub(r'<div class="lab-plotly".*?</div>', "", html, flags=re.DOTALL)
    assert "1 lab-plotly hosts expected, 0 found: a figure is missing" in spoiled(removed)
    removed = re.sub(r'<div class="lab-widget".*?</div>', "", html, flags=re.DOTALL)
    assert "1 lab-widget hosts expected, 0 found" in spoiled(removed)
    outside = '<script src="https://cdn.example.org/x.js"></script></body>'
    assert "loads something from outside" in spoiled(html.replace("</body>", outside))
    assert "which is not on the site" in spoiled(html.replace(module, "gone.js"))
    star = html.replace("fa-solid fa-bars", "fa-solid fa-star")
    assert "shows the icon star, which its font does not have" in spoiled(star)
    assert not list((folder / "html").rglob("*.map")) and "fontawesome" not in html

    source = book / "notebooks" / "01-one.ipynb"
    source.write_text(source.read_text("utf-8").replace("# One", "# Uno"), "utf-8")
    status, log = run_sphinx(book)
    assert status == 0, log
    assert problems(book, folder) == [], "after an edit of the prose alone"
    html = page.read_text("utf-8")
    assert "Uno" in html
    assert "1 lab-plotly hosts expected, 0 found" in spoiled(html.replace("lab-plotly", "x"))
    page.unlink()
    assert "notebooks/01-one: the page was not built" in problems(book, folder)


def test_a_dead_ipywidget_fails_the_build(book):
    write_notebook(book, "import ipywidgets\nipywidgets.IntSlider()")
    status, log = run_sphinx(book)
    assert status != 0
    assert "a widget that needs a kernel is dead on a page: IntSliderModel" in log


def test_a_figure_without_alternative_text_fails_the_build(book):
    write_notebook(book, "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1, 2]))")
    status, log = run_sphinx(book)
    assert status != 0
    assert "a plotly figure has no alternative text" in log


def test_a_bad_trait_on_a_page_fails_the_build(book):
    intro = book / "book" / "intro.md"
    intro.write_text(intro.read_text().replace('"n": 16', '"n": 15'))
    status, log = run_sphinx(book)
    assert status != 0
    assert "n must be one of (2, 4, 8, 16, 32, 64); got 15" in log


def test_make_book_ships_and_is_never_stale(book, capfd):
    cell = f"{CELLS['widget']}\nprint(open({str(book / 'fact.txt')!r}).read())"
    (book / "fact.txt").write_text("first")
    write_notebook(book, 'repository = ""', cell)
    assert build(book, book) == 0
    assert_says_what_a_reader_needs(*capfd.readouterr())
    downloads = book / "_build" / "html" / "downloads"
    assert {path.suffix for path in downloads.iterdir()} == {".whl", ".ipynb", ".js", ".zip"}
    page = book / "_build" / "html" / "notebooks" / "01-one.html"
    assert "first" in page.read_text("utf-8")

    # Nothing of the package changed: the page comes from the cache, though the file has changed.
    (book / "fact.txt").write_text("second")
    intro = book / "book" / "intro.md"
    intro.write_text(intro.read_text() + "\nAn edit of the prose.\n")
    assert build(book, book) == 0
    assert "first" in page.read_text("utf-8")
    prose = (book / "_build" / "html" / "book" / "intro.html").read_text("utf-8")
    assert "An edit of the prose." in prose

    # An edit of a widget's front end makes everything run again.
    front_end = book / "fftia_lab" / "widgets" / "butterfly" / "figure.js"
    front_end.write_text(front_end.read_text("utf-8") + "\n// edited\n", "utf-8")
    assert build(book, book) == 0
    assert "every page is built anew" in capfd.readouterr().out
    assert "second" in page.read_text("utf-8")


def test_with_an_address_pages_and_notebooks_lead_to_colab_and_to_the_pages(book):
    """The whole way, with a repository that somebody made up."""
    config = book / "_config.yml"
    text = config.read_text("utf-8").replace('lab_repository: ""', f"lab_repository: {ADDRESS}")
    config.write_text(text, "utf-8")
    intro = "# Intro\n\n```{lab-colab}\n```\n"
    (book / "book" / "intro.md").write_text(intro, "utf-8")
    write_notebook(
        book, 'repository = ""', last="See [pages](../book/intro.md), <a href='#a?b=1'>b</a>."
    )
    status, log = run_sphinx(book)
    assert status == 0, log
    site = book / "_build" / "html"
    page, intro = (site / f"{name}.html" for name in ("notebooks/01-one", "book/intro"))
    opened = "https://colab.research.google.com/github/someone/lab/blob/gh-pages/downloads/"
    assert f'href="{opened}01-one.ipynb">Open in Colab</a>' in page.read_text("utf-8")
    assert "Every chapter’s page has <em>Open in Colab</em>" in intro.read_text("utf-8")

    commit = committed(book)
    ship(book, site)
    offered = (site / "downloads" / "01-one.ipynb").read_text("utf-8")
    assert f"{ADDRESS}@{commit}" in offered
    assert "[pages](https://someone.github.io/lab/book/intro.html)" in offered


def committed(folder):
    """Commit all of a folder; return the commit."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.excludesfile="]
    for words in (
        ["init"],
        ["add", "-f", "fftia_lab", "book", "pyproject.toml"],
        ["commit", "-m", "All"],
    ):
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)
    return subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=folder, text=True).strip()


def assert_says_what_a_reader_needs(said, complaints):
    """Each page, and in the end where they are: no alarm, no line of a tool."""
    assert complaints == ""
    read, *pages, written, empty, rule, built, where, how, again = said.splitlines()
    assert read == "Pages are read; notebooks that are new are run:"
    names = ["book/intro", "book/on-your-machine", "notebooks/01-one"]
    assert pages == [f"  {i} of 3  {name}" for i, name in enumerate(names, 1)]
    assert (written, empty, rule) == ("Pages are written.", "", again)
    assert set(rule) == {"-"} and len(rule) == max(map(len, (built, where, how)))
    assert built.startswith("The book is built: 3 pages in ")
    assert where.endswith("/_build/html/index.html") and "double click" in how


def test_the_words_at_the_end_say_which_edition_it_is(tmp_path):
    assert "without solutions: 3 pages in 4 s" in closing(tmp_path, 3, 4.2, "student")
    assert "solutions" not in closing(tmp_path, 3, 4.2, "full")


def test_no_file_of_the_students_edition_tells_a_solution(book):
    solution = (
        "<details><summary>A solution</summary>\n\n```python\nzigzag = 3\n```\n\n</details>\n\n"
        "<details><summary>Show</summary>\n\nA quokka.\n\n</details>"
    )
    write_notebook(book, 'repository = ""', last=solution)
    assert build(book, book, edition=STUDENT) == 0
    site = files(book / "_build" / "student" / "html")
    page, index = "notebooks/01-one.html", "searchindex.js"
    assert telling("zigzag", site) == set()
    assert {page, index} <= telling("quokka", site), "and all others answers"
    copies = {"downloads/01-one.ipynb", "downloads/01-one.ipynb.js"}
    assert telling(INSTEAD, site) == {page, *copies, "_static/lab/search-texts.js"}


def test_what_notebooks_wrote_for_one_edition_is_borrowed_while_it_is_fresh(tmp_path):
    full, student = place(tmp_path, "full"), place(tmp_path, STUDENT)
    (full / ".jupyter_cache").mkdir(parents=True)
    (full / ".jupyter_cache" / "one").write_text("first")
    (full / "package-fingerprint").write_text("old")
    borrow_outputs(tmp_path, student, "new")
    assert not student.exists()
    borrow_outputs(tmp_path, student, "old")
    (full / ".jupyter_cache" / "one").write_text("second")
    borrow_outputs(tmp_path, student, "old")
    assert (student / ".jupyter_cache" / "one").read_text() == "first", "what is there stays"


def test_an_edition_that_nobody_made_is_refused_by_sphinx_too():
    with pytest.raises(ConfigError, match="lab_edition: there is no edition 'teacher'; take full"):
        editions._configure(None, SimpleNamespace(lab_edition="teacher"))


def test_a_cell_that_fails_is_shown(book, capfd):
    write_notebook(book, 'repository = ""', "1 / 0  # of all things")
    assert build(book, book) != 0
    said = capfd.readouterr().err
    assert "ZeroDivisionError" in said and "# of all things" in said
    assert "The book was not built; the warnings above say why." in said


def test_a_failed_build_is_not_forgotten(book):
    """Sphinx does not repeat a warning for a page that it has read: a second run must."""
    write_notebook(book, 'repository = ""', "import ipywidgets\nipywidgets.IntSlider()")
    assert build(book, book) != 0
    assert build(book, book) != 0


@pytest.mark.parametrize(
    "name", ["fftia_lab/widgets/kit/time.js", "fftia_lab/palette.json", "requirements.lock"]
)
def test_the_fingerprint_sees_every_file_that_pages_show(book, name):
    before = fingerprint(book)
    assert fingerprint(book) == before
    path = book / name
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    assert fingerprint(book) != before


def test_discarding_spares_a_fresh_build(tmp_path):
    html, fonts = tmp_path / "html", tmp_path / "lab-static"
    html.mkdir()
    fonts.mkdir()  # cut to what an older package showed
    (tmp_path / "package-fingerprint").write_text("same")
    assert not discard_stale(tmp_path, "same") and html.exists()
    assert discard_stale(tmp_path, "other") and not html.exists() and not fonts.exists()


def test_serving_nothing_says_what_to_do(tmp_path, capsys):
    assert serve(tmp_path, 0) == 1
    assert "run `make book` first" in capsys.readouterr().err


def test_the_address_is_in_one_place(root):
    assert 'lab_repository: ""' in (root / "_config.yml").read_text("utf-8")
    assert toc_pages(root / "_toc.yml")[0] == "book/intro"
