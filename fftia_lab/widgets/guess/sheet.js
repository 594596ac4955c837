// Path data of a question that takes a curve, and where the names of its curves stand.
import { discs, line, polyline } from "../kit/paths.js";

export function layersOf(g, question, values, told, chosen) {
  const { x, given, curves } = question;
  const places = (all) =>
    all.flatMap((value, i) => value === null ? [] : [[g.x(x[i]), g.y(value)]]);
  const curve = (all) => polyline(places(all));
  const [right, ...others] = told ? curves : [];
  const here = chosen === null || told ? "" : line(g.x(x[chosen]), g.top, g.x(x[chosen]), g.bottom);
  return {
    rows: g.rows.map((value) => line(g.left, g.y(value), g.right, g.y(value))),
    ticks: x.map((value) => line(g.x(value), g.bottom, g.x(value), g.bottom + 4)),
    given: given.map(([, all]) => curve(all)),
    others: others.map(([, all]) => curve(all)),
    drawn: told ? "" : curve(values),
    points: told ? "" : discs(places(values), 3),
    ghost: told ? curve(values) : "",
    true: right ? curve(right[1]) : "",
    cursor: here,
  };
}

const APART = 16;

// The names of the curves that are shown, above their right ends and off each other:
// [name, layer, x, y]. A curve may end before the axes do.
export function namesOf(g, { x, given, curves }, values, told) {
  const shown = given.map(([name, all]) => [name, "given", all]);
  if (told) {
    shown.push(["your guess", "ghost", values]);
    shown.push(...curves.map(([name, all], i) => [name, i ? "others" : "true", all]));
  }
  const ends = shown.map(([name, layer, all]) => {
    const last = all.findLastIndex((value) => value !== null);
    return [name, layer, g.x(x[last]), g.y(all[last]) - 7];
  });
  let free = -Infinity;
  return ends.sort((a, b) => a[3] - b[3]).map(([name, layer, end, top]) => {
    const y = Math.max(top, free);
    free = y + APART;
    return [name, layer, end, y];
  });
}
