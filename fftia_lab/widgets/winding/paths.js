// Path data of the winding: the plane, the signal, the spectrum that the crank leaves behind.
import { CRANK, SEAM, wholes } from "./layout.js";
import { earned, FINE, FLOOR, LOUD, sumAt } from "./model.js";
import { clamp, range, size, times, unit } from "../kit/numbers.js";
import { around, disc, discs, line, polyline, square } from "../kit/paths.js";

const steadily = (low, high) => { // where the crank has been, in places of the fine spectrum
  const first = Math.floor(low * FINE) + 1, last = Math.ceil(high * FINE) - 1;
  return first > last ? [] : range(last - first + 1).map((i) => first + i);
};
const round = (k, n) => ((k % n) + n) % n;
const pointRadius = (n) => (n > 32 ? 2.2 : n > 16 ? 3 : 4);

// What stays while the crank turns: the circle with a ring at every whole k, the axes.
export function frame(g, { n }) {
  const { x, y, radius } = g.plane, { base } = g.spectrum, { middle, top, tall } = g.signal;
  const end = g.left + g.signal.wide;
  return {
    circle: disc(x, y, radius) + line(x - radius, y, x + radius, y) +
      line(x, y - radius, x, y + radius),
    hollow: discs(range(n).map((k) => g.at(unit(-k / n))), n > 32 ? 2.2 : 3),
    axes: line(g.left, base, g.right, base) + line(g.left, middle, g.right, middle) +
      line(end, top, end, top + tall),
  };
}

// The signal as stems, its beginning once more after its end, and what a window has taken away.
export function signalPaths(g, { n, window }, { raw, x }) {
  const { middle, reach } = g.signal, place = (value, j) => [g.sampleX(j), middle - value * reach];
  const stem = (value, j) => line(g.sampleX(j), middle, ...place(value, j));
  const stems = (values, first = 0) => values.map((value, j) => stem(value, first + j)).join("");
  const r = clamp(g.signal.step * 0.3, 1.2, 3), more = x.slice(0, Math.round(n * SEAM));
  return {
    stems: stems(x),
    heads: discs(x.map(place), r),
    again: stems(more, n) + discs(more.map((value, j) => place(value, n + j)), r),
    raw: window === "none" ? "" : polyline(raw.map(place)),
  };
}

// How far from the middle a sum is drawn: as a mean when wound, walked against the longest walk.
export function scaleOf({ mode, n }, { longest }) {
  return mode === "walk" ? 1 / Math.max(longest, 1e-9) : 1 / n;
}

export function crankPaths(g, state, view) {
  const { n, f, copies } = state, scale = scaleOf(state, view);
  const middle = [g.plane.x, g.plane.y], mass = g.at(view.total, scale), onAxis = g.turnX(f);
  const { base, high, top } = g.spectrum, places = woundPlaces(g, state, view);
  const mirrored = places.map(([x, y]) => [x, 2 * middle[1] - y]);
  return {
    ...modePaths(g, state, view, places),
    points: discs(places, pointRadius(n)),
    mirror: copies ? polyline(mirrored) : "",
    arm: line(...middle, ...g.at(unit(-f / n), 1 - CRANK / g.plane.radius)),
    mass: disc(...mass, 7),
    now: line(onAxis, base + 5, onAxis, top - 4),
    knob: `M${onAxis.toFixed(1)} ${base + 2}l5.5 9h-11z`,
    asked: view.open ? line(g.turnX(state.ask), base - high, g.turnX(state.ask), base - 6) : "",
  };
}

const woundPlaces = (g, { mode, ...state }, view) =>
  mode === "walk"
    ? view.walk.map((sum) => g.at(sum, scaleOf({ mode, ...state }, view)))
    : view.points.map((point) => g.at(point));

