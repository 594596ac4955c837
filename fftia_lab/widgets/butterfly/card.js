// The chosen node's own sum, in symbols, named as in the chapters, and then in numbers.
import { inputsOf, powerOf, ROLES } from "./words.js";
import { unit } from "../kit/complexes.js";
import { complex, degrees, sub } from "../kit/words.js";
import { html } from "../kit/kit.js";

const coloured = (role, text) => html("span", { class: `fl-${role}` }, text);
const [upper, lower] = ROLES.map((role) => (text) => coloured(role, text));
const twiddle = (text) => coloured("twiddle", text);

export function formula(now, view) {
  if (!now.node.length || !now.node[0]) return [];
  return view.fft ? butterflySum(now, view) : meanSum(now, view);
}

function meanSum({ node: [column, row] }, view) {
  const before = view.columns[column - 1], out = complex(view.columns[column][row]);
  const partner = view.partners[column - 1][row];
  const alone = `token ${row} meets nobody in stage ${column} and keeps `;
  if (partner === row) return [alone, upper(out)];
  return [
    "own half + partner’s half: ½ · ",
    upper(complex(before[row])),
    " + ½ · ",
    lower(complex(before[partner])),
    ` = ${out}`,
  ];
}

// In time E ± w O, in frequency a + b and (a − b) w; E and a are the upper half, in its colour.
function butterflySum(now, view) {
  const { node: [column, row], decimation } = now, { pair } = view;
  const { low, high, turns, extra } = pair, [first, second] = inputsOf(view, now, pair);
  const [A, B] = [low, high].map((place) => complex(view.columns[column - 1][place]));
  const w = complex(unit(turns + extra)), power = powerOf(view, pair);
  const turned = extra ? `(${power}, turned by ${degrees(extra)})` : power;
  const out = complex(view.columns[column][row]), name = nameOf(now, view);
  if (decimation === "time") {
    const sign = row === low ? " + " : " − ";
    return [
      name,
      upper(first),
      sign,
      twiddle(turned),
      " ",
      lower(second),
      " = ",
      upper(`(${A})`),
      sign,
      twiddle(`(${w})`),
      " · ",
      lower(`(${B})`),
      ` = ${out}`,
    ];
  }
  if (row === low) {
    return [
      name,
      upper(first),
      " + ",
      lower(second),
      " = ",
      upper(`(${A})`),
      " + ",
      lower(`(${B})`),
      ` = ${out}`,
    ];
  }
  return [
    name,
    "(",
    upper(first),
    " − ",
    lower(second),
    ") ",
    twiddle(turned),
    " = (",
    upper(A),
    " − ",
    lower(`(${B})`),
    ") · ",
    twiddle(`(${w})`),
    ` = ${out}`,
  ];
}

// What the sum makes has a name where it is an output.
const nameOf = (
  { node: [column, row] },
  view,
) => (column === view.depth ? `X${sub(view.outOrder[row])} = ` : "");
