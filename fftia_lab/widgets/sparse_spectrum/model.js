// What is compressed, what is kept of its spectrum, what is lost and what it costs, as plain data.
import {
  errorCurve,
  int8,
  NUMBER,
  OF_SPECTRUM,
  pruning,
  publishedBytes,
  sparseBytes,
  stored,
  supportCurve,
} from "./bytes.js";
import { energyOf, rebuilt, sorted, weightOf } from "./spectrum.js";
import { clamp } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";
import { drawnSamples } from "../shared/samples.js";

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = [
  "kind",
  "signal",
  "samples",
  "image",
  "weights",
  "kept",
  "precision",
  "published",
  "bet",
];
const SAMPLES = 64;
export const COUNTS = { signal: 33, image: 514, weights: 514 }; // coefficients to keep
export const KINDS = Object.keys(COUNTS);
export const GUESSES = [5, 20, 45, 70]; // percent
export const FIFTH = 103; // of the coefficients of weights

const named = (kind, ...more) => (value, model) =>
  typeof value === "string" && (Object.hasOwn(model.get("tables")[kind], value) ||
    more.includes(value));
const CHECKS = {
  kind: oneOf(...KINDS),
  signal: named("signal", "drawn"),
  samples: (value) => Array.isArray(value) && value.every(Number.isFinite),
  image: named("image"),
  weights: named("weights"),
  kept: whole,
  precision: oneOf(...Object.keys(NUMBER)),
  published: oneOf(true, false),
  bet: oneOf(0, ...GUESSES),
};

// What is named is shown; of another number of coefficients the same share is kept.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (!("kind" in patch)) {
    for (const kind of KINDS) if (kind in patch) next.kind = kind;
    if ("samples" in patch) next.kind = "signal";
  }
  const before = COUNTS[state.kind], count = COUNTS[next.kind];
  if (count !== before && !("kept" in patch)) {
    next.kept = Math.floor((2 * state.kept * count + before) / (2 * before));
  }
  next.kept = clamp(next.kept, 1, count);
  next.samples = drawnSamples(next, () => samplesOf(state, model.get("tables")), SAMPLES);
  return next;
}

export const samplesOf = ({ signal, samples }, tables) =>
  samples.length ? samples : tables.signal[signal].values;

// What is compressed: { note, shape, values }.
function thingOf(state, tables) {
  const { kind } = state;
  if (kind !== "signal") return tables[kind][state[kind]];
  const values = samplesOf(state, tables);
  const { note } = tables.signal[state.signal] ?? { note: "Drawn by you." };
  return { note, shape: [1, SAMPLES], values };
}

// ---- what is shown -----------------------------------------------------------------------------

// Make the function state -> view; what follows from thing and precision alone is computed once.
export function makeView(model) {
  const tables = model.get("tables");
  let known = { values: null, precision: "" };
  return (state) => {
    const thing = thingOf(state, tables), { precision } = state;
    if (thing.values !== known.values || precision !== known.precision) {
      known = { values: thing.values, precision, ...study(thing, precision) };
    }
    const { curves, asStored } = known;
    return { ...thing, ...curves, ...look(state, curves, asStored, thing) };
  };
}

// A signal is one row here, and one axis of what is stored.
export const axesOf = ([rows]) => (rows > 1 ? 2 : 1);

// The coefficients as they are stored, and what every way to store the thing costs and loses.
function study({ values, shape }, precision) {
  const waves = sorted(values, shape), keep = stored[precision];
  const asStored = waves.map((wave) => ({ ...wave, re: keep(wave.re), im: keep(wave.im) }));
  const losses = waves.map((wave, i) =>
    energyOf({ ...wave, re: wave.re - asStored[i].re, im: wave.im - asStored[i].im })
  );
  const column = (name) => waves.map((wave) => wave[name]), [rows] = shape;
  const support = supportCurve(column("rank"), waves.length), entries = entriesOf(waves);
  const total = (published) => (_, k) =>
    bytesOf(k, { precision, published }, { shape, support, entries }).total;
  const curves = {
    places: column("place"),
    twins: column("twin"),
    sizes: waves.map((wave) => Math.sqrt(energyOf(wave))),
    errors: errorCurve(waves.map(energyOf), losses),
    support,
    entries,
    totals: { whole: entries.map(total(false)), published: entries.map(total(true)) },
    pruned: pruning(values, axesOf(shape), precision),
    int8: (rows > 1 ? [1, rows] : [1]).map((groups) => int8(values, groups)),
  };
  return { curves, asStored };
}

// For every k how many entries of the whole spectrum the first k stand for.
function entriesOf(waves) {
  const entries = [0];
  for (const wave of waves) entries.push(entries.at(-1) + weightOf(wave));
  return entries;
}

// The bytes of the first k coefficients in all their parts: stored whole, or as published.
function bytesOf(k, { precision, published }, { shape, support, entries }) {
  const axes = axesOf(shape);
  if (published) return publishedBytes(entries[k], axes);
  const each = 2 * NUMBER[precision], indices = support.bytes[k];
  return sparseBytes({ count: k, indices, each, more: OF_SPECTRUM, axes });
}

function look(state, curves, asStored, { values, shape }) {
  const { kept } = state, dense = NUMBER.fp32 * values.length;
  const bytes = bytesOf(kept, state, { ...curves, shape });
  return {
    count: asStored.length,
    rebuilt: rebuilt(asStored.slice(0, kept), shape),
    error: curves.errors[kept],
    dense,
    bytes,
    ratio: dense / bytes.total,
    rival: rivalOf(curves.totals.whole[kept], curves.pruned),
  };
}

// Pruning to no more bytes: how many numbers are left, their bytes and the error.
function rivalOf(most, { errors, bytes }) {
  const count = Math.max(0, bytes.findLastIndex((each) => each <= most));
  return { count, error: errors[count], bytes: bytes[count] };
}
