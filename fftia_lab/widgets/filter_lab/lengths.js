// The table of lengths: how far a kernel reaches in both modes, at every N. A press goes there.
import { LENGTHS, MODES } from "./model.js";
import { focus, html } from "../kit/elements.js";
import { clamp } from "../kit/numbers.js";

const NAMES = { sample: "per sample", sequence: "per sequence" };
const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export function lengthTable({ state }) {
  const cells = MODES.map((mode) =>
    LENGTHS.map((n) => {
      const cell = html("button", { type: "button", class: "fl-pick fl-length" });
      cell.addEventListener("click", () => state.set({ mode, n }));
      return cell;
    })
  );
  const root = tableOf(cells);
  root.addEventListener("keydown", (event) => walk(event, cells));
  return {
    root,
    show(now, { lengths, open }) {
      root.hidden = open && now.ask === "double";
      MODES.forEach((mode, row) =>
        LENGTHS.forEach((n, column) => {
          const cell = cells[row][column], here = mode === now.mode && n === now.n;
          cell.textContent = `${now.edge === "causal" ? "" : "±"}${lengths[mode][column]}`;
          cell.setAttribute("aria-label", `${NAMES[mode]}, N = ${n}: ${cell.textContent} lags`);
          cell.setAttribute("aria-pressed", String(here));
          cell.tabIndex = here ? 0 : -1;
        })
      );
    },
  };
}

function tableOf(cells) {
  const head = LENGTHS.map((n) => html("th", { scope: "col" }, String(n)));
  const rows = MODES.map((mode, row) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, NAMES[mode]),
      ...cells[row].map((cell) => html("td", {}, cell)),
    )
  );
  const first = html("tr", {}, html("th", { scope: "col" }, "reach in lags at N ="), ...head);
  return html("table", { class: "fl-lengths" }, html("tbody", {}, first, ...rows));
}

function walk(event, cells) {
  const steps = KEYS[event.key], row = cells.findIndex((those) => those.includes(event.target));
  if (!steps || row < 0) return;
  const column = cells[row].indexOf(event.target) + steps[1];
  const next = cells[clamp(row + steps[0], 0, 1)];
  focus(next[clamp(column, 0, next.length - 1)]);
  event.preventDefault();
}
