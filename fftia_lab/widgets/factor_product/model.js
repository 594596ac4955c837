// A butterfly as a product of sparse factors, as plain data: complex numbers are pairs [re, im].
import { clamp, elapsed, minus, plus, range, size, times, unit } from "../kit/numbers.js";
import { lastView, listOf, oneOf, same, whole, wished } from "../kit/state.js";
import { bitReversal, wiring } from "../shared/wiring.js";

const NOTHING = [0, 0];
const isZero = ([re, im]) => re === 0 && im === 0;

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "weights", "stage", "entry", "weight", "change", "bet"];
export const SIZES = [4, 8, 16];
const CHECKS = {
  n: oneOf(...SIZES),
  weights: (value, model) => Object.hasOwn(model.get("tables"), value),
  stage: Number.isFinite,
  entry: listOf(whole, whole),
  weight: listOf(whole, whole, whole),
  change: Number.isFinite,
  bet: listOf(whole, whole),
};

export const tableOf = (state, tables) => tables[state.weights][state.n];

// What follows from a table alone: frames ask for it again and again.
const STUDIED = new WeakMap();
function studyOf(n, table) {
  if (!STUDIED.has(table)) {
    const wired = wiring("butterfly", n, false, table.decreasing);
    const order = table.sort ? bitReversal(n) : range(n), { stages } = table;
    const products = runningProducts(n, stages, wired, order);
    STUDIED.set(table, { wired, order, products, nature: natureOf(table) });
  }
  return STUDIED.get(table);
}

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), tables = model.get("tables");
  if (!tables[next.weights][next.n]) { // numbers given from Python have one size
    if ("weights" in patch) next.n = Number(Object.keys(tables[next.weights])[0]);
    else next.weights = "twiddles";
  }
  const table = tableOf(next, tables), { wired, nature } = studyOf(next.n, table);
  const depth = wired.partners.length, resized = next.n !== state.n;
  const other = resized || next.weights !== state.weights;
  if (resized && !("stage" in patch) && state.stage === Math.log2(state.n)) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  next.entry = next.entry.map((place) => place % next.n);
  if (next.weight.length && sideOf(wired, next.weight) < 0) {
    if ("weight" in patch && !same(patch.weight, state.weight)) refuse(next.weight);
    next.weight = [];
  }
  const moved = other || !same(next.weight, state.weight);
  if (!next.weight.length || (moved && !("change" in patch))) next.change = 0;
  if (next.change) next.change = possibleChange(next, table, { wired, nature });
  const old = (other || (next.bet[0] === 0 && moved)) && !("bet" in patch);
  if (old || !isGuess(next, depth)) next.bet = [];
  return next;
}

function refuse(weight) {
  throw new Error(`weight cannot be ${JSON.stringify(weight)}: no factor has an entry there`);
}

function possibleChange({ weight, change }, table, { wired, nature }) {
  const [stage, row] = weight;
  if (nature.turning) return change - Math.round(change);
  const now = table.stages[stage][row][sideOf(wired, weight)][0];
  if (now + change > nature.high) return nature.high - now;
  return now + change < nature.low ? nature.low - now : change;
}

// What may be guessed: how many entries are nonzero after the next factor, or, all multiplied, how
// many a change of the chosen weight will reach. A bet is [factor, or 0 for the change, count].
export function guessesOf(n, factor) {
  const counts = factor
    ? range(Math.log2(n) + 1).map((power) => n * 2 ** power)
    : [1, n / 2, n, n ** 2 / 4, n ** 2];
  return [...new Set(counts)];
}

const isGuess = ({ n, bet: [factor, count] }, depth) =>
  factor <= depth && guessesOf(n, factor).includes(count);

// ---- what is shown -----------------------------------------------------------------------------
// What the numbers of a table are: arrows that turn, shares of a whole, or any real numbers.
function natureOf(table) {
  const rows = table.stages.flat(), turning = rows.flat().some(([, im]) => im !== 0);
  const sharing = !turning && rows.every(isShared);
  const largest = Math.max(1, ...rows.flat().map(size));
  const high = sharing ? 1 : Math.ceil(1.2 * largest); // how far the hand may move a real number
  return { turning, sharing, largest, low: sharing ? 0 : -high, high };
}

