// Path data of the figure of the bottlenecks: the hourglass of a place, its block as a weave of
// bands, and the ways of an order.
import { clamp, mix, range } from "../kit/numbers.js";
import { around, disc, line, rectangle, ribbon } from "../kit/paths.js";

const WIDEST = 15, THINNEST = 1.6, BAR = 9;

export function wirePaths(g, { partners }) {
  const wire = (stage, from, i) => line(g.x(stage), g.y(from), g.x(stage + 1), g.y(i));
  return {
    quiet: partners.flatMap((column, stage) =>
      column.flatMap((partner, i) => [wire(stage, i, i), wire(stage, partner, i)])
    ),
    dots: range(g.depth + 1).flatMap((column) =>
      range(g.n).map((i) => disc(g.x(column), g.y(i), g.radius))
    ),
    field: rectangle(g.left, g.high, g.side, g.side),
    grid: range(g.n - 1).flatMap((i) => [
      line(g.left, g.high + (i + 1) * g.cell, g.left + g.side, g.high + (i + 1) * g.cell),
      line(g.left + (i + 1) * g.cell, g.high, g.left + (i + 1) * g.cell, g.high + g.side),
    ]),
  };
}

// ---- a place and its block ---------------------------------------------------------------------

// What flows into the place and out of it again, as wide as its share.
export function hourglass(g, { node: [cut], stage: time }, view) {
  const { weights, partners } = view, paths = { flow: [], lit: [] };
  const shareOf = (stage, from, i) => {
    const weight = from === i ? 1 - weights[stage][i] : weights[stage][i];
    return weight * (stage < cut ? view.into[stage + 1][i] : view.outOf[stage - cut][from]);
  };
  for (const stage of range(view.depth)) {
    const part = clamp(time - stage, 0, 1);
    for (const i of part ? range(g.n) : []) {
      for (const from of [i, partners[stage][i]]) {
        const share = shareOf(stage, from, i), wide = Math.max(THINNEST, WIDEST * share);
        if (!share) continue;
        paths.flow.push(ribbon(g.x(stage), g.y(from), g.x(stage + 1), g.y(i), wide, part));
      }
    }
  }
  range(view.done + 1).forEach((column) => {
    const shares = column < cut ? view.into[column] : view.outOf[column - cut];
    shares.forEach((share, i) => {
      if (share) paths.lit.push(disc(g.x(column), g.y(i), g.radius + 1));
    });
  });
  return paths;
}

// Weights are areas: what is not in the block as squares; the block as the crossings of bands, one
// down from each column as wide as its share of the place, one across each row as high as its own.
// They come as the news does, the first until it is in the place, the others until the end.
export function weave(g, { node: [cut], stage: time }, view) {
  const paths = { bands: [], bars: [], crossings: [], squares: [] };
  const down = cut ? clamp(time / cut, 0, 1) : 1, left = view.depth - cut;
  const across = left ? clamp((time - cut) / left, 0, 1) : Number(time >= cut);
  for (const column of view.columns) {
    const wide = g.cell * view.b[column], x = g.across(column) - wide / 2;
    paths.bands.push(rectangle(x, g.high, wide, g.side * down));
    paths.bars.push(rectangle(x, g.high - BAR - 3, wide, BAR));
  }
  for (const row of across ? view.rows : []) {
    const tall = g.cell * view.a[row], y = g.down(row) - tall / 2;
    paths.bands.push(rectangle(g.left, y, g.side * across, tall));
    paths.bars.push(rectangle(g.left - BAR - 3, y, BAR, tall));
  }
  view.product.forEach((entries, row) =>
    entries.forEach((weight, column) => {
      const inside = view.rows.includes(row) && view.columns.includes(column), { cell } = g;
      const [x, y] = [g.across(column), g.down(row)], wide = cell * Math.sqrt(weight);
      if (inside && down === 1 && across * view.n >= column + 0.5) {
        paths.crossings.push(around(x, y, cell * view.b[column], cell * view.a[row]));
      } else paths.squares.push(around(x, y, wide));
    })
  );
  return paths;
}

export function entryPaths(g, { row, column, way }) {
  return {
    chosen: around(g.across(column), g.down(row), g.cell - 3),
    way: way.slice(1).map((place, stage) =>
      line(g.x(stage), g.y(way[stage]), g.x(stage + 1), g.y(place))
    ),
  };
}

// ---- an order and its ways ---------------------------------------------------------------------

// Where a value is at a time: it goes no further than to a place that another one wants.
function standing(g, { ways, stuck }, value, time) {
  const way = ways[value], end = stuck[value] < 0 ? g.depth : stuck[value];
  const at = Math.min(time, end), done = Math.floor(at), next = Math.min(done + 1, g.depth);
  return { at, x: g.x(at), y: mix(g.y(way[done]), g.y(way[next]), at - done) };
}

export function wayPaths(g, { stage: time }, view) {
  const paths = { own: [], cross: [], ahead: [] };
  view.ways.forEach((way, value) => {
    const { at, x, y } = standing(g, view, value, time);
    for (const stage of range(g.depth)) {
      const [from, to] = [way[stage], way[stage + 1]], start = [g.x(stage), g.y(from)];
      const side = from === to ? paths.own : paths.cross;
      if (stage + 1 <= at) side.push(line(...start, g.x(stage + 1), g.y(to)));
      else if (stage < at) side.push(line(...start, x, y));
      if (stage + 1 > at) paths.ahead.push(line(...start, g.x(stage + 1), g.y(to)));
    }
  });
  return paths;
}

// Values as discs; two in one place stand side by side.
export function discsOf(g, now, view) {
  const places = view.ways.map((_, value) => standing(g, view, value, now.stage));
  return places.map(({ x, y }, value) => {
    const same = places.findIndex((other, i) => i !== value && other.x === x && other.y === y);
    return { value, x: same < 0 ? x : x + (same > value ? -10 : 10), y };
  });
}

export const jams = (g, { clashes, done }) =>
  clashes.filter(({ column }) => column <= done)
    .map(({ column, place }) => around(g.x(column), g.y(place), 46, Math.min(g.cell - 7, 30)));

export const isStuck = ({ stuck, done }, value) => stuck[value] >= 0 && stuck[value] <= done;

// The order as a matrix of 0 and 1, and the block of the chosen place.
export function onesOf(g, { order }, view) {
  const paths = { arriving: [], failing: [], waiting: [], block: [] };
  order.forEach((value, row) => {
    const square = around(g.across(value), g.down(row), g.cell * 0.6);
    const end = view.done < g.depth ? paths.waiting : paths.arriving;
    (isStuck(view, value) ? paths.failing : end).push(square);
  });
  for (const row of view.rows) {
    for (const column of view.columns) {
      paths.block.push(around(g.across(column), g.down(row), g.cell - 2));
    }
  }
  return paths;
}
