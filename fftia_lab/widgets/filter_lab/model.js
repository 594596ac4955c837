// A filter and what it does to a signal, as plain data: weights by lag, outputs, who is reached.
import { between, cutResponse, kernelOf, knotsOf, LAST, lengthOf, weightsOf } from "./filter.js";
import { clamp, range, size } from "../kit/numbers.js";
import { oneOf, same, wished } from "../kit/state.js";
import { drawnSamples } from "../shared/samples.js";

export const LENGTHS = [16, 32, 64, 128];
export const MODES = ["sample", "sequence"];
export const TOP = 1.5; // the highest gain of a knot
export const LATEST = 4; // the longest delay
const FELT = 0.01; // a weight counts from this part of the largest on
const NOTHING = 1e-9;

// Filters that have a name: the gains of their knots.
export const FILTERS = {
  identity: [1, 1, 1, 1, 1, 1, 1, 1, 1],
  "low-pass, sharp": [1, 1, 1, 0, 0, 0, 0, 0, 0],
  "low-pass, soft": [1, 0.85, 0.5, 0.15, 0, 0, 0, 0, 0],
  "high-pass": [0, 0, 0, 1, 1, 1, 1, 1, 1],
  "a band": [0, 0, 1, 1, 0, 0, 0, 0, 0],
  "without a band": [1, 1, 1, 1, 0, 1, 1, 1, 1],
};

// ---- what can be -------------------------------------------------------------------------------
// What a bet may be, by its question: whether the first output hears the last input, whether one
// hears the next input, how long the kernel is when n doubles.
export const ANSWERS = {
  "": [],
  seam: ["yes", "no"],
  future: ["yes", "no"],
  double: ["half", "same", "twice"],
};
const ABOUT = ["n", "gains", "delay", "mode", "edge"]; // what a question is about
export const FIELDS = [...ABOUT, "signal", "samples", "at", "ask", "bet"];
const FINITE = Number.isFinite;
const CHECKS = {
  n: oneOf(...LENGTHS),
  gains: (value) => Array.isArray(value) && value.length === LAST + 1 && value.every(FINITE),
  delay: Number.isInteger,
  mode: oneOf(...MODES),
  edge: oneOf("circular", "padded", "causal"),
  signal: (value, model) =>
    ["impulse", "drawn"].includes(value) || Object.hasOwn(model.get("signals"), value),
  samples: (value) => Array.isArray(value) && value.every(FINITE),
  at: FINITE,
  ask: oneOf(...Object.keys(ANSWERS)),
  bet: oneOf("", ...Object.values(ANSWERS).flat()),
};

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), { n } = next;
  const last = state.at === state.n - 1;
  if (!("at" in patch)) next.at = last ? n - 1 : (state.at * n) / state.n; // in the same part of it
  next.at = clamp(next.at, 0, n - 1);
  next.gains = next.gains.map((gain) => clamp(gain, 0, TOP));
  next.delay = clamp(next.delay, -LATEST, LATEST);
  next.samples = drawnSamples(next, () => signalOf(state, model.get("signals")), n);
  const other = ABOUT.some((name) => !same(next[name], state[name]));
  if (other && !("ask" in patch)) next.ask = "";
  if (next.ask !== state.ask && !("bet" in patch)) next.bet = "";
  if (!ANSWERS[next.ask].includes(next.bet)) next.bet = "";
  return next;
}

// The input that is followed: a time between two of them belongs to the nearer one.
const placeOf = ({ at }) => Math.floor(at + 0.5);

export function signalOf({ n, signal, samples, at }, signals) {
  if (signal === "impulse") return range(n).map((i) => (i === placeOf({ at }) ? 1 : 0));
  return signal === "drawn" ? samples : signals[signal][LENGTHS.indexOf(n)];
}

// ---- what is shown -----------------------------------------------------------------------------
// Make the function state -> view; it keeps the last filter, since most changes leave it alone.
export function makeView(model) {
  const signals = model.get("signals");
  let kept = { of: null };
  return (state) => {
    const of = ABOUT.map((name) => state[name]);
    if (!same(of, kept.of)) kept = { of, filter: filterOf(state) };
    const { filter } = kept, x = signalOf(state, signals), place = placeOf(state);
    return {
      ...filter,
      ...filtered(state, filter, x),
      ...reachOf(state, filter, place),
      ...answerOf(state, filter),
      x,
      place,
    };
  };
}

