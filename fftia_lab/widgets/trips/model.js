// An FFT and its trips through memory, as plain data: what is fetched, what is in the cache, bytes.
import { HELD, momentBefore, planOf, visitAt } from "./plan.js";
import { clamp, range } from "../kit/numbers.js";
import { oneOf, wished } from "../kit/state.js";

export const LEAST = 10; // log2 of the number of samples
export const MOST = 20;
export const SIZES = range(MOST - LEAST + 1).map((i) => 2 ** (LEAST + i));
export const RADICES = [2, 4, 8, 16];
export const ORDERS = ["pass", "depth", "grid"];
export const WIDTH = 16; // bytes of a complex sample
const CELLS = 64; // of the map, at most, across and down
const LATER = 2 ** -40; // of a trip: far less than there is between two fetches

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

// The cells that are in the cache: those that were fetched last, as many as it holds. Of cells that
// were fetched together the later ones stay.
function cachedCells(plan, { across, down, wide, tall, columns }, time) {
  const moments = new Float64Array(across * down);
  for (let cell = 0; cell < moments.length; cell++) {
    const place = Math.floor(cell / across) * tall * columns + (cell % across) * wide;
    moments[cell] = momentBefore(plan, place, time) + cell * LATER;
  }
  const most = Math.min(Math.floor((moments.length * HELD) / plan.n), moments.length);
  const cut = Math.max(Float64Array.from(moments).sort()[moments.length - most], 0);
  return range(moments.length).filter((cell) => moments[cell] >= cut);
}

const sum = (numbers) => numbers.reduce((all, one) => all + one, 0);

// Trips through memory, and products a sample if a butterfly multiplies by its whole matrix.
const COUNTS = new Map(SIZES.map((n) => [n, countsOf(n)]));
function countsOf(n) {
  return RADICES.map((radix) => {
    const plans = ORDERS.map((order) => planOf({ n, radix, order }));
    return {
      trips: plans.map(({ fetches }) => fetches.length),
      products: sum(plans[0].passes),
    };
  });
}

// Of a sample, after so many passes.
const productsOf = (passes, done) => sum(passes.map((width, i) => width * clamp(done - i, 0, 1)));

export function makeView() {
  return (state) => {
    const plan = planOf(state), { n, stage } = state, trip = 2 * WIDTH * n;
    const visit = stage ? visitAt(plan, stage) : null, grid = gridOf(n), done = visit?.done ?? 0;
    return {
      depth: plan.fetches.length,
      passes: plan.passes, // how many samples meet in each
      fits: n <= HELD,
      fetches: plan.fetches,
      visit,
      grid,
      cached: stage ? cachedCells(plan, grid, stage) : [],
      bytes: { trip, memory: trip * stage, registers: trip * done },
      products: productsOf(plan.passes, done),
      counts: COUNTS.get(n),
    };
  };
}
