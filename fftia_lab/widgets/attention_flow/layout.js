// Where everything of the figure of the trained gates stands, in pixels of its drawing.
import { STAGES, TOKENS } from "./model.js";

export function measure(width) {
  const narrow = width < 560, dy = 21, top = 32, tall = TOKENS * dy, said = narrow ? 13 : 15;
  const cell = narrow
    ? Math.floor(width - 2 * said - 8) / (2 * TOKENS)
    : (tall - 34) / (2 * TOKENS);
  const side = TOKENS * cell, first = narrow ? 60 : 70;
  const last = narrow ? width - 18 : width - side - said - 48, gap = (last - first) / STAGES;
  const low = top + tall + 40,
    left = width - side - said,
    bottom = narrow ? low + side : top + tall;
  return {
    width,
    narrow,
    dy,
    top,
    first,
    last,
    gap,
    cell,
    side,
    bottom,
    product: narrow ? { x: 0, y: low } : { x: left, y: top },
    dense: narrow ? { x: side + said + 8, y: low } : { x: left, y: top + tall - side },
    height: bottom + 24,
    x: (column) => first + gap * column,
    y: (row) => top + dy * (row + 0.5),
  };
}

// The row and the column of a matrix under a point, or null.
export function entryUnder(g, x, y) {
  for (const matrix of [g.product, g.dense]) {
    const row = Math.floor((y - matrix.y) / g.cell), column = Math.floor((x - matrix.x) / g.cell);
    if (Math.min(row, column) >= 0 && Math.max(row, column) < TOKENS) return [row, column];
  }
  return null;
}
