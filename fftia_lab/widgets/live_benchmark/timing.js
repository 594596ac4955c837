// Contenders in turns, in another order each round, in samples long enough for a coarse clock.
import { timed } from "./device.js";
import { range } from "../kit/numbers.js";

export const SAMPLE = 0.01; // seconds at least, as clocks of browsers are rounded to 0.1 ms
export const WARMUP = 2; // rounds that are forgotten
const CASE = 8; // seconds for all rounds of a contest, about; five rounds in any case
const FEWEST = 5;

// Who goes when: first, last, second, last but one …, rotated by one each round (Williams, 1949).
export function order(names, turn) {
  const zigzag = names.map((_, place) => Math.ceil(place / 2) * (place % 2 ? -1 : 1));
  return zigzag.map((place) => names[(place + turn + names.length) % names.length]);
}

// Whether the device's own clock goes: some browsers leave it at nought.
const goes = ({ waited, stamped }) => stamped > 0.1 * waited && stamped <= 1.02 * waited;

// How many runs a sample takes, and whether both clocks could tell its time.
async function calibrate(opened, ready, signal) {
  for (let loops = 1;; loops *= 2) {
    const found = await timed(opened, ready, loops), stamped = goes(found);
    const shortest = stamped ? Math.min(found.stamped, found.waited) : found.waited;
    if (shortest >= SAMPLE || signal.aborted) return { loops, stamped };
  }
}

// Seconds of each contender in each round: { names: { loops, seconds } }, and who told the time.
// `tell` hears how far it is, 0 to 1. An aborted one returns null.
export async function inTurns(opened, contenders, { rounds, tell, signal }) {
  const names = Object.keys(contenders), loops = {}, seconds = [];
  let clock = "stamped";
  for (const name of names) {
    const found = await calibrate(opened, contenders[name], signal);
    loops[name] = found.loops;
    if (!found.stamped) clock = "waited";
  }
  const began = performance.now();
  let wanted = rounds;
  for (let turn = 0; turn < WARMUP + wanted; turn++) {
    const round = {};
    for (const name of order(names, turn)) {
      if (signal.aborted) return null;
      await timed(opened, contenders[name], loops[name]); // as many that are not timed
      round[name] = (await timed(opened, contenders[name], loops[name]))[clock] / loops[name];
    }
    if (turn >= WARMUP) seconds.push(round);
    if (turn === WARMUP - 1) wanted = affordable(rounds, (performance.now() - began) / 1000);
    tell((turn + 1) / (WARMUP + wanted));
  }
  const of = (name) => ({ loops: loops[name], seconds: seconds.map((round) => round[name]) });
  return { clock, timings: Object.fromEntries(names.map((name) => [name, of(name)])) };
}

const affordable = (rounds, warm) =>
  Math.min(rounds, Math.max(FEWEST, Math.floor((CASE * WARMUP) / warm)));

// Median and quartiles, as NumPy interpolates them, to four digits.
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part) => {
    const place = part * (sorted.length - 1), low = Math.floor(place);
    const high = sorted[Math.min(low + 1, sorted.length - 1)];
    return Number((sorted[low] + (place - low) * (high - sorted[low])).toPrecision(4));
  };
  return { median: at(0.5), lower: at(0.25), upper: at(0.75) };
}

export const ratios = (seconds, baseline) =>
  range(seconds.length).map((i) => seconds[i] / baseline[i]);
