// What the figure of least times says: bounds, what sets them, where they cross, what was measured.
import { NAMES, SIZES } from "./model.js";
import { thousands } from "../kit/numbers.js";

export const TITLES = {
  dense: "dense attention",
  butterfly: "butterfly attention",
  projected: "mixing and projections",
  mlp: "MLP of a block",
  mixing: "spectral mixing",
  fourier: "Fourier mixing",
};
export const INSIDE = { head: "inside heads", model: "across heads" };

// ---- quantities --------------------------------------------------------------------------------
const UNITS = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];

// Three digits and a unit.
export function timeText(seconds) {
  const [unit, name] = UNITS.find(([one]) => seconds >= 0.9995 * one) ?? UNITS.at(-1);
  const value = seconds / unit;
  const digits = value >= 999.5 ? thousands(Math.round(value)) : value.toPrecision(3);
  return `${digits}\u00a0${name}`;
}

// A power of ten, as axes say it.
export function decadeText(power) {
  const [unit, name] = UNITS.find(([one]) => 10 ** power >= 0.999 * one) ?? UNITS.at(-1);
  return `${thousands(Math.round(10 ** power / unit))}\u00a0${name}`;
}

const called = (device) => `${/^[AEHILMNORSX]/.test(device) ? "an" : "a"} ${device}`;

// ---- the sentence ------------------------------------------------------------------------------
export function describe(state, view) {
  return `${boundsText(state, view)} ${crossingsText(view)} ${measuredText(state, view)}`;
}

function boundsText({ n, dim, device }, { here }) {
  const least = (name) => `at least ${timeText(here[name].seconds)}, set by ${here[name].by}`;
  const where = `At ${thousands(n)} tokens of ${thousands(dim)} channels on ${called(device)}`;
  return `${where} dense attention takes ${least("dense")}; the butterfly ${least("butterfly")}.`;
}

function crossingsText({ crossings: { butterfly, projected } }) {
  const from = (n) => {
    if (n === SIZES[0]) return "at every length here";
    return n === null ? "at no length here" : `from ${thousands(n)} tokens on`;
  };
  const whose = "mixing between projections";
  return `The butterfly’s bound is below that of dense attention ${
    from(butterfly)
  }, that of ${whose} ${from(projected)}.`;
}

function measuredText({ n, device }, { points, elsewhere }) {
  const at = (name) => points.find((point) => point.mechanism === name && point.n === n);
  const found = ["dense", "butterfly"].filter(at);
  if (found.length) {
    const times = found.map((name) => `${TITLES[name]} ${timeText(at(name).seconds[1])}`);
    return `Measured: ${times.join(", ")}.`;
  }
  if (points.length) return "Attention of this length is not yet measured.";
  const so = elsewhere ? " with so many channels and heads" : "";
  return `Not yet measured on ${called(device)}${so}.`;
}

// ---- what stands behind it ---------------------------------------------------------------------
export const sourceLines = (state, view) => [
  roofLine(state, view),
  pointsLine(state, view),
  cautionLine(state, view),
];

function roofLine({ device, dtype }, { sheet, date }) {
  return sheet
    ? `Bounds: datasheet of the ${device}, ${dtype}, not measured times.`
    : `Bounds: rates of ${called(device)}, one core, ${date}.`;
}

function pointsLine(_, { points, elsewhere }) {
  if (points.length) {
    const dates = [...new Set(points.map(({ date }) => date))].sort().join(", ");
    const where = [...new Set(points.map(({ device }) => device))].join(", ");
    return `Points: medians of runs on ${called(where)}, ${dates}.`;
  }
  if (elsewhere) {
    const [dim, heads] = elsewhere.map(thousands);
    return `Points: not yet measured here; there are some of ${dim} channels in ${heads} heads.`;
  }
  return "Points: not yet measured.";
}

function cautionLine({ n }, { cached, sheet }) {
  if (!sheet) return "Each stage goes through memory; caches copy faster.";
  return n <= cached
    ? "Kernels fuse stages; the cache may beat a bound by memory."
    : "Kernels fuse stages inside heads.";
}

// ---- hands and labels --------------------------------------------------------------------------
export const tokensText = ({ n }, { here }) =>
  `${thousands(n)} tokens: dense ${timeText(here.dense.seconds)}, butterfly ${
    timeText(here.butterfly.seconds)
  } at least`;
export const channelsText = ({ dim }) => `${thousands(dim)} channels`;
export const headsText = ({ heads, dim }) =>
  `${heads} ${heads === 1 ? "head" : "heads"} of ${thousands(dim / heads)}`;

// A row of the table: title, least time, what sets it, what was measured.
export function rowsOf({ n }, { here, points }) {
  return NAMES.map((name) => {
    const point = points.find((one) => one.mechanism === name && one.n === n);
    return {
      name,
      cells: [
        TITLES[name],
        timeText(here[name].seconds),
        here[name].by,
        point ? timeText(point.seconds[1]) : "not yet",
      ],
    };
  });
}
