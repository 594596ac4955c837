"""From a page to a notebook that runs elsewhere: the links, the zip, the set-up cell."""

import json
import re
import subprocess
import sys
import zipfile
from types import ModuleType

import pytest
from book.chapters import cells, source
from paths import NOTEBOOKS, ROOT

from fftia_lab.publish.addresses import PACKAGE, commit_of, package_address
from fftia_lab.publish.packing import pack, together
from fftia_lab.publish.running import run_line, steps
from fftia_lab.publish.shipping import shipped_notebook
from fftia_lab.publish.wheel import package_folders

HERE = "https://github.com/someone/lab"
PAGES = "https://someone.github.io/lab/"
WHEEL = "fftia_lab-0.1.0-py3-none-any.whl"
MARKDOWN_LINK, HTML_LINK = re.compile(r"\]\(([^()\s]+)\)"), re.compile(r'href="([^"]+)"')


# ---- the line of a page -------------------------------------------------------------------------


def test_with_an_address_a_chapter_opens_in_colab():
    link = "https://colab.research.google.com/github/someone/lab/blob/gh-pages/downloads/03-x.ipynb"
    for address in (HERE, f"{HERE}.git", f"{HERE}/"):
        line = run_line("notebooks/03-x", address, "gh-pages", "all.zip")
        assert f'<a class="lab-colab" href="{link}">Open in Colab</a>' in line


@pytest.mark.parametrize("address", ["", "https://example.org/someone/lab"])
def test_without_one_that_colab_knows_three_steps_lead_there(address):
    line = run_line("notebooks/03-x", address, "gh-pages", "all.zip")
    assert "colab.research" not in line and "../downloads/all.zip" in line
    assert '<a href="../book/on-your-machine.html#in-colab">three steps' in line
    numbered = [step[:3] for step in steps("this") if step[:1].isdigit()]
    assert numbered == ["1. ", "2. ", "3. "]
    assert "(https://colab.research.google.com/)" in "\n".join(steps("this"))


# ---- the notebook that is offered ---------------------------------------------------------------


