// Where everything stands: the factors in a row, or folded on a narrow page, and what they make.
import { range } from "../kit/complexes.js";

const TITLE = 24;

export function placeFactors(width, n, factors, depth) {
  const narrow = width < 480, stacked = width < 580, margin = 20, gap = narrow ? 26 : 30;
  const most = depth + 1; // room for P even without it, so that the same cell has the same size
  const perLine = narrow && most > 3 ? Math.ceil(most / 2) : most,
    lines = Math.ceil(most / perLine);
  const cell = Math.min(30, (width - 2 * margin - gap * (perLine - 1)) / perLine / n),
    side = cell * n;
  const first = Math.min(factors, perLine),
    left = (width - first * side - (first - 1) * gap) / 2,
    line = side + TITLE + 8;
  const grids = range(factors).map((place) => ({
    x: left + (place % perLine) * (side + gap),
    y: TITLE + Math.floor(place / perLine) * line,
    cell,
    side,
    gap,
  }));
  const labels = n > 8 ? 24 : 20,
    room = stacked ? width - labels - 2 : width * 0.51 - labels,
    product = { x: labels, y: lines * line + 60 };
  product.cell = Math.min(64, room / n, 340 / n);
  product.side = product.cell * n;
  const beside = { x: product.x + product.side + 30, y: product.y - 36 },
    bottom = product.y + product.side + 8;
  const card = stacked
    ? { x: 4, y: bottom, width: width - 4 }
    : { ...beside, width: width - beside.x };
  card.height = { 4: 104, 8: 126, 16: 190 }[n];
  const panel = { x: card.x, y: card.y + card.height, width: Math.min(360, card.width - 8) };
  const bars = stacked ? [panel.y + 148, panel.y + 158] : [panel.y + 154, panel.y + 194];
  return {
    width,
    stacked,
    n,
    grids,
    product,
    card,
    panel,
    bars,
    height: Math.max(bottom, bars[1] + 18),
  };
}

export const middle = (
  { x, y, cell },
  row,
  column,
) => [x + cell * (column + 0.5), y + cell * (row + 0.5)];

// Row and column under a point, or null outside.
export function cellUnder(grid, n, x, y) {
  const row = Math.floor((y - grid.y) / grid.cell), column = Math.floor((x - grid.x) / grid.cell);
  return row >= 0 && row < n && column >= 0 && column < n ? [row, column] : null;
}
