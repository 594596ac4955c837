// What the figure `squaredpoints` says: one sentence, the pair's numbers, the values of its hands.
import { once } from "./model.js";
import {
  complex,
  gives,
  minus,
  percent,
  plural,
  plus,
  printed,
  sub,
  sup,
  times,
} from "../kit/numbers.js";

// A point of a level as a power of w, or nothing between two points.
export const nameOf = ({ level, m }, k) =>
  Number.isInteger(k) ? `w${sup(once(k, m) * 2 ** level)}` : "";

const counted = (count, word) => `${count} ${plural(count, word)}`;
const callsOf = (view) => counted(2 ** view.level, "call");

export function describe(state, view) {
  const { n, fold } = state, { m, part } = view;
  if (part) {
    const way = `${percent(part)} of the way: each of ${counted(m, "point")} doubles its angle`;
    return `${way}, and z and −z are to meet in z².`;
  }
  const sized = `${counted(m, "point")}, ${callsOf(view)} of ${counted(m, "sample")}`;
  if (m === 1) {
    return `${sized}: ${n} values and no product, for a single sample is its own spectrum. ` +
      `The tree has ${2 * n - 1} calls.`;
  }
  const [z, opposite] = [["z", state.k], ["−z", state.k + m / 2]].map(([letter, k]) => {
    const name = nameOf(view, k);
    return name ? `${letter} = ${name}` : letter;
  });
  if (!fold) return `${sized}. One product, z · o(z²), serves both ${z} and ${opposite}.`;
  return `${sized}: ${n} values from ${counted(n / 2, "product")}, since opposite points, ` +
    `like ${z} and ${opposite}, have one square.`;
}

// ---- the card ----------------------------------------------------------------------------------
const bracketed = (value) => {
  const words = complex(value);
  return /^−|.[+−]/.test(words) ? `(${words})` : words;
};
const even = (words) => ["self", words];
const odd = (words) => ["partner", words];
const twiddle = (words) => ["twiddle", words];

// x₁ + x₃ z + x₅ z² + x₇ z³, even and odd powers in their colours; a long one has a gap.
function polynomial(samples) {
  const term = (j, i) => {
    const power = i > 1 ? ` z${sup(i)}` : i ? " z" : "";
    return (i % 2 ? odd : even)(`x${sub(j)}${power}`);
  };
  const terms = samples.map(term);
  const shown = terms.length > 8 ? [...terms.slice(0, 4), "…", terms.at(-1)] : terms;
  return shown.flatMap((one, i) => (i ? [" + ", one] : [one]));
}

export function arithmetic(state, view) {
  const { samples, m, values, z } = view, whole = ["p(z) = ", ...polynomial(samples)];
  if (m === 1) return [[...whole, ` = ${complex(values[0])}, whatever z is`]];
  const halves = [even("e(z²)"), [twiddle("z"), " · ", odd("o(z²)")]];
  const factors = [twiddle(bracketed(z)), " · ", odd(bracketed(view.odd))];
  const product = ` ${gives(times(printed(z), printed(view.odd)), view.product)}`;
  const name = (further) => outputName(state, view, further);
  return [
    [...whole, " = ", halves[0], " + ", ...halves[1]],
    ["one product: ", ...halves[1], " = ", ...factors, product],
    [name(0), "p(z) = ", ...sumOf(halves, " + ", plus, view, values[0])],
    [name(m / 2), "p(−z) = ", ...sumOf(halves, " − ", minus, view, values[1])],
  ];
}

function sumOf([first, second], sign, joined, view, value) {
  const terms = [even(bracketed(view.even)), sign + bracketed(view.product)];
  const made = gives(joined(printed(view.even), printed(view.product)), value);
  return [first, sign, ...second, " = ", ...terms, ` ${made}`];
}

// The values of the first call are the spectrum.
function outputName({ k }, { level, m }, further) {
  return level || !Number.isInteger(k) ? "" : `X${sub(once(k + further, m))} = `;
}

// ---- what hands hold ---------------------------------------------------------------------------
export function pointValue(state, view) {
  const { k } = state, { m, z } = view, name = nameOf(view, k);
  if (!name) return `z = ${complex(z)}, between two points`;
  if (m === 1) return `z = ${name} = 1`;
  const [opposite, square] = [k + m / 2, 2 * k].map((one) => nameOf(view, one));
  return `z = ${name}, −z = ${opposite}, z² = ${square}`;
}

export function callValue({ call }, { level, samples }) {
  const named = samples.map((j) => `x${sub(j)}`).join(", ");
  return `level ${level}, call ${call + 1} of ${2 ** level}: ${named}`;
}

// Over each level of the tree; its products are told once something has been squared.
export function levelWords({ n, fold }, level) {
  const m = n / 2 ** level, product = m > 1 ? counted(n / 2, "product") : "no product";
  const asked = `${counted(2 ** level, "call")} at ${counted(m, "point")}: ${n} values`;
  return fold ? `${asked}, ${product}` : asked;
}
