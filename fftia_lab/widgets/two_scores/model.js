// Two tokens that meet, as plain data: the scores that their questions make with both keys.
import { clamp, range } from "../kit/numbers.js";
import { oneOf, same, wished } from "../kit/state.js";

export const LOW = -1.6; // the plane of questions and keys
export const HIGH = 4.2;
export const PAIR = range(2); // the bank is 0, or a; the river 1, or b
export const KINDS = ["itself", "partner", "difference", "gate"];
export const nameOf = (token, kind) => `${"ab"[token]}-${kind}`;
export const NUMBERS = PAIR.flatMap((token) => KINDS.map((kind) => nameOf(token, kind)));

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["q", "k", "step", "number"];
const isPair = (value, check) => Array.isArray(value) && value.length === 2 && value.every(check);
const areVectors = (value) => isPair(value, (vector) => isPair(vector, Number.isFinite));
const CHECKS = {
  q: areVectors,
  k: areVectors,
  step: Number.isFinite,
  number: oneOf("", ...NUMBERS),
};

// Whoever changes a question or a key sees the whole step that follows from it.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (!("step" in patch) && !(same(next.q, state.q) && same(next.k, state.k))) next.step = 1;
  const inside = (vector) => vector.map((part) => clamp(part, LOW, HIGH));
  next.q = next.q.map(inside);
  next.k = next.k.map(inside);
  next.step = clamp(next.step, 0, 1);
  return next;
}

// ---- what is shown -----------------------------------------------------------------------------
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
const scoresOf = (question, keys) => keys.map((key) => dot(question, key) / Math.SQRT2);

function meet({ q, k, step }, token) {
  const scores = scoresOf(q[token], k);
  const itself = scores[token], partner = scores[1 - token], difference = partner - itself;
  const gate = 1 / (1 + Math.exp(-difference));
  return { itself, partner, difference, gate, gone: step * gate };
}

export const makeView = () => (state) => ({ tokens: PAIR.map((token) => meet(state, token)) });

// ---- scores as a wish --------------------------------------------------------------------------
// The question that has these scores with the two keys, or, where the plane ends, with scores on
// the straight way there.
export function questionFor(question, keys, wanted) {
  const now = scoresOf(question, keys);
  const change = solved(keys, wanted.map((score, j) => Math.SQRT2 * (score - now[j])));
  const reach = change.map((far, axis) => {
    const end = far > 0 ? HIGH : LOW;
    return far ? (end - question[axis]) / far : 1;
  });
  const part = Math.min(1, ...reach);
  return question.map((value, axis) => value + part * change[axis]);
}

// The vector whose products with two others are u and v; where these lie on one line, as near as
// can be.
function solved([a, b], [u, v]) {
  const area = a[0] * b[1] - a[1] * b[0];
  if (Math.abs(area) > 0.01) return [(u * b[1] - v * a[1]) / area, (v * a[0] - u * b[0]) / area];
  const squares = dot(a, a) + dot(b, b);
  return squares ? PAIR.map((axis) => (a[axis] * u + b[axis] * v) / squares) : [0, 0];
}
