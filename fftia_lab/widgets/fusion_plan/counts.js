// The table of launches: how many there are for each tile, at every second N. A press goes there.
import { SIZES, TILES } from "./model.js";
import { launchesText } from "./words.js";
import { html } from "../kit/elements.js";
import { thousands } from "../kit/numbers.js";
import { pickTable } from "../kit/picks.js";

const SHOWN = SIZES.filter((n) => Math.log2(n) % 2 === 0);

export function countTable(act) {
  const { root, show } = pickTable({
    table: "fl-counts",
    cell: "fl-count",
    corner: "launches at N\u00a0=",
    columns: SHOWN.map((n) => ["2", html("sup", {}, String(Math.log2(n)))]),
    rows: TILES.map((tile) => `tile ${tile}`),
    press: (row, column) => act({ tile: TILES[row], n: SHOWN[column] }),
  });
  return {
    root,
    show({ tile, n }, { counts }) {
      const words = (row, column) => {
        const count = counts[row][SIZES.indexOf(SHOWN[column])];
        const where = `tile ${TILES[row]}, N = ${thousands(SHOWN[column])}`;
        return [String(count), `${where}: ${launchesText(count)}`];
      };
      show({ row: TILES.indexOf(tile), column: SHOWN.indexOf(n), words });
    },
  };
}
