// News in a network, as plain data: sets of tokens are BigInt masks, token i at bit i.
import { range } from "../kit/numbers.js";
import { wiring } from "./wiring.js";

export const bit = (token) => 1n << BigInt(token);
export const has = (mask, token) => ((mask >> BigInt(token)) & 1n) === 1n;
// Arithmetic with BigInts is slow, so what counts and lists reads their digits.
export function members(mask, count) {
  const bits = digitsOf(mask, count);
  return range(count).filter((i) => bits[count - 1 - i] === "1");
}
export const popcount = (mask) => mask.toString(2).replaceAll("0", "").length;
const digitsOf = (mask, count) => mask.toString(2).padStart(count, "0");

// Who knows whose news: told[column][j] is the mask of the tokens that have heard token j. Kept,
// because it depends on the wiring alone and is read in every frame.
const TOLD = new Map();
export function spread(kind, size, causal) {
  const key = [kind, size, causal].join("/");
  if (!TOLD.has(key)) {
    const { partners } = wiring(kind, size, causal), told = [range(size).map(bit)];
    for (const partner of partners) told.push(told.at(-1).map((mask) => passOn(mask, partner)));
    TOLD.set(key, { partners, told });
  }
  return TOLD.get(key);
}

const passOn = (knowing, partner) =>
  partner.reduce((mask, from, i) => (has(knowing, from) ? mask | bit(i) : mask), knowing);

// Runs of neighbours in a mask, as [first, after the last].
export function runs(mask, count) {
  const found = [], bits = digitsOf(mask, count);
  for (let i = 0; i < count; i++) {
    if (bits[count - 1 - i] === "0") continue;
    const first = i;
    while (i + 1 < count && bits[count - 2 - i] === "1") i++;
    found.push([first, i + 1]);
  }
  return found;
}