function filterOf(state) {
  const { n, mode, edge } = state, knots = knotsOf(state), padded = edge === "circular" ? 1 : 2;
  const kernel = kernelOf(state, n);
  const last = mode === "sample" ? (padded * n) / 2 : LAST;
  return {
    record: padded * n, // what is transformed
    response: range(last + 1).map((k) => {
      const place = (k * LAST) / last;
      return [place, size(between(knots, place))];
    }),
    kernel,
    weights: weightsOf(state, n),
    largest: Math.max(...kernel.map(Math.abs)),
    ...cutOf(state, kernel),
    lengths: Object.fromEntries(
      MODES.map((mode) => [mode, LENGTHS.map((size) => lengthOf({ ...state, mode }, size))]),
    ),
  };
}

// What a causal filter loses with its negative lags: energy, and the response that was drawn.
function cutOf(state, kernel) {
  if (state.edge !== "causal") return { cut: [], lost: 0, miss: 0 };
  const energies = kernel.map((weight) => weight ** 2);
  const total = energies.reduce((sum, energy) => sum + energy, 0);
  const future = energies.slice(0, state.n - 1).reduce((sum, energy) => sum + energy, 0);
  const cut = cutResponse(state, kernel);
  return {
    cut: cut.map(([place, now]) => [place, now]),
    lost: total > NOTHING ** 2 ? future / total : 0,
    miss: Math.max(...cut.map(([, now, drawn]) => Math.abs(now - drawn))),
  };
}

// Where the way from an input to an output goes: on to later ones, back, or across the seam.
export function wayOf({ n, edge }, lag) {
  if (lag === 0) return "itself";
  if (edge === "circular" && (lag > n / 2 || lag <= -n / 2)) return "round";
  return lag > 0 ? "later" : "earlier";
}

// The output, and what it would be without what comes round the seam.
function filtered(state, { weights }, x) {
  const { n } = state, y = new Array(n).fill(0), own = new Array(n).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const part = weights[i - j + n - 1] * x[j];
      y[i] += part;
      if (wayOf(state, i - j) !== "round") own[i] += part;
    }
  }
  return { y, own };
}

// What a weight must exceed to count.
const threshold = (weights) => Math.max(NOTHING, FELT * Math.max(...weights.map(Math.abs)));

// How many outputs an input changes at all, and how many strongly, by the way that it takes.
function reachOf(state, { weights }, place) {
  const { n } = state, felt = { itself: 0, later: 0, earlier: 0, round: 0 };
  const limit = threshold(weights), lags = range(n).map((i) => i - place);
  const sizeAt = (lag) => Math.abs(weights[lag + n - 1]);
  for (const lag of lags) {
    if (sizeAt(lag) > limit) felt[wayOf(state, lag)]++;
  }
  return { reached: lags.filter((lag) => sizeAt(lag) > NOTHING).length, felt };
}

// Whether a question is open, whether it hides the outputs, its truth in words and in numbers.
function answerOf(state, { weights, lengths }) {
  const { n, mode, ask, bet } = state, open = ask !== "" && bet === "";
  if (ask === "double") {
    const now = lengths[mode][LENGTHS.indexOf(n)], then = lengthOf(state, 2 * n);
    const ratio = Math.log2((then || 1) / (now || 1));
    const answer = ANSWERS.double[clamp(Math.round(ratio), -1, 1) + 1];
    const doubled = open ? [] : weightsOf(state, 2 * n);
    return { open, hidden: false, truth: { answer, now, then }, doubled };
  }
  if (!ask) return { open, hidden: false, truth: null, doubled: [] };
  const weight = weights[n - 1 + (ask === "seam" ? 1 - n : -1)];
  const answer = Math.abs(weight) > threshold(weights) ? "yes" : "no";
  return { open, hidden: open, truth: { answer, weight, itself: weights[n - 1] }, doubled: [] };
}
