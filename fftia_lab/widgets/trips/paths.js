// Path data of the figure of trips: memory as a map, the sizes on a ruler, trips as pieces of bars.
import { THICK } from "./layout.js";
import { LEAST, MOST } from "./model.js";
import { HELD } from "./plan.js";
import { clamp, range } from "../kit/numbers.js";
import { around, line, rectangle } from "../kit/paths.js";

const MOTE = 7; // pixels of the mark of one sample of a few
const FEW = 16;

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
    keyWork: around(left + 108, g.legend, 11),
  };
}

// Cells side by side become one rectangle, and so do equal ones below each other: no seams show.
// They come row by row.
function cellsPath({ map: { left, top, wide, tall } }, { across }, cells) {
  const rows = new Map(), found = [];
  for (const cell of cells) {
    const row = Math.floor(cell / across);
    if (!rows.has(row)) rows.set(row, []);
    rows.get(row).push(cell % across);
  }
  for (const [row, columns] of rows) {
    for (const [from, count] of runs(columns)) {
      const above = found.find((box) =>
        box.from === from && box.count === count && box.row + box.rows === row
      );
      if (above) above.rows++;
      else found.push({ row, rows: 1, from, count });
    }
  }
  return found.map(({ row, rows, from, count }) =>
    rectangle(left + from * wide, top + row * tall, count * wide, rows * tall)
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

// A few samples are marks, many are the cells in which they lie.
export function mapPaths(g, { grid, visit, cached }) {
  const paths = { cached: cellsPath(g, grid, cached), work: [], motes: [] };
  if (!visit) return paths;
  const { first, step, count } = visit;
  if (count <= FEW) {
    paths.motes = range(count).map((i) => around(...middleOf(g, grid, first + step * i), MOTE));
    return paths;
  }
  const every = Math.max(1, count / (grid.across * grid.down));
  const places = range(Math.ceil(count / every)).map((i) => first + step * every * i);
  paths.work = cellsPath(g, grid, [...new Set(places.map((place) => cellOf(grid, place)))]);
  return paths;
}

const cellOf = ({ columns, across, tall, wide }, place) =>
  Math.floor(place / columns / tall) * across + Math.floor((place % columns) / wide);

const middleOf = ({ map: { left, top, side } }, { rows, columns }, place) => [
  left + (side * ((place % columns) + 0.5)) / columns,
  top + (side * (Math.floor(place / columns) + 0.5)) / rows,
];

// Each trip is a piece, as long on one bar as on the other: radix 2, pass by pass, fills both. Each
// pass is a piece of the last bar, which the most products there are fill.
export function barPaths(g, { n, stage }, { depth, passes, visit, counts }) {
  const done = visit?.done ?? 0, trip = g.long / Math.log2(n);
  const product = g.long / Math.max(...counts.map(({ products }) => products));
  const [memory, registers, made] = [
    pieces(g, 0, range(depth).map(() => trip), stage),
    pieces(g, 1, passes.map(() => trip), done),
    pieces(g, 2, passes.map((width) => width * product), done),
  ];
  return {
    due: [memory, registers, made].flatMap(({ due }) => due),
    paid: [...memory.paid, ...registers.paid],
    made: made.paid,
  };
}

// A bar of pieces, of which so many are done.
function pieces(g, row, lengths, done) {
  const found = { due: [], paid: [] };
  let x = g.left;
  lengths.forEach((length, i) => {
    const wide = Math.max(length - 1.5, 0.5), part = clamp(done - i, 0, 1);
    found.due.push(rectangle(x, g.bars[row], wide, THICK));
    if (part) found.paid.push(rectangle(x, g.bars[row], wide * part, THICK));
    x += length;
  });
  return found;
}
