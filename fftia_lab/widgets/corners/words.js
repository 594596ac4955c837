// What is demanded, who is left, and what the chosen method gives up.
import { joined } from "../kit/numbers.js";

const CALLED = 8; // more names than these are too many for a sentence

export const LEGEND = [
  "● keeps it, ○ gives it up, ⋯ not said, ",
  ["wrong", "×"],
  " is out",
];

export function describe(_state, { columns, methods, wanted, kept, open }) {
  const all = methods.length;
  if (!wanted.length) return `Nothing is demanded: all ${all} methods remain.`;
  const must = `Demanded: ${joined(wanted.map((column) => columns[column].want))}.`;
  const names = kept.map((row) => methods[row].name);
  const called = kept.length && kept.length <= CALLED ? `: ${joined(names)}` : "";
  const keep = kept.length === 1 ? "keeps" : "keep";
  const left = kept.length
    ? `${kept.length} of ${all} ${keep} it all${called}.`
    : `None of ${all} is said to keep it all.`;
  const unsaid = open.length ? ` For ${open.length} the sources leave it open.` : "";
  return `${must} ${left}${unsaid}`;
}

const columnsWith = ({ cells }, state) => cells.flatMap(([is], k) => (is === state ? [k] : []));

// What a method gives up, in a sentence with its source.
export function account(columns, method) {
  const told = (column) => `${columns[column].want} (${method.cells[column][1]})`;
  const lost = columnsWith(method, "lost"), unsaid = columnsWith(method, "unsaid");
  const gives = lost.length ? `gives up ${joined(lost.map(told))}` : "gives up none of the six";
  const open = unsaid.length
    ? ` Not said: ${joined(unsaid.map((column) => columns[column].want))}.`
    : "";
  return `${method.name}, ${method.source}, ${gives}.${open}`;
}

export function keeps(columns, method) {
  const kept = columnsWith(method, "kept");
  const told = kept.map((column) => `${columns[column].want} (${method.cells[column][1]})`);
  return `It keeps ${joined(told)}.`;
}

export function rowValue({ columns, methods, standings }, row) {
  const method = methods[row], lost = columnsWith(method, "lost");
  const stands = { in: "remains", open: "may remain", out: "is out" }[standings[row]];
  const heads = lost.length ? joined(lost.map((column) => columns[column].head)) : "nothing";
  return `${method.name} ${stands}; gives up ${heads}`;
}
