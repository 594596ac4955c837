// Path data of the filter lab: the response, its kernel, who hears whom, input and output.
import { LAST } from "./filter.js";
import { SIDE, UP } from "./layout.js";
import { wayOf } from "./model.js";
import { clamp, range } from "../kit/numbers.js";
import { around, disc, discs, line, polyline, rectangle, square } from "../kit/paths.js";

export const LEVELS = [0.01, 0.05, 0.15, 0.5]; // parts of the largest weight, four shades
export const WAYS = ["later", "earlier", "round"];
const shaded = (way) => (way === "itself" ? "later" : way);

// ---- what stays --------------------------------------------------------------------------------
export function frame(g) {
  const { response, kernel, matrix, signal, output } = g, { base } = response;
  const zero = g.lagX(0), strips = [signal, output];
  return {
    axes: [
      line(response.left, base, response.left + response.wide, base),
      line(kernel.left, kernel.middle, kernel.left + kernel.wide, kernel.middle),
      ...strips.map(({ middle }) => line(g.start, middle, g.end, middle)),
      rectangle(matrix.left, matrix.top, matrix.side, matrix.side),
    ],
    one: line(response.left, g.gainY(1), response.left + response.wide, g.gainY(1)),
    zero: line(zero, kernel.top, zero, kernel.top + kernel.high),
    seam: strips.map(({ top, tall }) =>
      line(g.start, top, g.start, top + tall) + line(g.end, top, g.end, top + tall)
    ),
    beyond: strips.map(({ middle }) =>
      line(g.left, middle, g.start, middle) + line(g.end, middle, g.right, middle)
    ),
    marks: range(LAST + 1).map((k) => line(g.knotX(k), base, g.knotX(k), base + 4)),
  };
}

// ---- the response ------------------------------------------------------------------------------
export function responsePaths(g, state, view, chosen) {
  const { n, mode, gains } = state, at = ([place, size]) => [g.knotX(place), g.gainY(size)];
  const knobs = gains.map((gain, k) => [g.knotX(k), g.gainY(gain)]);
  const passes = mode === "sequence" && view.record > 2 * LAST;
  const one = g.gainY(1), end = g.response.left + g.response.wide;
  return {
    curve: mode === "sample" ? polyline(view.response.map(at)) : "",
    bins: mode === "sample"
      ? discs(view.response.map(at), clamp(40 / n, 1, 2.4))
      : knobs.map(([x, y]) => line(x, g.response.base, x, y)),
    passes: passes ? line(g.knotX(LAST) + 12, one, end, one) : "",
    cut: polyline(view.cut.map(at)),
    knobs: discs(knobs, 5.5),
    chosen: chosen === null ? "" : disc(...knobs[chosen], 9),
  };
}

// ---- the kernel over its lags ------------------------------------------------------------------
// What the height of a strip stands for, of which a part is above zero.
const NONE = 1e-6;
const spanOf = (values, above = UP) =>
  Math.max(1e-9, ...values.map((value) => value > 0 ? value / above : -value / (1 - above)));

// The weight of a token itself may stand far above all others; then it is drawn broken.
const BREAK = 2.5;

function brokenSpan(weights) {
  const others = weights.map((weight, i) => (2 * i + 1 === weights.length ? 0 : weight));
  const whole = spanOf(weights), beside = BREAK * spanOf(others), broken = beside < whole;
  return broken && beside > NONE ? { span: beside, broken } : { span: whole, broken: false };
}

const brokenAt = (x, { top }) =>
  line(x - 5, top + 14, x + 5, top + 10) + line(x - 5, top + 18, x + 5, top + 14);

export function kernelPaths(g, state, view) {
  const { n, edge } = state, { kernel: strip } = g, zero = n - 1, cut = edge === "causal";
  const { span, broken } = brokenSpan(view.kernel);
  const place = (weight, unit) => strip.middle - ((strip.high - 6) * weight) / unit;
  const tip = (t) => [g.lagX(t), Math.max(strip.top, place(view.kernel[t + zero], span))];
  const stems = (those) => those.map((t) => line(g.lagX(t), strip.middle, ...tip(t)));
  const lags = range(n).map((i) => i - n / 2 + 1), r = clamp(strip.lag * 0.34, 0.9, 2.8);
  const past = lags.filter((t) => t >= 0), future = lags.filter((t) => t < 0);
  const twice = spanOf(view.doubled);
  const twin = (t) => [g.lagX(t), place(view.doubled[t + 2 * n - 1], twice)];
  return {
    "past-stems": stems(past),
    "past-tips": discs(past.map(tip), r),
    "future-stems": cut ? "" : stems(future),
    "future-tips": cut ? "" : future.map((t) => around(...tip(t), 1.8 * r)),
    "cut-stems": cut ? stems(future) : "",
    "cut-tips": cut ? discs(future.map((t) => [g.lagX(t), strip.middle]), r) : "",
    broken: broken ? brokenAt(g.lagX(0), strip) : "",
    doubled: view.doubled.length ? polyline(lags.map(twin)) : "",
  };
}

