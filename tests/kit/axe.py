"""axe-core on a page: what it finds, one line each."""

import json
from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def faults(page, **options):
    """What axe finds on the whole page, one line each; options are axe.run's."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    run = f"axe.run(document, {json.dumps({'resultTypes': ['violations'], **options})})"
    found = page.evaluate(f"{run}.then(({{violations}}) => JSON.stringify(violations))")
    return [
        f"{v['id']}: {n['target']} {n['failureSummary']}"
        for v in json.loads(found)
        for n in v["nodes"]
    ]
