"""Where a chapter is run: the line before its first code, and how to come to Colab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from .addresses import COLAB, colab_address, on_github

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

DOWNLOADS = "downloads"
DRIVE = "https://drive.google.com/drive/my-drive"
STEPS_AT = "book/on-your-machine.html#in-colab"
PRESENT = '<button type="button" class="lab-present" hidden>Present</button>'

# What a reader does where the repository has no address yet; the zip holds the same words.
STEPS = (
    f"Unpack {{all}} and put the folder, as it is, on top of [My Drive]({DRIVE}). Its name "
    "must go on beginning with `fftia-lab`.",
    f"In [Colab]({COLAB}), *File*, *Open notebook*, *Google Drive*, choose a chapter. Under "
    "*Runtime*, *Change runtime type* there is a GPU; a TPU will not do.",
    "Run its first cell. It asks to see your Drive, takes the package from the folder, and says "
    "which GPU it has found. Every other chapter takes it from the same folder.",
)
ONE = (
    "Without Drive: *File*, *Upload notebook* for one chapter, then drop the `.whl` of the folder "
    "into *Files*, at the left, before its first cell runs. A new session wants it again."
)
CLICK = (
    "Every chapter's page has *Open in Colab*. The first cell installs the package from the "
    "commit from which the page was made, and says which GPU it has found. Under *Runtime*, "
    "*Change runtime type* there is a GPU; a TPU will not do."
)

INSTALL = """\
Take {all}, or {package}. With Python 3.11 or newer, in the folder where it lies, and PyTorch first
if yours is to be another build than the usual one:

```sh
pip install "./{wheel}[torch,lab]"
jupyter lab
```
"""


def wheel_name(version: str) -> str:
    """Return the file name of the package.

    >>> wheel_name("0.1.0")
    'fftia_lab-0.1.0-py3-none-any.whl'
    """
    return f"fftia_lab-{version}-py3-none-any.whl"


def notebooks_name(version: str) -> str:
    """Return the file name of all notebooks and the package in one.

    >>> notebooks_name("0.1.0")
    'fftia-lab-0.1.0-notebooks.zip'
    """
    return f"fftia-lab-{version}-notebooks.zip"


def run_line(docname: str, repository: str, branch: str, together: str) -> str:
    """Return the line of a chapter that says where to run it.

    Args:
        docname: the chapter, such as "notebooks/03-the-butterfly".
        repository: the address of the repository; empty if there is none yet.
        branch: on which it holds the site.
        together: the file name of all notebooks and the package.
    """
    name = docname.rpartition("/")[2] + ".ipynb"
    up = "../" * docname.count("/")
    notebook = f'<a href="{up}{DOWNLOADS}/{name}" download>notebook</a>'
    everything = f'<a href="{up}{DOWNLOADS}/{together}" download>all with the package</a>'
    take = f"take the {notebook}, or {everything}"
    if link := colab_address(repository, branch, f"{DOWNLOADS}/{name}"):
        where = f'<a class="lab-colab" href="{link}">Open in Colab</a>, or {take}.'
    else:
        where = f'Run it: {take}; <a href="{up}{STEPS_AT}">three steps lead to Colab</a>.'
    return f'<p class="lab-run">{where} {PRESENT}</p>'


def run_line_of(docname: str, config: Config) -> str:
    """Return the same as the configuration wants it."""
    return run_line(docname, config.lab_repository, config.lab_site_branch, config.lab_notebooks)


def steps(everything: str) -> list[str]:
    """Return the way to Colab as lines of Markdown; `everything` names the zip."""
    numbered = [f"{i}. {step.format(all=everything)}" for i, step in enumerate(STEPS, 1)]
    return [*numbered, "", ONE]


class ColabDirective(SphinxDirective):
    """Say how a chapter is opened in Colab: by one click, or in three steps without an address."""

    def run(self) -> list[nodes.Node]:
        up = "../" * self.env.docname.count("/")
        name = self.config.lab_notebooks
        everything = f'<a href="{up}{DOWNLOADS}/{name}" download>all notebooks and the package</a>'
        has_link = on_github(self.config.lab_repository)
        lines = [CLICK] if has_link else steps(everything)
        found = nodes.Element()
        self.state.nested_parse(StringList(lines, "lab-colab"), 0, found)
        return found.children


class PackageDirective(SphinxDirective):
    """Say where the notebooks and the package lie, and how both are installed."""

    def run(self) -> list[nodes.Node]:
        up, wheel = "../" * self.env.docname.count("/"), wheel_name(self.config.lab_version)
        link = f'<a href="{up}{DOWNLOADS}/{{}}" download>{{}}</a>'.format
        lines = INSTALL.format(
            all=link(self.config.lab_notebooks, "all notebooks and the package"),
            package=link(wheel, "the package alone"),
            wheel=wheel,
        )
        found = nodes.Element()
        self.state.nested_parse(StringList(lines.splitlines(), "lab-package"), 0, found)
        return found.children


def setup(app: Sphinx) -> None:
    from .. import __version__

    app.add_config_value("lab_repository", "", "html")
    app.add_config_value("lab_site_branch", "gh-pages", "html")
    app.add_config_value("lab_notebooks", notebooks_name(__version__), "html")
    app.add_config_value("lab_version", __version__, "html")
    app.add_directive("lab-colab", ColabDirective)
    app.add_directive("lab-package", PackageDirective)
