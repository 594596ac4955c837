// The table of launches: how many there are for each tile, at every second N. A press goes there.
import { SIZES, TILES } from "./model.js";
import { launchesText } from "./words.js";
import { focus, html } from "../kit/elements.js";
import { clamp, thousands } from "../kit/numbers.js";

const KEYS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const SHOWN = SIZES.filter((n) => Math.log2(n) % 2 === 0);

export function countTable(act) {
  const cells = TILES.map((tile) =>
    SHOWN.map((n) => {
      const cell = html("button", { type: "button", class: "fl-pick fl-count" });
      cell.addEventListener("click", () => act({ tile, n }));
      return cell;
    })
  );
  const root = tableOf(cells);
  root.addEventListener("keydown", (event) => walk(event, cells));
  return {
    root,
    show(now, { counts }) {
      const here = cells[TILES.indexOf(now.tile)], shown = here[SHOWN.indexOf(now.n)] ?? here[0];
      TILES.forEach((tile, row) =>
        SHOWN.forEach((n, column) => {
          const cell = cells[row][column], count = counts[row][SIZES.indexOf(n)];
          cell.textContent = String(count);
          const where = `tile ${tile}, N = ${thousands(n)}`;
          cell.setAttribute("aria-label", `${where}: ${launchesText(count)}`);
          cell.setAttribute("aria-pressed", String(tile === now.tile && n === now.n));
          cell.tabIndex = cell === shown ? 0 : -1;
        })
      );
    },
  };
}

function tableOf(cells) {
  const head = SHOWN.map((n) =>
    html("th", { scope: "col" }, "2", html("sup", {}, String(Math.log2(n))))
  );
  const rows = TILES.map((tile, row) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, `tile ${tile}`),
      ...cells[row].map((cell) => html("td", {}, cell)),
    )
  );
  const first = html("tr", {}, html("th", { scope: "col" }, "launches at N ="), ...head);
  return html("table", { class: "fl-counts" }, html("tbody", {}, first, ...rows));
}

function walk(event, cells) {
  const steps = KEYS[event.key], row = cells.findIndex((those) => those.includes(event.target));
  if (!steps || row < 0) return;
  const column = cells[row].indexOf(event.target) + steps[1];
  const next = cells[clamp(row + steps[0], 0, cells.length - 1)];
  focus(next[clamp(column, 0, next.length - 1)]);
  event.preventDefault();
}
