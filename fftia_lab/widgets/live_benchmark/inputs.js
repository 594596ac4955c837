// What contenders compute with: numbers at random, the same in every run, as float32.
import { CHANNELS, depthOf } from "./butterfly_kernel.js";
import { range } from "../kit/numbers.js";

const HEADS = 4, SEQUENCES = 64;

// Uniform numbers below 1 from a counter whose bits are mixed (the finaliser of MurmurHash3).
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let bits = state;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  };
}

// Normal numbers (Box and Muller, 1958).
function normal(count, seed, scale = 1) {
  const next = uniform(seed);
  return Float32Array.from(
    { length: count },
    () => scale * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
}

export function attentionInputs(n, seed) {
  const count = HEADS * n * CHANNELS, each = CHANNELS ** 2, depth = depthOf(n);
  const [x, keys, values] = range(3).map((i) => normal(count, seed + i));
  const spread = 1.5 / Math.sqrt(CHANNELS); // wide enough that gates are far from a half
  const [w_q, w_k] = range(2).map((i) => normal(depth * HEADS * each, seed + 3 + i, spread));
  return { n, heads: HEADS, x, queries: x, keys, values, w_q, w_k, scores: scoresOf(w_q, w_k) };
}

// M = W_q W_kᵀ / √d of every stage and head, in double precision, then rounded once.
function scoresOf(w_q, w_k) {
  const d = CHANNELS, found = new Float32Array(w_q.length);
  for (let row = 0; row < found.length / d; row++) {
    const start = row - (row % d); // of the matrix, in rows
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let c = 0; c < d; c++) sum += w_q[row * d + c] * w_k[(start + j) * d + c];
      found[row * d + j] = sum / Math.sqrt(d);
    }
  }
  return found;
}

export function fourierInputs(n, seed) {
  const angle = (k) => (-2 * Math.PI * k) / n;
  const roots = Float32Array.from(
    { length: 2 * n },
    (_, i) => i % 2 ? Math.sin(angle(i >> 1)) : Math.cos(angle(i >> 1)),
  );
  return { n, sequences: SEQUENCES, x: normal(2 * n * SEQUENCES, seed), roots };
}
