// What the figure of the sparse spectra says: a sentence, every byte, a bet.
import { axesOf, COUNTS, FIFTH } from "./model.js";
import { number, percent, thousands } from "../kit/numbers.js";

const CALLED = {
  sunspots: "the sunspots",
  "one wave": "the wave",
  "two waves": "the two waves",
  click: "the click",
  square: "the square wave",
  ramp: "the ramp",
  drawn: "your signal",
  hills: "the hills",
  shapes: "the shapes",
  random: "random weights",
  toeplitz: "Toeplitz weights",
  trained: "trained weights",
};
export const NAMES = { toeplitz: "Toeplitz", trained: "trained layer" };
const called = (state) => CALLED[state[state.kind]] ?? state[state.kind];

// An error as a share, with as many digits as it has worth reading.
export function share(error) {
  if (error && error < 0.00005) return `under ${percent(0.0001, 2)}`;
  return percent(error, error >= 0.0995 || !error ? 0 : error >= 0.00995 ? 1 : 2);
}

export function describe(state, view) {
  const { kept, published } = state, { count, error, rival, int8 } = view;
  const what = `${kept} of ${count} coefficients of ${called(state)}`;
  const how = `${published ? ", stored as FFT-Tensor does" : ""}: ${instead(view)}`;
  const pruned = `Pruned to ${thousands(rival.bytes)} bytes the error is ${share(rival.error)}`;
  const eight = int8.at(-1), rows = int8.length > 1 ? " by rows" : "";
  return `${what}${how}, and an error of ${share(error)}. ${pruned}; INT8${rows} has ` +
    `${thousands(eight.bytes)} bytes and ${share(eight.error)}.`;
}

function instead({ bytes, dense, ratio }) {
  const counts = `${thousands(bytes.total)} bytes for ${thousands(dense)}`;
  const factor = number(Math.max(ratio, 1 / ratio), 1);
  if (factor === "1.0") return `${counts}, about as many`;
  return `${counts}, ${factor} times ${ratio > 1 ? "fewer" : "more"}`;
}

// ---- every byte ---------------------------------------------------------------------------------
export function byteCard(state, view) {
  const parts = state.published ? publishedParts(state, view) : wholeParts(state, view);
  return [[...parts, ` = ${thousands(view.bytes.total)} B. `, ["note", view.note]]];
}

function wholeParts({ kept }, { bytes, count, support }) {
  const each = bytes.numbers / kept, gaps = kept <= support.gaps;
  const where = gaps ? "gaps between them" : `a bit for each of ${count}`;
  return [
    ["numbers", `${kept} · ${each} B of numbers`],
    " + ",
    ["indices", `${bytes.indices} B of ${where}`],
    ` + ${bytes.header} B of header`,
  ];
}

function publishedParts({ kept }, { entries, shape }) {
  const all = thousands(entries[kept]);
  return [
    ["numbers", `${all} · 8 B of numbers, both of each pair`],
    " + ",
    ["indices", `${all} · ${8 * axesOf(shape)} B of indices`],
  ];
}

export const panelTitles = ({ kept }, { count, error }) => [
  "original",
  `${kept} of ${count} kept`,
  "reconstruction",
  `difference: ${share(error)}`,
];
export const barWords = ({ published }) => ["dense", published ? "published" : "spectrum", "INT8"];

// ---- hands and the bet --------------------------------------------------------------------------
export const keptText = ({ kept }, { count, error, bytes }) =>
  `${kept} of ${count}, ${thousands(bytes.total)} bytes, error ${share(error)}`;

export const isNoise = ({ kind, weights }) => kind === "weights" && weights === "random";

export function question(state, { count }) {
  const { bet, kept } = state;
  if (!bet) return `Random weights, ${FIFTH} of ${COUNTS.weights} kept: how large is the error?`;
  const part = kept / count, noise = Math.sqrt(Math.max(0, 1 - part * (1 - Math.log(part))));
  const rule = `White noise loses √(1 − s (1 − ln s)) where the share s is kept`;
  return `You said ${percent(bet / 100)}. ${rule}: ${number(noise)} at s = ${number(part)}.`;
}
