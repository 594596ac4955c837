// Where everything of the figure of fused stages stands, in pixels of its drawing.
import { MOST } from "./model.js";
import { clamp, range } from "../kit/numbers.js";

const EDGE = 4, BAR = 12, BETWEEN = 37, TITLE = 24, TOP = 62, PITCH = 47;
export const BANK = 6; // how thick memory is drawn
export const TRAY = 22;

// The ruler has a column for each stage there can be. Beside it, or below, lies the memory map, and
// under it stand the bars.
export function measure(width, { n, tile }, { depth, launches }) {
  const narrow = width < 560, side = narrow ? 196 : clamp(Math.round(0.36 * width), 200, 300);
  const right = narrow ? width - EDGE - 16 : width - EDGE - side - 40;
  const column = (right - EDGE) / MOST, end = TOP + launches.length * PITCH + BANK + 18;
  const map = narrow
    ? { left: Math.round((width - side) / 2), top: end + TITLE }
    : { left: width - EDGE - side, top: TITLE };
  const below = (narrow ? map.top + side + 20 : end) + 8,
    cell = { wide: side / tile, tall: (side * tile) / n };
  const bars = range(3).map((i) => below + 19 + i * BETWEEN);
  return {
    width,
    column,
    axis: 32,
    left: EDGE,
    depth,
    launches,
    map: { ...map, side, cell, tile, rows: n / tile },
    bars, // where each begins; its words stand above
    long: (narrow ? width - EDGE : right) - EDGE,
    thick: BAR,
    height: Math.max(bars.at(-1) + BAR, map.top + side + 20) + 4,
    x: (bit) => EDGE + column * bit,
    bank: (row) => TOP + row * PITCH, // the memory above a launch, and below the last
    tray: (row) => TOP + row * PITCH + (PITCH + BANK) / 2, // its middle
    at: (place) => [
      map.left + cell.wide * ((place % tile) + 0.5),
      map.top + cell.tall * (Math.floor(place / tile) + 0.5),
    ],
  };
}

// The first bit of a launch's tray, and the first after it.
export function bitsOf({ step, tile }) {
  const from = Math.round(Math.log2(step));
  return [from, from + Math.round(Math.log2(tile))];
}

// The place under a point of the map, or null beside it.
export function placeUnder({ map: { left, top, side, cell, tile, rows } }, { x, y }) {
  const [column, row] = [(x - left) / cell.wide, (y - top) / cell.tall].map(Math.floor);
  if (x < left || y < top || x > left + side || y > top + side) return null;
  return Math.min(row, rows - 1) * tile + Math.min(column, tile - 1);
}

// The same, or the nearest place to a point beside the map.
export function nearestPlace(g, { x, y }) {
  const { left, top, side } = g.map;
  return placeUnder(g, { x: clamp(x, left, left + side), y: clamp(y, top, top + side) });
}

// The stage whose column of the ruler is under a point, or null.
export function stageUnder(g, { x, y }) {
  const stage = Math.floor((x - g.left) / g.column);
  const inside = y >= g.bank(0) - 16 && y <= g.bank(g.launches.length) + BANK;
  return inside && stage >= 0 && stage < g.depth ? stage : null;
}

export const bitUnder = (g, { x }) => Math.round((x - g.left) / g.column);
