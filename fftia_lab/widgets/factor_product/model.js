// A butterfly as a product of sparse factors, as plain data: complex numbers are pairs [re, im].
import { bitReversal, wiring } from "../shared/wiring.js";
import { minus, plus, range, size, times, unit } from "../kit/complexes.js";

const NOTHING = [0, 0];
const isZero = ([re, im]) => re === 0 && im === 0;

export const tableOf = (state, tables) => tables[state.weights][state.n];
export const factorWiring = (n, table) => wiring("butterfly", n, false, table.decreasing);

export function natureOf(table) {
  const rows = table.stages.flat();
  const turning = rows.flat().some(([, im]) => im !== 0);
  const sharing = !turning &&
    rows.every(([own, other]) =>
      Math.min(own[0], other[0]) >= 0 && Math.abs(own[0] + other[0] - 1) < 1e-9
    );
  const largest = Math.max(1, ...rows.flat().map(size));
  const high = sharing ? 1 : Math.ceil(1.2 * largest); // how far the hand may move a real number
  return { turning, sharing, largest, low: sharing ? 0 : -high, high };
}

// Which of the two numbers of a row stands in a column: 0 its own, 1 its partner's, -1 neither.
export function sideOf({ partners }, [stage, row, column]) {
  const partner = partners[stage]?.[row];
  return partner === undefined ? -1 : column === row ? 0 : column === partner ? 1 : -1;
}

// The factors after the reader's change. Where rows share a whole, the neighbour gives way.
function changedStages(state, table, wired, nature) {
  if (!state.weight.length || !state.change) return table.stages;
  const [stage, row] = state.weight, side = sideOf(wired, state.weight);
  const pair = [...table.stages[stage][row]];
  if (nature.turning) pair[side] = times(pair[side], unit(state.change));
  else {
    pair[side] = plus(pair[side], [state.change, 0]);
    if (nature.sharing) pair[1 - side] = minus(pair[1 - side], [state.change, 0]);
  }
  return table.stages.map((
    rows,
    s,
  ) => (s === stage ? rows.map((old, i) => (i === row ? pair : old)) : rows));
}

// The running products: what stands before the first factor, after it, … after the last.
function runningProducts(n, stages, { partners }, order) {
  const start = range(n).map((row) =>
    range(n).map((column) => (order[row] === column ? [1, 0] : NOTHING))
  );
  const products = [start];
  stages.forEach((rows, stage) => {
    const before = products[stage];
    products.push(
      rows.map(([own, other], row) =>
        range(n).map((column) =>
          plus(times(own, before[row][column]), times(other, before[partners[stage][row]][column]))
        )
      ),
    );
  });
  return products;
}

// The one way from a column to a row through the first `count` factors: a row after each, or null.
export function pathTo([row, column], count, { partners, strides }, order, stages) {
  const rows = [order.indexOf(column)], sides = [], numbers = [];
  for (let stage = 0; stage < count; stage++) {
    const at = rows[stage], side = (at & strides[stage]) === (row & strides[stage]) ? 0 : 1;
    rows.push(side ? partners[stage][at] : at);
    sides.push(side);
    numbers.push(stages[stage][rows[stage + 1]][side]);
  }
  return rows.at(-1) === row ? { rows, sides, numbers } : null;
}

export function multiply(state, tables) {
  const { n } = state, table = tableOf(state, tables), wired = factorWiring(n, table);
  const nature = natureOf(table),
    depth = wired.partners.length,
    done = Math.floor(state.stage + 1e-9);
  const order = table.sort ? bitReversal(n) : range(n);
  const stages = changedStages(state, table, wired, nature);
  const products = runningProducts(n, stages, wired, order);
  const untouched = stages === table.stages
    ? products
    : runningProducts(n, table.stages, wired, order);
  const nonzero = products.map((product) =>
    product.map((row) => row.filter((value) => !isZero(value)).length)
  );
  const changed = [];
  products[done].forEach((row, k) =>
    row.forEach((value, j) => {
      if (size(minus(value, untouched[done][k][j])) > 1e-9) changed.push([k, j]);
    })
  );
  const multiplications = stages.flat(2).filter((value) => !isZero(value)).length;
  return {
    n,
    depth,
    done,
    order,
    table,
    nature,
    stages,
    products,
    untouched,
    nonzero,
    changed,
    multiplications,
    partners: wired.partners,
    strides: wired.strides,
    stored: multiplications + (table.sort ? n : 0),
    path: state.entry.length ? pathTo(state.entry, done, wired, order, stages) : null,
    was: state.weight.length
      ? table.stages[state.weight[0]][state.weight[1]][sideOf(wired, state.weight)]
      : null,
    is: state.weight.length
      ? stages[state.weight[0]][state.weight[1]][sideOf(wired, state.weight)]
      : null,
  };
}
