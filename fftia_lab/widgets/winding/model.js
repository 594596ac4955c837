// A signal wound f times round a circle, as plain data: X(f) = Σ x_j e^{-2πi jf/n}, undivided.
import { clamp, minus, plus, range, size, times, unit } from "../kit/numbers.js";
import { listOf, oneOf, same, wished } from "../kit/state.js";
import { drawnSamples } from "../shared/samples.js";

export const LENGTHS = [8, 16, 32, 64];
export const FINE = 16; // places between two whole f at which the spectrum is drawn
export const LOUD = 0.05; // a line counts from this part of the highest on
export const FLOOR = -120; // decibels of the highest line, as low as a spectrum is drawn
const NOTHING = 1e-9; // a line below this part of the highest is zero, but for rounding
const LOBE = { none: 1, hann: 2 }; // how far from its frequency the lines of a wave itself stand

// ---- what can be -------------------------------------------------------------------------------
const ASKED = ["n", "signal", "tone", "samples", "window", "ask"]; // what a bet is about
export const FIELDS = [...ASKED, "f", "seen", "mode", "scale", "copies", "bet"];
const FINITE = Number.isFinite;
const CHECKS = {
  n: oneOf(...LENGTHS),
  signal: (value, model) =>
    ["tone", "drawn"].includes(value) || Object.hasOwn(model.get("signals"), value),
  tone: FINITE,
  samples: (value) => Array.isArray(value) && value.every(FINITE),
  window: oneOf("none", "hann"),
  f: FINITE,
  seen: listOf(FINITE, FINITE),
  mode: oneOf("wound", "walk", "halves"),
  scale: oneOf("linear", "decibel"),
  copies: oneOf(true, false),
  ask: (value) => Number.isInteger(value) && value >= -1,
  bet: listOf(FINITE, FINITE),
};

// The lowest and the highest f that the crank reaches without showing what repeats.
const newOnes = ({ n }) => [0, n / 2];
const everywhere = ({ n }) => [-n / 2, n];
export const shown = (state) => (state.copies ? everywhere(state) : newOnes(state));

// Whether the crank has been at every line that is news: only then are they counted.
export const earned = ({ n, seen }) => seen[0] <= 0 && seen[1] >= n / 2;

// The f from 0 to n/2 with the same magnitude: n turns more change nothing, backwards is mirrored.
export function folded(f, n) {
  const once = f - n * Math.floor(f / n);
  return Math.min(once, n - once);
}

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), { n } = next, into = within(shown(next));
  if (next.mode === "halves" && next.signal !== "tone") { // only a wave has two halves
    if ("mode" in patch) next.signal = "tone";
    else next.mode = "wound";
  }
  if (n !== state.n) { // another record: stay on the axis that is shown
    if (!("f" in patch)) next.f = into(next.f);
    if (!("seen" in patch)) next.seen = next.seen.map(into);
  }
  if (patch.copies === false) {
    next.f = folded(next.f, n);
    next.seen = next.seen.map(within(newOnes(next)));
  }
  next.f = within(everywhere(next))(next.f);
  const been = next.seen.length ? next.seen.map(within(everywhere(next))) : [0];
  next.seen = [Math.min(next.f, ...been), Math.max(next.f, ...been)];
  if (next.seen[0] < 0 || next.seen[1] > n / 2) next.copies = true;
  next.tone = within(newOnes(next))(next.tone);
  next.samples = drawnSamples(next, () => signalOf(state, model.get("signals")), n);
  next.ask = Math.min(next.ask, n / 2);
  const other = ASKED.some((name) => !same(next[name], state[name]));
  if (next.ask < 0 || (other && !("bet" in patch))) next.bet = [];
  next.bet = next.bet.map(within([-1, 1]));
  return next;
}

const within = ([low, high]) => (value) => clamp(value, low, high);

export function signalOf({ n, signal, tone, samples }, signals) {
  if (signal === "tone") return range(n).map((j) => Math.cos((2 * Math.PI * tone * j) / n));
  return signal === "drawn" ? samples : signals[signal][LENGTHS.indexOf(n)];
}

