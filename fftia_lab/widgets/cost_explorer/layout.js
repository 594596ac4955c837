// Where everything of the figure of least times stands, in pixels of its drawing.
import { DIMS, HEADS, NAMES, SIZES } from "./model.js";
import { clamp } from "../kit/numbers.js";

const LEFT = 58, TOP = 28, EDGE = 24, NARROW = 560;
const FIRST = 66; // from the axis down to the first rail
const RAIL = 50; // from one rail to the next
const NAMED = 118; // before a rail stands what it says
const LABEL = 17; // pixels that a label is tall

// The plot has room for names on its right, if there is any; under it lie two rails, side by side
// or one under the other.
export function measure(width, { curves, points }) {
  const narrow = width < NARROW, right = narrow ? width - EDGE : width - 176;
  const tall = narrow ? 260 : 200, bottom = TOP + tall, decades = decadesOf(curves, points);
  const middle = narrow ? width - EDGE : (width - 2 * EDGE) / 2;
  const first = bottom + FIRST, second = narrow ? first + RAIL : first;
  const x = (n) => LEFT + (right - LEFT) * (SIZES.indexOf(n) / (SIZES.length - 1));
  return {
    width,
    narrow,
    left: LEFT,
    right,
    top: TOP,
    bottom,
    decades,
    x,
    y: (seconds) =>
      bottom - (tall * (Math.log10(seconds) - decades[0])) / (decades[1] - decades[0]),
    channels: railOf(LEFT - 50, middle, first, DIMS),
    heads: railOf(narrow ? LEFT - 50 : middle + EDGE, width - EDGE, second, HEADS),
    height: second + 26,
  };
}

// A rail, with what it says before it: where it stands, and where a value does.
function railOf(from, to, top, values) {
  const start = from + NAMED;
  const at = (value) => start + (to - start) * (values.indexOf(value) / (values.length - 1));
  return { from, top, values, at };
}

// The powers of ten between which everything lies that is drawn.
function decadesOf(curves, points) {
  const times = NAMES.flatMap((name) => curves[name].map(({ seconds }) => seconds));
  const measured = points.flatMap(({ seconds }) => seconds);
  const all = [...times, ...measured].map(Math.log10);
  return [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all))];
}

// The value of a row that stands nearest to an x, with `at` from value to x.
export function nearest(values, at, x) {
  return values.reduce((best, one) => Math.abs(at(one) - x) < Math.abs(at(best) - x) ? one : best);
}

// What of the drawing lies under a point: { n }, { dim }, { heads }, or null.
export function under(g, { x, y }) {
  if (y <= g.bottom + 12 && y >= g.top - 12 && x >= g.left - 12 && x <= g.right + 12) {
    return { n: nearest(SIZES, g.x, x) };
  }
  const on = ({ top, at, values }) =>
    Math.abs(y - top) <= 22 && x >= at(values[0]) - 22 && x <= at(values.at(-1)) + 22;
  if (on(g.channels)) return { dim: nearest(DIMS, g.channels.at, x) };
  return on(g.heads) ? { heads: nearest(HEADS, g.heads.at, x) } : null;
}

// Labels on the right, each near where its curve ends, none over another: [name, y], from the top.
export function endLabels(g, curves) {
  const ends = NAMES.map((name) => [name, g.y(curves[name].at(-1).seconds)]);
  ends.sort((one, other) => one[1] - other[1]);
  const placed = [];
  for (const [name, y] of ends) {
    const above = placed.length ? placed.at(-1)[1] + LABEL : g.top;
    placed.push([name, Math.max(y, above)]);
  }
  const over = Math.max(placed.at(-1)[1] - g.bottom, 0);
  return placed.map(([name, y], i) => [name, clamp(y - over, g.top + i * LABEL, g.bottom)]);
}
