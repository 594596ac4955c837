// The chosen node's own sum, in symbols, named as in the chapters, and then in numbers.
import { inputsOf, powerOf, ROLES } from "./names.js";
import { complex, degrees, number, sub, unit } from "../kit/numbers.js";

const [upper, lower] = ROLES.map((role) => (words) => [role, words]);
const twiddle = (words) => ["twiddle", words];

export function formula(now, view) {
  if (!now.node.length || !now.node[0]) return [];
  return view.fft ? butterflySum(now, view) : weighedSum(now, view);
}

function weighedSum({ node: [column, row], weights }, view) {
  const before = view.columns[column - 1], out = complex(view.columns[column][row]);
  const partner = view.partners[column - 1][row];
  const alone = `token ${row} meets nobody in stage ${column} and keeps `;
  if (partner === row) return [alone, upper(out)];
  const [own, other] = [upper(complex(before[row])), lower(complex(before[partner]))];
  if (weights === "average") {
    return ["own half + partner’s half: ½ · ", own, " + ½ · ", other, ` = ${out}`];
  }
  const [mine, theirs] = view.weights[column - 1].map((all) => all[row]);
  const weight = (value) => [weights === "gates" ? "gate" : "learned", bracketed(number(value))];
  const terms = [
    weight(mine),
    " · ",
    upper(bracketed(complex(before[row]))),
    " + ",
    weight(theirs),
    " · ",
    lower(bracketed(complex(before[partner]))),
  ];
  const named = weights === "gates"
    ? "own share + partner’s share: "
    : "learned, own + partner’s: ";
  return [named, ...terms, ` = ${out}`];
}

const bracketed = (words) => (words.startsWith("−") ? `(${words})` : words);

// In time E ± w O, in frequency a + b and (a − b) w; E and a are the upper half, in its colour.
function butterflySum(now, view) {
  const { node: [column, row], decimation } = now, { pair } = view, { low, high, extra } = pair;
  const [first, second] = inputsOf(view, now, pair), power = powerOf(view, pair);
  const [A, B] = [low, high].map((place) => complex(view.columns[column - 1][place]));
  const turned = twiddle(extra ? `(${power}, turned by ${degrees(extra)})` : power);
  const w = twiddle(`(${complex(unit(pair.turns + extra))})`);
  const out = ` = ${complex(view.columns[column][row])}`, name = nameOf(now, view);
  const upperRow = row === low;
  if (decimation === "time") {
    const sign = upperRow ? " + " : " − ",
      symbols = [upper(first), sign, turned, " ", lower(second)];
    return [name, ...symbols, " = ", upper(`(${A})`), sign, w, " · ", lower(`(${B})`), out];
  }
  if (upperRow) {
    const symbols = [upper(first), " + ", lower(second)];
    return [name, ...symbols, " = ", upper(`(${A})`), " + ", lower(`(${B})`), out];
  }
  const symbols = ["(", upper(first), " − ", lower(second), ") ", turned];
  return [name, ...symbols, " = (", upper(A), " − ", lower(`(${B})`), ") · ", w, out];
}

// What the sum makes has a name where it is an output.
function nameOf({ node: [column, row] }, view) {
  return column === view.depth ? `X${sub(view.outOrder[row])} = ` : "";
}
