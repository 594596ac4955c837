// The table of numbers. One that is pointed at or has the focus tells its arithmetic; a press pins
// it, Escape lets it go, arrow keys walk.
import { KINDS, nameOf, PAIR } from "./model.js";
import { meaning, WORDS } from "./words.js";
import { html } from "../kit/elements.js";
import { number } from "../kit/numbers.js";
import { walk } from "../kit/picks.js";

const HEADS = {
  itself: "fits itself",
  partner: "fits partner",
  difference: "difference",
  gate: "gives",
};

export function numberTable(figure, act) {
  let looked = ""; // the number under the mouse, or with the focus
  const look = (name) => {
    if (looked === name) return;
    looked = name;
    figure.invalidate();
  };
  const pin = (name) => act({ number: figure.state.read().number === name ? "" : name });
  const cells = KINDS.map((kind) =>
    PAIR.map((token) => {
      const name = nameOf(token, kind), cell = html("button", { type: "button" });
      cell.addEventListener("click", () => pin(name));
      for (const type of ["pointerenter", "focus"]) cell.addEventListener(type, () => look(name));
      for (const type of ["pointerleave", "blur"]) cell.addEventListener(type, () => look(""));
      return cell;
    })
  );
  const table = tableOf(cells);
  table.addEventListener("keydown", (event) => {
    if (event.key === "Escape") act({ number: "" });
    walk(event, cells);
  });
  return {
    root: table,
    told: ({ number }) => meaning(looked || number),
    show(now, { tokens }) {
      const chosen = now.number || nameOf(0, "gate");
      KINDS.forEach((kind, row) =>
        PAIR.forEach((token) => {
          const name = nameOf(token, kind), cell = cells[row][token];
          cell.textContent = number(tokens[token][kind], kind === "gate" ? 3 : 2);
          cell.setAttribute("aria-label", `${WORDS[token]}, ${HEADS[kind]}: ${cell.textContent}`);
          cell.setAttribute("aria-pressed", String(name === now.number));
          cell.className = `fl-pick fl-number fl-of-${kind}`;
          cell.tabIndex = name === chosen ? 0 : -1;
        })
      );
    },
  };
}

function tableOf(cells) {
  const head = html("tr", {}, html("td"), ...PAIR.map(headOf));
  const rows = KINDS.map((kind, row) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, HEADS[kind]),
      ...cells[row].map((cell) => html("td", {}, cell)),
    )
  );
  return html("table", { class: "fl-table fl-numbers" }, html("tbody", {}, head, ...rows));
}

const headOf = (token) =>
  html(
    "th",
    { scope: "col", class: token ? "fl-partner" : "fl-self" },
    `${WORDS[token]} `,
    html("i", {}, "ab"[token]),
  );
