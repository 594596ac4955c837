// Who meets whom, and what follows from it. The tables come from fftia_lab.schedule.
import { SCHEDULES } from "./schedules.js";

export function wiring(kind, size, causal = false, decreasing = false) {
  const found = SCHEDULES[[kind, size, +causal, +decreasing].join("/")];
  if (!found) throw new Error(`no ${kind} schedule of size ${size}`);
  return found; // { strides, partners }
}

export function bitReversal(size) {
  let order = [0];
  while (order.length < size) order = [...order.map((i) => 2 * i), ...order.map((i) => 2 * i + 1)];
  return order;
}

// Rows of every earlier column that a node has heard: one Set a column, from 0 to the node's own.
export function ancestors({ partners }, column, row) {
  const cone = Array.from({ length: column + 1 }, () => new Set());
  cone[column].add(row);
  for (let stage = column - 1; stage >= 0; stage--) {
    for (const i of cone[stage + 1]) cone[stage].add(i).add(partners[stage][i]);
  }
  return cone;
}

// Rows of every later column that hear any of `rows` standing in `column`.
export function descendants({ partners }, column, rows) {
  const cone = Array.from({ length: partners.length + 1 }, () => new Set());
  for (const row of rows) cone[column].add(row);
  for (let stage = column; stage < partners.length; stage++) {
    partners[stage].forEach((partner, i) => {
      if (cone[stage].has(i) || cone[stage].has(partner)) cone[stage + 1].add(i);
    });
  }
  return cone;
}
