// Path data of the figure of fused stages: trays between banks of memory, the map, three bars.
import { BANK, bitsOf, TRAY } from "./layout.js";
import { REGISTERS } from "./model.js";
import { clamp, range } from "../kit/numbers.js";
import { around, disc, line, rectangle } from "../kit/paths.js";

// ---- the ruler ---------------------------------------------------------------------------------
export function rulerPaths(g) {
  const { depth, launches, axis } = g, ticks = range(depth + 1);
  return {
    axis: [line(g.x(0), axis, g.x(depth), axis), ...ticks.map((bit) => tick(g, bit))],
    banks: range(launches.length + 1).map((row) =>
      rectangle(g.x(0), g.bank(row), g.x(depth) - g.x(0), BANK)
    ),
    trays: launches.map((launch, row) => {
      const [from, end] = bitsOf(launch), x = g.x(from);
      return rectangle(x, g.tray(row) - TRAY / 2, g.x(end) - x, TRAY);
    }),
  };
}

const tick = ({ x, axis }, bit) => line(x(bit), axis - 3, x(bit), axis + 3);

const radiusOf = ({ column }) => clamp(0.36 * column, 3, 6);
const middle = (g, stage, row) => [g.x(stage + 0.5), g.tray(row)];

// What has run, what is to run, and what has gone to the chip and back.
export function progressPaths(g, { done, part, now, stage }) {
  const paths = { ahead: [], past: [], ways: [], gone: [] }, r = radiusOf(g);
  g.launches.forEach(({ first, strides }, row) => {
    range(strides.length).forEach((i) => {
      const kind = first + i < done ? "past" : "ahead";
      paths[kind].push(disc(...middle(g, first + i, row), r));
    });
    const loaded = first < done + Math.ceil(part), stored = first + strides.length <= done;
    const [load, store] = trips(g, row);
    paths[loaded ? "gone" : "ways"].push(load);
    paths[stored ? "gone" : "ways"].push(store);
  });
  return { ...paths, present: disc(...middle(g, stage, now), r + 4) };
}

// The two ways of a launch: from memory into its tray, and out of it.
function trips(g, row) {
  const [from, end] = bitsOf(g.launches[row]), x = (g.x(from) + g.x(end)) / 2, y = g.tray(row);
  return [
    arrowDown(x, g.bank(row) + BANK, y - TRAY / 2),
    arrowDown(x, y + TRAY / 2, g.bank(row + 1)),
  ];
}

const arrowDown = (x, from, to) =>
  line(x, from, x, to) + line(x - 4, to - 4, x, to) + line(x + 4, to - 4, x, to);

// ---- the map -----------------------------------------------------------------------------------
const ROOM = 5; // pixels that a cell needs to have an edge
const THIN = 1.6; // pixels that what is held is wide at least

export function mapFrame({ map: { left, top, side, cell, tile, rows } }) {
  const down = cell.wide < ROOM ? [] : range(tile - 1).map((i) => left + (i + 1) * cell.wide);
  const across = cell.tall < ROOM ? [] : range(rows - 1).map((i) => top + (i + 1) * cell.tall);
  return {
    field: rectangle(left, top, side, side),
    grid: [
      ...down.map((x) => line(x, top, x, top + side)),
      ...across.map((y) => line(left, y, left + side, y)),
    ],
  };
}

export function mapPaths(g, { place }, { program, partner, part }) {
  const { cell, side, left } = g.map, tall = Math.max(cell.tall, THIN);
  const { first, step, count } = program, [x, y] = g.at(place), [far, deep] = g.at(partner);
  const held = step === 1
    ? [around(left + side / 2, g.at(first)[1], side, tall)]
    : range(count).map((k) => around(...g.at(first + k * step), Math.max(cell.wide, THIN), tall));
  const way = part || 1;
  return {
    held,
    link: line(x, y, x + way * (far - x), y + way * (deep - y)),
    partner: disc(far, deep, 5),
  };
}

// ---- the bars ----------------------------------------------------------------------------------

// Bytes to one scale, that of one launch a stage: a piece for each launch, and one for the weights.
export function barPaths(g, { bytes, launches, depth, done, chip }) {
  const scale = g.long / bytes.staged,
    finished = launches.filter(({ first, strides }) => first + strides.length <= done).length;
  const paths = { due: [], paid: [], weights: [] };
  [[depth, done], [launches.length, finished]].forEach(([count, ready], row) => {
    const top = g.bars[row], wide = bytes.trip * scale;
    range(count).forEach((i) => {
      const piece = rectangle(g.left + i * wide, top, Math.max(wide - 1.5, 0.5), g.thick);
      paths[i < ready ? "paid" : "due"].push(piece);
    });
    paths.weights.push(rectangle(g.left + count * wide, top, bytes.weights * scale, g.thick));
  });
  const top = g.bars[2];
  return {
    ...paths,
    room: rectangle(g.left, top, g.long, g.thick),
    chip: rectangle(g.left, top, (g.long * chip.held) / REGISTERS, g.thick),
  };
}
