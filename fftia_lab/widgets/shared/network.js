// A signal on its way through a network, as plain data: complex numbers are pairs [re, im].
import { minus, plus, range, size, times, unit } from "../kit/complexes.js";
import { ancestors, bitReversal, descendants, wiring } from "./wiring.js";

export const wires = (state) =>
  wiring(
    state.schedule,
    state.n,
    state.causal,
    state.weights === "fft" && state.decimation === "frequency",
  );

function twiddleTurns(stride, row) {
  return -(row % stride) / (2 * stride);
} // in full turns

function nextColumn(state, { strides, partners }, column, stage, twist) {
  const stride = strides[stage];
  if (state.weights !== "fft") {
    return column.map((own, i) => times([0.5, 0], plus(own, column[partners[stage][i]])));
  }
  return column.map((own, i) => {
    const partner = partners[stage][i],
      low = Math.min(i, partner),
      a = column[low],
      b = column[Math.max(i, partner)];
    const extra = twist.length && twist[0] === stage && twist[1] === low ? twist[2] : 0;
    const w = unit(twiddleTurns(stride, low) + extra);
    if (state.decimation === "time") {
      return i === low ? plus(a, times(w, b)) : minus(a, times(w, b));
    }
    return i === low ? plus(a, b) : times(minus(a, b), w);
  });
}

function run(state, wired, input, twist) {
  const columns = [input];
  for (let stage = 0; stage < wired.partners.length; stage++) {
    columns.push(nextColumn(state, wired, columns[stage], stage, twist));
  }
  return columns;
}

export function signalOf({ n, signal, samples }, signals) {
  return signal === "drawn" ? samples : signals[signal][Math.log2(n) - 1];
}

export function look(state, signals) {
  const { n } = state, wired = wires(state), depth = wired.partners.length;
  const fft = state.weights === "fft";
  const order = fft ? bitReversal(n) : range(n);
  const inOrder = fft && state.decimation === "time" ? order : range(n); // sample of each row, column 0
  const outOrder = fft && state.decimation === "frequency" ? order : range(n); // row -> output index
  const x = signalOf(state, signals);
  const input = inOrder.map((sample) => [x[sample], 0]);
  const columns = run(state, wired, input, state.twist);
  const truth = state.twist.length ? run(state, wired, input, []) : columns;
  const natural = (column) => {
    const sorted = [];
    column.forEach((value, row) => {
      sorted[outOrder[row]] = value;
    });
    return sorted;
  };
  const outputs = natural(columns[depth]), right = natural(truth[depth]);
  const scale = Math.max(1e-12, ...right.map(size));
  const wrong = range(n).filter((k) => size(minus(outputs[k], right[k])) > 1e-9 * scale);
  const view = {
    n,
    depth,
    fft,
    strides: wired.strides,
    partners: wired.partners,
    pairs: fft ? butterflies(wired) : [],
    inOrder,
    outOrder,
    x,
    columns,
    truth,
    outputs,
    right,
    scale,
    wrong,
  };
  if (state.node.length) {
    const [column, row] = state.node, cone = ancestors(wired, column, row);
    Object.assign(view, { cone, heard: [...cone[0]].map((i) => inOrder[i]).sort((a, b) => a - b) });
    if (fft && column) view.pair = pairOf(state, view, column - 1, row);
  }
  if (state.twist.length) {
    const [stage, low] = state.twist, high = wired.partners[stage][low];
    const sources = state.decimation === "time" ? [low, high] : [high];
    view.broken = descendants(wired, stage + 1, sources);
  }
  return view;
}

// Every butterfly of the FFT: its stage, its two rows, its right twiddle in full turns.
function butterflies({ partners, strides }) {
  return partners.flatMap((column, stage) =>
    column.flatMap((
      high,
      low,
    ) => (low < high ? [{ stage, low, high, turns: twiddleTurns(strides[stage], low) }] : []))
  );
}

function pairOf(state, view, stage, row) {
  const found = view.pairs.find((pair) =>
    pair.stage === stage && (pair.low === row || pair.high === row)
  );
  const turned = state.twist.length && state.twist[0] === stage && state.twist[1] === found.low
    ? state.twist[2]
    : 0;
  return { ...found, extra: turned };
}
