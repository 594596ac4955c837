// Where everything of the figure `winding` stands, and its path data: the plane, the signal, the spectrum.
import { range, size, times, unit } from "../kit/complexes.js";
import { disc, line } from "../kit/paths.js";
import { earned, FINE, LOUD, shown, sumAt } from "./model.js";
import { clamp } from "../kit/kit.js";

const TITLE = 22, SEAM = 1 / 8; // this part of the record is shown once more, after its end

export function measure(width, state) {
  const narrow = width < 480, side = narrow ? Math.min(width, 256) : clamp(width * 0.48, 230, 380);
  const left = narrow ? 8 : side + 26, right = width - 8, room = right - left, { n } = state;
  const plane = { x: narrow ? width / 2 : side / 2, y: TITLE + side / 2, radius: side / 2 - 20 };
  const tall = narrow ? 92 : Math.round(side * 0.31), high = narrow ? 96 : Math.round(side * 0.36);
  const spectrumTop = narrow ? TITLE + side + 30 : TITLE + tall + 40, base = spectrumTop + high;
  const signalTop = narrow ? base + 86 : TITLE, step = room / (n * (1 + SEAM));
  const [low, end] = shown(state), unitWide = room / (end - low);
  return {
    width,
    narrow,
    side,
    plane,
    left,
    right,
    low,
    end,
    unitWide,
    signal: {
      top: signalTop,
      middle: signalTop + tall / 2,
      reach: tall / 2 - 4,
      tall,
      step,
      wide: step * n,
    },
    spectrum: { top: spectrumTop, base, high },
    toneRow: base + 46,
    height: narrow ? signalTop + tall + 6 : Math.max(TITLE + side, base + 62),
    sampleX: (j) => left + (j + 0.5) * step,
    turnX: (f) => left + (f - low) * unitWide,
    turnsAt: (x) => low + (x - left) / unitWide,
    ring: clamp(unitWide * 0.32, 1.2, 4),
    at: (
      [re, im],
      scale = 1,
    ) => [plane.x + re * scale * plane.radius, plane.y - im * scale * plane.radius],
  };
}

const join = (places) =>
  places.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
const dots = (places, r) => places.map(([x, y]) => disc(x, y, r)).join("");
const steadily = (low, high) => { // where the crank has been, in places of the fine spectrum
  const first = Math.floor(low * FINE) + 1, last = Math.ceil(high * FINE) - 1;
  return first > last ? [] : range(last - first + 1).map((i) => first + i);
};
const wholes = (low, high) =>
  range(Math.max(0, Math.floor(high) - Math.ceil(low) + 1)).map((i) => Math.ceil(low) + i);
const round = (k, n) => ((k % n) + n) % n;
const pointRadius = (n) => (n > 32 ? 2.2 : n > 16 ? 3 : 4);

export const CRANK = 15; // half of the ring that is taken hold of; what it turns is seen through it

// What stays while the crank turns: the circle with a ring at every whole k, the axes.
export function frame(g, { n }) {
  const { x, y, radius } = g.plane, { base } = g.spectrum, { middle, top, tall } = g.signal;
  const end = g.left + g.signal.wide;
  return {
    circle: disc(x, y, radius) + line(x - radius, y, x + radius, y) +
      line(x, y - radius, x, y + radius),
    hollow: dots(range(n).map((k) => g.at(unit(-k / n))), n > 32 ? 2.2 : 3),
    axes: line(g.left, base, g.right, base) + line(g.left, middle, g.right, middle) +
      line(end, top, end, top + tall),
  };
}

// The signal as stems, its beginning once more after its end, and what a window has taken away.
export function signalPaths(g, { n, window }, { raw, x }) {
  const { middle, reach } = g.signal, place = (value, j) => [g.sampleX(j), middle - value * reach];
  const stems = (values, first = 0) =>
    values.map((value, j) => line(g.sampleX(first + j), middle, ...place(value, first + j))).join(
      "",
    );
  const r = clamp(g.signal.step * 0.3, 1.2, 3), more = x.slice(0, Math.round(n * SEAM));
  return {
    stems: stems(x),
    heads: dots(x.map(place), r),
    again: stems(more, n) + dots(more.map((value, j) => place(value, n + j)), r),
    raw: window === "none" ? "" : join(raw.map(place)),
  };
}

// How far from the middle a sum is drawn: as a mean when wound, against the longest walk when walked.
export const scaleOf = (
  { mode, n },
  { longest },
) => (mode === "walk" ? 1 / Math.max(longest, 1e-9) : 1 / n);

