// The trips of an FFT: the rule of fftia_lab.cost.travel.
import { range } from "../kit/numbers.js";

export const HELD = 65536; // samples in the cache

const product = (numbers) => numbers.reduce((all, one) => all * one, 1);

export function planOf({ n, radix, order }, held = HELD) {
  const passes = passesOf(n, radix), fetches = [];
  let span = n;
  for (const [first, end] of together(passes, order, held)) {
    const count = product(passes.slice(first, end)), step = span / count;
    fetches.push({ span, step, count, passes: end - first });
    span = step;
  }
  return { n, order, passes, fetches };
}

function passesOf(n, radix) {
  const bits = Math.log2(n), width = Math.log2(radix), full = Math.floor(bits / width);
  const left = bits - full * width;
  return [...range(full).map(() => radix), ...(left ? [2 ** left] : [])];
}

// The first pass of each trip through memory, and the one after its last.
function together(passes, order, held) {
  const all = passes.length, fits = (first, end) => product(passes.slice(first, end)) <= held;
  const alone = (count) => range(count).map((i) => [i, i + 1]);
  if (fits(0, all)) return [[0, all]];
  if (order === "pass") return alone(all);
  if (order === "depth") {
    const inside = range(all).find((first) => fits(first, all));
    return [...alone(inside), [inside, all]];
  }
  const most = range(all).findLast((end) => fits(0, end)), parts = Math.ceil(all / most);
  const end = (part) => Math.ceil((all * part) / parts);
  return range(parts).map((part) => [end(part), end(part + 1)]);
}

// When a place was last fetched before a time, in trips from the start; -1 for never.
export function momentBefore(plan, place, time) {
  return plan.order === "depth" ? deepBefore(plan, place, time) : wideBefore(plan, place, time);
}

function wideBefore({ n, fetches }, place, time) {
  for (let trip = Math.ceil(time) - 1; trip >= 0; trip--) {
    const { span, step, count } = fetches[trip];
    const set = Math.floor(place / span) * step + (place % step), moment = trip + (set * count) / n;
    if (moment < time) return moment;
  }
  return -1;
}

function deepBefore({ n, fetches }, place, time) {
  let start = 0, last = -1;
  for (const [trip, { span, step, count }] of fetches.entries()) {
    const moment = (start + (place % step) * count) / n;
    if (moment >= time) break;
    last = moment;
    start += span + Math.floor((place % span) / step) * step * (fetches.length - trip - 1);
  }
  return last;
}

// What is fetched at a time, the last that has begun: `count` places from `first` on, `step` apart;
// and how many passes are done, of all samples.
export function visitAt(plan, time) {
  return plan.order === "depth" ? deep(plan, time) : wide(plan, time);
}

function wide({ n, fetches }, time) {
  const trip = Math.ceil(time) - 1, { span, step, count, passes } = fetches[trip];
  const set = Math.ceil(((time - trip) * n) / count) - 1;
  const before = fetches.slice(0, trip).reduce((all, fetch) => all + fetch.passes, 0);
  return {
    trip,
    first: Math.floor(set / step) * span + (set % step),
    step,
    count,
    done: before + (time - trip) * passes,
  };
}

// Down the recursion: past the pass of each part, then into the piece of it that is at work.
function deep({ n, passes, fetches }, time) {
  let first = 0, left = time * n, done = 0;
  for (const [trip, { span, step, count, passes: own }] of fetches.entries()) {
    if (left <= span) {
      const offset = Math.ceil(left / count) - 1;
      return { trip, first: first + offset, step, count, done: (done + left * own) / n };
    }
    const inside = step * (fetches.length - trip - 1);
    const part = Math.ceil((left - span) / inside) - 1;
    done += span + part * step * (passes.length - trip - 1);
    left -= span + part * inside;
    first += part * step;
  }
}
