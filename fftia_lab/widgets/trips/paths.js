// Path data of the figure of trips: memory as a map, the sizes on a ruler, trips as pieces of bars.
import { THICK } from "./layout.js";
import { LEAST, MOST } from "./model.js";
import { HELD } from "./plan.js";
import { clamp, range } from "../kit/numbers.js";
import { around, line, rectangle } from "../kit/paths.js";

const MOTE = 7; // pixels of the mark of a sample that is alone in its cell

export function framePaths(g) {
  const { left, top, side } = g.map, end = g.x(Math.log2(HELD));
  return {
    field: rectangle(left, top, side, side),
    axis: [
      line(g.x(LEAST), g.axis, g.x(MOST), g.axis),
      ...range(MOST - LEAST + 1).map((i) =>
        line(g.x(LEAST + i), g.axis - 3, g.x(LEAST + i), g.axis + 3)
      ),
    ],
    fitting: rectangle(g.x(LEAST) - 8, g.axis - 9, end - g.x(LEAST) + 8, 18),
    keyCached: around(left + 6, g.legend, 11),
    keyWork: around(left + 96, g.legend, 11),
  };
}

// Cells side by side become one rectangle.
function cellsPath({ map: { left, top, wide, tall } }, { across }, cells) {
  const rows = new Map();
  for (const cell of cells) {
    const row = Math.floor(cell / across);
    rows.set(row, [...(rows.get(row) ?? []), cell % across]);
  }
  return [...rows].flatMap(([row, columns]) =>
    runs(columns.sort((a, b) => a - b)).map(([from, count]) =>
      rectangle(left + from * wide, top + row * tall, count * wide, tall)
    )
  );
}

// [first, how many] of each run of neighbours.
function runs(numbers) {
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last && number === last[0] + last[1]) last[1]++;
    else found.push([number, 1]);
  }
  return found;
}

const cellOf = ({ rows, columns, across, tall, wide }, place) => {
  const row = Math.floor(place / columns), column = place % columns;
  return Math.floor(clamp(row, 0, rows - 1) / tall) * across + Math.floor(column / wide);
};

// A few samples are marks, many are the cells in which they lie.
export function mapPaths(g, { grid, visit, cached }) {
  const paths = { cached: cellsPath(g, grid, cached), work: [], motes: [] };
  if (!visit) return paths;
  const { first, step, count } = visit, { left, top, wide, tall } = g.map, { across } = grid;
  const every = Math.max(1, count / 4096);
  const places = range(Math.ceil(count / every)).map((i) => first + step * every * i);
  const cells = [...new Set(places.map((place) => cellOf(grid, place)))];
  if (count > 16) return { ...paths, work: cellsPath(g, grid, cells) };
  paths.motes = cells.map((cell) =>
    around(
      left + (cell % across + 0.5) * wide,
      top + (Math.floor(cell / across) + 0.5) * tall,
      MOTE,
    )
  );
  return paths;
}

// Each trip is a piece, as long on one bar as on the other; the longest bar there can be is radix
// 2, pass by pass.
export function barPaths(g, { n }, { depth, passes, visit }, stage) {
  const piece = g.long / Math.log2(n), paths = { due: [], paid: [] };
  [[depth, stage], [passes, visit?.done ?? 0]].forEach(([count, done], row) => {
    for (const i of range(count)) {
      const wide = Math.max(piece - 1.5, 0.5), part = clamp(done - i, 0, 1);
      const at = [g.left + i * piece, g.bars[row]];
      paths.due.push(rectangle(...at, wide, THICK));
      if (part) paths.paid.push(rectangle(...at, wide * part, THICK));
    }
  });
  return paths;
}
