"""What moves a field of a state in time, without a page: where it rests, a link says it whole."""

import pytest

# Buttons that can be pressed, and frames that come when they are told to.
PAGE = """
const element = () => ({
  heard: {}, append() {}, setAttribute() {}, replaceChildren() {},
  addEventListener(type, act) { this.heard[type] = act; },
});
let frame = null;
Object.assign(globalThis, {
  document: { createElement: element },
  matchMedia: () => ({ matches: false }),
  requestAnimationFrame: (act) => frame = act,
  cancelAnimationFrame: () => frame = null,
});
const state = {
  now: { stage: 0, f: 0, seen: [0, 0] },
  read: () => state.now,
  set(patch) {
    const now = { ...state.now, ...patch };
    state.now = { ...now, seen: [0, Math.max(now.seen[1], now.f)] };
  },
};
const figure = {
  state, root: element(), model: { get: () => false }, invalidate() {}, onEnd() {},
};
"""
PAUSED = f"""
import {{ sweep, timeline }} from "./kit/time.js";
//given
{PAGE}
const found = given.pauses.map((milliseconds) => {{
  state.now = {{ stage: 0, f: 0, seen: [0, 0] }};
  if (given.crank) sweep(figure, {{ ends: () => [0, 8], seconds: 3 }}).root.heard.click();
  else {{
    timeline(figure, {{ field: "stage", last: () => 4 }});
    figure.play();
  }}
  for (const time of [100, 100 + milliseconds]) frame(time);
  const drawn = structuredClone(state.now);
  figure.stop();
  return [drawn, state.now];
}});
answer(found);
"""


@pytest.mark.parametrize(("crank", "field", "pace"), [(False, "stage", 1100), (True, "f", 375)])
def test_what_plays_rests_where_it_is_drawn_at_three_digits(engine, crank, field, pace):
    pauses = [123.456, 7 / 3, 549.99999, 366.66667]
    found = engine.run(PAUSED, {"crank": crank, "pauses": pauses}, "time")
    for milliseconds, (drawn, rests) in zip(pauses, found, strict=True):
        assert rests == drawn
        assert (
            rests[field] == round(rests[field], 3) == pytest.approx(milliseconds / pace, abs=6e-4)
        )
        assert rests["seen"][1] == rests["f"]