// What joins the samples, and how the dot is reached: straight, or over the two halves.
function modePaths(g, state, view, places) {
  const middle = [g.plane.x, g.plane.y], mass = g.at(view.total, scaleOf(state, view));
  const found = { thread: "", steps: "", lever: "", hubs: "", spokes: "", forward: "", back: "" };
  if (state.mode === "walk") found.steps = polyline(places);
  if (state.mode === "wound") found.thread = polyline(places);
  if (!view.halves) return { ...found, lever: line(...middle, ...mass) };
  const hubs = view.halves.forth.map((half) => g.at(half)), turn = g.at(view.halves.forward);
  found.hubs = discs(hubs, pointRadius(state.n));
  found.spokes = hubs.map((hub, j) => line(...hub, ...places[j])).join("");
  return { ...found, forward: pointed(middle, turn), back: pointed(turn, mass) };
}

// An arrow from one place to another; none where they are one.
function pointed([x1, y1], [x2, y2]) {
  const long = Math.hypot(x2 - x1, y2 - y1), barb = Math.min(9, long / 2);
  if (long < 0.5) return "";
  const u = [(x2 - x1) / long, (y2 - y1) / long], side = 0.6 * barb;
  const wing = (
    way,
  ) => [x2 - barb * u[0] - way * side * u[1], y2 - barb * u[1] + way * side * u[0]];
  return line(x1, y1, x2, y2) + line(...wing(1), x2, y2) + line(...wing(-1), x2, y2);
}

// What the crank has left behind where it has been: the spectrum, and the path of the dot.
export function seenPaths(g, state, view) {
  const { n } = state,
    { base } = g.spectrum,
    [low, end] = state.seen,
    rise = riseOf(g, state, view);
  const place = ([turns, sum]) => [g.turnX(turns), base - rise(size(sum))];
  const been = beenAt(state, view), counted = earned(state) && view.above > 0;
  const every = Math.max(1, Math.floor((1.2 * FINE) / g.unitWide)); // a point a pixel is enough
  const ends = wholes(low, end).map((k) => [k, place([k, view.spectrum[round(k, n)]])]);
  const unseen = wholes(g.low, g.end).filter((k) => k < low || k > end);
  const limit = base - rise(LOUD * view.highest);
  return {
    curve: polyline(been.filter((_, i) => i % every === 0 || i === been.length - 1).map(place)),
    trail: polyline(been.slice(0, n * FINE + 2).map(([, sum]) => g.at(sum, scaleOf(state, view)))),
    ...linePaths(g, n, view, ends, counted),
    reached: discs(ends.map(([k]) => g.at(unit(-k / n))), n > 32 ? 2.2 : 3),
    empty: discs(unseen.map((k) => [g.turnX(k), base]), g.ring),
    limit: counted ? line(g.left, limit, g.right, limit) : "",
    levels: levelsOf(g, state, view).map(([, y]) => line(g.left, y, g.right + 4, y)).join(""),
  };
}

// The lines of the spectrum by what they are: a wave's own, with diamonds as heads, its leakage,
// the others, and what repeats. Heads of lines that count are filled.
function linePaths(g, n, { kinds, spectrum, highest }, ends, counted) {
  const { base } = g.spectrum, kindOf = (k) => kinds[round(k, n)];
  const repeats = (k) => k < 0 || k >= n;
  const loud = (k) => counted && k >= 0 && k <= n / 2 && size(spectrum[k]) > LOUD * highest;
  const gather = (draw, wanted) =>
    ends.filter(([k]) => wanted(k)).map(([, at]) => draw(at)).join("");
  const stem = ([x, y]) => line(x, base, x, y);
  const ring = ([x, y]) => disc(x, y, g.ring), diamond = ([x, y]) => square(x, y, g.ring + 2);
  const linesOf = (name, head, is) => ({
    [name]: gather(stem, (k) => is(k) && !repeats(k)),
    [`${name}-tops`]: gather(head, (k) => is(k) && !loud(k)),
    [`${name}-loud`]: gather(head, (k) => is(k) && loud(k)),
  });
  return {
    ...linesOf("own", diamond, (k) => kindOf(k) === "own"),
    ...linesOf("leaks", ring, (k) => kindOf(k) === "leak"),
    ...linesOf("lines", ring, (k) => !["own", "leak"].includes(kindOf(k))),
    copies: gather(stem, repeats),
  };
}

