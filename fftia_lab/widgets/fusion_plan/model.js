// A butterfly cut into launches, as plain data: who holds what, bytes through memory, bounds.
import { depthOf, launchesOf, programOf, usualTile } from "./plan.js";
import { clamp, elapsed, range } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";

export const LEAST = 8; // log2 of the number of places
export const MOST = 20;
export const SIZES = range(MOST - LEAST + 1).map((i) => 2 ** (LEAST + i));
export const TILES = [32, 64, 128, 256];
export const WIDTHS = [16, 32, 64, 128];
export const CHANNELS = 1024; // of a token, all heads together
export const REGISTERS = 256 * 1024; // bytes of them in a multiprocessor
const BYTES = 2; // of a number in memory: bfloat16
const HELD = 4; // of a number on chip: float32

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "dim_head", "tile", "device", "place", "stage"];
const CHECKS = {
  n: oneOf(...SIZES),
  dim_head: oneOf(...WIDTHS),
  tile: oneOf(...TILES),
  device: (value, model) => Object.hasOwn(model.get("tables").devices, value),
  place: whole,
  stage: Number.isFinite,
};

// A figure at its end stays there; a place that is gone becomes the last one.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), depth = depthOf(next);
  if (!("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  next.place = Math.min(next.place, next.n - 1);
  return next;
}

// How many launches there are, a row for each tile, a column for each size.
const COUNTS = TILES.map((tile) => SIZES.map((n) => launchesOf(n, tile).length));

// ---- what is shown -----------------------------------------------------------------------------
export function makeView(model) {
  const { devices, compiled } = model.get("tables");
  return (state) => {
    const { n, dim_head: width, tile, place } = state, launches = launchesOf(n, tile);
    const { done, part } = elapsed(state.stage), stage = part ? done : Math.max(done - 1, 0);
    const now = launches.findLastIndex(({ first }) => first <= stage);
    const stride = 2 ** stage, device = devices[state.device];
    return {
      depth: depthOf(state),
      done,
      part,
      launches,
      now,
      stage,
      stride,
      partner: place ^ stride,
      program: programOf(launches[now], place),
      usual: usualTile(n, width),
      counts: COUNTS,
      ...costs(state, launches.length, device),
      chip: {
        held: HELD * tile * width,
        limit: device.shared,
        capability: device.capability,
        compiled: compiled[[device.capability, tile, width].join("/")] ?? null,
      },
    };
  };
}

// Each launch reads and writes all places once, and each stage has its weights, read once.
function costs({ n, dim_head: width }, launches, device) {
  const depth = depthOf({ n }), weights = BYTES * depth * CHANNELS * width;
  const trip = 2 * BYTES * n * CHANNELS;
  const bytes = { trip, weights, fused: launches * trip + weights, staged: depth * trip + weights };
  const microseconds = (moved) => (1e6 * moved) / device.bandwidth;
  return {
    bytes,
    floors: { fused: microseconds(bytes.fused), staged: microseconds(bytes.staged) },
    cached: trip / 2 <= device.cache ? device.cache : 0,
  };
}
