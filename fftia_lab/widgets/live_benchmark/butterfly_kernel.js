// Butterfly attention in WGSL: 64 places of one head stay on chip for up to six stages.
import { range } from "../kit/numbers.js";

export const CHANNELS = 32; // of a head
export const STAGES = 6; // that a launch can hold
const TILE = 2 ** STAGES; // places; with the weights of a stage 12.5 KB, where all devices have 16

// Place a of a pair hears b by the gate σ(a M (b − a)), b hears a by σ(b M (a − b)), where
// M = W_q W_kᵀ / √d. Four invocations share a pair, each with eight channels.
const CODE = `
struct Plan { n: u32, first: u32, begin: u32, end: u32, heads: u32 }
@group(0) @binding(0) var<storage, read> before: array<f32>;       // heads, n, channels
@group(0) @binding(1) var<storage, read_write> after: array<f32>;  // the same
@group(0) @binding(2) var<storage, read> scores: array<f32>;       // stages, heads, channels²: M
@group(0) @binding(3) var<uniform> plan: Plan;
var<workgroup> held: array<f32, ${TILE * CHANNELS}>;
var<workgroup> weight: array<f32, ${CHANNELS * CHANNELS}>;
var<workgroup> part: array<vec2f, 128>;

@compute @workgroup_size(128)
fn butterfly(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let head = group.y * plan.n * ${CHANNELS}u;
  let stride = 1u << plan.first;
  let base = (group.x / stride) * (${TILE}u * stride) + group.x % stride;
  for (var e = me; e < ${TILE * CHANNELS}u; e += 128u) {
    let place = base + (e / ${CHANNELS}u) * stride;
    var value = 0.0;
    if (place < plan.n) { value = before[head + place * ${CHANNELS}u + e % ${CHANNELS}u]; }
    held[e] = value;
  }
  let pair = me / 4u;
  let own = (me % 4u) * 8u;
  for (var s = plan.begin; s < plan.end; s++) {
    let start = ((plan.first + s) * plan.heads + group.y) * ${CHANNELS * CHANNELS}u;
    for (var e = me; e < ${CHANNELS * CHANNELS}u; e += 128u) { weight[e] = scores[start + e]; }
    workgroupBarrier();
    let low = ((pair >> s) << (s + 1u)) | (pair & ((1u << s) - 1u));
    let a = low * ${CHANNELS}u;
    let b = a + (${CHANNELS}u << s);
    var mixed: array<f32, 8>;
    for (var c = 0u; c < 8u; c++) { mixed[c] = 0.0; }  // a declaration in a loop may zero it once
    for (var e = 0u; e < ${CHANNELS}u; e++) {
      let apart = held[b + e] - held[a + e];
      for (var c = 0u; c < 8u; c++) { mixed[c] += apart * weight[(own + c) * ${CHANNELS}u + e]; }
    }
    var score = vec2f(0.0);
    for (var c = 0u; c < 8u; c++) {
      score += mixed[c] * vec2f(held[a + own + c], -held[b + own + c]);
    }
    part[me] = score;
    workgroupBarrier();
    let four = pair * 4u;
    let whole = part[four] + part[four + 1u] + part[four + 2u] + part[four + 3u];
    var gate = 1.0 / (1.0 + exp(-whole));
    if (base + (low + (1u << s)) * stride >= plan.n) { gate = vec2f(0.0); }  // nobody to hear
    for (var c = own; c < own + 8u; c++) {
      let apart = held[b + c] - held[a + c];
      held[a + c] += gate.x * apart;
      held[b + c] -= gate.y * apart;
    }
  }
  workgroupBarrier();
  for (var e = me; e < ${TILE * CHANNELS}u; e += 128u) {
    let place = base + (e / ${CHANNELS}u) * stride;
    if (place < plan.n) { after[head + place * ${CHANNELS}u + e % ${CHANNELS}u] = held[e]; }
  }
}`;

export const depthOf = (n) => Math.ceil(Math.log2(n));

export const launchesOf = (n, most) => Math.ceil(depthOf(n) / most);

// The stages as launches of `most` stages. A place whose partner would lie beyond the last keeps
// what it has: any n from 2 on will do.
export function butterflyJob({ n, heads, x, scores }, most) {
  if (!Number.isInteger(n) || n < 2 || n > 65536) {
    throw new Error(`the butterfly kernel takes 2 to 65,536 places; got ${n}`);
  }
  if (!(most >= 1 && most <= STAGES)) {
    throw new Error(`a launch of the butterfly kernel holds 1 to 6 stages; got ${most}`);
  }
  const depth = depthOf(n), tiles = Math.max(2 ** depth / TILE, 1);
  const highest = Math.log2(tiles); // a tile never reaches past the end
  const launches = range(launchesOf(n, most)).map((i) => {
    const start = i * most, first = Math.min(start, highest), begin = start - first;
    const buffers = [i ? `y${(i - 1) % 2}` : "x", `y${i % 2}`, "scores"];
    return {
      entry: "butterfly",
      buffers,
      words: [n, first, begin, begin + Math.min(most, depth - start), heads, 0, 0, 0],
      groups: [tiles, heads],
    };
  });
  const arrays = { x, scores, y0: x.length, y1: x.length };
  return { kernels: { butterfly: CODE }, arrays, launches, result: launches.at(-1).buffers[1] };
}