export function crankPaths(g, state, view) {
  const { n, f, mode, copies } = state, walking = mode === "walk", scale = scaleOf(state, view);
  const middle = [g.plane.x, g.plane.y], mass = g.at(view.total, scale), onAxis = g.turnX(f);
  const places = walking
    ? view.walk.map((sum) => g.at(sum, scale))
    : view.points.map((point) => g.at(point));
  const mirrored = places.map(([x, y]) => [x, 2 * middle[1] - y]), { base, high, top } = g.spectrum;
  return {
    thread: walking ? "" : join(places),
    steps: walking ? join(places) : "",
    points: dots(places, pointRadius(n)),
    mirror: copies ? join(mirrored) : "",
    arm: line(...middle, ...g.at(unit(-f / n), 1 - CRANK / g.plane.radius)),
    lever: line(...middle, ...mass),
    mass: disc(...mass, 7),
    now: line(onAxis, base + 5, onAxis, top - 4),
    knob: `M${onAxis.toFixed(1)} ${base + 2}l5.5 9h-11z`,
    asked: view.open ? line(g.turnX(state.ask), base - high, g.turnX(state.ask), base - 6) : "",
  };
}

// What the crank has left behind where it has been: the spectrum, and the path of the dot.
export function seenPaths(g, state, view) {
  const { n } = state,
    { base, high } = g.spectrum,
    scale = high / Math.max(1e-9, ...view.fine.map(size));
  const [low, end] = state.seen, every = Math.max(1, Math.floor((1.2 * FINE) / g.unitWide)); // a point a pixel is enough
  const been = [
    [low, sumAt(view.x, low)],
    ...steadily(low, end).map((m) => [m / FINE, view.fine[round(m, n * FINE)]]),
    [end, sumAt(view.x, end)],
  ];
  const place = ([turns, sum]) => [g.turnX(turns), base - size(sum) * scale],
    stem = (top) => line(top[0], base, ...top);
  const reached = wholes(low, end),
    top = (k) => place([k, view.spectrum[round(k, n)]]),
    copied = (k) => k < 0 || k >= n;
  const limit = base - LOUD * view.highest * scale, counted = earned(state) && view.above > 0;
  const loud = (k) =>
    counted && k >= 0 && k <= n / 2 && size(view.spectrum[k]) > LOUD * view.highest;
  return {
    curve: join(been.filter((_, i) => i % every === 0 || i === been.length - 1).map(place)),
    trail: join(been.slice(0, n * FINE + 2).map(([, sum]) => g.at(sum, scaleOf(state, view)))),
    lines: reached.filter((k) => !copied(k)).map((k) => stem(top(k))).join(""),
    copies: reached.filter(copied).map((k) => stem(top(k))).join(""),
    tops: dots(reached.filter((k) => !loud(k)).map(top), g.ring),
    loud: dots(reached.filter(loud).map(top), g.ring),
    reached: dots(reached.map((k) => g.at(unit(-k / n))), n > 32 ? 2.2 : 3),
    empty: dots(
      wholes(g.low, g.end).filter((k) => k < low || k > end).map((k) => [g.turnX(k), base]),
      g.ring,
    ),
    limit: counted ? line(g.left, limit, g.right, limit) : "",
  };
}

// The name of the dot stands on the side away from the middle, inside the plane.
export function massLabel(g, state, view) {
  const [x, y] = g.at(view.total, scaleOf(state, view)),
    { x: middle, y: level, radius } = g.plane,
    room = Math.max(radius - 56, 0);
  return [clamp(x, middle - room, middle + room), y > level + 1 ? y + 23 : y - 13];
}

// The guess as an open square with a cross, and the truth beside it once the crank has been there.
export function betPaths(g, state, view) {
  if (!state.bet.length) return { guess: "", truth: "" };
  const scale = state.n * scaleOf(state, view), [x, y] = betPlace(g, state, view);
  const guess = `M${(x - 7).toFixed(1)} ${(y - 7).toFixed(1)}h14v14h-14z` +
    line(x - 4, y, x + 4, y) + line(x, y - 4, x, y + 4);
  return {
    guess,
    truth: view.off === null
      ? ""
      : disc(...g.at(view.truth, scale), 10) + line(x, y, ...g.at(view.truth, scale)),
  };
}
export function betPlace(g, state, view) {
  const [re, im] = times([state.n * scaleOf(state, view), 0], state.bet),
    far = Math.max(1, Math.hypot(re, im));
  return g.at([re / far, im / far]);
}

// Whole k with a number under the axis: as many as have room.
export function ticks(g, { n }) {
  const every = [1, 2, 4, 8, 16].find((step) => step * g.unitWide >= 30 && n % step === 0) ?? n / 2;
  return wholes(g.low, g.end).filter((k) => k % every === 0);
}
export const markedPaths = (g, state, view, j) => {
  const tip = [g.sampleX(j), g.signal.middle - view.x[j] * g.signal.reach],
    scale = scaleOf(state, view);
  if (state.mode === "wound") {
    return disc(...tip, 6) + disc(...g.at(view.points[j]), 6) +
      line(g.plane.x, g.plane.y, ...g.at(view.points[j]));
  }
  return disc(...tip, 6) + disc(...g.at(view.walk[j + 1], scale), 6) +
    line(...g.at(view.walk[j], scale), ...g.at(view.walk[j + 1], scale));
};
