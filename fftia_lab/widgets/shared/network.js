// A signal on its way through a network, as plain data: complex numbers are pairs [re, im].
import { minus, plus, range, size, times, unit } from "../kit/numbers.js";
import { weightsOf } from "./weighing.js";
import { ancestors, bitReversal, descendants, wiring } from "./wiring.js";

export const wires = (state) =>
  wiring(
    state.schedule,
    state.n,
    state.causal,
    state.weights === "fft" && state.decimation === "frequency",
  );

const twiddleTurns = (stride, row) => -(row % stride) / (2 * stride); // in full turns

function nextColumn(state, { strides, partners }, column, stage, { twist, blocks }) {
  const partner = partners[stage];
  if (state.weights !== "fft") {
    const values = column.map(([re]) => re);
    const [own, other] = weightsOf(state.weights, { stage, values, partner, blocks });
    return values.map((x, i) => [own[i] * x + other[i] * values[partner[i]], 0]);
  }
  return column.map((_, i) => {
    const low = Math.min(i, partner[i]), a = column[low], b = column[Math.max(i, partner[i])];
    const turned = twist[0] === stage && twist[1] === low ? twist[2] : 0;
    const w = unit(twiddleTurns(strides[stage], low) + turned);
    if (state.decimation === "time") {
      return i === low ? plus(a, times(w, b)) : minus(a, times(w, b));
    }
    return i === low ? plus(a, b) : times(minus(a, b), w);
  });
}

function run(state, wired, input, given) {
  const columns = [input];
  for (let stage = 0; stage < wired.partners.length; stage++) {
    columns.push(nextColumn(state, wired, columns[stage], stage, given));
  }
  return columns;
}

export function signalOf({ n, signal, samples }, signals) {
  return signal === "drawn" ? samples : signals[signal][Math.log2(n) - 1];
}

// In which order samples stand in column 0, and outputs in the last column.
function ordersOf({ n, weights, decimation }) {
  const reversed = weights === "fft" ? bitReversal(n) : range(n);
  return decimation === "time" ? [reversed, range(n)] : [range(n), reversed];
}

// Values in the order of their outputs.
function sorted(column, order) {
  const natural = [];
  column.forEach((value, row) => natural[order[row]] = value);
  return natural;
}

// `blocks` are the learned numbers, where the weights are.
export function look(state, signals, blocks) {
  const wired = wires(state), depth = wired.partners.length, x = signalOf(state, signals);
  const fft = state.weights === "fft", [inOrder, outOrder] = ordersOf(state);
  const input = inOrder.map((sample) => [x[sample], 0]);
  const columns = run(state, wired, input, { twist: state.twist, blocks });
  const truth = state.twist.length ? run(state, wired, input, { twist: [] }) : columns;
  const [outputs, right] = [columns, truth].map((all) => sorted(all[depth], outOrder));
  const scale = Math.max(1e-12, ...right.map(size));
  const view = {
    n: state.n,
    depth,
    fft,
    strides: wired.strides,
    partners: wired.partners,
    pairs: fft ? butterflies(wired) : [],
    inOrder,
    outOrder,
    x,
    columns,
    weights: fft ? [] : columns.slice(0, depth).map((column, stage) =>
      weightsOf(state.weights, {
        stage,
        values: column.map(([re]) => re),
        partner: wired.partners[stage],
        blocks,
      })
    ),
    truth,
    outputs,
    right,
    scale,
    wrong: range(state.n).filter((k) => size(minus(outputs[k], right[k])) > 1e-9 * scale),
  };
  return { ...view, ...ofNode(state, view), ...ofTwist(state, view) };
}

// What the chosen node has heard, and the pair that made it.
function ofNode(state, view) {
  if (!state.node.length) return {};
  const [column, row] = state.node, cone = ancestors(view, column, row);
  const heard = [...cone[0]].map((i) => view.inOrder[i]).sort((a, b) => a - b);
  const pair = view.fft && column ? { pair: pairOf(state, view, column - 1, row) } : {};
  return { cone, heard, ...pair };
}

// What a turned twiddle reaches.
function ofTwist(state, view) {
  if (!state.twist.length) return {};
  const [stage, low] = state.twist, high = view.partners[stage][low];
  const sources = state.decimation === "time" ? [low, high] : [high];
  return { broken: descendants(view, stage + 1, sources) };
}

// Every butterfly of the FFT: its stage, its two rows, its right twiddle in full turns.
function butterflies({ partners, strides }) {
  return partners.flatMap((column, stage) =>
    column.flatMap((high, low) => {
      const pair = { stage, low, high, turns: twiddleTurns(strides[stage], low) };
      return low < high ? [pair] : [];
    })
  );
}

// The pair that makes a row, with what was added to its twiddle, and its one product.
function pairOf({ twist, decimation }, { pairs, columns }, stage, row) {
  const inPair = (pair) => pair.low === row || pair.high === row;
  const found = pairs.find((pair) => pair.stage === stage && inPair(pair));
  const turned = twist[0] === stage && twist[1] === found.low, extra = turned ? twist[2] : 0;
  const [a, b] = [found.low, found.high].map((place) => columns[stage][place]);
  const factor = decimation === "time" ? b : minus(a, b);
  return { ...found, extra, product: times(unit(found.turns + extra), factor) };
}
