// Path data of the figure of least times: axes, curves with what sets them, crossings, points.
import { endLabels } from "./layout.js";
import { CROSSING, NAMES, SIZES } from "./model.js";
import { range } from "../kit/numbers.js";
import { around, disc, line, polyline, rectangle, square } from "../kit/paths.js";

export const powersOf = ({ decades: [low, high] }) => range(high - low + 1).map((i) => low + i);

export function framePaths(g, { cached }) {
  const across = powersOf(g).map((power) => {
    const y = g.y(10 ** power);
    return line(g.left, y, g.right, y);
  });
  const down = SIZES.map((n) => line(g.x(n), g.bottom, g.x(n), g.bottom + 5));
  const end = cached ? g.x(cached) : g.left;
  return {
    cache: end > g.left ? rectangle(g.left, g.top, end - g.left, g.bottom - g.top) : "",
    grid: across,
    axis: [line(g.left, g.bottom, g.right, g.bottom), ...down],
    rails: [g.channels, g.heads].map(railPath),
  };
}

function railPath({ top, at, values }) {
  const ticks = values.map((value) => line(at(value), top - 5, at(value), top + 5));
  return line(at(values[0]), top, at(values.at(-1)), top) + ticks.join("");
}

// A curve is two layers: where products set its bound, and where memory does.
export function curvePaths(g, { curves }) {
  const paths = {};
  for (const name of NAMES) {
    const pieces = { products: [], memory: [] };
    range(SIZES.length - 1).forEach((i) => {
      const ends = [i, i + 1].map((j) => [g.x(SIZES[j]), g.y(curves[name][j].seconds)]);
      pieces[curves[name][i].by].push(polyline(ends));
    });
    paths[`${name}-products`] = pieces.products;
    paths[`${name}-memory`] = pieces.memory;
  }
  return paths;
}

export function leaderPaths(g, { curves }) {
  if (g.narrow) return { leaders: "" };
  const leaders = endLabels(g, curves).map(([name, y]) =>
    line(g.right + 3, g.y(curves[name].at(-1).seconds), g.right + 14, y)
  );
  return { leaders };
}

// The bounds that somewhere fall below that of dense attention, and where: [name, n].
export const crossingsOf = ({ crossings }) =>
  CROSSING.map((name) => [name, crossings[name]]).filter(([, n]) => n > SIZES[0]);

export function crossingPaths(g, view) {
  const marks = crossingsOf(view).map(([name, n]) =>
    disc(g.x(n), g.y(view.curves[name][SIZES.indexOf(n)].seconds), 6)
  );
  return { crossings: marks };
}

const SHAPES = {
  butterfly: (x, y) => square(x, y, 5),
  projected: (x, y) => around(x, y, 7),
};

// Medians, and a line over their middle half.
export function pointPaths(g, { points }) {
  const paths = {};
  for (const name of NAMES) {
    const shape = SHAPES[name] ?? ((x, y) => disc(x, y, 3.5));
    const own = points.filter(({ mechanism }) => mechanism === name);
    paths[`${name}-spread`] = own.map(({ n, seconds: [low, , high] }) =>
      line(g.x(n), g.y(low), g.x(n), g.y(high))
    );
    paths[`${name}-points`] = own.map(({ n, seconds }) => shape(g.x(n), g.y(seconds[1])));
  }
  return paths;
}

export function cursorPaths(g, { n }, { here }) {
  const x = g.x(n);
  return {
    cursor: line(x, g.top, x, g.bottom),
    here: NAMES.map((name) => disc(x, g.y(here[name].seconds), 4.5)),
  };
}
