// Where everything of the figure of the bottlenecks stands: the network; its rows go on as the rows
// of the product, or on a narrow page the product lies below.

const ROW = { 4: [58, 52], 8: [34, 29] };

export function measure(width, { n, mode }, depth) {
  const narrow = width < 560,
    top = narrow ? 34 : 54,
    cell = ROW[n][Number(narrow)],
    side = n * cell;
  const first = 36, left = narrow ? Math.round((width - side) / 2) : width - side - 4;
  const last = narrow ? width - 50 : left - (mode === "block" ? 46 : 76),
    gap = (last - first) / depth;
  const high = narrow ? top + side + 84 : top;
  return {
    width,
    narrow,
    n,
    depth,
    cell,
    side,
    top,
    first,
    last,
    gap,
    left,
    high,
    goal: last + 32, // where the values that are wanted stand
    radius: narrow ? 4 : 4.5,
    height: high + side + 26,
    x: (column) => first + gap * column,
    y: (row) => top + cell * (row + 0.5),
    across: (column) => left + cell * (column + 0.5),
    down: (row) => high + cell * (row + 0.5),
  };
}

// The row and the column of the product under a point, or null.
export function cellUnder({ left, high, cell, n }, { x, y }) {
  const [row, column] = [(y - high) / cell, (x - left) / cell].map(Math.floor);
  return Math.min(row, column) >= 0 && Math.max(row, column) < n ? [row, column] : null;
}

// The column and the row of the network under a point, or null.
export function nodeUnder({ first, last, top, gap, cell, n, depth }, { x, y }) {
  const row = Math.floor((y - top) / cell), column = Math.round((x - first) / gap);
  const beside = x < first - 16 || x > last + 16 || row < 0 || row >= n;
  return beside ? null : [Math.min(depth, Math.max(0, column)), row];
}
