// Dense attention in WGSL: every query meets all keys, 64 at a time, with an online softmax.
// It follows the idea of FlashAttention (Dao et al., 2022) and is none: no tensor cores, float32.
import { CHANNELS } from "./butterfly_kernel.js";

const TILE = 64, FOURS = CHANNELS / 4;
const CODE = `
@group(0) @binding(0) var<storage, read> queries: array<vec4f>;  // heads, n, channels
@group(0) @binding(1) var<storage, read> keys: array<vec4f>;
@group(0) @binding(2) var<storage, read> values: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> after: array<vec4f>;
@group(0) @binding(4) var<uniform> plan: vec4u;                  // n
var<workgroup> held_keys: array<vec4f, ${TILE * FOURS}>;
var<workgroup> held_values: array<vec4f, ${TILE * FOURS}>;

@compute @workgroup_size(${TILE})
fn dense(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let n = plan.x;
  let head = group.y * n * ${FOURS}u;
  let place = group.x * ${TILE}u + me;
  let row = head + min(place, n - 1u) * ${FOURS}u;
  var query: array<vec4f, ${FOURS}>;
  var sum: array<vec4f, ${FOURS}>;
  for (var c = 0u; c < ${FOURS}u; c++) {
    query[c] = queries[row + c] * ${1 / Math.sqrt(CHANNELS)};
    sum[c] = vec4f(0.0);
  }
  var largest = -1e30;
  var weights = 0.0;
  for (var start = 0u; start < n; start += ${TILE}u) {
    let count = min(${TILE}u, n - start);
    workgroupBarrier();
    for (var e = me; e < count * ${FOURS}u; e += ${TILE}u) {
      held_keys[e] = keys[head + start * ${FOURS}u + e];
      held_values[e] = values[head + start * ${FOURS}u + e];
    }
    workgroupBarrier();
    for (var j = 0u; j < count; j++) {
      var score = 0.0;
      for (var c = 0u; c < ${FOURS}u; c++) { score += dot(query[c], held_keys[j * ${FOURS}u + c]); }
      let top = max(largest, score);
      let keep = exp(largest - top);
      let weight = exp(score - top);
      weights = weights * keep + weight;
      largest = top;
      for (var c = 0u; c < ${FOURS}u; c++) {
        sum[c] = sum[c] * keep + weight * held_values[j * ${FOURS}u + c];
      }
    }
  }
  if (place < n) {
    for (var c = 0u; c < ${FOURS}u; c++) { after[row + c] = sum[c] / weights; }
  }
}`;

export function denseJob({ n, heads, queries, keys, values }) {
  return {
    kernels: { dense: CODE },
    arrays: { queries, keys, values, after: queries.length },
    launches: [{
      entry: "dense",
      buffers: ["queries", "keys", "values", "after"],
      words: [n, 0, 0, 0],
      groups: [Math.ceil(n / TILE), heads],
    }],
    result: "after",
  };
}
