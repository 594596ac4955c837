"""A drag changes a drawing and does not make it anew: counted, because no machine hurries a count.

An SVG of 64 tokens that is made anew at each step takes 32 ms on a phone, changed in place 5. Of
the script that a step takes, most writes path data: the same lengths digit by digit, and layers
that then turn out to be as they were.
"""

import numpy as np
import pytest
from kit.engine import REPLACER
from kit.figures import STILL, FigureOnPage, mouse_drag
from kit.subjects import SUBJECTS, name_of

# Words of the sentence and of a card are written anew; the wires of 64 tokens are some 400.
MADE, SET = 64, 256
# Lengths turned into digits; letters of path data that were put together and not drawn.
WRITTEN, IDLE = 400, 56_000
STEPS = 12
COUNT = """root => {
  const from = Number(root.dataset.ready);
  const seen = window.seen = { made: 0, set: 0, written: 0, idle: 0, from };
  const { toFixed } = Number.prototype, { join } = Array.prototype;
  Number.prototype.toFixed = function (digits) {
    seen.written++;
    return toFixed.call(this, digits);
  };
  Array.prototype.join = function (sign) {
    const words = join.call(this, sign);
    if (words[0] === 'M') seen.idle += words.length;
    return words;
  };
  const size = (node) => 1 + (node.querySelectorAll?.('*').length ?? 0);
  new MutationObserver((all) => {
    for (const { type, addedNodes, target, attributeName } of all) {
      if (type === 'childList') for (const node of addedNodes) seen.made += size(node);
      else seen.set++;
      if (attributeName === 'd') seen.idle -= target.getAttribute('d').length;
    }
  }).observe(root, { subtree: true, childList: true, attributes: true });
}"""


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
def test_a_drag_of_the_largest_state_changes_what_must(bare, subject):
    tab = bare(subject.WIDGET(**subject.BARE), viewport={"width": 900, "height": 1200}, **STILL)
    figure = FigureOnPage(tab.page, name_of(subject))
    opening, handles = figure.state(), [figure.root.locator(one).first for one in subject.NUDGES]
    figure.set(**subject.LARGEST)
    if not any(each.is_visible() for each in handles):
        figure.set(**opening)  # the largest has none
    handle = next(each for each in handles if each.is_visible())
    x, y = figure.centre(handle)
    figure.root.evaluate(COUNT)
    wide = figure.root.locator(".fl-area").first.bounding_box()
    towards = 1 if x < wide["x"] + wide["width"] / 2 else -1
    mouse_drag(tab.page, (x, y), (x + towards * wide["width"] / 3, y + 40), steps=STEPS)
    figure.settle()
    seen = tab.page.evaluate("window.seen")
    drawings = int(figure.root.get_attribute("data-ready")) - seen["from"]
    assert drawings > 0
    assert seen["made"] <= MADE * drawings, seen
    assert seen["set"] <= SET * drawings, seen
    assert seen["written"] <= WRITTEN * drawings, seen
    assert seen["idle"] <= IDLE * drawings, seen


CHANGED = """(root, changes) => {
  const drawn = () => [...root.querySelectorAll('svg.fl-drawing :is(path, text)')]
    .map((one) => `${one.getAttribute('class')} ${one.getAttribute('d')} ${one.textContent}`);
  const fit = (width) => {
    root.style.width = width;
    root.figure.fit();
  };
  const stale = [];
  let done = 0;
  for (const change of changes) {
    try {
      root.figure.set(change);
    } catch {
      continue; // it cannot be here
    }
    done++;
    fit('');
    const found = drawn();
    fit('500px'); // another layout: everything is drawn
    fit('');
    const anew = drawn(), at = found.findIndex((one, i) => one !== anew[i]);
    if (at >= 0) stale.push([change, root.figure.state(), found[at], anew[at]]);
  }
  return { done, stale };
}"""


def single_changes(subject):
    """One field at a time, of other random states: what has missed a cause shows it."""
    rng = np.random.default_rng(3)
    return [{name: subject.random_state(rng)[name]} for name in [*subject.random_state(rng)] * 5]


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
def test_what_is_kept_of_a_drawing_is_what_would_be_drawn_anew(bare, subject):
    tab = bare(subject.WIDGET(**subject.BARE), viewport={"width": 900, "height": 1200}, **STILL)
    figure, changes = FigureOnPage(tab.page, name_of(subject)), single_changes(subject)
    seen = figure.root.evaluate(CHANGED, changes)
    assert seen["done"] > len(changes) / 2
    assert not seen["stale"], seen["stale"][0]


KEPT = f"""
const view = makeView(model), text = (seen) => JSON.stringify(seen, {REPLACER});
let state = initial;
answer(given.changes.filter((change) => {{
  try {{
    state = settle(state, change, model);
  }} catch {{
    return false; // it cannot be here
  }}
  return text(view(state)) !== text(makeView(model)(state));
}}));
"""


@pytest.mark.parametrize("subject", SUBJECTS, ids=name_of)
def test_what_is_kept_of_a_view_is_what_would_be_computed_anew(engine, subject):
    widget = subject.WIDGET(**subject.BARE)
    assert engine.of(widget, KEPT, changes=single_changes(subject)) == []
