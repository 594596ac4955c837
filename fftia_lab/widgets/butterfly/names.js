// What the numbers of an FFT are called, as in the chapters: samples x, outputs X, and in between
// the halves that a butterfly joins, E and O of decimation in time, a and b in frequency.
import { range, sub, sup } from "../kit/numbers.js";

const LETTERS = { time: ["E", "O"], frequency: ["a", "b"] };
export const ROLES = ["self", "partner"]; // of the upper half and of the lower

// The twiddle of a pair as a power of w, the n-th part of a turn.
const powerOf = (view, pair) => `w${sup(Math.round(-pair.turns * view.n))}`;

// The names of a pair's two inputs.
export function inputsOf(view, { decimation }, { stage, low, high }) {
  if (stage === 0) return [low, high].map((row) => `x${sub(view.inOrder[row])}`);
  return LETTERS[decimation].map((letter) => letter + sub(low % view.strides[stage]));
}

// What the two outputs of a pair share, in pieces with roles: in time a product that is added and
// subtracted; in frequency a product of their difference, which the lower output is.
export function productOf(view, now, pair) {
  const [first, second] = inputsOf(view, now, pair), power = ["twiddle", powerOf(view, pair)];
  if (now.decimation === "time") return [power, " · ", ["partner", second]];
  return [power, " · (", ["self", first], " − ", ["partner", second], ")"];
}

export const plain = (pieces) =>
  pieces.map((piece) => Array.isArray(piece) ? piece[1] : piece).join("");

// The halves that are marked: those of the chosen node, else the two of the whole transform. In
// column 0 every number is a sample and has its name already.
export function halvesOf(view, { decimation }, node) {
  if (!view.fft) return [];
  const chosen = node?.[0] > 0, whole = decimation === "time" ? view.depth - 1 : 0;
  const column = chosen ? node[0] - 1 : whole, half = view.strides[column];
  if (!column) return [];
  const first = chosen ? node[1] - (node[1] % (2 * half)) : 0;
  return LETTERS[decimation].map((letter, i) => ({
    role: ROLES[i],
    column,
    first: first + i * half,
    names: range(half).map((k) => letter + sub(k)),
  }));
}
