// What is said about a product of factors: titles, one sentence, an entry's own product, the bet.
import {
  complex,
  degrees,
  list,
  number,
  percent,
  plural,
  range,
  size,
  sub,
  turnsOf,
} from "../kit/numbers.js";

// A factor’s name; before the first stands the sorting, or the identity where nothing is sorted.
export function titleOf(stage, table) {
  if (stage >= 0) return `B${sub(stage + 1)}`;
  return table.sort ? "P" : "I";
}
export const nameOf = ([stage, row, column]) => `B${sub(stage + 1)}[${row}, ${column}]`;
const valueText = (value, nature) => (nature.turning ? complex(value) : number(value[0], 3));

// The direction of a number in degrees, above −180 and up to 180, to a tenth.
export const directionOf = (value) => withinTurn(360 * turnsOf(value));
function withinTurn(angle) {
  const tenths = Math.round(angle * 10) / 10;
  return tenths - 360 * Math.ceil((tenths - 180) / 360);
}
function angleText(angle) {
  const tenths = Math.round(angle * 10) / 10;
  return Number.isInteger(tenths) ? degrees(tenths / 360) : `${number(tenths, 1)}°`;
}
const isAngle = (value) => Math.abs(size(value) - 1) < 1e-9;

// The product as written so far: B₂ · B₁ · P.
export function chainText({ table }, count) {
  const stages = range(count).reverse(), all = table.sort || !count ? [...stages, -1] : stages;
  return all.map((stage) => titleOf(stage, table)).join(" · ");
}

// ---- the sentence ------------------------------------------------------------------------------
export function describe(state, view) {
  if (state.change) return [density(state, view), changeText(state, view)].join(" ");
  const free = view.done === view.depth ? view.table.freedom : "";
  return [density(state, view), entryText(state, view), free].filter(Boolean).join(" ");
}

const total = (counts) => counts.reduce((sum, count) => sum + count, 0);

// What was guessed and what came of it: of the last factor, or of a change; null while neither has.
export function reckoning({ bet: [factor, mine], weight, change }, { done, nonzero, changed }) {
  if (!mine) return null;
  if (factor) return done === factor ? { mine, truth: total(nonzero[done]) } : null;
  return change && done > weight[0] ? { mine, truth: changed.length } : null;
}

const guessText = (reckoned) => (reckoned ? ` You said ${reckoned.mine}.` : "");

function density(state, view) {
  const { n, depth, done, nature } = view, counts = view.nonzero[done];
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const each = fewest === most
    ? `${most} of ${n} entries in each row`
    : `${fewest} to ${most} of ${n} entries in a row`;
  const are = most === 1 ? "is" : "are";
  const sums = nature.sharing ? ", and each row sums to 1" : "";
  const guess = state.bet[0] ? guessText(reckoning(state, view)) : "";
  const nonzero = `${total(counts)} of ${n ** 2}${sums}`;
  return `After ${done} of ${depth} factors, ${each} ${are} nonzero: ${nonzero}.${guess}`;
}

function entryText({ entry }, { path }) {
  if (!entry.length) return "";
  const called = `Entry (${entry.join(", ")})`, [row, column] = entry;
  if (!path) return `${called} is 0: no path leads from column ${column} to row ${row} yet.`;
  const count = path.numbers.length;
  if (!count) return `${called} has met no factor yet.`;
  const numbers = count === 1 ? "one number" : `${count} numbers multiplied`;
  return `${called} is ${numbers}, one from each factor: there is one path, and no other.`;
}

function changeText(state, view) {
  const [stage] = state.weight, { changed } = view, moved = moveText(state, view);
  if (view.done <= stage) {
    return `${moved}. B${sub(stage + 1)} has not multiplied yet: no entry changes.`;
  }
  const guess = state.bet[0] === 0 ? guessText(reckoning(state, view)) : "";
  if (!changed.length) return `${moved}. No entry changes.${guess}`;
  const [rows, columns] = [0, 1].map((axis) => [...new Set(changed.map((entry) => entry[axis]))]);
  const named = (items, word) => `${plural(items.length, word)} ${list(items)}`;
  const where = `${named(rows, "row")} by ${named(columns, "column")}`;
  return `${moved}: ${changed.length} of ${view.n ** 2} entries change, ${where}.${guess}`;
}

