// What the figure of fused stages says: what a program holds, what that costs, what is not known.
import { CHANNELS, REGISTERS } from "./model.js";
import { thousands } from "../kit/numbers.js";

// ---- how quantities are written ----------------------------------------------------------------
// Three digits that count.
function three(value) {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return digits ? value.toFixed(digits) : thousands(Math.round(value));
}

const UNITS = ["bytes", "kB", "MB", "GB"];
export function bytesText(bytes) {
  const power = Math.min(Math.floor(Math.log10(bytes * 1.0005) / 3), UNITS.length - 1);
  return `${three(bytes / 1000 ** power)}\u00a0${UNITS[power]}`;
}

export const timeText = (microseconds) => `${three(microseconds)}\u00a0µs`;
const kibText = (bytes) => `${thousands(bytes / 1024)}\u00a0KiB`;

// ---- the sentence ------------------------------------------------------------------------------
export function describe(state, view) {
  const { done, depth, launches, now } = view;
  const when = `After ${done} of ${depth} stages, in launch ${now + 1} of ${launches.length}`;
  return `${when}, the program of place ${thousands(state.place)} ${holds(view)}. ${meets(state, view)}`;
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
export function costLines(state, view) {
  return [trafficLine(view), floorLine(state, view), chipLine(state, view), usualLine(state, view)];
}

function trafficLine({ bytes, launches, depth }) {
  const count = launches.length, ratio = (bytes.staged / bytes.fused).toFixed(1);
  const moved = `${bytesText(bytes.fused)} through memory, for ${thousands(CHANNELS)} channels`;
  const instead = `${depth} launches of a stage each move ${ratio} times as much`;
  return `${launchesText(count)}: ${moved} in bfloat16; ${instead}.`;
}

function floorLine({ device }, { floors }) {
  const least = timeText(floors.fused);
  return `On an ${device} that takes ${least} or more: a bound computed from its datasheet, ` +
    "not a measured time.";
}

function chipLine({ tile, dim_head: width }, { chip: { held, limit, capability, compiled } }) {
  const numbers = `A program holds ${tile} × ${width} numbers on chip, ${kibText(held)} of the ` +
    `${kibText(REGISTERS)} of registers`;
  if (!compiled) return `${numbers}. No such kernel is compiled for sm_${capability}.`;
  const { registers, shared, spilled } = compiled;
  const taken = `${registers} of 255 registers a thread, ${kibText(shared)} of ${kibText(limit)} ` +
    "of shared memory";
  const spills = spilled ? `${thousands(spilled)} bytes spilled` : "nothing spilled";
  return `${numbers}. Compiled for sm_${capability}: ${taken}, ${spills}.`;
}

const usualLine = ({ tile }, { usual }) =>
  usual === tile
    ? "It is the tile that the library takes here."
    : `Left to choose, the library takes a tile of ${usual} here.`;

// ---- hands and labels --------------------------------------------------------------------------
export const placeText = ({ place }, view) => `place ${thousands(place)}: its program ${holds(view)}`;

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
  const cost = (kind) => `${bytesText(bytes[kind])}, at least ${timeText(floors[kind])}`;
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
