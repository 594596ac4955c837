// This page's GPU: opened or refused in words, jobs made ready on it, one sample of time.

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;
const NO_WEBGPU = "This browser has no WebGPU: nothing is measured here.";
const INSECURE =
  "Browsers give WebGPU only to pages that came over HTTPS, from this machine or from disk: " +
  "nothing is measured here.";
const NO_ADAPTER = "This browser knows WebGPU and finds no GPU for it: nothing is measured here.";

// Why nothing can be measured on this page, as far as can be told without asking; "" otherwise.
export function whyNot() {
  if (globalThis.navigator?.gpu) return "";
  return globalThis.isSecureContext === false ? INSECURE : NO_WEBGPU;
}

// Opens the fastest adapter. `lost` rejects when the device is gone: everything races against it.
export async function openDevice() {
  const why = whyNot();
  if (why) throw new Error(why);
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error(NO_ADAPTER);
  const stamped = adapter.features.has("timestamp-query");
  const requiredFeatures = stamped ? ["timestamp-query"] : [];
  const device = await adapter.requestDevice({ requiredFeatures });
  const lost = device.lost.then(({ message }) => {
    throw new Error(
      `The device was lost${message ? `: ${message}` : ""}. What was measured stays.`,
    );
  });
  lost.catch(() => {}); // nobody may be waiting
  const stamps = stamped ? makeStamps(device) : null;
  return { device, ...nameOf(adapter), stamps, lost, compiled: new Map() };
}

function nameOf(adapter) {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info ?? {};
  const words = description || [vendor, architecture, device].filter(Boolean).join(" ");
  const software = Boolean(isFallbackAdapter ?? adapter.isFallbackAdapter) ||
    SOFTWARE.test([vendor, architecture, device, description].join(" "));
  return { name: words || "an adapter that tells no name", software };
}

// ---- a job on the device -----------------------------------------------------------------------
// Buffers, kernels and what each launch binds; an error of memory or of a kernel is thrown.
export async function prepare(opened, job) {
  const { device, lost } = opened;
  for (const filter of ["validation", "out-of-memory"]) device.pushErrorScope(filter);
  const made = Promise.all([pipelinesOf(opened, job), buffersOf(device, job)])
    .then(([pipelines, buffers]) => ({ buffers, steps: stepsOf(device, job, pipelines, buffers) }));
  const settled = await Promise.race([Promise.allSettled([made]), lost]);
  const [memory, invalid] = [await device.popErrorScope(), await device.popErrorScope()];
  if (memory) throw new Error(`The GPU has no memory for this: ${memory.message}`);
  if (invalid) throw new Error(`The browser refuses the kernel: ${invalid.message}`);
  if (settled[0].reason) throw new Error(`The browser refuses the kernel: ${settled[0].reason}`);
  const { buffers, steps } = settled[0].value;
  return {
    steps,
    result: buffers[job.result],
    release: () => Object.values(buffers).forEach((one) => one.destroy()),
  };
}

// A kernel is compiled once for all sizes.
async function pipelinesOf({ device, compiled }, { kernels }) {
  const made = Object.entries(kernels).map(async ([entryPoint, code]) => {
    if (!compiled.has(code)) {
      const module = device.createShaderModule({ code });
      const compute = { module, entryPoint };
      compiled.set(code, device.createComputePipelineAsync({ layout: "auto", compute }));
    }
    return [entryPoint, await compiled.get(code)];
  });
  return Object.fromEntries(await Promise.all(made));
}

function buffersOf(device, { arrays }) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const made = Object.entries(arrays).map(([name, given]) => {
    const size = 4 * (given.length ?? given), buffer = device.createBuffer({ size, usage });
    if (given.length) device.queue.writeBuffer(buffer, 0, given);
    return [name, buffer];
  });
  return Object.fromEntries(made);
}

function stepsOf(device, { launches }, pipelines, buffers) {
  return launches.map(({ entry, buffers: names, words, groups }) => {
    const plan = device.createBuffer({
      size: 4 * words.length,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(plan, 0, new Uint32Array(words));
    const entries = [...names.map((name) => buffers[name]), plan]
      .map((buffer, binding) => ({ binding, resource: { buffer } }));
    const pipeline = pipelines[entry], layout = pipeline.getBindGroupLayout(0);
    return { pipeline, bound: device.createBindGroup({ layout, entries }), groups };
  });
}

function encode(encoder, { steps }, loops, timestampWrites) {
  const pass = encoder.beginComputePass(timestampWrites ? { timestampWrites } : {});
  for (let i = 0; i < loops; i++) {
    for (const { pipeline, bound, groups } of steps) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bound);
      pass.dispatchWorkgroups(...groups);
    }
  }
  pass.end();
}

// Runs a job once; returns its numbers.
export async function outcome({ device, lost }, ready) {
  const { size } = ready.result;
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const copy = device.createBuffer({ size, usage }), encoder = device.createCommandEncoder();
  encode(encoder, ready, 1);
  encoder.copyBufferToBuffer(ready.result, 0, copy, 0, size);
  device.queue.submit([encoder.finish()]);
  await Promise.race([copy.mapAsync(GPUMapMode.READ), lost]);
  const found = new Float32Array(copy.getMappedRange().slice(0));
  copy.destroy();
  return found;
}

// ---- time --------------------------------------------------------------------------------------
// Two timestamps of the device. Browsers round them to 0.1 ms, so that a sample must be long.
function makeStamps(device) {
  const querySet = device.createQuerySet({ type: "timestamp", count: 2 });
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = device.createBuffer({ size: 16, usage: QUERY_RESOLVE | COPY_SRC });
  const copy = device.createBuffer({ size: 16, usage: MAP_READ | COPY_DST });
  return {
    writes: { querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    resolve(encoder) {
      encoder.resolveQuerySet(querySet, 0, 2, resolved, 0);
      encoder.copyBufferToBuffer(resolved, 0, copy, 0, 16);
    },
    async seconds() {
      await copy.mapAsync(GPUMapMode.READ);
      const [began, ended] = new BigUint64Array(copy.getMappedRange().slice(0));
      copy.unmap();
      return Number(ended - began) / 1e9;
    },
  };
}

// Seconds that so many runs of a job take, as the page has waited and as the device has stamped.
export async function timed(opened, ready, loops) {
  const { device, stamps, lost } = opened, encoder = device.createCommandEncoder();
  encode(encoder, ready, loops, stamps?.writes);
  stamps?.resolve(encoder);
  const commands = encoder.finish(), began = performance.now();
  device.queue.submit([commands]);
  await Promise.race([device.queue.onSubmittedWorkDone(), lost]);
  const waited = (performance.now() - began) / 1000;
  const stamped = stamps ? await Promise.race([stamps.seconds(), lost]) : 0;
  return { waited, stamped };
}
