// Where everything of the figure of benchmarks stands: two logarithmic axes, in pixels.
import { clamp, range } from "../kit/numbers.js";

const LEFT = 62, RIGHT = 20, TOP = 26, BELOW = 54, APART = 52;
const SEVERAL = [1, 2, 5];

// What a point of a run shows: [lower, median, upper] of its time or its ratio.
export const valuesOf = (point, quantity) =>
  quantity === "time" ? point.slice(1, 4) : point.slice(4);

export function measure(width, { quantity }, view, sizes) {
  const height = width < 480 ? 300 : 360, right = width - RIGHT, bottom = height - BELOW;
  const [low, high] = [sizes[0], sizes.at(-1)].map(Math.log2);
  const x = (n) => LEFT + 14 + ((Math.log2(n) - low) / (high - low || 1)) * (right - LEFT - 14);
  const ends = endsOf(view, quantity), [bottomValue, topValue] = ends.map(Math.log10);
  const y = (value) =>
    bottom - ((Math.log10(value) - bottomValue) / (topValue - bottomValue)) * (bottom - TOP);
  return {
    width,
    height,
    left: LEFT,
    right,
    top: TOP,
    bottom,
    x,
    y,
    sizes,
    columns: columnsOf(sizes, x),
    rows: rowsOf(ends, y, quantity),
  };
}

// The smallest and the largest value that is drawn, and a little more.
function endsOf({ recorded, own }, quantity) {
  const points = [recorded, own].flatMap((run) => Object.values(run?.contenders ?? {}).flat());
  const values = points.flatMap((point) => valuesOf(point, quantity)).filter((value) => value > 0);
  if (!values.length) return quantity === "time" ? [1e-5, 1e-2] : [0.1, 10];
  if (quantity === "ratio") values.push(1);
  const ends = [Math.min(...values), Math.max(...values)];
  return ends[1] > 2 * ends[0] ? [ends[0] / 1.15, ends[1] * 1.15] : [ends[0] / 2, ends[1] * 2];
}

// Sizes that get a name: as many as have room, the last of them all.
function columnsOf(sizes, x) {
  const named = [];
  for (const n of sizes.toReversed()) {
    if (!named.length || x(named.at(-1)) - x(n) >= APART) named.push(n);
  }
  return named;
}

// Round values: one, two and five of each power of ten, as far as there is room for them.
function rowsOf([low, high], y, quantity) {
  const first = Math.floor(Math.log10(low)), count = Math.ceil(Math.log10(high)) - first + 1;
  const powers = range(count).map((i) => first + i);
  const all = (steps) =>
    powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`)))
      .filter((value) => value >= low && value <= high);
  const fits = (rows) => rows.every((value, i) => !i || y(rows[i - 1]) - y(value) >= 24);
  const rows = [SEVERAL, [1, 3], [1]].map(all).find((rows) => fits(rows) && rows.length > 1) ??
    all([1]).filter((value) => Math.log10(value) % 2 === 0);
  return rows.map((value) => ({ value, quantity }));
}

// The size nearest to a point of the drawing.
export function sizeUnder({ sizes, x }, point) {
  const far = (n) => Math.abs(x(n) - point.x);
  return sizes.reduce((best, n) => far(n) < far(best) ? n : best);
}

// The size so many steps away.
export const stepped = (sizes, n, steps) =>
  sizes[clamp(sizes.indexOf(n) + steps, 0, sizes.length - 1)];
