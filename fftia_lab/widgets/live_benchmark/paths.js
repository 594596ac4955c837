// Path data of the figure of benchmarks: axes, curves with their quartiles, the reader's points.
import { valuesOf } from "./layout.js";
import { disc, line, polyline } from "../kit/paths.js";

export function framePaths(g, { quantity }) {
  const rows = g.rows.map(({ value }) => line(g.left, g.y(value), g.right, g.y(value)));
  const even = quantity === "ratio" ? line(g.left, g.y(1), g.right, g.y(1)) : "";
  return { rows, even, ticks: g.sizes.map((n) => line(g.x(n), g.bottom, g.x(n), g.bottom + 4)) };
}

export function curvePaths(g, { quantity }, { recorded, own, rival, baseline, n }) {
  const places = (points, part) =>
    points.map((point) => {
      return [g.x(point[0]), g.y(valuesOf(point, quantity)[part])];
    });
  const curve = (name) => polyline(places(recorded?.contenders[name] ?? [], 1));
  const band = (name) => {
    const points = recorded?.contenders[name] ?? [];
    const around = [...places(points, 0), ...places(points, 2).toReversed()];
    return points.length ? `${polyline(around)}z` : "";
  };
  const dots = (name) => places(own?.contenders[name] ?? [], 1).map(([x, y]) => disc(x, y, 4.5));
  const bars = (own ? Object.values(own.contenders).flat() : []).map((point) => {
    const [lower, , upper] = valuesOf(point, quantity);
    return line(g.x(point[0]), g.y(lower), g.x(point[0]), g.y(upper));
  });
  const others = (run) =>
    Object.keys(run?.contenders ?? {}).filter((name) => name !== rival && name !== baseline);
  return {
    others: others(recorded).map(curve),
    band: band(rival),
    "base-band": band(baseline),
    base: curve(baseline),
    rival: curve(rival),
    bars,
    "other-dots": others(own).flatMap(dots),
    "base-dots": dots(baseline),
    "rival-dots": dots(rival),
    cursor: line(g.x(n), g.top - 4, g.x(n), g.bottom),
  };
}
