// Path data of a question that takes a curve.
import { discs, line, polyline } from "../kit/paths.js";

export const placesOf = (g, x, all) =>
  all.flatMap((value, i) => value === null ? [] : [[g.x(x[i]), g.y(value)]]);

export function layersOf(g, question, values, told, chosen) {
  const { x, given, curves } = question;
  const curve = (all) => polyline(placesOf(g, x, all));
  const [right, ...others] = told ? curves : [];
  const here = chosen === null || told ? "" : line(g.x(x[chosen]), g.top, g.x(x[chosen]), g.bottom);
  return {
    rows: g.rows.map((value) => line(g.left, g.y(value), g.right, g.y(value))),
    ticks: x.map((value) => line(g.x(value), g.bottom, g.x(value), g.bottom + 4)),
    given: given.map(([, all]) => curve(all)),
    others: others.map(([, all]) => curve(all)),
    drawn: told ? "" : curve(values),
    points: told ? "" : discs(placesOf(g, x, values), 3),
    ghost: told ? curve(values) : "",
    true: right ? curve(right[1]) : "",
    cursor: here,
  };
}
