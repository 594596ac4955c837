// What the figure of the bottlenecks says: one sentence, and the card of one entry or one place.
import { gives, joined, number, plural, printed, sub, thousands, times } from "../kit/numbers.js";

const some = (count, word) => `${count} ${plural(count, word)}`;
const after = (done) => `after ${some(done, "stage")}`;
const upper = (words) => words[0].toUpperCase() + words.slice(1);
const tokens = (list) => `${plural(list.length, "token")} ${joined(list)}`;
const rows = (list) => `${plural(list.length, "row")} ${joined(list)}`;
const columns = (list) => `${plural(list.length, "column")} ${joined(list)}`;

export function describe(state, view) {
  if (state.mode === "block") return block(state, view);
  const { done, clashes } = view, met = clashes.filter(({ column }) => column <= done);
  if (met.length) return jam(met, view);
  return done < view.depth ? underWay(view) : arrived(state, view);
}

// ---- a place and its block ---------------------------------------------------------------------
export function placeText([cut, place], view) {
  return `place ${place} ${after(cut)}: ${rows(view.rows)}; ${columns(view.columns)}`;
}

function block({ node: [cut, place] }, view) {
  const { done, depth } = view, heard = tokens(view.columns), hear = rows(view.rows);
  if (done < cut) {
    return `After ${done} of ${depth} stages, what place ${place} will hold ${after(cut)} ` +
      `is on its way from ${heard}.`;
  }
  const holds = `${upper(after(cut))} place ${place} holds ${
    cut ? "one mixture, of " : ""
  }${heard}.`;
  if (done < depth) return `${holds} It is on its way to ${hear}.`;
  const [tall, wide] = [view.rows.length, view.columns.length];
  const them = wide > 1 ? "them" : "it", size = `${some(tall, "row")} by ${some(wide, "column")}`;
  const only = `${upper(hear)} ${tall > 1 ? "hear" : "hears"} ${them} only through it`;
  return `${holds} ${only}, as multiples of one row: ${size}, rank 1.`;
}

// One entry as its two factors.
export function entryCard({ node: [, place] }, { entry }) {
  const { row, column, a, b, value } = entry, own = entry.place === place;
  const factors = `A${sub(row)}${sub(entry.place)} B${sub(entry.place)}${sub(column)}`;
  const product = [
    `Row ${row}, column ${column}: ${factors} = `,
    ["gate", number(a)],
    " · ",
    ["gate", number(b)],
    ` ${gives(times(printed([a, 0]), printed([b, 0])), [value, 0])}.`,
  ];
  const through = own ? `place ${place}` : `place ${entry.place}, another block`;
  const first = `Row ${row} takes ${number(a)} of ${through}`;
  return [product, `${first}, which took ${number(b)} of token ${column} by then.`];
}

// ---- an order and its ways ---------------------------------------------------------------------
function underWay({ done, depth }) {
  return `After ${done} of ${depth} stages, every value has a place of its own.`;
}

function arrived({ mode }, { n, depth, counts }) {
  const every = counts[mode] === counts.all ? "all" : `${thousands(counts[mode])} of`;
  const share = `${every} ${thousands(counts.all)} orders of ${n} values`;
  return `All ${n} values arrive, no two in one place at a time. ` +
    `${some(depth, "stage")} of gates 0 and 1 make ${share}.`;
}

function jam([first, ...others], { n, done, depth, arriving, counts }) {
  const { column, place, values } = first, count = others.length;
  const where = `${upper(after(column))} the values of ${joined(values)} both want place ${place}`;
  const more = count > 1 ? `${count} other places are` : `${count} other place is`;
  const text = `${where}${count ? `; ${more} wanted twice too` : ""}.`;
  if (done < depth) return text;
  const share = `${thousands(counts.pass)} of ${thousands(counts.all)} orders`;
  return `${text} ${arriving} of ${n} arrive: ${depth} stages make ${share}, and not this one.`;
}

// A place in an order: who wants it, and the 1s of its block.
export function placeCard({ mode, node: [cut, place], order }, view) {
  if (mode === "benes") return ["Each value has more than one way now, and these share no place."];
  const { here } = view, where = `place ${place} ${after(cut)}`;
  if (view.done < cut) return [`Nothing has come as far as ${where}.`];
  const block = `Its block, ${rows(view.rows)} by ${columns(view.columns)}`;
  if (!here.length) return [`Nobody wants ${where}. ${block}, holds no 1.`];
  const bound = here.map((value) => `${value} (bound for row ${order.indexOf(value)})`);
  if (here.length === 1) return [`${upper(where)} carries ${bound[0]}. ${block}, holds one 1.`];
  const wanted = `${upper(where)} is wanted by ${joined(bound)}. `;
  return [[["wrong", wanted], `${block}, would hold two 1s, rank 2.`]];
}

export const addition = ({ mode, n }, stages) =>
  mode === "benes"
    ? `One pass of ${stages} stages`
    : n > 4
    ? `Add ${stages - 1} stages`
    : "Add a stage";
