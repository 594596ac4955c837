// What is stored, to the last byte, and what it loses: kept numbers, INT8, the published way.
import { range } from "../kit/numbers.js";

export const NUMBER = { fp32: 4, fp16: 2 }; // bytes of a real number
// A header of int64: the shape, and what else is needed to read the rest.
const headerOf = (more, axes) => 8 * (more + axes);
export const OF_SPECTRUM = 5; // version, code, count, a power of two, dtype
const OF_NUMBERS = 1; // the code

// The nearest whole number, of two the even one, as every arithmetic unit does.
function even(value) {
  const low = Math.floor(value), part = value - low;
  if (part === 0.5) return low % 2 ? low + 1 : low;
  return part < 0.5 ? low : low + 1;
}

// Eleven binary digits; a power of two in the header keeps all numbers inside the range of fp16.
function half(value) {
  const step = 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10);
  return value ? even(value / step) * step : 0;
}
export const stored = { fp32: Math.fround, fp16: half };

const SEVEN = 128; // a byte of a gap says seven bits, and whether more follow

// Which of so many places are kept: a bit for each, or the gaps between those kept, whichever is
// shorter. For every k the bytes after the first k of `ranks`, and `gaps`, up to which k gaps are.
export function supportCurve(ranks, places) {
  const bitmap = Math.ceil(places / 8), curve = [0], kept = [];
  let gaps = 0;
  for (const rank of ranks) {
    const list = kept.length < bitmap ? insert(kept, rank) : bitmap;
    if (list < bitmap) gaps = curve.length;
    curve.push(Math.min(list, bitmap));
  }
  return { bytes: curve, gaps };
}

// Takes one more rank into a list of ascending ranks; returns how long their gaps are.
function insert(kept, rank) {
  const after = kept.findIndex((other) => other > rank);
  kept.splice(after < 0 ? kept.length : after, 0, rank);
  return kept.reduce((bytes, one, i) => bytes + gapBytes(one - (i ? kept[i - 1] : -1) - 1), 0);
}

const gapBytes = (gap) => (gap < SEVEN ? 1 : 1 + gapBytes(Math.floor(gap / SEVEN)));

const total = (parts) => parts.numbers + parts.indices + parts.header;
export function sparseBytes({ count, indices, each, more, axes }) {
  const parts = { numbers: each * count, indices, header: headerOf(more, axes) };
  return { ...parts, total: total(parts) };
}

// FFT-Tensor's way: complex64 for every entry of the whole spectrum, and an int64 a dimension.
export function publishedBytes(entries, dimensions) {
  const parts = { numbers: 8 * entries, indices: 8 * dimensions * entries, header: 0 };
  return { ...parts, total: total(parts) };
}

// What is lost once the first k of these are kept, relative to all, for every k: `energies` of
// each, and of what storing each loses.
export function errorCurve(energies, losses) {
  const total = energies.reduce((all, one) => all + one, 0), tails = [0];
  for (let i = energies.length - 1; i >= 0; i--) tails.push(tails.at(-1) + energies[i]);
  tails.reverse();
  let lost = 0;
  return tails.map((tail, k) => {
    if (k) lost += losses[k - 1];
    return total ? Math.sqrt((tail + lost) / total) : 0;
  });
}

// The numbers themselves, the largest kept and the others set to 0: for every count of them the
// error and the bytes.
export function pruning(values, axes, precision) {
  const order = range(values.length).sort((a, b) =>
    Math.abs(values[b]) - Math.abs(values[a]) || a - b
  );
  const largest = order.map((i) => values[i]), support = supportCurve(order, values.length);
  const loss = (value) => (value - stored[precision](value)) ** 2;
  const kind = { each: NUMBER[precision], more: OF_NUMBERS, axes };
  return {
    errors: errorCurve(largest.map((value) => value * value), largest.map(loss)),
    bytes: support.bytes.map((indices, k) => sparseBytes({ count: k, indices, ...kind }).total),
  };
}

// Whole numbers of one byte, with one scale for all or one for each row.
export function int8(values, groups) {
  const long = values.length / groups;
  let lost = 0, all = 0;
  for (const group of range(groups)) {
    const part = values.slice(group * long, (group + 1) * long);
    const scale = Math.max(...part.map(Math.abs)) / 127 || 1;
    for (const value of part) {
      lost += (value - even(value / scale) * scale) ** 2;
      all += value * value;
    }
  }
  return { bytes: values.length + 4 * groups, error: all ? Math.sqrt(lost / all) : 0 };
}