// ---- who hears whom ----------------------------------------------------------------------------
// A weight by lag is a diagonal of the matrix; each shade of each way is one path.
export function matrixPaths(g, state, view) {
  const { n } = state, layers = {};
  for (const way of WAYS) LEVELS.forEach((_, level) => layers[`${way}-${level}`] = []);
  if (view.hidden) return layers;
  const largest = Math.max(...view.weights.map(Math.abs), 1e-9);
  view.weights.forEach((weight, i) => {
    const lag = i - n + 1, part = Math.abs(weight) / largest;
    const level = LEVELS.findLastIndex((least) => part > least);
    if (level >= 0) layers[`${shaded(wayOf(state, lag))}-${level}`].push(diagonal(g.matrix, lag));
  });
  return layers;
}

// The cells `lag` below the main diagonal as one stripe, cut off where the matrix ends.
function diagonal({ left, top, side, cell }, lag) {
  const half = cell / 2, near = Math.abs(lag) * cell - half, far = near + cell;
  const corners = lag
    ? [[0, near], [0, far], [side - far, side], [side - near, side]]
    : [[0, 0], [0, half], [side - half, side], [side, side], [side, side - half], [half, 0]];
  const placed = corners.map(([x, y]) => (lag < 0 ? [left + y, top + x] : [left + x, top + y]));
  return `${polyline(placed)}z`;
}

export const columnPath = ({ matrix: { left, top, side, cell } }, { place }) =>
  rectangle(left + place * cell, top, cell, side);

// ---- input and output --------------------------------------------------------------------------
const stemsOf = (g, { middle }, values) =>
  values.map(([i, y]) => line(g.sampleX(i), middle, g.sampleX(i), y));

export function signalPaths(g, { n, edge }, { x }) {
  const { middle, reach } = g.signal, r = clamp(g.step * 0.24, 0.9, 2.6), side = n * SIDE;
  const at = (value, i) => [g.sampleX(i), middle - value * reach];
  const again = edge === "circular"
    ? [...range(side).map((i) => [n + i, i]), ...range(side).map((i) => [-1 - i, n - 1 - i])]
    : [];
  return {
    input: stemsOf(g, g.signal, x.map((value, i) => [i, at(value, i)[1]])),
    heads: discs(x.map(at), r),
    again: again.map(([i, from]) => line(g.sampleX(i), middle, ...at(x[from], i))),
  };
}

// Pixels for a 1 in the strip of the output, and whether that is too much for the highest.
function scaleOf({ tall, above }, { signal }, { weights, y }) {
  if (signal !== "impulse") return { scale: (tall - 8) / spanOf([...y, 1], above), broken: false };
  const { span, broken } = brokenSpan(weights);
  return { scale: (tall - 8) / span, broken };
}

export function outputPaths(g, state, view) {
  const { output: strip } = g, impulse = state.signal === "impulse";
  if (view.hidden) return { ...HIDDEN, hidden: hatched(g) };
  const { scale, broken } = scaleOf(strip, state, view);
  const at = (value, i) => [g.sampleX(i), Math.max(strip.top, strip.middle - value * scale)];
  const r = clamp(g.step * 0.24, 0.9, 2.6),
    came = [...view.y.entries()].filter(([i, value]) =>
      Math.abs(value - view.own[i]) * scale > 0.8
    );
  return {
    hidden: "",
    before: impulse ? "" : polyline(view.x.map(at)),
    ...partsOf(g, state, view, at),
    rounds: came.map(([i, value]) => line(...at(view.own[i], i), ...at(value, i))),
    "round-tips": came.map(([i, value]) => square(...at(value, i), 1.6 * r)),
    y: impulse ? "" : polyline(view.y.map(at)),
    "y-tips": discs(view.y.map(at), r),
    "broken-output": broken ? brokenAt(g.sampleX(view.place), strip) : "",
  };
}

const PARTS = ["later", "earlier", "round", "beyond"].map((way) => `part-${way}`);
const OUTPUT = ["before", ...PARTS, "rounds", "round-tips", "y", "y-tips", "broken-output"];
const HIDDEN = Object.fromEntries(OUTPUT.map((name) => [name, ""]));

// What the followed input alone gives, by the way that it takes; and what runs out at the ends.
function partsOf(g, state, view, at) {
  const { n } = state, { middle } = g.output, side = n * SIDE, given = view.x[view.place];
  const parts = Object.fromEntries(PARTS.map((name) => [name, []]));
  const stem = (i) => {
    const [x, y] = at(view.weights[i - view.place + n - 1] * given, i);
    return Math.abs(middle - y) < 0.3 ? "" : line(x, middle, x, y);
  };
  for (let i = -side; i < n + side; i++) {
    const way = shaded(wayOf(state, i - view.place)), outside = i < 0 || i >= n;
    if (!outside) parts[`part-${way}`].push(stem(i));
    else if (way !== "round" && Math.abs(i - view.place) < n) parts["part-beyond"].push(stem(i));
  }
  return parts;
}

const hatched = (g) => {
  const { top, tall } = g.output, count = Math.floor((g.end - g.start) / 12);
  return range(count).map((i) => {
    const x = g.start + 12 * i;
    return line(x, top + tall, x + 10, top);
  });
};

// A line from the followed input to its output.
export const followPath = (g, { place }) => {
  const x = g.sampleX(place), { signal, output } = g;
  return line(x, signal.top + signal.tall + 2, x, output.top + output.tall);
};
