// The FFT in WGSL: passes of radix 4, and one of radix 2 where it is needed; 2,048 numbers on chip.
// Every pass leaves its results in order (Stockham), so that no reversal of bits is needed.
const HELD = 2048; // complex numbers of 8 bytes: the 16 KB that every device has
const LONGEST = 65536, THREADS = 256, WIDE = 64;

// Roots come from a table made in double precision: WGSL promises eleven bits of a sine.
const SHARED = `
struct Plan { n: u32, length: u32, done: u32, radix: u32 }
@group(0) @binding(0) var<storage, read> before: array<vec2f>;       // sequences, n
@group(0) @binding(1) var<storage, read_write> after: array<vec2f>;  // the same
@group(0) @binding(2) var<storage, read> roots: array<vec2f>;        // exp(−2πi k/n)
@group(0) @binding(3) var<uniform> plan: Plan;

fn times(a: vec2f, b: vec2f) -> vec2f {
  return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}
fn two(a: vec2f, b: vec2f) -> array<vec2f, 4> {
  return array<vec2f, 4>(a + b, a - b, vec2f(0.0), vec2f(0.0));
}
fn four(a: vec2f, b: vec2f, c: vec2f, d: vec2f) -> array<vec2f, 4> {
  let even = a + c;
  let odd = b + d;
  let rest = a - c;
  let turned = vec2f(b.y - d.y, d.x - b.x);  // −i (b − d)
  return array<vec2f, 4>(even + odd, rest + turned, even - odd, rest - turned);
}`;

// The first launch: each workgroup transforms every (n/length)-th number of a sequence.
const FUSED = `${SHARED}
var<workgroup> held: array<vec2f, ${HELD}>;

@compute @workgroup_size(${THREADS})
fn fused(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) me: u32) {
  let apart = plan.n / plan.length;
  let sequence = group.y * plan.n;
  for (var e = me; e < plan.length; e += ${THREADS}u) {
    held[e] = before[sequence + group.x + e * apart];
  }
  workgroupBarrier();
  var done = 1u;
  while (done < plan.length) {
    let radix = select(4u, 2u, plan.length / done == 2u);
    let count = plan.length / radix;
    let step = plan.n / (done * radix);
    var found: array<vec2f, 8>;  // each is written before it is read
    var at = 0u;
    for (var j = me; j < count; j += ${THREADS}u) {
      let k = (j % done) * step;
      let a = held[j];
      let b = times(held[j + count], roots[k]);
      if (radix == 2u) {
        let out = two(a, b);
        found[at] = out[0];
        found[at + 1u] = out[1];
      } else {
        let c = times(held[j + 2u * count], roots[2u * k]);
        let d = times(held[j + 3u * count], roots[3u * k]);
        let out = four(a, b, c, d);
        found[at] = out[0];
        found[at + 1u] = out[1];
        found[at + 2u] = out[2];
        found[at + 3u] = out[3];
      }
      at += radix;
    }
    workgroupBarrier();
    at = 0u;
    for (var j = me; j < count; j += ${THREADS}u) {
      let to = (j / done) * done * radix + j % done;
      for (var r = 0u; r < radix; r++) { held[to + r * done] = found[at + r]; }
      at += radix;
    }
    workgroupBarrier();
    done *= radix;
  }
  for (var e = me; e < plan.length; e += ${THREADS}u) {
    after[sequence + group.x * plan.length + e] = held[e];
  }
}`;

// One pass through memory: every invocation takes two or four numbers.
const PASS = `${SHARED}

@compute @workgroup_size(${WIDE})
fn one_pass(@builtin(global_invocation_id) id: vec3u) {
  let count = plan.n / plan.radix;
  let j = id.x;
  if (j >= count) { return; }
  let sequence = id.y * plan.n;
  let k = (j % plan.done) * (plan.n / (plan.done * plan.radix));
  let a = before[sequence + j];
  let b = times(before[sequence + j + count], roots[k]);
  var out = two(a, b);
  if (plan.radix == 4u) {
    let c = times(before[sequence + j + 2u * count], roots[2u * k]);
    let d = times(before[sequence + j + 3u * count], roots[3u * k]);
    out = four(a, b, c, d);
  }
  let to = sequence + (j / plan.done) * plan.done * plan.radix + j % plan.done;
  for (var r = 0u; r < plan.radix; r++) { after[to + r * plan.done] = out[r]; }
}`;

// How many launches each form takes: a pass is of radix 4, and the last may be of radix 2.
export function passesOf(n, fused) {
  const passes = (count) => Math.ceil(Math.log2(count) / 2);
  return fused ? 1 + passes(Math.max(n / HELD, 1)) : passes(n);
}

// Both forms of the FFT, `fused` as far as 2,048 numbers go, or a launch for each pass.
export function fourierJob({ n, sequences, x, roots }, fused) {
  if (!(Number.isInteger(Math.log2(n)) && n >= 2 && n <= LONGEST)) {
    throw new Error(`the FFT kernel takes powers of two from 2 to 65,536; got ${n}`);
  }
  const launches = [], length = Math.min(n, HELD);
  let done = 1;
  const add = (entry, words, groups) => {
    const i = launches.length;
    const buffers = [i ? `y${(i - 1) % 2}` : "x", `y${i % 2}`, "roots"];
    launches.push({ entry, buffers, words, groups });
  };
  if (fused) {
    add("fused", [n, length, 0, 0], [n / length, sequences]);
    done = length;
  }
  while (done < n) {
    const radix = n / done === 2 ? 2 : 4;
    add("one_pass", [n, 0, done, radix], [Math.ceil(n / radix / WIDE), sequences]);
    done *= radix;
  }
  const arrays = { x, roots, y0: x.length, y1: x.length };
  return {
    kernels: { fused: FUSED, one_pass: PASS },
    arrays,
    launches,
    result: launches.at(-1).buffers[1],
  };
}
