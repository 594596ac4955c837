// A record as curves: for each series and contender what was measured at each size.
import { same } from "../kit/state.js";

// { suite, device: { kind, name, threads }, date, complete, series: { name: { baseline,
// contenders: { name: [[n, seconds' lower, median, upper, ratio's lower, median, upper]] } } } }
export function curvesOf({ name, device: { kind, name: told, threads }, date, complete, entries }) {
  const series = Object.create(null); // names come from files, and any name is one
  for (const { series: key, contender, baseline, shape, seconds, ratio } of entries) {
    const { contenders } = series[key] ??= { baseline, contenders: Object.create(null) };
    const point = [shape.at(-1), ...parts(seconds), ...parts(ratio)];
    (contenders[contender] ??= []).push(point);
  }
  for (const { contenders } of Object.values(series)) {
    for (const points of Object.values(contenders)) points.sort(([a], [b]) => a - b);
  }
  return { suite: name, device: { kind, name: told, threads }, date, complete, series };
}

const parts = ({ lower, median, upper }) => [lower, median, upper];

// Where another run of a device takes the place of what it measured before.
export function withRun(all, record) {
  const fits = (one) => one.name === record.name && same(one.device, record.device);
  return [...all.filter((one) => !fits(one)), record];
}
