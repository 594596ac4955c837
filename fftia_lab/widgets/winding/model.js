// A signal wound f times round a circle, as plain data: X(f) = Σ x_j e^{-2πi jf/n}, nothing divided.
import { drawnSamples, minus, plus, range, size, times, unit } from "../kit/complexes.js";
import { listOf, oneOf, wished } from "../kit/states.js";
import { clamp } from "../kit/kit.js";

export const LENGTHS = [8, 16, 32, 64];
export const FINE = 16; // places between two whole f at which the spectrum is drawn
export const LOUD = 0.05; // a line counts from this part of the highest on

// ---- what can be -------------------------------------------------------------------------------
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
  mode: oneOf("wound", "walk"),
  copies: oneOf(true, false),
  ask: (value) => Number.isInteger(value) && value >= -1,
  bet: listOf(FINITE, FINITE),
};

// The lowest and the highest f that the crank reaches without showing what repeats.
export const newOnes = ({ n }) => [0, n / 2];
export const everywhere = ({ n }) => [-n / 2, n];
export const shown = (state) => (state.copies ? everywhere(state) : newOnes(state));

// Whether the crank has been at every line that is news: only then are they counted.
export const earned = ({ n, seen }) => seen[0] <= 0 && seen[1] >= n / 2;

// The f from 0 to n/2 with the same magnitude: n turns more change nothing, backwards is mirrored.
export function folded(f, n) {
  const once = f - n * Math.floor(f / n);
  return Math.min(once, n - once);
}

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), { n } = next;
  const within = ([low, high]) => (f) => clamp(f, low, high);
  if (n !== state.n) { // another record: stay on the axis that is shown
    if (!("f" in patch)) next.f = within(shown(next))(next.f);
    if (!("seen" in patch)) next.seen = next.seen.map(within(shown(next)));
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
  const other = ["n", "signal", "tone", "samples", "window", "ask"].some((name) =>
    JSON.stringify(next[name]) !== JSON.stringify(state[name])
  );
  if (next.ask < 0 || (other && !("bet" in patch))) next.bet = [];
  next.bet = next.bet.map(within([-1, 1]));
  return next;
}

function signalOf({ n, signal, tone, samples }, signals) {
  if (signal === "tone") return range(n).map((j) => Math.cos((2 * Math.PI * tone * j) / n));
  return signal === "drawn" ? samples : signals[signal][LENGTHS.indexOf(n)];
}

// ---- what is shown -----------------------------------------------------------------------------
export const sumAt = (x, f) =>
  x.reduce((sum, value, j) => plus(sum, times([value, 0], unit((-j * f) / x.length))), [0, 0]);

// X at every FINE-th of a turn from 0 to n; from there on it repeats.
function fineSpectrum(x) {
  const { length } = x, places = FINE * length, table = range(places).map((m) => unit(-m / places));
  return range(places).map((m) => {
    let re = 0, im = 0;
    for (let j = 0; j < length; j++) {
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

// Make the function state -> view; it keeps the last spectrum, since the crank does not change it.
export function makeWinder(signals) {
  let kept = { x: [], fine: [] };
  const keep = (x) => {
    if (x.length !== kept.x.length || x.some((value, j) => value !== kept.x[j])) {
      kept = { x, fine: fineSpectrum(x) };
    }
    return kept;
  };
  return (state) => {
    const { n, f, seen, ask, bet } = state, raw = signalOf(state, signals);
    const { x, fine } = keep(
      state.window === "hann"
        ? raw.map((value, j) => value * Math.sin((Math.PI * j) / n) ** 2)
        : raw,
    );
    const points = x.map((value, j) => times([value, 0], unit((-j * f) / n))), walk = [[0, 0]];
    for (const point of points) walk.push(plus(walk.at(-1), point));
    const total = walk.at(-1),
      centre = times([1 / n, 0], total),
      longest = x.reduce((sum, value) => sum + Math.abs(value), 0);
    const spectrum = range(n).map((k) => fine[k * FINE]);
    const heights = spectrum.slice(0, n / 2 + 1).map(size), highest = Math.max(...heights);
    const above = highest > 1e-9 ? heights.filter((height) => height > LOUD * highest).length : 0;
    const reached = ask >= seen[0] && ask <= seen[1], asked = ask >= 0;
    const truth = asked ? times([1 / n, 0], spectrum[ask]) : null;
    return {
      raw,
      x,
      points,
      walk,
      total,
      centre,
      longest,
      fine,
      spectrum,
      highest,
      above,
      truth,
      open: asked && !reached && !bet.length,
      off: bet.length && reached ? size(minus(bet, truth)) : null,
    };
  };
}
