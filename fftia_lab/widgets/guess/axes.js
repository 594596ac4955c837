// The axes of a curve: where a value stands, which values get a name, how a value is written.
import { clamp, mix, range, thousands } from "../kit/numbers.js";

const LEFT = 64, RIGHT = 16, TOP = 26, BELOW = 46, HEIGHT = 280, APART = 52;

// How far up its axis a value stands, from 0 to 1, and back.
export function axis({ low, high, log }) {
  const by = log ? Math.log2 : (value) => value, back = log ? (value) => 2 ** value : by;
  const [from, to] = [by(low), by(high)];
  return {
    by,
    part: (value) => (by(value) - from) / (to - from),
    value: (part) => clamp(back(mix(from, to, part)), low, high),
  };
}

export const across = ({ x, log }) => axis({ low: x[0], high: x.at(-1), log: log.includes("x") });
export const upwards = ({ low, high, log }) => axis({ low, high, log: log.includes("y") });

export function measure(width, question) {
  const [right, bottom] = [width - RIGHT, HEIGHT - BELOW];
  const [along, up] = [across(question), upwards(question)];
  const x = (value) => mix(LEFT + 10, right - 10, along.part(value));
  const y = (value) => mix(bottom, TOP, up.part(value));
  return {
    width,
    height: HEIGHT,
    left: LEFT,
    right,
    top: TOP,
    bottom,
    x,
    y,
    columns: named(question.x, x),
    rows: rowsOf(question, y),
    // the place and the value under a hand
    at(point) {
      const far = (place) => Math.abs(x(question.x[place]) - point.x);
      const place = range(question.x.length).reduce((best, i) => far(i) < far(best) ? i : best);
      return { place, part: clamp((bottom - point.y) / (bottom - TOP), 0, 1) };
    },
  };
}

// As many places as have room for their name, the last of them all.
function named(values, x) {
  const found = [];
  for (const value of values.toReversed()) {
    if (!found.length || x(found.at(-1)) - x(value) >= APART) found.push(value);
  }
  return found;
}

function rowsOf(question, y) {
  const { low, high, log } = question;
  const inside = (value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const apart = (rows) => rows.every((value, i) => !i || y(rows[i - 1]) - y(value) >= 22);
  const offers = log.includes("y") ? powers(low, high) : steps(low, high);
  return offers.map((rows) => rows.filter(inside)).find((rows) => rows.length > 1 && apart(rows)) ??
    [low, high];
}

function powers(low, high) {
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high));
  const all = (digits, every) =>
    range(last - first + 1).filter((i) => (first + i) % every === 0)
      .flatMap((i) => digits.map((digit) => Number(`${digit}e${first + i}`)));
  return [all([1, 2, 5], 1), all([1, 3], 1), all([1], 1), all([1], 2), all([1], 3)];
}

function steps(low, high) {
  const size = 10 ** Math.floor(Math.log10((high - low) / 5));
  return [1, 2, 5, 10, 20].map((times) => {
    const step = times * size, first = Math.ceil(low / step - 1e-9);
    return range(Math.floor(high / step + 1e-9) - first + 1).map((i) => (first + i) * step);
  });
}

// ---- words ---------------------------------------------------------------------------------
const TIMES = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]];
const rounded = (value) => Number(value.toPrecision(3));
const three = (value) => rounded(value).toLocaleString("en", { maximumSignificantDigits: 3 });

// A value with its unit; times take the unit that suits them.
export function amount(value, unit) {
  if (unit !== "s" || !value) return unit ? `${three(value)}\u00a0${unit}` : three(value);
  const [scale, name] = TIMES.find(([scale]) => rounded(value) >= scale) ?? TIMES.at(-1);
  return `${three(value / scale)}\u00a0${name}`;
}

// A place across: what is counted keeps all its digits.
export function placed(value, { across: [name, unit] }) {
  return `${name} = ${unit ? `${thousands(value)}\u00a0${unit}` : thousands(value)}`;
}
