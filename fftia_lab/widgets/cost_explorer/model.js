// The least time of each mechanism at every length, as plain data: bounds, crossings, points.
import { bandwidthFor, boundOf, crossover, MECHANISMS } from "./counts.js";
import { range } from "../kit/numbers.js";
import { oneOf, wished } from "../kit/state.js";

const powers = (from, to) => range(to - from + 1).map((i) => 2 ** (from + i));
export const SIZES = powers(4, 17);
export const DIMS = powers(7, 12);
export const HEADS = powers(0, 5);
export const PROJECTIONS = ["head", "model"];
export const WIDTHS = { float32: 4, "16-bit": 2 }; // bytes of a number
export const NAMES = Object.keys(MECHANISMS);
export const CROSSING = ["butterfly", "projected"]; // whose bound is set against that of "dense"

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "dim", "heads", "projection", "dtype", "device"];
const CHECKS = {
  n: oneOf(...SIZES),
  dim: oneOf(...DIMS),
  heads: oneOf(...HEADS),
  projection: oneOf(...PROJECTIONS),
  dtype: oneOf(...Object.keys(WIDTHS)),
  device: (value, model) => Object.hasOwn(model.get("tables").devices, value),
};
export const settle = (state, patch, model) => wished(state, patch, CHECKS, model);

// ---- what is shown -----------------------------------------------------------------------------
export function makeView(model) {
  const tables = model.get("tables");
  return (state) => {
    const device = tables.devices[state.device], place = SIZES.indexOf(state.n);
    const counted = SIZES.map((n) => costsAt(n, state, device, tables));
    const bounds = SIZES.map((n, i) => boundsAt(n, counted[i], state, device));
    const curves = Object.fromEntries(NAMES.map((name) => [name, bounds.map((one) => one[name])]));
    const least = (name) => curves[name].map(({ seconds }) => seconds);
    return {
      costs: counted[place],
      curves,
      here: bounds[place],
      crossings: Object.fromEntries(
        CROSSING.map((name) => [name, crossover(SIZES, least(name), least("dense"))]),
      ),
      cached: cachedTo(state, device),
      sheet: !device.date,
      date: device.date,
      ...recordsOf(state, tables.points),
    };
  };
}

function costsAt(n, { dim, heads, projection, dtype }, device, tables) {
  const stages = Math.log2(n), shared = tables.launches[`${WIDTHS[dtype]}/${dim / heads}`];
  const fused = device.fused && projection === "head" && shared;
  const launches = fused ? shared[SIZES.indexOf(n)] : stages;
  const given = { n, dim, heads, projection, launches };
  return Object.fromEntries(NAMES.map((name) => [name, MECHANISMS[name](given)]));
}

function boundsAt(n, costs, { dim, dtype }, { rates, copies }) {
  const width = WIDTHS[dtype], bandwidth = bandwidthFor(n * dim * width, copies);
  const roof = { rate: rates[dtype], bandwidth, width };
  return Object.fromEntries(NAMES.map((name) => [name, boundOf(costs[name], roof)]));
}

// The most tokens of which the device's cache holds all that a step writes; 0 if it has none.
function cachedTo({ dim, dtype }, { cache }) {
  return SIZES.findLast((n) => n * dim * WIDTHS[dtype] <= cache) ?? 0;
}

// The recorded points of a state, and, if there are none, of how many channels and heads there are.
function recordsOf({ device, dtype, dim, heads, projection }, all) {
  const here = all.filter((point) => isOn(point, device) && point.dtype === dtype);
  const points = here.filter((point) =>
    point.dim === dim && (point.heads === heads || HEADLESS.has(point.mechanism)) &&
    (!point.projection || point.projection === projection)
  );
  const elsewhere = here.length ? [here[0].dim, here[0].heads] : null;
  return { points, elsewhere: points.length ? null : elsewhere };
}

const HEADLESS = new Set(["projected", "mixing", "fourier"]);

// A run on "NVIDIA H200" belongs to the datasheet of the H200 too.
const isOn = (point, device) =>
  point.device === device || point.device.split(/[^\w]+/).includes(device);