const isShared = ([[own], [other]]) =>
  Math.min(own, other) >= 0 && Math.abs(own + other - 1) < 1e-9;

// Which of the two numbers of a row stands in a column: 0 its own, 1 its partner's, -1 neither.
function sideOf({ partners }, [stage, row, column]) {
  const partner = partners[stage]?.[row];
  return partner === undefined ? -1 : column === row ? 0 : column === partner ? 1 : -1;
}

// The factors after the reader's change. Where rows share a whole, the neighbour gives way.
function changedStages({ weight, change }, table, { wired, nature }) {
  if (!weight.length || !change) return table.stages;
  const [stage, row] = weight, side = sideOf(wired, weight), pair = [...table.stages[stage][row]];
  if (nature.turning) pair[side] = times(pair[side], unit(change));
  else {
    pair[side] = plus(pair[side], [change, 0]);
    if (nature.sharing) pair[1 - side] = minus(pair[1 - side], [change, 0]);
  }
  return table.stages.with(stage, table.stages[stage].with(row, pair));
}

// The running products: what stands before the first factor, after it, … after the last.
function runningProducts(n, stages, { partners }, order) {
  const sorted = (row) => range(n).map((column) => (order[row] === column ? [1, 0] : NOTHING));
  const products = [range(n).map(sorted)];
  stages.forEach((rows, stage) => {
    const before = products[stage];
    products.push(rows.map(([own, other], row) => {
      const mine = before[row], theirs = before[partners[stage][row]];
      return range(n).map((column) => plus(times(own, mine[column]), times(other, theirs[column])));
    }));
  });
  return products;
}

// The one way from a column to a row through the first factors: a row after each, or null.
function pathTo([row, column], count, { partners, strides }, order, stages) {
  const rows = [order.indexOf(column)], sides = [], numbers = [];
  for (let stage = 0; stage < count; stage++) {
    const at = rows[stage], side = (at & strides[stage]) === (row & strides[stage]) ? 0 : 1;
    rows.push(side ? partners[stage][at] : at);
    sides.push(side);
    numbers.push(stages[stage][rows[stage + 1]][side]);
  }
  return rows.at(-1) === row ? { rows, sides, numbers } : null;
}

// The entries that the reader's change has reached.
function changedEntries(product, untouched) {
  if (product === untouched) return [];
  return product.flatMap((row, k) =>
    row.flatMap((value, j) => (size(minus(value, untouched[k][j])) > 1e-9 ? [[k, j]] : []))
  );
}

// The factors with the reader's change, and what they make.
function multiply(state, tables) {
  const { n, weight } = state, table = tableOf(state, tables), study = studyOf(n, table);
  const { wired, order, products: untouched } = study, stages = changedStages(state, table, study);
  const changes = stages !== table.stages;
  const products = changes ? runningProducts(n, stages, wired, order) : untouched;
  const counted = (row) => row.filter((value) => !isZero(value)).length;
  const multiplications = stages.flat(2).filter((value) => !isZero(value)).length;
  const chosen = (all) => (weight.length ? all[weight[0]][weight[1]][sideOf(wired, weight)] : null);
  return {
    n,
    depth: wired.partners.length,
    order,
    table,
    wired,
    nature: study.nature,
    stages,
    products,
    untouched,
    nonzero: products.map((product) => product.map(counted)),
    multiplications,
    partners: wired.partners,
    strides: wired.strides,
    stored: multiplications + (table.sort ? n : 0),
    was: chosen(table.stages),
    is: chosen(stages),
  };
}

// How far they are multiplied, and the way of the chosen entry.
function look({ stage, entry }, { wired, ...all }) {
  const { products, untouched, order, stages } = all, { done } = elapsed(stage);
  return {
    ...all,
    done,
    changed: changedEntries(products[done], untouched[done]),
    path: entry.length ? pathTo(entry, done, wired, order, stages) : null,
  };
}

export function makeView(model) {
  const tables = model.get("tables");
  const made = lastView(["n", "weights", "weight", "change"], (state) => multiply(state, tables));
  return (state) => look(state, made(state));
}