// How high a magnitude stands: its share of the highest place of the curve, or in decibels of the
// highest line, from the floor up to that place.
function riseOf({ spectrum: { high } }, { scale }, { fine, highest }) {
  const top = Math.max(1e-9, ...fine.map(size));
  if (scale === "linear") return (magnitude) => (magnitude * high) / top;
  const level = (magnitude) => 20 * Math.log10(magnitude / Math.max(highest, 1e-9));
  const whole = level(top) - FLOOR;
  return (magnitude) => high * Math.max(0, (level(magnitude) - FLOOR) / whole);
}

// The levels that have a line and a number: [decibels, y].
export function levelsOf(g, state, view) {
  if (state.scale === "linear" || !view.above) return [];
  const rise = riseOf(g, state, view), levels = range(4).map((i) => (i * FLOOR) / 3);
  return levels.map((level) => [level, g.spectrum.base - rise(view.highest * 10 ** (level / 20))]);
}

// The sums at every place of the fine spectrum where the crank has been, and at both ends.
function beenAt({ n, seen: [low, end] }, { x, fine }) {
  const between = steadily(low, end).map((m) => [m / FINE, fine[round(m, n * FINE)]]);
  return [[low, sumAt(x, low)], ...between, [end, sumAt(x, end)]];
}

// The name of the dot stands on the side away from the middle, inside the plane.
export function massLabel(g, state, view) {
  const [x, y] = g.at(view.total, scaleOf(state, view)), { plane } = g;
  const room = Math.max(plane.radius - 56, 0);
  return [clamp(x, plane.x - room, plane.x + room), y > plane.y + 1 ? y + 23 : y - 13];
}

// The guess as an open square with a cross, and the truth beside it once the crank has been there.
export function betPaths(g, state, view) {
  if (!state.bet.length) return { guess: "", truth: "" };
  const scale = state.n * scaleOf(state, view), [x, y] = betPlace(g, state, view);
  const cross = line(x - 4, y, x + 4, y) + line(x, y - 4, x, y + 4);
  const guess = around(x, y, 14) + cross;
  if (view.off === null) return { guess, truth: "" };
  const truth = g.at(view.truth, scale);
  return { guess, truth: disc(...truth, 10) + line(x, y, ...truth) };
}

export function betPlace(g, state, view) {
  const [re, im] = times([state.n * scaleOf(state, view), 0], state.bet);
  const far = Math.max(1, Math.hypot(re, im));
  return g.at([re / far, im / far]);
}

// The sample that is pointed at, in the signal and in the plane.
export function markedPath(g, state, view, j) {
  const tip = [g.sampleX(j), g.signal.middle - view.x[j] * g.signal.reach];
  const scale = scaleOf(state, view), { x, y } = g.plane, walking = state.mode === "walk";
  const from = walking ? g.at(view.walk[j], scale) : [x, y];
  const over = view.halves ? [g.at(view.halves.forth[j])] : [];
  const to = walking ? g.at(view.walk[j + 1], scale) : g.at(view.points[j]);
  return disc(...tip, 6) + disc(...to, 6) + polyline([from, ...over, to]);
}

// What is heard, over the stems, and how far the playing has come.
export function soundPaths(g, playing) {
  if (!playing) return { heard: "", playhead: "" };
  const { middle, reach, top, tall, wide } = g.signal, x = g.left + wide * playing.part;
  const heard = playing.samples.map((value, j) => [g.sampleX(j), middle - value * reach]);
  return { heard: polyline(heard), playhead: `M${x.toFixed(1)} ${top}v${tall}` };
}
