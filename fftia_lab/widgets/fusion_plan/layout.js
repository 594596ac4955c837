// Where everything of the figure of fused stages stands, in pixels of its drawing.
import { MOST } from "./model.js";
import { clamp, range } from "../kit/numbers.js";

const EDGE = 4, BAR = 12, BETWEEN = 40, TITLE = 24;
export const BANK = 6; // how thick memory is drawn
export const TRAY = 22;

// The ruler has a column for each stage there can be; beside it, or below, lies the memory map.
export function measure(width, { n, tile }, { depth, launches }) {
  const narrow = width < 560, rows = launches.length;
  const side = narrow ? Math.min(width - 2 * EDGE, 196) : clamp(Math.round(0.36 * width), 200, 300);
  const right = narrow ? width - EDGE - 16 : width - EDGE - side - 40;
  const column = (right - EDGE) / MOST, axis = 32, top = 62;
  const pitch = narrow ? 45 : clamp((side + TITLE - top) / rows, 48, 68);
  const end = top + rows * pitch + BANK;
  const map = narrow
    ? { left: Math.round((width - side) / 2), top: end + 18 + TITLE }
    : { left: width - EDGE - side, top: TITLE };
  const below = Math.max(end + 18, map.top + side + 20) + 8;
  const bars = range(3).map((i) => ({ label: below + 12 + i * BETWEEN, top: below + 19 + i * BETWEEN }));
  const cell = { wide: side / tile, tall: (side * tile) / n };
  return {
    width,
    narrow,
    column,
    axis,
    left: EDGE,
    depth,
    launches,
    map: { ...map, side, cell, tile, rows: n / tile },
    bars,
    long: width - 2 * EDGE,
    thick: BAR,
    height: bars.at(-1).top + BAR + 6,
    x: (bit) => EDGE + column * bit,
    bank: (row) => top + row * pitch, // the memory above a launch, and below the last
    tray: (row) => top + row * pitch + (pitch + BANK) / 2, // its middle
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
