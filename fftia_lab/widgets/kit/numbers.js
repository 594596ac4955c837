// Numbers: counting, complex ones as pairs [re, im], and how people write them.

// A loop, because frames count thousands of things.
export function range(count) {
  const all = [];
  for (let i = 0; i + 1 <= count; i++) all.push(i);
  return all;
}
export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const mix = (from, to, part) => from + (to - from) * part;

// A time counts stages: those that are done, and the part of the next one that has passed.
export function elapsed(time) {
  const done = Math.floor(time + 1e-9);
  return { done, part: Math.max(0, time - done) };
}
// A time on its way has three digits after the point: what rests there is written whole in a link.
export const inTime = (time) => Math.round(1000 * time) / 1000;
export const stopAfter = (time) => Math.floor(time + 1e-9) + 1;
export const stopBefore = (time) => Math.ceil(time - 1e-9) - 1;

// ---- complex numbers ---------------------------------------------------------------------------
export const plus = (a, b) => [a[0] + b[0], a[1] + b[1]];
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
export const times = (a, b) => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
export const size = (a) => Math.hypot(a[0], a[1]);
export const unit = (turns) => [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)];
export const turnsOf = ([re, im]) => Math.atan2(im, re) / (2 * Math.PI);

// ---- words -------------------------------------------------------------------------------------
// Fixed width, a true minus, no "-0.00".
export function number(value, digits = 2) {
  const text = (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits);
  return text.replace("-", "−");
}

// To so many digits; a half of the decimal text goes up, as in fftia_lab/rounding.py.
export function rounded(value, digits = 3) {
  if (!Number.isFinite(value)) return value;
  const [mantissa, power] = Math.abs(value).toExponential().split("e");
  const whole = Math.round(Number(`${mantissa}e${digits - 1}`));
  return Math.sign(value) * Number(`${whole}e${power - digits + 1}`);
}

// With a digit after the point only where there is a part.
export const short = (value) => number(value, Number.isInteger(value) ? 0 : 1);

export function complex([re, im], digits = 2) {
  if (Math.abs(im) < 0.5 * 10 ** -digits) return number(re, digits);
  const imaginary = `${number(Math.abs(im), digits)}i`;
  if (Math.abs(re) < 0.5 * 10 ** -digits) return im < 0 ? `−${imaginary}` : imaginary;
  return `${number(re, digits)} ${im < 0 ? "−" : "+"} ${imaginary}`;
}

// A complex number or its parts as they are printed, and what comes of them: `= value` where the
// printed numbers give the printed value, `≈ value` where they miss it because each is rounded.
export const printed = (parts, digits = 2) => parts.map((part) => Number(part.toFixed(digits)));
export function gives(found, value, digits = 2) {
  const text = complex(value, digits);
  return `${complex(found, digits) === text ? "=" : "≈"} ${text}`;
}

export const thousands = (value) => value.toLocaleString("en");
export const percent = (part, digits = 0) => `${number(100 * part, digits)}\u00a0%`;
export const degrees = (turns) => `${number(turns * 360, 0)}°`;
export const binary = (value, digits) => value.toString(2).padStart(digits, "0");
const LOWERED = "₀₁₂₃₄₅₆₇₈₉";
export const sub = (index) => String(index).replace(/\d/g, (digit) => LOWERED[digit]);
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const sup = (power) => String(power).replace(/\d/g, (digit) => RAISED[digit]);
export const plural = (count, word) => (count === 1 ? word : `${word}s`);

// A long list keeps its beginning and its end.
export function list(items) {
  const [start, end] = [items.slice(0, 7).join(", "), items.at(-1)];
  return items.length > 8 ? `${start} … ${end}` : items.join(", ");
}

export function joined(items) {
  return items.length > 1
    ? `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`
    : String(items[0]);
}
