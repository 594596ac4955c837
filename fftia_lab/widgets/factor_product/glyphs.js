// A number in a cell: an arrow in a disc if it turns, else a square whose area is its size.
import { range, size, times, turnsOf, unit } from "../kit/numbers.js";
import { around, arrow, disc, line } from "../kit/paths.js";

export const frame = ({ x, y, side }) => around(x + side / 2, y + side / 2, side);
export const KINDS = ["disc", "hand", "full", "hollow"];

// Path data of many numbers, by the way they are drawn: positive squares are full, others hollow.
export function glyphs(nature) {
  const parts = Object.fromEntries(KINDS.map((kind) => [kind, []]));
  return {
    add(x, y, cell, value) {
      const part = size(value) / nature.largest;
      if (!part) return;
      if (nature.turning) addArrow(parts, x, y, cell * 0.42, value, part);
      else addSquare(parts, x, y, (cell / 2) * 0.94 * Math.sqrt(part), value[0] > 0);
    },
    path: (kind) => parts[kind].join(""),
  };
}

// Where there is no room for an arrow, a hand will do.
function addArrow(parts, x, y, r, value, part) {
  const [re, im] = value.map((coordinate) => coordinate / size(value));
  parts.disc.push(disc(x, y, r));
  const hand = r > 6
    ? arrow(x - re * r * 0.3, y + im * r * 0.3, value, r * 1.15 * part)
    : line(x, y, x + re * r * 1.2 * part, y - im * r * 1.2 * part);
  parts.hand.push(hand);
}

function addSquare(parts, x, y, half, positive) {
  if (positive) parts.full.push(around(x, y, 2 * half));
  else parts.hollow.push(around(x, y, 2 * Math.max(0.4, half - 0.8)));
}

// What a number is multiplied by on its way to w times itself: an arrow turns and stretches, a real
// number grows or shrinks.
export function onTheWay(w, part, nature) {
  if (!nature.turning) return [1 + (w[0] - 1) * part, 0];
  return times([1 + (size(w) - 1) * part, 0], unit(turnsOf(w) * part));
}

export const gridLines = ({ x, y, cell, side }, n) =>
  range(n - 1).map((i) => {
    const at = cell * (i + 1);
    return line(x, y + at, x + side, y + at) + line(x + at, y, x + at, y + side);
  });
