// Where names and marks stand: one list where it is narrow, two where there is room.
import { range } from "../kit/numbers.js";

const ROW = 24, GAP = 8, HEAD = 40, BETWEEN = 34;

export function measure(width, methods) {
  const lists = width > 560 ? 2 : 1, wide = (width - BETWEEN * (lists - 1)) / lists;
  const starts = methods.map(({ family }, row) => row && family !== methods[row - 1].family);
  const half = lists === 1 ? methods.length : splitAt(starts, methods.length / 2);
  const places = [];
  let y = HEAD;
  methods.forEach((_, row) => {
    if (row === half) y = HEAD;
    else if (starts[row]) y += GAP;
    places.push({ list: Number(row >= half), y: y + ROW / 2 });
    y += ROW;
  });
  const apart = Math.min(44, (wide - 146) / 6), marks = wide - 6 * apart;
  return {
    width,
    height: Math.max(...places.map((place) => place.y)) + ROW / 2 + 4,
    wide,
    lists,
    row: ROW,
    apart,
    at: ({ list }) => list * (wide + BETWEEN),
    mark: (list, column) => list * (wide + BETWEEN) + marks + apart * (column + 0.5),
    places,
    top: HEAD - 4,
    bottom: range(lists).map((list) =>
      Math.max(...places.filter((place) => place.list === list).map((place) => place.y)) + ROW / 2
    ),
  };
}

// The start of a family that is nearest to the middle.
function splitAt(starts, middle) {
  const rows = starts.flatMap((starts, row) => (starts ? [row] : []));
  return rows.reduce((
    best,
    row,
  ) => (Math.abs(row - middle) < Math.abs(best - middle) ? row : best));
}

// The row at a point, the nearest one; and the column of marks, -1 for none.
export function rowAt({ places, lists, wide }, { x, y }) {
  const list = lists > 1 && x > wide + BETWEEN / 2 ? 1 : 0;
  const rows = range(places.length).filter((row) => places[row].list === list);
  const far = (row) => Math.abs(places[row].y - y);
  return rows.reduce((best, row) => (far(row) < far(best) ? row : best));
}

export function headAt({ lists, top, apart, mark }, { x, y }) {
  if (y > top) return -1;
  const cells = range(6 * lists);
  return cells.map((cell) => [Math.floor(cell / 6), cell % 6])
    .find(([list, column]) => Math.abs(mark(list, column) - x) < apart / 2)?.[1] ?? -1;
}
