// Where everything stands: the factors in a row, or folded on a narrow page, and what they make.
import { range } from "../kit/numbers.js";
import { around } from "../kit/paths.js";

const TITLE = 24;

// On a phone `room` pixels are left between factors and product, for Play and the sentence.
export function measure(width, n, factors, depth, room) {
  const narrow = width < 480, stacked = width < 580, margin = 20, gap = narrow ? 26 : 30;
  const most = depth + 1; // room for P even without it, so that the same cell has the same size
  const perLine = narrow && most > 3 ? Math.ceil(most / 2) : most;
  const space = (width - 2 * margin - gap * (perLine - 1)) / perLine;
  const cell = Math.min(30, space / n), side = cell * n, line = side + TITLE + 8;
  const first = Math.min(factors, perLine), left = (width - first * side - (first - 1) * gap) / 2;
  const grids = range(factors).map((place) => ({
    x: left + (place % perLine) * (side + gap),
    y: TITLE + Math.floor(place / perLine) * line,
    cell,
    side,
    gap,
  }));
  const between = Math.ceil(most / perLine) * line + 8;
  return {
    width,
    stacked,
    n,
    grids,
    between,
    ...belowFactors(width, stacked, n, between + room + 52),
  };
}

// The product, its card beside it or below, then the knob and the bars.
function belowFactors(width, stacked, n, top) {
  const x = n > 8 ? 24 : 20, room = stacked ? width - x - 2 : width * 0.51 - x;
  const cell = Math.min(64, room / n, 340 / n), side = cell * n;
  const product = { x, y: top, cell, side }, bottom = top + side + 10;
  const beside = { x: x + side + 30, y: top - 36, width: width - x - side - 30 };
  const card = stacked ? { x: 4, y: bottom, width: width - 4 } : beside;
  card.height = { 4: 104, 8: 126, 16: 190 }[n];
  const panel = { x: card.x, y: card.y + card.height, width: Math.min(360, card.width - 8) };
  const bars = (stacked ? [148, 158] : [154, 194]).map((down) => panel.y + down);
  return { product, card, panel, bars, height: Math.max(bottom, bars[1] + 18) };
}

export const middle = ({ x, y, cell }, row, column) => [
  x + cell * (column + 0.5),
  y + cell * (row + 0.5),
];

// The box of a cell, made larger by `more`.
export const cellBox = (grid, row, column, more = 0) =>
  around(...middle(grid, row, column), grid.cell + more);

// Row and column under a point, or null outside.
export function cellUnder(grid, n, x, y) {
  const row = Math.floor((y - grid.y) / grid.cell), column = Math.floor((x - grid.x) / grid.cell);
  return row >= 0 && row < n && column >= 0 && column < n ? [row, column] : null;
}
