// What the figure of benchmarks says: who is faster, from where on, whether two runs agree.
import { joined, rounded, thousands } from "../kit/numbers.js";

// ---- numbers ---------------------------------------------------------------------------------
const UNITS = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];
const three = (value) => rounded(value).toLocaleString("en");

export function timeText(seconds) {
  const told = rounded(seconds);
  const [scale, unit] = UNITS.find(([scale]) => told >= scale) ?? UNITS.at(-1);
  return `${three(told / scale)}\u00a0${unit}`;
}

export const deviceText = ({ name, threads }) => threads === 1 ? `one thread of ${name}` : name;
export const SOFTWARE = "a software adapter: a time of a CPU";
const dayOf = ({ date }) => date.slice(0, 10);

// ---- the sentence ------------------------------------------------------------------------------
export function describe(_state, view) {
  const { recorded, own, n } = view, size = `At N = ${thousands(n)}`;
  if (!recorded && !own) {
    return `${size} nothing was measured here yet, and no run of this is recorded.`;
  }
  const told = [
    recorded && runText(view, recorded, `${size} on ${deviceText(recorded.device)}`),
    own && runText(view, own, recorded ? `I${yourRun(own)}` : `${size} i${yourRun(own)}`),
    recorded && own && agreementText(view),
  ];
  return told.filter(Boolean).join(" ");
}

const yourRun = ({ device }) =>
  device.name.includes(SOFTWARE) ? "n your run, computed by a CPU," : "n your run";

function runText(view, run, where) {
  const { rival, baseline, n } = view, at = (name) => pointAt(run, name, n);
  const [one, other] = [at(rival), at(baseline)];
  if (!one && !other) return `${where} neither ${rival} nor ${baseline} was measured.`;
  const times = [[rival, one], [baseline, other]].map(([name, point]) =>
    point ? `${name} takes ${timeText(point[2])}` : `${name} was not measured`
  );
  const ratio = run.verdicts.length && one ? `, ${ratioText(one)}` : "";
  return `${where} ${times.join(" and ")}${ratio}. ${fromText(view, run)}`.trim();
}

const pointAt = (run, name, n) => run.contenders[name]?.find(([size]) => size === n);
const ratioText = (point) =>
  `a ratio of ${three(point[5])} (${three(point[4])} to ${three(point[6])})`;

function fromText({ rival }, { verdicts, from }) {
  if (!verdicts.length) return "";
  const faster = verdicts.filter(([, verdict]) => verdict === "faster").length;
  if (from === verdicts[0][0]) return `There ${rival} is faster at every N measured.`;
  if (from === verdicts.at(-1)[0]) return `There ${rival} is faster at the last N alone.`;
  if (from) return `There ${rival} is faster from N = ${thousands(from)} on.`;
  if (!faster) return `There ${rival} is faster at no N measured.`;
  return `There ${rival} is faster at ${faster} of ${verdicts.length} N, not at the last.`;
}

function agreementText({ agreement }) {
  if (!agreement || !agreement.shared.length) return "The two runs have no pair to compare.";
  const { shared, differing } = agreement, all = shared.length;
  if (differing.length) {
    return `The two differ about who is faster at N = ${joined(differing.map(thousands))}.`;
  }
  return all === 1
    ? "Both say the same at the one N that they share."
    : `Both say the same at all ${all} N that they share.`;
}

// ---- beside the drawing ------------------------------------------------------------------------
export function legend(view) {
  const { rival, baseline, recorded, own } = view;
  const shown = { ...recorded?.contenders, ...own?.contenders };
  const others = Object.keys(shown).filter((name) => name !== rival && name !== baseline);
  return [
    [["self", rival], " against ", ["partner", baseline], greyText(view, others)],
    sourceText(view),
  ];
}

// In the order of the lines at the dot, from above; who was not measured there comes last.
function greyText({ recorded, own, n }, names) {
  const timeOf = (name) => [recorded, own].map((run) => run && pointAt(run, name, n)?.[2]);
  const timed = names.map((name) => [name, timeOf(name).find(Boolean) ?? 0]);
  const told = timed.sort(([, one], [, other]) => other - one)
    .map(([name, time]) => time ? `${name} (${timeText(time)})` : name);
  return told.length ? `; grey, at N = ${thousands(n)} from above: ${told.join("; ")}` : "";
}

function sourceText({ recorded, own, board: { suite } }) {
  const told = [
    recorded && `lines: recorded ${dayOf(recorded)} on ${deviceText(recorded.device)} by ` +
      `python -m fftia_lab.bench run ${suite}`,
    own && `dots: yours of ${dayOf(own)} on ${deviceText(own.device)}`,
  ].filter(Boolean);
  return told.length ? `${told.join("; ")}. Medians with their quartiles.` : "";
}

// What this page's GPU does, where it can measure what is shown.
export function pageText({ board: { suite }, page, n, own }) {
  if (!page) return `This page's GPU can measure attention and the FFT, not ${suite}.`;
  if (!page.launches) return "This page's GPU measures the FFT of powers of two.";
  const { fused, single } = page.launches;
  const what = suite === "fft" ? "the passes of the FFT" : "the stages of butterfly attention";
  const counted = `At N = ${thousands(n)} this page's GPU runs ${what} in ${launchText(fused)}, ` +
    `and each by itself in ${single}.`;
  const alone = "It times attention alone, without projections; our dense kernel is no " +
    "FlashAttention and uses no tensor cores.";
  const saved = page.slower ? `Each by itself took ${three(page.slower)} times as long.` : "";
  const unfinished = own && !own.complete ? "Your run is not finished." : "";
  return [counted, saved, suite === "attention" ? alone : "", unfinished].filter(Boolean).join(" ");
}

const launchText = (count) => `${count} ${count === 1 ? "launch" : "launches"}`;

export const sizeText = (view) => {
  const { rival, baseline, n, recorded, own } = view, run = recorded ?? own;
  const times = run
    ? [rival, baseline].flatMap((name) => {
      const point = pointAt(run, name, n);
      return point ? [`${name} ${timeText(point[2])}`] : [];
    })
    : [];
  return [`N = ${thousands(n)}`, ...times].join(", ");
};

export function tickText(value, quantity) {
  return quantity === "time" ? timeText(value) : three(value);
}