function moveText({ weight, change }, { nature, was, is }) {
  if (nature.turning) return `${nameOf(weight)} is turned by ${angleText(change * 360)}`;
  const way = nature.sharing ? ", its neighbour gives way" : "";
  return `${nameOf(weight)} goes from ${number(was[0])} to ${number(is[0])}${way}`;
}

// ---- the chosen entry as the product it is, in symbols, in numbers, and in what it means --------
export function entryCard(state, view) {
  if (!state.entry.length || !view.done) return [];
  const [k, j] = state.entry, { nature, path } = view;
  if (!path) return [`entry (${k}, ${j}) = 0`];
  const { rows, sides, numbers } = path, value = view.products[view.done][k][j];
  const product = (write) =>
    range(numbers.length).reverse().flatMap((stage, i) => [
      i ? " · " : "",
      [sides[stage] ? "partner" : "self", write(stage)],
    ]);
  const plain = (words) => (/[−+ ]/.test(words) ? `(${words})` : words);
  const symbols = product((stage) => nameOf([stage, rows[stage + 1], rows[stage]]));
  const values = product((stage) => plain(valueText(numbers[stage], nature)));
  return [
    [`entry (${k}, ${j}) = `, ...symbols],
    [`${valueText(value, nature)} = `, ...values],
    ...meaning(state, view, product),
  ];
}

function meaning(state, view, product) {
  const [k, j] = state.entry, { table: { aim }, nature, path } = view;
  if (nature.turning && path.numbers.every(isAngle)) return [phases(state, view, product)];
  if (aim && view.done === view.depth) {
    return [`In ${aim.name} it is ${complex(aim.entries[k][j], 3)}.`];
  }
  if (!nature.sharing) return [];
  return [`Row ${k} takes ${percent(view.products[view.done][k][j][0], 1)} of token ${j}.`];
}

function phases(state, view, product) {
  const [k, j] = state.entry, angles = view.path.numbers.map(directionOf);
  const total = angles.reduce((sum, angle) => sum + angle, 0);
  const bracketed = (angle) => (angle < 0 ? `(${angleText(angle)})` : angleText(angle));
  const terms = product((stage) => bracketed(angles[stage]));
  const added = terms.map((part) => (part === " · " ? " + " : part));
  const sum = ["Phases add: ", ...added, ` = ${angleText(total)}`];
  if (view.done < view.depth || state.weights !== "twiddles") return [...sum, "."];
  const wanted = (-360 * k * j) / view.n, off = Math.abs(withinTurn(total - wanted));
  const formula = `−360° · ${k} · ${j} / ${view.n}`.replaceAll(" ", "\u00a0");
  const same = Math.abs(total - wanted) < 1 ? "" : ", the same direction";
  const verdict = off ? `, ${angleText(off)} away` : same;
  return [...sum, `; the DFT has ${formula} = ${angleText(wanted)}${verdict}.`];
}

// ---- hands and the bet -------------------------------------------------------------------------
export function entryValue({ entry }, view) {
  if (!entry.length) return "no entry chosen; Enter chooses one";
  const [row, column] = entry, value = view.products[view.done][row][column];
  return `row ${row}, column ${column}: ${valueText(value, view.nature)}`;
}

export function weightValue({ weight }, { is, nature }) {
  if (!weight.length) return "no number chosen; Enter chooses one";
  return `${nameOf(weight)}: ${valueText(is, nature)}`;
}

// The knob's value, and what it was before the reader's change.
export function knobText({ change }, { nature, is, was }) {
  const say = (value) => nature.turning ? angleText(directionOf(value)) : valueText(value, nature);
  return change ? `${say(is)}, was ${say(was)}` : say(is);
}

export function question({ weight, n }, { nature }, factor, mine) {
  const verb = nature.turning ? "turn" : "move";
  if (mine) return `Your guess: ${mine}. Now ${factor ? "multiply: press ›" : `${verb} it`}.`;
  const what = factor ? `B${sub(factor)} multiplies` : `you ${verb} ${nameOf(weight)}`;
  const how = factor ? "be nonzero" : "change";
  return `Before ${what}: how many of the ${n ** 2} entries will ${how}?`;
}
