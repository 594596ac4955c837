// Where everything of the figure of who has heard whom stands: the network on the left; its rows go
// on as the rows of the matrix, or on a narrow page the matrix lies below.
import { rectangle } from "../kit/paths.js";

const ROW = { 4: [40, 40], 8: [32, 28], 16: [22, 16], 32: [12, 9], 64: [7, 4.5] };

export function measure(width, { n }, depth) {
  const narrow = width < 560, top = 44, gutter = narrow ? 24 : 28;
  const room = narrow ? width - 2 : width * 0.48;
  const dy = Math.floor(2 * Math.min(ROW[n][narrow ? 1 : 0], room / n)) / 2, side = n * dy;
  const first = gutter + (n > 16 ? 24 : 72) + 22, last = (narrow ? width : width - side - 18) - 15;
  const left = narrow ? Math.max(1, Math.min(first, width - side - 1)) : width - side - 1;
  const high = narrow ? top + side + 40 : top, gap = (last - first) / depth;
  return {
    width,
    narrow,
    dy,
    side,
    gutter,
    first,
    gap,
    left,
    high,
    top,
    radius: Math.min(4, dy * 0.3),
    every: n > 32 ? 8 : n > 16 ? 4 : 1,
    height: high + side + 24,
    x: (column) => first + gap * column,
    y: (row) => top + dy * (row + 0.5),
    // of one row of the matrix the cells from `from` up to `after`
    cells: (row, from, after) =>
      rectangle(left + from * dy, high + row * dy, (after - from) * dy, dy),
  };
}
