// The cover as plain data: 64 tokens, six meetings, and what the wires carry.
import { weigh } from "./attention.js";
import { clamp, elapsed } from "../kit/numbers.js";
import { oneOf, wished } from "../kit/state.js";
import { look } from "../shared/network.js";
import { bit, has, members, popcount, spread } from "../shared/news.js";
import { drawnSamples } from "../shared/samples.js";

export const N = 64;
export const LAST = 6;
export const EVERYONE = "f".repeat(N / 4);
export const CARRIES = [
  ["news", "news"],
  ["fft", "a wave: FFT"],
  ["attention", "attention"],
  ["mixing", "mixing"],
];

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = [
  "wiring",
  "causal",
  "meeting",
  "token",
  "painted",
  "carry",
  "signal",
  "samples",
];
const CHECKS = {
  wiring: oneOf("butterfly", "shift"),
  causal: oneOf(true, false),
  carry: oneOf(...CARRIES.map(([carry]) => carry)),
  meeting: Number.isFinite,
  token: (value) => Number.isInteger(value) && value >= 0 && value < N,
  painted: (value) => /^[0-9a-f]{16}$/.test(value),
  signal: (value, model) => value === "drawn" || Object.hasOwn(model.get("signals"), value),
  samples: (value) => Array.isArray(value) && value.every(Number.isFinite),
};

// The FFT needs the whole butterfly: another wiring carries news.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.carry === "fft" && (next.wiring !== "butterfly" || next.causal)) {
    const asked = patch.carry === "fft" && !("wiring" in patch) && !("causal" in patch);
    if (asked) Object.assign(next, { wiring: "butterfly", causal: false });
    else next.carry = "news";
  }
  next.meeting = clamp(next.meeting, 0, LAST);
  next.samples = drawnSamples(next, () => samplesOf(state, model.get("signals")), N);
  return next;
}

export function samplesOf({ signal, samples }, signals) {
  return signal === "drawn" ? samples : signals[signal][0];
}

const maskOf = (painted) => BigInt(`0x${painted}`);
export const isPainted = ({ painted }, token) => has(maskOf(painted), token);
export const withToken = (painted, token) =>
  (maskOf(painted) | bit(token)).toString(16).padStart(N / 4, "0");

// Acts that let a wave be drawn, and no matrix.
export const isWave = ({ carry }) => carry === "fft" || carry === "mixing";

// Attention opens with everything shown, and the largest value followed; mixing with what was
// drawn, or with a wave of the kind that it has learned.
export function entering(carry, state, signals) {
  if (carry === "mixing") {
    return { carry, meeting: LAST, signal: state.signal === "drawn" ? "drawn" : "one wave" };
  }
  if (carry !== "attention") return { carry };
  const x = samplesOf(state, signals);
  return { carry, painted: EVERYONE, meeting: LAST, token: x.indexOf(Math.max(...x)) };
}

// ---- what is shown -----------------------------------------------------------------------------
function watch(state, signals, tables) {
  const { done, part } = elapsed(state.meeting);
  const { partners, told } = spread(state.wiring, N, state.causal);
  const painted = maskOf(state.painted) | bit(state.token);
  const reached = told.map((column) => column[state.token]);
  const lit = told[done].map((mask, j) => (has(painted, j) ? mask : 0n)); // of whom -> who knows
  const view = {
    done,
    part,
    partners,
    reached,
    lit,
    cells: lit.reduce((sum, mask) => sum + popcount(mask), 0),
    allowed: state.causal ? (N * (N + 1)) / 2 : N * N,
    listeners: state.causal ? N - state.token : N,
    news: members(reached[done], N),
  };
  return { ...view, ...carried(state, view, signals, tables) };
}

function carried({ carry, token, ...state }, { partners, done }, signals, tables) {
  const x = samplesOf(state, signals);
  if (carry === "attention") return { x, ...weigh(x, partners, done, token) };
  if (carry === "mixing") return mixed(state, x, partners, done, tables);
  if (carry !== "fft") return {};
  const wiring = { schedule: "butterfly", causal: false, weights: "fft", decimation: "time" };
  const signal = { n: N, signal: "drawn", samples: x };
  const { columns, outputs } = look({ ...wiring, ...signal, node: [], twist: [] });
  return { x, columns, outputs };
}

const power = (values) => values.reduce((sum, value) => sum + value ** 2, 0);

// The wave with noise on it, what learned numbers make of it, and how much of the noise is left.
function mixed({ wiring, causal }, x, partners, done, { noise, learned }) {
  const table = learned[`${wiring}/${+causal}`], noisy = x.map((value, i) => value + noise[i]);
  const network = { schedule: wiring, causal, weights: "learned", decimation: "time" };
  const signal = { n: N, signal: "drawn", samples: noisy, node: [], twist: [] };
  const { columns } = look({ ...network, ...signal }, {}, table.blocks);
  const values = columns[LAST].map(([re]) => re);
  const meeting = partners.slice(0, done).flatMap((partner) =>
    partner.filter((from, i) => from !== i)
  );
  return {
    x,
    noisy,
    columns,
    table,
    used: N * done + meeting.length, // a token that meets nobody has one number
    left: power(values.map((value, i) => value - x[i])) / power(noise),
  };
}

// All is told and nobody will hear more: cells that may hear and have not are lost.
export const isWhole = ({ painted }, { done }) => painted === EVERYONE && done === LAST;
export const loses = (state, view) =>
  state.carry === "news" && state.causal && isWhole(state, view) && view.cells < view.allowed;

export function makeView(model) {
  const signals = model.get("signals"), tables = model.get("tables");
  return (state) => watch(state, signals, tables);
}
