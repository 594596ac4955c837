// Where everything of the figure of the sparse spectra stands, in pixels of its drawing.
import { clamp, range } from "../kit/numbers.js";

const TITLE = 20, SIDE = 32, AXIS = 46; // pixels over a panel, cells of a side, left of a plot
export const DECADES = 4; // of sizes and errors; what is smaller lies at the bottom
export const BEYOND = 1.3; // bytes are drawn up to this multiple of the dense ones

export function measure(width, kind) {
  const narrow = width < 560;
  const panels = kind === "signal" ? strips(width, narrow) : squares(width, narrow);
  const under = panels.at(-1).y + panels.at(-1).tall + 18, tall = narrow ? 73 : 112;
  const half = narrow ? width : (width - 30) / 2;
  const sizes = plot({ x: AXIS, y: under + TITLE, wide: half - AXIS - 12, tall });
  const next = narrow
    ? { x: AXIS, y: sizes.y + tall + 28 + TITLE }
    : { x: width - half + AXIS, y: sizes.y };
  const plane = plot({ ...next, wide: half - AXIS - 12, tall });
  const bars = barsAt(width, plane.y + tall + 34, narrow);
  return { width, narrow, panels, sizes, plane, bars, height: bars.y + 3 * bars.pitch };
}

// Four squares of cells of whole pixels, in one row or two.
function squares(width, narrow) {
  const across = narrow ? 2 : 4, room = (width - 16 * (across - 1)) / across;
  const cell = clamp(Math.floor(room / SIDE), 2, 8), side = cell * SIDE;
  return range(4).map((i) => ({
    x: Math.round(((width - side) * (i % across)) / (across - 1)),
    y: TITLE + Math.floor(i / across) * (side + TITLE + 6),
    wide: side,
    tall: side,
    cell,
  }));
}

// Four strips of samples, two by two.
function strips(width, narrow) {
  const gap = narrow ? 14 : 30, wide = Math.floor((width - gap) / 2), tall = narrow ? 76 : 64;
  return range(4).map((i) => ({
    x: (i % 2) * (width - wide),
    y: TITLE + Math.floor(i / 2) * (tall + TITLE + 6),
    wide,
    tall,
    cell: 0,
  }));
}

// A plot of DECADES decades downwards; `at(share, value)` and back.
function plot(box) {
  const { x, y, wide, tall } = box;
  const down = (value) => clamp(-Math.log10(Math.max(value, 1e-12)) / DECADES, 0, 1);
  return {
    ...box,
    at: (share, value) => [x + wide * share, y + tall * down(value)],
    share: (point) => (point.x - x) / wide,
    has: (point) =>
      point.x > x - 4 && point.x < x + wide + 12 && point.y > y - 10 && point.y < y + tall + 10,
  };
}

// Bars of bytes, to scale: the dense one has `unit` pixels, and what is too long ends at the edge.
function barsAt(width, y, narrow) {
  const x = narrow ? 66 : 76, room = width - x - (narrow ? 62 : 76);
  return { x, y, pitch: 21, tall: 13, room, unit: room / 1.5, width };
}

// A share of the bytes of the plane, and back.
export const byteShare = (bytes, dense) => Math.min(1, bytes / (BEYOND * dense));
