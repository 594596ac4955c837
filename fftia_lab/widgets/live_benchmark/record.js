// A run as a record: the form of fftia_lab.bench.record, which Python writes and reads.
import { CONTESTS, SEED } from "./contests.js";
import { SOFTWARE } from "./words.js";
import { ratios, SAMPLE, spread, WARMUP } from "./timing.js";

const CLOCKS = {
  stamped: "the device's timestamps",
  waited: "the page's clock, from submission until the work is done",
};

// An empty record of a suite on an opened device.
export function begin(suite, { name, software }, rounds) {
  const { series, about } = CONTESTS[suite];
  return {
    name: suite,
    quick: false,
    complete: false,
    date: now(),
    commit: null,
    command: "LiveBenchmark, in a page",
    device: {
      kind: "webgpu",
      name: software ? `${name} (${SOFTWARE})` : name,
      cores: 0,
      threads: null,
    },
    software: { system: systemName(), browser: browserName() },
    settings: { rounds, warmup: WARMUP, sample_seconds: SAMPLE, seed: SEED },
    entries: [],
    skipped: [],
    conditions: { [series]: about },
  };
}

// A run that was stopped goes on now.
export const goneOn = (before) => ({
  ...before,
  skipped: [],
  resumed: [...(before.resumed ?? []), now()],
});

const now = () => `${new Date().toISOString().slice(0, 19)}+00:00`;
const agent = () => globalThis.navigator?.userAgent ?? "";
const browserName = () =>
  agent().match(/(Firefox|Edg|OPR|Chrome|Version)\/[\d.]+/)?.[0].replace("Version", "Safari") ??
    "unknown";
const systemName = () =>
  agent().match(/Windows|Android|iPhone|iPad|Mac OS X|Linux/)?.[0] ?? "unknown";

// What a record keeps of one size: an entry for each contender.
export function entriesOf(suite, n, { timings }, errors) {
  const { series, baseline, shape } = CONTESTS[suite];
  return Object.entries(timings).map(([contender, { loops, seconds }]) => ({
    series,
    contender,
    baseline,
    shape: shape(n),
    dtype: suite === "fft" ? "complex64" : "float32",
    loops,
    rounds: seconds.length,
    error: Number(errors[contender].toPrecision(2)),
    seconds: spread(seconds),
    ratio: spread(ratios(seconds, timings[baseline].seconds)),
  }));
}

export function withClock(record, clock) {
  const [[series, about]] = Object.entries(record.conditions);
  const told = about.includes("; time by ") ? about : `${about}; time by ${CLOCKS[clock]}`;
  return { ...record, conditions: { [series]: told } };
}

export const skippedOf = (suite, n, why) =>
  CONTESTS[suite].contenders.map((contender) => ({
    series: CONTESTS[suite].series,
    contender,
    shape: CONTESTS[suite].shape(n),
    why,
  }));

// ---- a record that somebody loads ------------------------------------------------------------
const text = (value) => typeof value === "string" && value !== "";
const number = Number.isFinite;
const listOf = (check) => (value) => Array.isArray(value) && value.every(check);
const spreadOf = (value) =>
  value?.lower > 0 && value.lower <= value.median && value.median <= value.upper;
const size = (value) => Number.isInteger(value) && value > 0;
const fields = (checks) => (value) =>
  Object.entries(checks).every(([name, check]) => check(value?.[name]));
const ENTRY = {
  series: text,
  contender: text,
  baseline: text,
  shape: (value) => listOf(size)(value) && value.length > 0,
  dtype: text,
  loops: number,
  rounds: number,
  error: number,
  seconds: spreadOf,
  ratio: spreadOf,
};
const CHECKS = {
  name: text,
  date: text,
  complete: (value) => typeof value === "boolean",
  device: fields({ kind: text, name: text }),
  entries: listOf(fields(ENTRY)),
};

// Reads a file's text; throws a sentence about the first thing that is wrong with it.
export function parse(written) {
  let record;
  try {
    record = JSON.parse(written);
  } catch {
    throw new Error("This file is no run: it is not JSON.");
  }
  const wrong = Object.keys(CHECKS).find((name) => !CHECKS[name](record?.[name]));
  if (wrong) throw new Error(`This file is no run: its “${wrong}” is missing or wrong.`);
  if (!record.entries.length) throw new Error("This run holds nothing: it has no entries.");
  return record;
}