def links(text):
    found = [source(cell) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
    for pattern in (MARKDOWN_LINK, HTML_LINK):
        for markdown in found:
            yield from (
                link for link in pattern.findall(markdown) if link[0] in "#." or "." in link
            )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_links_of_a_notebook_lead_somewhere_wherever_it_lies(path):
    """With an address to pages that the book has; without, to chapters beside it."""
    names = {one.stem for one in NOTEBOOKS}
    pages = {f"notebooks/{name}" for name in names}
    pages |= {f"book/{one.stem}" for one in (ROOT / "book").glob("*.md")}
    whole = [link for link in links(shipped_notebook(path, HERE, "0123abc"))]
    assert whole and [link for link in whole if not link.startswith("https://")] == []
    ours = [link for link in whole if link.startswith(PAGES)]
    assert {link.removeprefix(PAGES).partition(".html")[0] for link in ours} <= pages
    beside = [link for link in links(shipped_notebook(path)) if not link.startswith("http")]
    assert [link for link in beside if link[0] != "#" and link[:-6] not in names] == []
    states = [link for link in beside if link[0] == "#"]
    assert [f"{PAGES}notebooks/{path.stem}.html{link}" for link in states] == [
        link for link in ours if f"/{path.stem}.html#" in link and not link.endswith("#exercises")
    ]


def test_colab_opens_chapters_about_kernels_with_a_gpu():
    asked = {}
    for path in NOTEBOOKS:
        metadata = json.loads(shipped_notebook(path))["metadata"]
        if metadata.get("accelerator") == "GPU":
            asked[path.stem[:2]] = metadata["colab"]["gpuType"]
    assert asked == {"12": "T4", "13": "T4"}, "which costs nothing"


def test_a_change_of_whatever_a_wheel_is_made_of_is_noticed():
    assert set(PACKAGE) == {*package_folders(ROOT), "pyproject.toml"}
    assert package_address(f"{HERE}/", "0123abc") == f"{HERE}@0123abc"


def test_the_commit_is_the_one_of_the_pages(tmp_path):
    with pytest.raises(ValueError, match="must be a git checkout"):
        commit_of(tmp_path)

    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        run = subprocess.run(["git", *who, *words], cwd=tmp_path, capture_output=True, text=True)
        return run.stdout.strip()

    git("init")
    (tmp_path / "fftia_lab").mkdir()
    module = tmp_path / "fftia_lab" / "one.py"
    module.write_text("")
    git("add", ".")
    git("commit", "-m", "One")
    assert commit_of(tmp_path) == git("rev-parse", "HEAD")
    module.write_text("changed = True")
    with pytest.raises(ValueError, match=r"commit first:\n *M fftia_lab/one\.py"):
        commit_of(tmp_path)


def test_one_file_holds_all_notebooks_the_package_and_the_steps(tmp_path):
    for name in ("01-one.ipynb", "01-one.ipynb.js", WHEEL):
        (tmp_path / name).write_text(name)
    pack(together(tmp_path), tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = ["01-one.ipynb", "README.md", WHEEL]
        assert archive.namelist() == [f"fftia-lab/{name}" for name in names]
        assert "\n3. Run its first cell." in archive.read("fftia-lab/README.md").decode()


# ---- the set-up cell ----------------------------------------------------------------------------


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """Run the set-up cell in an empty folder: set_up(address, colab=…) -> what pip installs.

    `colab` stands for google.colab: None outside of it, or what mounting a Drive does.
    """
    monkeypatch.chdir(tmp_path)
    text = source(cells(NOTEBOOKS[0])[1])
    assert "%pip install --quiet" in text and '"fftia_lab"' in text and "/content/drive" in text
    text = text.replace('"fftia_lab"', '"fftia_lab_absent"')
    text = text.replace("/content/drive", str(tmp_path / "drive"))
    text = re.sub(r'%pip install --quiet "\{source\}" (.+)', r'installed = [source, "\1"]', text)

    def run(address="", colab=None):
        if colab is not None:
            google, stand_in = ModuleType("google"), ModuleType("google.colab")
            google.colab, stand_in.drive = stand_in, ModuleType("google.colab.drive")
            stand_in.drive.mount = colab
            modules = {"google": google, "google.colab": stand_in}
            for name, module in (modules | {"google.colab.drive": stand_in.drive}).items():
                monkeypatch.setitem(sys.modules, name, module)
        found = {}
        exec(text.replace('repository = ""', f'repository = "{address}"'), found)
        source, others = found["installed"]
        assert others == "anywidget plotly"
        return source

    return run


def refused(point):
    raise AssertionError("Drive was asked for")


def test_the_wheel_beside_the_notebook_comes_first(set_up, tmp_path):
    (tmp_path / WHEEL).touch()
    (tmp_path / "fftia_lab-0.0.9-py3-none-any.whl").touch()
    assert set_up(HERE, colab=refused) == WHEEL


def test_then_the_commit_of_the_page(set_up):
    assert set_up(f"{HERE}@0123abc", colab=refused) == f"git+{HERE}@0123abc"


@pytest.mark.parametrize("folder", ["fftia-lab", "fftia-lab-0.1.0-notebooks (1)/fftia-lab"])
def test_then_in_colab_the_folder_in_the_readers_drive(set_up, tmp_path, folder, capsys):
    def mount(point):
        assert point == str(tmp_path / "drive")
        for name in (folder, "other"):
            (tmp_path / "drive" / "MyDrive" / name).mkdir(parents=True)
            (tmp_path / "drive" / "MyDrive" / name / WHEEL).touch()

    wanted = tmp_path / "drive" / "MyDrive" / folder / WHEEL
    assert set_up(colab=mount) == str(wanted)
    said = capsys.readouterr().out
    assert "in your Drive; a .whl in Files will do" in said, "before Colab asks"


@pytest.mark.parametrize("colab", [None, lambda point: None])
def test_else_it_says_what_is_missing(set_up, colab):
    with pytest.raises(ModuleNotFoundError, match=r"Put fftia_lab-\*\.whl beside this notebook"):
        set_up(colab=colab)