// ---- what is shown -----------------------------------------------------------------------------
export const sumAt = (x, f) =>
  x.reduce((sum, value, j) => plus(sum, times([value, 0], unit((-j * f) / x.length))), [0, 0]);

// X at every FINE-th of a turn from 0 to n; from there on it repeats.
function fineSpectrum(x) {
  const places = FINE * x.length, table = range(places).map((m) => unit(-m / places));
  return range(places).map((m) => {
    let re = 0, im = 0;
    for (let j = 0; j < x.length; j++) {
      const w = table[(j * m) % places];
      re += x[j] * w[0];
      im += x[j] * w[1];
    }
    return [re, im];
  });
}

// The signal without its k-th wave, which for real samples is the (n - k)-th as well.
export function without(x, k) {
  const { length } = x, X = sumAt(x, k), both = (2 * k) % length ? 2 : 1;
  return x.map((value, j) => value - (both * times(X, unit((j * k) / length))[0]) / length);
}

const faded = (x) => x.map((value, j) => value * Math.sin((Math.PI * j) / x.length) ** 2);
const windowed = ({ window }, x) => window === "hann" ? faded(x) : x;
const wound = (x, f) => x.map((value, j) => times([value, 0], unit((-j * f) / x.length)));

// Make the function state -> view; it keeps the last spectrum, since the crank does not change it.
export function makeView(model) {
  const signals = model.get("signals");
  let kept = { x: [], fine: [] };
  return (state) => {
    const raw = signalOf(state, signals), x = windowed(state, raw);
    if (!same(x, kept.x)) kept = { x, fine: fineSpectrum(x) };
    const found = wind(state, kept);
    const kinds = kindsOf(state, found), halves = halvesOf(state, found);
    return { raw, ...found, kinds, halves, ...answer(state, kept) };
  };
}

function wind({ n, f }, { x, fine }) {
  const points = wound(x, f), walk = [[0, 0]];
  for (const point of points) walk.push(plus(walk.at(-1), point));
  const total = walk.at(-1), spectrum = range(n).map((k) => fine[k * FINE]);
  const heights = spectrum.slice(0, n / 2 + 1).map(size), highest = Math.max(...heights);
  const loud = heights.filter((height) => height > LOUD * highest).length;
  return {
    x,
    points,
    walk,
    total,
    centre: times([1 / n, 0], total),
    longest: x.reduce((sum, value) => sum + Math.abs(value), 0),
    fine,
    spectrum,
    highest,
    above: highest > 1e-9 ? loud : 0,
  };
}

// What each line of a wave's spectrum is: its own, leakage, or zero. Other signals have no kinds.
function kindsOf({ n, signal, tone, window }, { spectrum, highest }) {
  if (signal !== "tone") return [];
  return spectrum.map((sum, k) => {
    if (size(sum) < NOTHING * highest) return "zero";
    return Math.abs(folded(k, n) - tone) < LOBE[window] ? "own" : "leak";
  });
}

// A wave is half a wave that winds forward and half a one that winds back: the first as it is
// wound, and the centres of mass of both.
function halvesOf(state, { points, centre }) {
  const { n, tone, f, mode } = state;
  if (mode !== "halves") return null;
  const heights = windowed(state, range(n).map(() => 0.5));
  const forth = heights.map((height, j) => times([height, 0], unit(((tone - f) * j) / n)));
  const forward = times([1 / points.length, 0], forth.reduce(plus));
  return { forth, forward, back: minus(centre, forward) };
}

// Whether a question is open, its truth, and how far off a bet was once the crank has been there.
function answer({ n, seen, ask, bet }, { fine }) {
  const asked = ask >= 0, reached = ask >= seen[0] && ask <= seen[1];
  const truth = asked ? times([1 / n, 0], fine[ask * FINE]) : null;
  const off = bet.length && reached ? size(minus(bet, truth)) : null;
  return { truth, open: asked && !reached && !bet.length, off };
}
