// What the figure of trips says: what is fetched for how much work, and how many bytes that is.
import { ORDERS, RADICES, WIDTH } from "./model.js";
import { HELD } from "./plan.js";
import { plural, short, thousands } from "../kit/numbers.js";
import { bytesText } from "../shared/quantities.js";

export const ORDER_NAMES = { pass: "pass by pass", depth: "depth first", grid: "as a grid" };

const some = (count, word, words = `${word}s`) => `${count} ${count === 1 ? word : words}`;
const passesText = (count) => some(count, "pass", "passes");
const tripsText = (count) => `${some(count, "trip")} through memory`;

// ---- the sentence ------------------------------------------------------------------------------
export function describe(state, view) {
  const { n, stage } = state, { depth, bytes } = view;
  if (!stage) {
    return `Nothing has moved yet: ${thousands(n)} samples, ${
      bytesText(WIDTH * n)
    }, lie in memory.`;
  }
  const done = short(Math.round(10 * stage) / 10), all = plural(depth, "trip");
  return `After ${done} of ${depth} ${all} through memory, ${bytesText(bytes.memory)} have ` +
    `gone between memory and cache, ${bytesText(bytes.registers)} between cache and registers. ` +
    together(state, view);
}

// What is fetched together, and for how many passes.
function together({ n }, { fits, passes, fetches, visit }) {
  if (fits) {
    return `All ${thousands(n)} samples fit into the cache, for ${passesText(passes.length)}.`;
  }
  const { count, step } = visit, own = fetches[visit.trip].passes;
  const where = step === 1 ? "in a row" : `${thousands(step)} apart`;
  return `${thousands(count)} samples ${where} are fetched together, for ${passesText(own)}.`;
}

// ---- what it costs -----------------------------------------------------------------------------
export function costLines({ depth, counts }) {
  const ratio = counts[0].trips[0] / depth;
  const fewer = ratio === 1
    ? "the bytes of radix 2, pass by pass"
    : `${short(Math.round(10 * ratio) / 10)} times fewer bytes than radix 2, pass by pass`;
  return [
    `Through memory: ${fewer}.`,
    `Counted, not timed: 16 bytes a sample, read and written on each trip; a cache of ` +
    `${thousands(HELD)} samples that drops what was used longest ago.`,
  ];
}

// ---- labels, hands and the table ---------------------------------------------------------------
export const sizeText = ({ n }, { depth }) =>
  `${thousands(n)} samples, ${bytesText(WIDTH * n)}: ${tripsText(depth)}`;

export const sizeLabel = ({ n }) => `N = ${thousands(n)}, ${bytesText(WIDTH * n)}`;

export function barTexts({ radix }, { depth, passes, bytes, counts, products }) {
  const moved = (paid, count) =>
    `${paid ? bytesText(paid) : "nothing"} of ${bytesText(count * bytes.trip)}, ` +
    some(count, "trip");
  const all = counts[RADICES.indexOf(radix)].products;
  return [
    `memory and cache: ${moved(bytes.memory, depth)}`,
    `cache and registers: ${moved(bytes.registers, passes.length)}`,
    `products: ${short(Math.round(10 * products) / 10)} of ${all} a sample`,
  ];
}

export const pickWords = (row, column, count) =>
  `radix ${RADICES[row]}, ${ORDER_NAMES[ORDERS[column]]}: ${tripsText(count)}`;
