// The table of least times at the chosen length, with what was measured beside them.
import { NAMES } from "./model.js";
import { rowsOf } from "./words.js";
import { html, svg } from "../kit/elements.js";
import { line } from "../kit/paths.js";

const HEAD = ["mechanism", "at least", "set by", "measured"];

export function makeBoard() {
  const rows = NAMES.map((name) => {
    const cells = HEAD.map((_, i) => html(i ? "td" : "th", i ? {} : { scope: "row" }));
    return { name, cells, words: html("span"), root: html("tr", {}, ...cells) };
  });
  for (const { name, cells, words } of rows) cells[0].append(swatch(name), words);
  const head = html("tr", {}, ...HEAD.map((words) => html("th", { scope: "col" }, words)));
  const root = html(
    "table",
    { class: "fl-table fl-board" },
    html("tbody", {}, head, ...rows.map((r) => r.root)),
  );
  return {
    root,
    show(now, view) {
      rowsOf(now, view).forEach(({ cells: [title, ...rest] }, i) => {
        rows[i].words.textContent = title;
        rest.forEach((text, j) => rows[i].cells[j + 1].textContent = text);
      });
    },
  };
}

const swatch = (name) =>
  svg(
    "svg",
    { class: "fl-swatch", viewBox: "0 0 18 8", "aria-hidden": "true" },
    svg("path", { class: `fl-of-${name}`, d: line(1, 4, 17, 4) }),
  );
