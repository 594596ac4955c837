// A place and its block of the product, or an order and its ways, as plain data.
import { clashesOf, gatesOf, looped, onlyWays, wayOf } from "./routes.js";
import { clamp, elapsed, range } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";
import { ancestors, descendants, wiring } from "../shared/wiring.js";

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "mode", "gates", "node", "entry", "order", "stage"];
export const SIZES = [4, 8];
export const SETS = 4;
const WIRED = { block: "butterfly", pass: "butterfly", benes: "benes" };
const isPair = (value) => Array.isArray(value) && value.length === 2 && value.every(whole);
const CHECKS = {
  n: oneOf(...SIZES),
  mode: oneOf(...Object.keys(WIRED)),
  gates: oneOf(...range(SETS)),
  node: isPair,
  entry: (value) => isPair(value) || (Array.isArray(value) && !value.length),
  order: (value) =>
    Array.isArray(value) && SIZES.includes(value.length) &&
    range(value.length).every((token) => value.includes(token)),
  stage: Number.isFinite,
};

const wires = ({ mode, n }) => wiring(WIRED[mode], n);
export const depthOf = (state) => wires(state).strides.length;
export const cutsOf = ({ n }) => depthOf({ mode: "block", n });

// Orders with a name; token i is to end with the value of token order[i].
export const ORDERS = {
  ends: (n) => range(n).map((i) => (i % (n - 1) ? i : n - 1 - i)),
  right: (n) => range(n).map((i) => (i + n - 1) % n),
  backwards: (n) => range(n).map((i) => n - 1 - i),
  shuffle: (n) => range(n).map((i) => (i % 2 ? (n + i - 1) / 2 : i / 2)),
};

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if ("order" in patch && !("n" in patch)) next.n = next.order.length;
  if (next.order.length !== next.n) next.order = ORDERS.ends(next.n);
  const depth = depthOf(next), last = next.n - 1;
  if (!("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  next.node = [Math.min(next.node[0], cutsOf(next)), Math.min(next.node[1], last)];
  next.entry = next.entry.map((place) => Math.min(place, last));
  return next;
}

// ---- what is shown -----------------------------------------------------------------------------

// What of every earlier place is in one place after `cut` stages: a column of shares a stage.
function into({ partners }, gates, cut, place) {
  const columns = [range(gates[0].length).map((i) => Number(i === place))];
  for (let stage = cut - 1; stage >= 0; stage--) {
    const before = columns[0].map(() => 0);
    columns[0].forEach((share, i) => {
      before[i] += share * (1 - gates[stage][i]);
      before[partners[stage][i]] += share * gates[stage][i];
    });
    columns.unshift(before);
  }
  return columns;
}

// How much of one place is in every later one, from the cut on.
function outOf({ partners }, gates, cut, place) {
  const columns = [range(gates[0].length).map((i) => Number(i === place))];
  for (let stage = cut; stage < gates.length; stage++) {
    const now = columns.at(-1), gate = gates[stage];
    columns.push(now.map((own, i) => own + gate[i] * (now[partners[stage][i]] - own)));
  }
  return columns;
}

// The rows and the columns of a place: who will hear it, and whom it has heard.
function blockOf(wired, [cut, place]) {
  const sorted = (places) => [...places].sort((a, b) => a - b);
  return {
    rows: sorted(descendants(wired, cut, [place]).at(-1)),
    columns: sorted(ancestors(wired, cut, place)[0]),
  };
}

function entryOf(wired, gates, cut, [row, column]) {
  const way = wayOf(wired, column, row), place = way[cut];
  const a = outOf(wired, gates, cut, place).at(-1)[row];
  const b = into(wired, gates, cut, place)[0][column];
  return { row, column, way, place, a, b, value: a * b };
}

// The largest entry of a block: the largest of its column by the largest of its row.
const largest = (shares) => shares.indexOf(Math.max(...shares));

function lookAtBlock(state, wired, gates) {
  const [cut, place] = state.node, cuts = gates.length;
  const inward = into(wired, gates, cut, place), outward = outOf(wired, gates, cut, place);
  const b = inward[0], a = outward.at(-1);
  const chosen = state.entry.length ? state.entry : [largest(a), largest(b)];
  return {
    into: inward,
    outOf: outward,
    a,
    b,
    weights: gates,
    product: range(state.n).map((row) => into(wired, gates, cuts, row)[0]),
    entry: entryOf(wired, gates, cut, chosen),
  };
}

function lookAtOrder({ mode, order, node }, wired) {
  const ways = mode === "benes" ? looped(wired, order) : onlyWays(wired, order);
  const clashes = clashesOf(ways), [cut, place] = node;
  const stuck = ways.map((_, value) =>
    clashes.find(({ values }) => values.includes(value))?.column ?? -1
  );
  return {
    ways,
    clashes,
    stuck, // after which stage a value can go no further; -1: it arrives
    arriving: stuck.filter((column) => column < 0).length,
    settings: clashes.length ? null : gatesOf(ways),
    here: range(order.length).filter((value) => ways[value][cut] === place),
  };
}

function look(state, { gates, counts }) {
  const wired = wires(state), { done, part } = elapsed(state.stage), { n, mode } = state;
  const view = {
    n,
    depth: wired.strides.length,
    done,
    part,
    strides: wired.strides,
    partners: wired.partners,
    counts: counts[n],
    ...(mode === "benes" ? { rows: [], columns: [] } : blockOf(wired, state.node)),
  };
  const special = mode === "block"
    ? lookAtBlock(state, wired, gates[n][state.gates])
    : lookAtOrder(state, wired);
  return { ...view, ...special };
}

export function makeView(model) {
  const tables = model.get("tables");
  return (state) => look(state, tables);
}
