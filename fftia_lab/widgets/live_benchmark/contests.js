// What this page's GPU can measure: contenders that do a job, as plain data for any executor.
// A job is { kernels: { entry: WGSL }, arrays: { name: numbers, or how many }, launches, result };
// a launch { entry, buffers, words, groups } binds its buffers in order, then its words.
import { butterflyAnswer, denseAnswer, fourierAnswer } from "./answers.js";
import { butterflyJob, launchesOf, STAGES } from "./butterfly_kernel.js";
import { denseJob } from "./dense_kernel.js";
import { fourierJob, passesOf } from "./fourier_kernel.js";
import { attentionInputs, fourierInputs } from "./inputs.js";

export const LIMIT = 1e-4; // relative error of the worst number that counts as right
export const SEED = 20261130;

export const CONTESTS = {
  attention: {
    series: "attention alone, float32",
    growth: 2, // time of the slowest grows with this power of n
    beside: ["forward, float32"], // recorded series over which its points may lie
    baseline: "dense",
    forms: ["butterfly", "butterfly, a launch a stage"],
    contenders: ["dense", "butterfly", "butterfly, a launch a stage"],
    launches: (n) => ({ fused: launchesOf(n, STAGES), single: launchesOf(n, 1) }),
    about: "4 heads of 32 channels, one sequence, float32; butterfly attention with the weights " +
      "of its stages, dense attention with queries, keys and values that are there already",
    shape: (n) => [n],
    make(n) {
      const inputs = attentionInputs(n, SEED);
      const answer = once((rest) => butterflyAnswer(inputs, rest));
      return {
        dense: { job: denseJob(inputs), answer: (rest) => denseAnswer(inputs, rest) },
        butterfly: { job: butterflyJob(inputs, STAGES), answer },
        "butterfly, a launch a stage": { job: butterflyJob(inputs, 1), answer },
      };
    },
  },
  fft: {
    series: "64 sequences, complex64",
    growth: 1.1,
    beside: [],
    baseline: "fft, a launch a pass",
    forms: ["fft", "fft, a launch a pass"],
    contenders: ["fft, a launch a pass", "fft"],
    launches: (n) =>
      Number.isInteger(Math.log2(n))
        ? { fused: passesOf(n, true), single: passesOf(n, false) }
        : null,
    about: "64 sequences at a time, complex numbers of two float32, radix 4",
    shape: (n) => [64, n],
    make(n) {
      const inputs = fourierInputs(n, SEED), answer = once((rest) => fourierAnswer(inputs, rest));
      return {
        "fft, a launch a pass": { job: fourierJob(inputs, false), answer },
        fft: { job: fourierJob(inputs, true), answer },
      };
    },
  },
};

// Two forms have one answer.
function once(make) {
  let made = null;
  return (rest) => made ??= make(rest);
}
