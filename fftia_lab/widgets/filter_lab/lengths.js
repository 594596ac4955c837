// The table of lengths: how far a kernel reaches in both modes, at every N. A press goes there.
import { LENGTHS, MODES } from "./model.js";
import { pickTable } from "../kit/picks.js";

const NAMES = { sample: "per sample", sequence: "per sequence" };

export function lengthTable({ state }) {
  const { root, show } = pickTable({
    table: "fl-lengths",
    cell: "fl-length",
    corner: "reach in lags at N =",
    columns: LENGTHS.map(String),
    rows: MODES.map((mode) => NAMES[mode]),
    press: (row, column) => state.set({ mode: MODES[row], n: LENGTHS[column] }),
  });
  return {
    root,
    show(now, { lengths, open }) {
      root.hidden = open && now.ask === "double";
      const words = (row, column) => {
        const reach = `${now.edge === "causal" ? "" : "±"}${lengths[MODES[row]][column]}`;
        return [reach, `${NAMES[MODES[row]]}, N = ${LENGTHS[column]}: ${reach} lags`];
      };
      show({ row: MODES.indexOf(now.mode), column: LENGTHS.indexOf(now.n), words });
    },
  };
}
