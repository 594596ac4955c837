// Where everything of the figure of who has heard whom stands: the network on the left; its rows go
// on as the rows of the matrix. On a narrow page the matrix is a picture of its own, below `cut`;
// between the two stands what is said of them. A bet has its margin at the right of the matrix.
import { line, rectangle } from "../kit/paths.js";

const ROW = { 4: [40, 40], 8: [32, 28], 16: [22, 16], 32: [12, 9], 64: [7, 4.5] };

export function measure(width, { n }, depth, asks) {
  const narrow = width < 560, top = narrow ? 34 : 44, gutter = narrow ? 24 : 28;
  const margin = asks ? 46 : 0, room = narrow ? width - 2 - margin : width * 0.48 - margin / 2;
  const dy = Math.floor(2 * Math.min(ROW[n][narrow ? 1 : 0], room / n)) / 2, side = n * dy;
  const first = gutter + (n > 16 ? 24 : 72) + 22, end = width - side - 1 - margin;
  const last = (narrow ? width : end - 17) - 15, left = narrow ? Math.min(first, end) : end;
  const cut = top + side + 14, high = narrow ? cut + 24 : top, gap = (last - first) / depth;
  const x = (column) => first + gap * column, y = (row) => top + dy * (row + 0.5);
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
    cut,
    height: narrow ? cut : high + side + 24,
    below: high + side + 24 - cut, // the height of the picture below
    x,
    y,
    wire: wires(n, x, y),
    // of one row of the matrix the cells from `from` up to `after`
    cells: (row, from, after) =>
      rectangle(left + from * dy, high + row * dy, (after - from) * dy, dy),
  };
}

// A wire is drawn in several layers and at every step of a hand, and written once.
function wires(n, x, y) {
  const known = [];
  return (stage, from, to) =>
    known[(stage * n + from) * n + to] ??= line(x(stage), y(from), x(stage + 1), y(to));
}
