// A number in a cell: an arrow in a disc if it turns, else a square whose area is its size.
import { arrow, disc, line } from "../kit/paths.js";
import { range, size, times, unit } from "../kit/complexes.js";

const box = (x, y, r) =>
  `M${(x - r).toFixed(1)} ${(y - r).toFixed(1)}h${(2 * r).toFixed(1)}v${(2 * r).toFixed(1)}h${
    (-2 * r).toFixed(1)
  }z`;
export const frame = ({ x, y, side }) => box(x + side / 2, y + side / 2, side / 2);
export const cellBox = (x, y, cell) => box(x, y, cell / 2);

// Path data of many numbers, by the way they are drawn: positive squares are full, others hollow.
export function glyphs(nature) {
  const parts = { disc: [], hand: [], full: [], hollow: [] };
  return {
    add(x, y, cell, value) {
      const part = size(value) / nature.largest;
      if (!part) return;
      if (nature.turning) {
        const r = cell * 0.42, [re, im] = value, l = size(value);
        parts.disc.push(disc(x, y, r));
        if (r > 6) {
          parts.hand.push(
            arrow(x - (re / l) * r * 0.3, y + (im / l) * r * 0.3, value, r * 1.15 * part),
          );
        } else {parts.hand.push(
            line(x, y, x + (re / l) * r * 1.2 * part, y - (im / l) * r * 1.2 * part),
          );}
      } else {
        const half = (cell / 2) * 0.94 * Math.sqrt(part);
        parts[value[0] > 0 ? "full" : "hollow"].push(
          box(x, y, value[0] > 0 ? half : Math.max(0.4, half - 0.8)),
        );
      }
    },
    path: (kind) => parts[kind].join(""),
  };
}

// On the way from a to w·a: an arrow turns and stretches, a real number grows or shrinks.
export function towards(a, w, part, nature) {
  const length = 1 + (size(w) - 1) * part;
  if (!nature.turning) return times(a, [1 + (w[0] - 1) * part, 0]);
  return times(times(a, [length, 0]), unit((Math.atan2(w[1], w[0]) / (2 * Math.PI)) * part));
}

export const gridLines = ({ x, y, cell, side }, n) =>
  range(n - 1).map((i) =>
    line(x, y + cell * (i + 1), x + side, y + cell * (i + 1)) +
    line(x + cell * (i + 1), y, x + cell * (i + 1), y + side)
  ).join("");
