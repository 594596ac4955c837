"""axe-core on a page: what it finds, one line each."""

import json
from pathlib import Path

import axe_playwright_python

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# Contrast takes nine tenths of axe's time, most of it for the thousands of words that a page's
# code is made of. In one block those that look alike, on grounds that look alike, are one question:
# the first that is seen.
LOOKS = """() => {
  const grounds = new Map([[null, ""]]);
  const ground = (part) => {
    if (!grounds.has(part)) {
      const style = getComputedStyle(part);
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter];
      grounds.set(part, `${own} ${ground(part.parentElement)}`);
    }
    return grounds.get(part);
  };
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  for (const block of document.querySelectorAll(".highlight")) {
    const seen = new Set();
    for (const part of block.querySelectorAll("*")) {
      part.removeAttribute("data-look");
      if (![...part.childNodes].some(isText)) continue;
      if (!part.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { color, fontSize, fontWeight, textShadow } = getComputedStyle(part);
      const look = [color, fontSize, fontWeight, textShadow, ground(part)].join();
      if (!seen.has(look)) part.setAttribute("data-look", "");
      seen.add(look);
    }
  }
}"""
# To axe the deeper of two counts: no code but the first of each look in each block.
EACH_LOOK = {"include": [["html"], ["[data-look]"]], "exclude": [[".highlight"]]}
BUT_CONTRAST = {"rules": {"color-contrast": {"enabled": False}}}


def faults(page, context=None, **options):
    """What axe finds on the whole page or in a context, one line each; options are axe.run's."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    where = json.dumps(context) if context else "document"
    run = f"axe.run({where}, {json.dumps({'resultTypes': ['violations'], **options})})"
    found = page.evaluate(f"{run}.then(({{violations}}) => JSON.stringify(violations))")
    return [
        f"{v['id']}: {n['target']} {n['failureSummary']}"
        for v in json.loads(found)
        for n in v["nodes"]
    ]


def faint(page):
    """What axe finds too faint in the page's present theme; of code that looks alike, the first."""
    page.evaluate(LOOKS)
    return faults(page, EACH_LOOK, runOnly=["color-contrast"])
