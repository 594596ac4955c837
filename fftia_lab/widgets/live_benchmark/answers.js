// The right answers in double precision, by other ways than the kernels go. `rest` is awaited now
// and then, so that the page stays alive. An answer is { places, numbers }: where it was computed.
import { CHANNELS, depthOf } from "./butterfly_kernel.js";
import { range } from "../kit/numbers.js";

const D = CHANNELS;
const WHOLE = 1024; // queries up to which dense attention is computed for all of them

// Every stage from its definition: q = x W_q, k = x W_k, a softmax over two scores.
export async function butterflyAnswer({ n, heads, x, w_q, w_k }, rest) {
  const numbers = Float64Array.from(x), size = n * D;
  for (const stage of range(depthOf(n))) {
    for (const head of range(heads)) {
      const own = numbers.subarray(head * size, (head + 1) * size), at = (stage * heads + head) * D;
      const q = product(own, w_q, at), k = product(own, w_k, at);
      own.set(mixed(own, q, k, n, 2 ** stage));
      await rest();
    }
  }
  return { places: null, numbers };
}

// Rows of x times a matrix that begins at a row of `weights`.
function product(x, weights, start) {
  const found = new Float64Array(x.length), base = start * D;
  for (let row = 0; row < x.length; row += D) {
    for (let c = 0; c < D; c++) {
      const value = x[row + c], from = base + c * D;
      for (let j = 0; j < D; j++) found[row + j] += value * weights[from + j];
    }
  }
  return found;
}

function dot(a, i, b, j) {
  let sum = 0;
  for (let c = 0; c < D; c++) sum += a[i * D + c] * b[j * D + c];
  return sum;
}

function mixed(x, q, k, n, stride) {
  const found = x.slice();
  for (let i = 0; i < n; i++) {
    const j = i ^ stride;
    if (j >= n) continue;
    const own = dot(q, i, k, i), other = dot(q, i, k, j);
    const gate = 1 / (1 + Math.exp((own - other) / Math.sqrt(D)));
    for (let c = 0; c < D; c++) found[i * D + c] += gate * (x[j * D + c] - x[i * D + c]);
  }
  return found;
}

// A softmax over all scores; of long sequences 64 queries a head, spread over all tiles.
export async function denseAnswer({ n, heads, queries, keys, values }, rest) {
  const rows = n <= WHOLE ? range(n) : range(64).map((i) => Math.floor(((i + 0.61) * n) / 64));
  const places = n <= WHOLE ? null : [];
  const numbers = new Float64Array(heads * rows.length * D);
  for (const head of range(heads)) {
    for (const [number, row] of rows.entries()) {
      const start = (head * rows.length + number) * D;
      numbers.set(attended(queries, keys, values, head * n, row, n), start);
      for (const c of places ? range(D) : []) places.push((head * n + row) * D + c);
    }
    await rest();
  }
  return { places, numbers };
}

function attended(queries, keys, values, first, row, n) {
  const scores = Float64Array.from(
    { length: n },
    (_, j) => dot(queries, first + row, keys, first + j) / Math.sqrt(D),
  );
  const largest = scores.reduce((a, b) => Math.max(a, b)), found = new Float64Array(D);
  let sum = 0;
  for (let j = 0; j < n; j++) {
    const weight = Math.exp(scores[j] - largest);
    sum += weight;
    for (let c = 0; c < D; c++) found[c] += weight * values[(first + j) * D + c];
  }
  return found.map((value) => value / sum);
}

// Halves of even and odd samples, as in chapter 2.
export async function fourierAnswer({ n, sequences, x }, rest) {
  const numbers = new Float64Array(x.length);
  for (const sequence of range(sequences)) {
    const start = 2 * n * sequence;
    numbers.set(transformed(Float64Array.from(x.subarray(start, start + 2 * n))), start);
    if (sequence % 8 === 7) await rest();
  }
  return { places: null, numbers };
}

function transformed(x) {
  const n = x.length / 2;
  if (n === 1) return x;
  const half = (odd) => transformed(x.filter((_, i) => ((i >> 1) & 1) === odd));
  const [even, odd] = [half(0), half(1)], found = new Float64Array(2 * n);
  for (let k = 0; k < n / 2; k++) {
    const angle = (-2 * Math.PI * k) / n, [c, s] = [Math.cos(angle), Math.sin(angle)];
    const re = c * odd[2 * k] - s * odd[2 * k + 1], im = c * odd[2 * k + 1] + s * odd[2 * k];
    found[2 * k] = even[2 * k] + re;
    found[2 * k + 1] = even[2 * k + 1] + im;
    found[2 * k + n] = even[2 * k] - re;
    found[2 * k + n + 1] = even[2 * k + 1] - im;
  }
  return found;
}

// The largest deviation over the root mean square of what is wanted; NaN if any number is none.
export function deviation(found, { places, numbers }) {
  let largest = 0, squares = 0;
  for (let i = 0; i < numbers.length; i++) {
    const off = Math.abs(found[places ? places[i] : i] - numbers[i]);
    largest = Math.max(largest, off); // which keeps NaN
    squares += numbers[i] ** 2;
  }
  return largest / Math.sqrt(squares / numbers.length);
}
