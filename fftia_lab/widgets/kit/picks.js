// A table of numbers that are pressed: one stop of the tabulator, from there arrow keys walk.
import { focus, html } from "./elements.js";
import { clamp, range } from "./numbers.js";

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// `corner` and `columns` are the words above, `rows` those before each row, `last` those above one
// more column that is only read. `press(row, column)` is told of presses.
export function pickTable({ table, cell, corner, columns, rows, last, press }) {
  const cells = rows.map((_, row) =>
    columns.map((_, column) => {
      const pick = html("button", { type: "button", class: `fl-pick ${cell}` });
      pick.addEventListener("click", () => press(row, column));
      return pick;
    })
  );
  const read = last ? rows.map(() => html("td")) : [];
  const head = [corner, ...columns, ...(last ? [last] : [])].map((words) =>
    html("th", { scope: "col" }, ...[words].flat())
  );
  const body = rows.map((name, row) => {
    const picks = cells[row].map((pick) => html("td", {}, pick));
    return html(
      "tr",
      {},
      html("th", { scope: "row" }, name),
      ...picks,
      ...read.slice(row, row + 1),
    );
  });
  const root = html(
    "table",
    { class: `fl-table ${table}` },
    html("tbody", {}, html("tr", {}, ...head), ...body),
  );
  root.addEventListener("keydown", (event) => walk(event, cells));
  return {
    root,
    // Which pick is the state, if any, and what is written in each: [number, what it says].
    show({ row, column, words, tail }) {
      const stop = Math.max(column, 0);
      for (const i of range(rows.length)) {
        if (last) read[i].textContent = tail(i);
        for (const j of range(columns.length)) {
          const pick = cells[i][j], [number, label] = words(i, j);
          pick.textContent = number;
          pick.setAttribute("aria-label", label);
          pick.setAttribute("aria-pressed", String(i === row && j === column));
          pick.tabIndex = i === row && j === stop ? 0 : -1;
        }
      }
    },
  };
}

// Arrow keys carry the focus over `cells`, rows of buttons.
export function walk(event, cells) {
  const steps = KEYS[event.key], row = cells.findIndex((those) => those.includes(event.target));
  if (!steps || row < 0) return;
  const column = cells[row].indexOf(event.target) + steps[1];
  const next = cells[clamp(row + steps[0], 0, cells.length - 1)];
  focus(next[clamp(column, 0, next.length - 1)]);
  event.preventDefault();
}
