// The twiddle of the chosen pair as a dial: its hand, its angle as an arc and in words.
import { dialPlace, dialWords } from "./layout.js";
import { plain, productOf } from "./names.js";
import { focus, pathLayers, setAll, svg } from "../kit/elements.js";
import { drag, handle, moveTo, setValue } from "../kit/hands.js";
import { complex, degrees, turnsOf, unit } from "../kit/numbers.js";
import { disc, line } from "../kit/paths.js";

const STEPS = 72; // in a turn, of five degrees

export function twiddleDial(figure, { area, drawing, otherHand }) {
  const { state } = figure, layers = pathLayers(["dial", "dial-right", "dial-arc", "dial-arm"]);
  const words = ["name", "value", "angle"].map((name) =>
    svg("text", { class: `fl-angle fl-beside fl-dial-${name}` })
  );
  drawing.append(...layers.all, ...words);
  let g = null, pair = null;

  const turnTo = (extra, live) => {
    const chosen = figure.look().pair;
    if (!chosen) return; // the node was let go of in the meantime
    const turn = Math.round((extra - Math.round(extra)) * STEPS) / STEPS;
    state.set({ twist: turn ? [chosen.stage, chosen.low, turn] : [] }, { live });
  };
  const turnTowards = ({ x, y }, live) => {
    if (!pair) return;
    const centre = dialPlace(g, pair);
    turnTo(turnsOf([x - centre.x, centre.y - y]) - pair.turns, live);
  };
  const turnBy = (degree) => () => turnTo((figure.look().pair?.extra ?? 0) + degree / 360, false);
  const hand = handle("twiddle", "fl-dial-handle", keysOf(turnBy, turnTo));
  drag(hand, area, {
    keepOffset: true,
    move: (points) => turnTowards(points.at(-1), true),
    end: state.rest,
  });

  function hide() {
    if (hand === document.activeElement) focus(otherHand);
    hand.hidden = true;
    for (const line of words) line.textContent = "";
    layers.draw({ dial: "", "dial-right": "", "dial-arc": "", "dial-arm": "" });
  }
  function tell(now, view, centre, hand) {
    const product = plain(productOf(view, now, pair)), value = `= ${complex(pair.product)}`;
    const places = dialWords(g, centre, hand[1] >= centre.y + 1);
    for (const [i, line] of [product, value, angleWords(pair)].entries()) {
      words[i].textContent = line;
      setAll(words[i], places[i]);
    }
  }
  function show(now, view, place) {
    [g, pair] = [place, view.pair ?? null];
    if (!pair) return hide();
    const centre = dialPlace(g, pair), total = pair.turns + pair.extra;
    const tip = onRim(centre, total);
    hand.hidden = false;
    layers.draw(dialPaths(centre, pair));
    tell(now, view, centre, tip);
    moveTo(hand, ...tip);
    const rows = `rows ${pair.low} and ${pair.high}`;
    hand.setAttribute("aria-label", `twiddle of ${rows}, stage ${pair.stage + 1}`);
    const [angle, right] = [total, pair.turns].map((turns) => Math.round(turns * 360));
    setValue(hand, { now: angle, min: -360, max: 360, text: `${angle}°; right is ${right}°` });
  }
  return {
    root: hand,
    show,
    tapped(point) { // the ring answers a tap, for hands that cannot drag
      if (!pair) return false;
      const { x, y, r } = dialPlace(g, pair);
      const inside = Math.hypot(point.x - x, point.y - y) <= r + 6;
      if (inside) turnTowards(point, false);
      return inside;
    },
  };
}

const keysOf = (turnBy, turnTo) => ({
  ArrowUp: turnBy(5),
  ArrowRight: turnBy(5),
  ArrowDown: turnBy(-5),
  ArrowLeft: turnBy(-5),
  PageUp: turnBy(45),
  PageDown: turnBy(-45),
  Home: () => turnTo(0, false),
  End: () => turnTo(0.5, false),
  Escape: () => turnTo(0, false),
});

const onRim = ({ x, y, r }, turns, part = 1) => {
  const [right, up] = unit(turns);
  return [x + right * r * part, y - up * r * part];
};

// From 1, which points right, an arc to where the twiddle is; dashed, where it should be.
function dialPaths(centre, { turns, extra }) {
  const { x, y, r } = centre, total = turns + extra;
  return {
    dial: disc(x, y, r) + line(x, y, x + r, y),
    "dial-right": extra ? line(x, y, ...onRim(centre, turns)) : "",
    "dial-arc": arcTo(centre, total),
    "dial-arm": line(x, y, ...onRim(centre, total)),
  };
}

function arcTo(centre, turns) {
  if (Math.abs(turns) < 0.5 / STEPS) return "";
  const r = centre.r / 2, [x, y] = onRim(centre, turns, 0.5), large = Number(Math.abs(turns) > 0.5);
  const end = `${x.toFixed(1)} ${y.toFixed(1)}`;
  return `M${centre.x + r} ${centre.y}A${r} ${r} 0 ${large} ${Number(turns < 0)} ${end}`;
}

// The right angle and what has been added to it.
function angleWords({ turns, extra }) {
  if (!extra) return degrees(turns);
  return `${degrees(turns)} ${extra < 0 ? "−" : "+"} ${degrees(Math.abs(extra))}`;
}
