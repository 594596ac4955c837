// The points of a DFT of n samples and the recursion that asks for a polynomial there, as plain
// data. After `fold` squarings n points are m = n / 2^fold; at that level 2^fold calls with m
// samples each ask at all of them. w is a turn's n-th part, backwards, at every level.
import { clamp, elapsed, minus, plus, range, times, unit } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "k", "fold", "call"];
export const SIZES = [4, 8, 16];
const CHECKS = { n: oneOf(...SIZES), k: Number.isFinite, fold: Number.isFinite, call: whole };

export const depthOf = ({ n }) => Math.log2(n);
export const levelOf = ({ fold }) => elapsed(fold).done;

// A place on the circle, once round: 0 to below n.
export function once(k, n) {
  const rest = k - n * Math.floor(k / n);
  return rest < n ? rest : 0;
}

// Points stay folded to the end, z stays where it is, a call hands over to the first of its own.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.n !== state.n) {
    if (!("k" in patch)) next.k = Math.floor((state.k * next.n) / state.n);
    if (!("fold" in patch) && state.fold === depthOf(state)) next.fold = depthOf(next);
  }
  next.k = once(next.k, next.n);
  next.fold = clamp(next.fold, 0, depthOf(next));
  const deeper = levelOf(next) - levelOf(state);
  if (!("call" in patch)) next.call = Math.floor(next.call * 2 ** deeper);
  next.call = Math.min(next.call, 2 ** levelOf(next) - 1);
  return next;
}

// ---- what is shown -----------------------------------------------------------------------------
// The samples of a call, by their numbers: each level deals evens to the left, odds to the right.
export function dealtTo({ n }, level, call) {
  const step = 2 ** level,
    first = range(level).reduce(
      (sum, bit) => sum + (((call >> bit) & 1) << (level - 1 - bit)),
      0,
    );
  return range(n / step).map((j) => first + j * step);
}

// A polynomial by Horner's rule.
const valueAt = (coefficients, z) =>
  coefficients.reduceRight((sum, one) => plus([one, 0], times(z, sum)), [0, 0]);
const every = (list, first) => list.filter((_, j) => j % 2 === first);

export function makeView(model) {
  const signals = model.get("signals");
  return (state) => {
    const { n, k, fold, call } = state, { done, part } = elapsed(fold), m = n / 2 ** done;
    const samples = dealtTo(state, done, call), x = samples.map((j) => signals[n][j]);
    const z = unit(-k / m), onWay = (place) => unit((-place * (1 + part)) / m);
    return {
      depth: depthOf(state),
      level: done,
      part,
      m,
      samples,
      points: range(n).map(onWay),
      moved: [onWay(k), onWay(k + m / 2)], // z and −z, on their way to z²
      z,
      square: times(z, z),
      ...splitAt(x, z),
    };
  };
}

// p(z) and p(−z) out of the even and the odd powers, both taken at z².
function splitAt(x, z) {
  if (x.length === 1) return { even: [x[0], 0], odd: null, product: null, values: [[x[0], 0]] };
  const square = times(z, z), [even, odd] = [0, 1].map((first) => valueAt(every(x, first), square));
  const product = times(z, odd);
  return { even, odd, product, values: [plus(even, product), minus(even, product)] };
}
