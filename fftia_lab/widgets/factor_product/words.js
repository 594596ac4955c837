// What is said about a product of factors: titles, one sentence, and an entry's own multiplication.
import { complex, list, number, sub } from "../kit/words.js";
import { range, size } from "../kit/complexes.js";
import { html } from "../kit/kit.js";

// A factor's name; before the first one stands the sorting or, where nothing is sorted, the identity.
export const titleOf = (
  stage,
  table,
) => (stage >= 0 ? `B${sub(stage + 1)}` : table.sort ? "P" : "I");
export const nameOf = ([stage, row, column]) => `B${sub(stage + 1)}[${row}, ${column}]`;
export const valueText = (value, nature) => (nature.turning ? complex(value) : number(value[0], 3));

// The direction of a number in degrees, above −180 and up to 180, to a tenth.
export function directionOf([re, im]) {
  return withinTurn(Math.atan2(im, re) * (180 / Math.PI));
}
function withinTurn(degrees) {
  const angle = Math.round(degrees * 10) / 10;
  return angle - 360 * Math.ceil((angle - 180) / 360);
}
export const angleText = (degrees) =>
  `${number(degrees, Number.isInteger(Math.round(degrees * 10) / 10) ? 0 : 1)}°`;
const isAngle = (value) => Math.abs(size(value) - 1) < 1e-9;

// What may be guessed: how many entries are nonzero after the next factor, or, all multiplied, how
// many a change of the chosen weight will reach. A bet is [factor, or 0 for the change, count].
export function guessesOf(n, factor) {
  const counts = factor
    ? range(Math.log2(n) + 1).map((power) => n * 2 ** power)
    : [1, n / 2, n, n ** 2 / 4, n ** 2];
  return [...new Set(counts)];
}

// The product as written so far: B₂ · B₁ · P.
export function chainText({ table }, count) {
  const stages = range(count).reverse();
  return (table.sort || !count ? [...stages, -1] : stages).map((stage) => titleOf(stage, table))
    .join(" · ");
}

export function describeProduct(state, view) {
  return [density(state, view), state.change ? changeText(state, view) : entryText(state, view)]
    .filter(Boolean).join(" ");
}

function density(state, view) {
  const { n, depth, done } = view,
    counts = view.nonzero[done],
    fewest = Math.min(...counts),
    most = Math.max(...counts);
  const each = fewest === most
    ? `${most} of ${n} entries in each row`
    : `${fewest} to ${most} of ${n} entries in a row`;
  const total = counts.reduce((sum, count) => sum + count, 0),
    sums = view.nature.sharing ? ", and each row sums to 1" : "";
  const guess = done && state.bet[0] === done ? ` You said ${state.bet[1]}.` : "";
  return `After ${done} of ${depth} factors, ${each} ${
    most === 1 && fewest === 1 ? "is" : "are"
  } nonzero: ${total} of ${n ** 2}${sums}.${guess}`;
}

function entryText(state, view) {
  if (!state.entry.length) return "";
  const called = `Entry (${state.entry.join(", ")})`;
  if (!view.path) {
    return `${called} is 0: no path leads from column ${state.entry[1]} to row ${
      state.entry[0]
    } yet.`;
  }
  const count = view.path.numbers.length;
  if (!count) return `${called} has met no factor yet.`;
  return `${called} is ${
    count === 1 ? "one number" : `${count} numbers multiplied`
  }, one from each factor: there is one path, and no other.`;
}

function changeText(state, view) {
  const [stage] = state.weight, name = nameOf(state.weight), { changed, nature } = view;
  const moved = nature.turning
    ? `${name} is turned by ${angleText(state.change * 360)}`
    : `${name} goes from ${number(view.was[0])} to ${number(view.is[0])}${
      nature.sharing ? ", its neighbour gives way" : ""
    }`;
  if (view.done <= stage) {
    return `${moved}. B${sub(stage + 1)} has not multiplied yet: no entry changes.`;
  }
  const rows = [...new Set(changed.map(([k]) => k))],
    columns = [...new Set(changed.map(([, j]) => j))];
  const plural = (items, word) => `${word}${items.length === 1 ? "" : "s"} ${list(items)}`;
  const guess = state.bet.length && state.bet[0] === 0 ? ` You said ${state.bet[1]}.` : "";
  if (!changed.length) return `${moved}. No entry changes.${guess}`;
  return `${moved}: ${changed.length} of ${view.n ** 2} entries change, ${plural(rows, "row")} by ${
    plural(columns, "column")
  }.${guess}`;
}

// The chosen entry as the product it is, in symbols, in numbers, and in what it means.
export function entryCard(state, view) {
  if (!state.entry.length || !view.done) return [];
  const [k, j] = state.entry;
  if (!view.path) return [html("div", {}, `entry (${k}, ${j}) = 0`)];
  const { rows, sides, numbers } = view.path, value = view.products[view.done][k][j];
  const colour = (stage, text) =>
    html("span", { class: sides[stage] ? "fl-partner" : "fl-self" }, text);
  const inOrder = range(numbers.length).reverse();
  const joined = (write) =>
    inOrder.flatMap((stage, i) => [i ? " · " : "", colour(stage, write(stage))]);
  const plain = (text) => (/[−+ ]/.test(text) ? `(${text})` : text);
  const lines = [
    [`entry (${k}, ${j}) = `, ...joined((stage) => nameOf([stage, rows[stage + 1], rows[stage]]))],
    [
      `${valueText(value, view.nature)} = `,
      ...joined((stage) => plain(valueText(numbers[stage], view.nature))),
    ],
  ];
  if (view.nature.turning && numbers.every(isAngle)) lines.push(phases(state, view, joined));
  else if (view.table.aim && view.done === view.depth) {
    lines.push([`In ${view.table.aim.name} it is ${number(view.table.aim.entries[k][j], 3)}.`]);
  } else if (view.nature.sharing) {
    lines.push([`Row ${k} takes ${number(100 * value[0], 1)} % of token ${j}.`]);
  }
  return lines.map((line) => html("div", {}, ...line));
}

function phases(state, view, joined) {
  const [k, j] = state.entry,
    angles = view.path.numbers.map(directionOf),
    total = angles.reduce((sum, angle) => sum + angle, 0);
  const terms = joined((
    stage,
  ) => (angles[stage] < 0 ? `(${angleText(angles[stage])})` : angleText(angles[stage])));
  const sum = [
    "Phases add: ",
    ...terms.map((part) => (part === " · " ? " + " : part)),
    ` = ${angleText(total)}`,
  ];
  if (view.done < view.depth || state.weights !== "twiddles") return [...sum, "."];
  const wanted = (-360 * k * j) / view.n, off = withinTurn(total - wanted);
  const verdict = off
    ? `, ${angleText(Math.abs(off))} away`
    : Math.abs(total - wanted) < 1
    ? ""
    : ", the same direction";
  return [
    ...sum,
    `; the DFT has ${`−360° · ${k} · ${j} / ${view.n}`.replaceAll(" ", "\u00a0")} = ${
      angleText(wanted)
    }${verdict}.`,
  ];
}
