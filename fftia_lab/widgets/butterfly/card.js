// The chosen node's own sum, in symbols, named as in the chapters, and then in numbers.
import { inputsOf, productOf, ROLES } from "./names.js";
import {
  complex,
  degrees,
  gives,
  minus,
  number,
  plus,
  printed,
  sub,
  times,
  unit,
} from "../kit/numbers.js";

const [upper, lower] = ROLES.map((role) => (words) => [role, words]);
const twiddle = (words) => ["twiddle", words];

export function formula(now, view) {
  if (!now.node.length || !now.node[0]) return [];
  return view.fft ? butterflySums(now, view) : [weighedSum(now, view)];
}

// To three decimals, for a gate near 1 would seem to be 1, and the sum not to be right.
function weighedSum({ node: [column, row], weights }, view) {
  const before = view.columns[column - 1], told = (value) => complex(value, 3);
  const out = view.columns[column][row];
  const partner = view.partners[column - 1][row];
  const alone = `token ${row} meets nobody in stage ${column} and keeps `;
  if (partner === row) return [alone, upper(told(out))];
  const [own, other] = [upper(told(before[row])), lower(told(before[partner]))];
  if (weights === "average") {
    const sum = ` ${sumOf([0.5, before[row]], [0.5, before[partner]], out)}`;
    return ["own half + partner’s half: ½ · ", own, " + ½ · ", other, sum];
  }
  const [mine, theirs] = view.weights[column - 1].map((all) => all[row]);
  const weight = (value) => [weights === "gates" ? "gate" : "learned", bracketed(number(value, 3))];
  const terms = [
    weight(mine),
    " · ",
    upper(bracketed(told(before[row]))),
    " + ",
    weight(theirs),
    " · ",
    lower(bracketed(told(before[partner]))),
  ];
  const named = weights === "gates"
    ? "own share + partner’s share: "
    : "learned, own + partner’s: ";
  return [named, ...terms, ` ${sumOf([mine, before[row]], [theirs, before[partner]], out)}`];
}

// What two numbers with their weights make, as printed.
function sumOf(own, other, out) {
  const terms = [own, other].map(([weight, value]) =>
    times(printed([weight, 0], 3), printed(value, 3))
  );
  return gives(plus(...terms), out, 3);
}

const bracketed = (words) => (/^−|.[+−]/.test(words) ? `(${words})` : words);

// In time E ± w O, in frequency a + b and (a − b) w; E and a are the upper half, in its colour.
// One product serves the pair: first it, then both outputs, the chosen one in bold.
function butterflySums(now, view) {
  const { node: [column, row] } = now, { pair } = view, { low, high } = pair;
  const [first, second] = inputsOf(view, now, pair);
  const inputs = [low, high].map((place) => view.columns[column - 1][place]);
  const given = { names: [upper(first), lower(second)], inputs, product: pair.product };
  const sums = now.decimation === "time" ? sumsInTime : sumsInFrequency;
  const outputs = [low, high].map((place, i) => {
    const out = view.columns[column][place], named = productOf(view, now, pair);
    const sum = [nameOf(now, view, place), ...sums(given, i, named, out)];
    return place === row ? [["on", sum]] : sum;
  });
  return [productLine(now, view, given), ...outputs];
}

function productLine(now, view, { inputs: [A, B], product }) {
  const { pair } = view, { extra } = pair, w = unit(pair.turns + extra);
  const turned = extra ? [" (turned by ", twiddle(degrees(extra)), ")"] : [];
  const second = lower(bracketed(complex(B)));
  const factor = now.decimation === "time"
    ? [second]
    : ["(", upper(complex(A)), " − ", second, ")"];
  const named = [...productOf(view, now, pair), ...turned];
  const numbers = [twiddle(bracketed(complex(w))), " · ", ...factor];
  const turning = now.decimation === "time" ? printed(B) : minus(printed(A), printed(B));
  const made = ` ${gives(times(printed(w), turning), product)}`;
  return ["one product for both: ", ...named, " = ", ...numbers, made];
}

function sumsInTime({ names: [first], inputs: [A], product }, i, named, out) {
  const [sign, joined] = i ? [" − ", minus] : [" + ", plus];
  return [
    first,
    sign,
    ...named,
    " = ",
    upper(bracketed(complex(A))),
    `${sign}${bracketed(complex(product))}`,
    ` ${gives(joined(printed(A), printed(product)), out)}`,
  ];
}

function sumsInFrequency({ names: [first, second], inputs: [A, B] }, i, named, out) {
  if (i) return [...named, ` = ${complex(out)}`];
  return [
    first,
    " + ",
    second,
    " = ",
    upper(bracketed(complex(A))),
    " + ",
    lower(bracketed(complex(B))),
    ` ${gives(plus(printed(A), printed(B)), out)}`,
  ];
}

// What the sum makes has a name where it is an output.
function nameOf({ node: [column] }, view, row) {
  return column === view.depth ? `X${sub(view.outOrder[row])} = ` : "";
}
