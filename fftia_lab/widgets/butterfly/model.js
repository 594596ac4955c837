// The state of the butterfly network: what can be, and what follows from a wish.
import { clamp } from "../kit/numbers.js";
import { listOf, oneOf, same, whole, wished } from "../kit/state.js";
import { look, signalOf, wires } from "../shared/network.js";
import { drawnSamples } from "../shared/samples.js";

const WIRED = ["n", "schedule", "causal", "weights", "decimation"]; // what the wires depend on
export const FIELDS = [...WIRED, "stage", "signal", "samples", "node", "twist", "bet"];
export const SIZES = [2, 4, 8, 16, 32, 64];
const CHECKS = {
  n: oneOf(...SIZES),
  schedule: oneOf("butterfly", "shift", "benes"),
  causal: oneOf(true, false),
  weights: oneOf("fft", "average", "gates", "learned"),
  decimation: oneOf("time", "frequency"),
  stage: Number.isFinite,
  node: listOf(whole, whole),
  twist: listOf(whole, whole, Number.isFinite),
  bet: oneOf(0, 1, ...SIZES),
  samples: (value) => Array.isArray(value) && value.every(Number.isFinite),
  signal: (value, model) => value === "drawn" || Object.hasOwn(model.get("signals"), value),
};

export const depthOf = (state) => wires(state).partners.length;

// Weights that were made for the whole butterfly.
const WHOLE = ["fft", "learned"];

// A wish becomes a state that can be: the FFT needs the whole butterfly, a node needs a row.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (WHOLE.includes(next.weights) && (next.schedule !== "butterfly" || next.causal)) {
    const asked = WHOLE.includes(patch.weights) && !("schedule" in patch) && !("causal" in patch);
    if (asked) Object.assign(next, { schedule: "butterfly", causal: false });
    else next.weights = "average";
  }
  const rewired = WIRED.some((name) => next[name] !== state[name]);
  const { partners } = wires(next), depth = partners.length;
  if (rewired && !("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  const [stage, low] = next.twist, lost = next.weights !== "fft" || !(partners[stage]?.[low] > low);
  if (next.twist.length && (lost || (rewired && !("twist" in patch)))) next.twist = [];
  if (next.node.length) next.node = [Math.min(next.node[0], depth), next.node[1] % next.n];
  if (!("bet" in patch) && !same(next.node, state.node)) next.bet = 0;
  next.samples = drawnSamples(next, () => signalOf(state, model.get("signals")), next.n);
  return next;
}

export function makeView(model) {
  const signals = model.get("signals"), tables = model.get("tables");
  return (state) => ({
    ...look(state, signals, tables[state.n].blocks),
    learned: state.weights === "learned" ? tables[state.n] : null,
  });
}
