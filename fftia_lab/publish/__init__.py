"""The Sphinx side: how widgets, figures and numbers become static pages that need nothing else.

Two plug-ins of myst-nb turn saved widget state and plotly JSON into inert hosts; a script of the
site, boot.js, brings them to life, over HTTP and from disk, and starts the other scripts. Imports
nothing of the lab but its palette and its records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the extension; Sphinx calls this."""
    from . import (
        assets,
        chapters,
        contents,
        curves,
        editions,
        excerpts,
        lines,
        measured,
        mime,
        pages,
        progress,
        running,
    )

    texts = (chapters, curves, editions, excerpts, measured)
    for part in (assets, *texts, contents, lines, mime, pages, progress, running):
        part.setup(app)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True}
