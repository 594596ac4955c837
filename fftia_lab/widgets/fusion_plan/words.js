// What the figure of fused stages says: what a program holds, what that costs, what is not known.
import { CHANNELS, REGISTERS } from "./model.js";
import { bytesText, kibText, timeText } from "../shared/quantities.js";
import { thousands } from "../kit/numbers.js";

// ---- the sentence ------------------------------------------------------------------------------
export function describe(state, view) {
  const { done, depth, launches, now } = view;
  const when = `After ${done} of ${depth} stages, in launch ${now + 1} of ${launches.length}`;
  return `${when}, the program of place ${thousands(state.place)} ${holds(view)}. ${
    meets(state, view)
  }`;
}

function holds({ program: { first, step, count }, depth }) {
  const last = first + step * (count - 1), ends = [first, first + step, last].map(thousands);
  if (count === 2 ** depth) return `holds all ${count} places`;
  if (step === 1) return `holds ${count} places in a row, ${ends[0]} to ${ends[2]}`;
  return `holds ${count} places ${thousands(step)} apart, ${ends[0]}, ${ends[1]} … ${ends[2]}`;
}

function meets({ place }, { stride, partner }) {
  const [who, whom, far] = [place, partner, stride].map(thousands);
  return `At stride ${far} place ${who} meets ${whom}, which it holds too.`;
}

// ---- what it costs, and what is known of the chip ----------------------------------------------
export const costLines = (state, view) => [
  trafficLine(view),
  floorLine(state, view),
  chipLine(view),
  usualLine(state, view),
];

function trafficLine({ bytes }) {
  const ratio = (bytes.staged / bytes.fused).toFixed(1);
  const fewer = ratio === "1.0" ? "the bytes of" : `${ratio} times fewer bytes than`;
  return `${thousands(CHANNELS)} channels in bfloat16: ${fewer} a launch a stage.`;
}

function floorLine({ device }, { floors, cached }) {
  const cache = cached ? `; its cache of ${cached / 1e6}\u00a0MB may beat it` : "";
  const bound = `${timeText(floors.fused)} on an ${device} is a bound computed from its datasheet`;
  return `${bound}, not a measured time${cache}.`;
}

function chipLine({ chip: { limit, capability, compiled } }) {
  if (!compiled) return `No kernel of this tile and head is compiled for sm_${capability}.`;
  const { registers, shared, spilled } = compiled;
  const taken = `${registers} of 255 registers, ${shared / 1024} of ${kibText(limit)} shared`;
  const spills = spilled ? `${thousands(spilled)} bytes spilled` : "nothing spilled";
  return `Compiled for sm_${capability}: ${taken}, ${spills}.`;
}

const usualLine = ({ tile }, { usual }) =>
  usual === tile
    ? "The library takes this tile here."
    : `The library would take a tile of ${usual}.`;

// ---- hands and labels --------------------------------------------------------------------------
export const placeText = ({ place }, view) =>
  `place ${thousands(place)}: its program ${holds(view)}`;

export function tileText({ tile }, { launches }) {
  return `tile of ${tile} places: ${launchesText(launches.length)}`;
}

export const launchesText = (count) => `${count} ${count === 1 ? "launch" : "launches"}`;
export const sizeText = ({ n }, { depth }) => `${thousands(n)} places: ${depth} stages`;

export function trayText({ step, tile }, index) {
  if (!index) return `tile ${tile}, in a row`;
  return `${thousands(step)} apart`;
}

// The labels above the three bars.
export function barTexts(view) {
  const { bytes, floors, launches, chip } = view;
  const cost = (kind) => `${bytesText(bytes[kind])}, ${timeText(floors[kind])} on paper`;
  return [
    `one launch a stage: ${cost("staged")}`,
    `${launchesText(launches.length)}: ${cost("fused")}`,
    `on chip: ${kibText(chip.held)} of ${kibText(REGISTERS)} of registers`,
  ];
}

export const mapTexts = ({ n, tile, place }, { partner }) => ({
  title: `${thousands(n)} places, ${tile} a row`,
  pair: `place ${thousands(place)} and its partner ${thousands(partner)}`,
});
