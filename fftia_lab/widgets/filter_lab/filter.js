// A filter as SpectralMixingLayer has it: knots, a response through them, weights by lag.
import { clamp, minus, mix, range, size, times, unit } from "../kit/numbers.js";

export const LAST = 8; // the knots are 0 … 8
const PERIOD = 2 * LAST;

// A delay turns knot k back by k · delay / 16 of a turn; the last is half the sampling rate, real.
export const knotsOf = ({ gains, delay }) =>
  gains.map((gain, k) => {
    const [re, im] = times([gain, 0], unit((-k * delay) / PERIOD));
    return [re, k % LAST ? im : 0];
  });

// The response at a place between knots, on the straight line that joins them.
export function between(knots, place) {
  const low = clamp(Math.floor(place), 0, LAST - 1);
  return [0, 1].map((part) => mix(knots[low][part], knots[low + 1][part], place - low));
}

// The real signal of n samples with these bins from 0 on, and no others.
function inverse(bins, n) {
  const turns = range(n).map((m) => unit(m / n));
  return range(n).map((t) => {
    let sum = 0;
    bins.forEach(([re, im], k) => {
      const [cosine, sine] = turns[(k * t) % n];
      sum += (k && 2 * k < n ? 2 : 1) * (re * cosine - im * sine);
    });
    return sum / n;
  });
}

function sinc(x) {
  return x ? Math.sin(Math.PI * x) / (Math.PI * x) : 1;
}

// The impulse response as a function of the lag. Circular, lags repeat after n samples; else it is
// that of an endless signal, or per sequence of the padded one, of 2n.
const KERNELS = {
  sample: {
    circular(knots, n) {
      const bins = range(n / 2 + 1).map((k) => between(knots, (k * PERIOD) / n));
      return repeated(inverse(bins, n));
    },
    padded(knots) { // a straight line between knots is a squared sinc in time
      const lagged = repeated(inverse(knots, PERIOD));
      return (lag) => sinc(lag / PERIOD) ** 2 * lagged(lag);
    },
  },
  sequence: {
    circular: perSequence,
    padded: (knots, n) => perSequence(knots, 2 * n),
  },
};

// Bins beyond the knots pass as 1, and so do all: the knots say how far they are from that.
function perSequence(knots, n) {
  const kernel = inverse(knots.map((knot) => minus(knot, [1, 0])), n);
  kernel[0] += 1;
  return repeated(kernel);
}

const repeated = (kernel) => (lag) =>
  kernel[((lag % kernel.length) + kernel.length) % kernel.length];

// What an output takes of the input `lag` places before it, at the lags -(n - 1) to n - 1.
export function kernelOf({ mode, edge, ...filter }, n) {
  const wraps = edge === "circular";
  const kernel = KERNELS[mode][wraps ? "circular" : "padded"](knotsOf(filter), n);
  return range(2 * n - 1).map((i) => kernel(i - n + 1));
}

// The weights of a filter are its kernel; a causal one has none at negative lags.
export function weightsOf(state, n) {
  const kernel = kernelOf(state, n);
  return state.edge === "causal" ? kernel.map((weight, i) => (i < n - 1 ? 0 : weight)) : kernel;
}

// The response of what is left when the negative lags are cut, at the bins of 2n samples that lie
// between the knots: [[place, magnitude, magnitude as drawn], …].
export function cutResponse({ mode, ...filter }, weights) {
  const n = (weights.length + 1) / 2, knots = knotsOf(filter), tail = weights.slice(n - 1);
  const turns = range(2 * n).map((m) => unit(-m / (2 * n)));
  const places = mode === "sample" ? range(n + 1).map((k) => (k * LAST) / n) : range(LAST + 1);
  return places.map((place, k) => {
    const sum = [0, 0];
    tail.forEach((weight, lag) => {
      const [cosine, sine] = turns[(k * lag) % (2 * n)];
      sum[0] += weight * cosine;
      sum[1] += weight * sine;
    });
    return [place, size(sum), size(between(knots, place))];
  });
}

// Within how many lags most of what is heard of others lies, by its energy.
const MOST = 0.99, NOTHING = 1e-15;

export function lengthOf(state, n) {
  const weights = weightsOf(state, n), last = state.edge === "circular" ? n / 2 : n - 1;
  const energyAt = (lag) => weights[n - 1 + lag] ** 2;
  const rings = range(last).map((i) => {
    const once = state.edge === "circular" && 2 * (i + 1) === n; // one lag, on either side
    return energyAt(i + 1) + (once ? 0 : energyAt(-i - 1));
  });
  const total = rings.reduce((sum, energy) => sum + energy, 0);
  if (total < NOTHING) return 0;
  let inside = 0;
  return 1 + rings.findIndex((energy) => (inside += energy) >= MOST * total - NOTHING);
}
