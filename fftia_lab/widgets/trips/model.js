// An FFT and its trips through memory, as plain data: what is fetched, what is in the cache, bytes.
import { HELD, momentsOf, planOf, visitAt } from "./plan.js";
import { clamp, range } from "../kit/numbers.js";
import { oneOf, wished } from "../kit/state.js";

export const LEAST = 10; // log2 of the number of samples
export const MOST = 20;
export const SIZES = range(MOST - LEAST + 1).map((i) => 2 ** (LEAST + i));
export const RADICES = [2, 4, 8, 16];
export const ORDERS = ["pass", "depth", "grid"];
export const WIDTH = 16; // bytes of a complex sample
const CELLS = 64; // of the map, at most, across and down

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "radix", "order", "stage"];
const CHECKS = {
  n: oneOf(...SIZES),
  radix: oneOf(...RADICES),
  order: oneOf(...ORDERS),
  stage: Number.isFinite,
};

export const depthOf = (state) => planOf(state).fetches.length;

// A figure at its end stays there.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), depth = depthOf(next);
  if (!("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  return next;
}

// ---- what is shown -----------------------------------------------------------------------------

// Memory as a square of cells, row by row; a cell stands for the places from its first on.
function gridOf(n) {
  const bits = Math.log2(n), rows = 2 ** Math.floor(bits / 2), columns = n / rows;
  const down = Math.min(rows, CELLS), across = Math.min(columns, CELLS);
  return { rows, columns, down, across, tall: rows / down, wide: columns / across };
}

// The cells that are in the cache: those that were fetched last, as many as it holds.
function cachedCells(plan, grid, time) {
  const { across, down, wide, tall, columns } = grid;
  const latest = range(across * down).map((cell) => {
    const place = Math.floor(cell / across) * tall * columns + (cell % across) * wide;
    return [momentsOf(plan, place).findLast((moment) => moment < time) ?? -1, cell];
  });
  const fetched = latest.filter(([moment]) => moment >= 0);
  const most = Math.floor((across * down * HELD) / plan.n);
  return fetched.sort(([a, i], [b, k]) => b - a || k - i).slice(0, most).map(([, cell]) => cell);
}

const COUNTS = new Map(SIZES.map((n) => [n, countsOf(n)]));
function countsOf(n) {
  return RADICES.map((radix) => {
    const plans = ORDERS.map((order) => planOf({ n, radix, order }));
    return {
      trips: plans.map(({ fetches }) => fetches.length),
      products: plans[0].passes.reduce((all, width) => all + width, 0),
    };
  });
}

export function makeView() {
  return (state) => {
    const plan = planOf(state), { n, stage } = state, trip = 2 * WIDTH * n;
    const visit = stage ? visitAt(plan, stage) : null, grid = gridOf(n);
    return {
      depth: plan.fetches.length,
      passes: plan.passes.length,
      fits: n <= HELD,
      fetches: plan.fetches,
      visit,
      grid,
      cached: stage ? cachedCells(plan, grid, stage) : [],
      bytes: { trip, memory: trip * stage, registers: trip * (visit?.done ?? 0) },
      counts: COUNTS.get(n),
    };
  };
}
