// What a drawn curve is worth: its values as text, its gaps, its shape beside the true one.
import { across, upwards } from "./axes.js";
import { mix, range } from "../kit/numbers.js";

// ---- a curve as text ---------------------------------------------------------------------------
export const written = (values) =>
  values.map((value) => String(Number(value.toPrecision(3)))).join(" ");

// The values in a text, or null: an older page may have kept a curve over other places.
export function curveIn(said, { x, low, high }) {
  const values = said.split(" ").map(Number);
  const fits = (value) => value >= low * (1 - 1e-2) && value <= high * (1 + 1e-2);
  return said && values.length === x.length && values.every(fits) ? values : null;
}

// ---- while it is drawn -------------------------------------------------------------------------
// Gaps between drawn places lie on the straight way; outside of them nothing is made up.
export function filled(values, question) {
  const along = across(question), up = upwards(question), { x } = question;
  const set = range(x.length).filter((i) => values[i] !== null);
  return values.map((value, i) => {
    if (value !== null) return value;
    const from = set.findLast((place) => place < i), to = set.find((place) => place > i);
    if (from === undefined || to === undefined) return null;
    const [a, b, here] = [from, to, i].map((place) => along.part(x[place]));
    return up.value(mix(up.part(values[from]), up.part(values[to]), (here - a) / (b - a)));
  });
}

export const isWhole = (values) => values[0] !== null && values.at(-1) !== null;

// ---- its shape ---------------------------------------------------------------------------------
// What can be measured of a curve. A slope is that of the axes: on two logarithmic ones the
// power of x; with x logarithmic alone the rise at each doubling.
const MEASURES = {
  start: (values) => values[0],
  end: (values) => values.at(-1),
  slope(values, question) {
    const [u, v] = [question.x.map(across(question).by), values.map(upwards(question).by)];
    const mean = (all) => all.reduce((sum, one) => sum + one) / all.length;
    const from = u.map((one) => one - mean(u)), total = mean(from.map((one) => one * one));
    return mean(from.map((one, i) => one * v[i])) / total;
  },
  // the first place at which it is on the other side of the given curve; never is Infinity
  crossing(values, { x, given }) {
    const other = given[0][1];
    const sides = values.map((value, i) => other[i] === null ? 0 : Math.sign(value - other[i]));
    const first = sides.find(Boolean);
    return x[sides.findIndex((side) => side === -first)] ?? Infinity;
  },
};

function measured(name, values, question) {
  const [, place] = /^at (.+)$/.exec(name) ?? [];
  if (place) return values[placeOf(Number(place), question.x)];
  return MEASURES[name](values, question);
}

// Python names a place by twelve digits.
const placeOf = (named, x) => x.findIndex((one) => Math.abs(one - named) <= 1e-11 * Math.abs(one));

// How a curve stands to the true one: "near", "tempting" or "other"; the reply that belongs to what
// tempts; how far off it is, on average, as a part of the axis; and the place at which it is most.
export function judgeCurve(values, question) {
  const { curves, tempting, near } = question, up = upwards(question);
  const apart = values.map((value, i) => Math.abs(up.part(value) - up.part(curves[0][1][i])));
  const off = apart.reduce((sum, one) => sum + one) / apart.length;
  const place = apart.indexOf(Math.max(...apart));
  if (off <= near) return { kind: "near", reply: "", off, place };
  const found = tempting.find(([name, low, high]) => {
    const value = measured(name, values, question);
    return value >= (low ?? -Infinity) && value <= (high ?? Infinity);
  });
  return { kind: found ? "tempting" : "other", reply: found?.[3] ?? "", off, place };
}
