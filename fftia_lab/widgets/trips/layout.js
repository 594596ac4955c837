// Where everything of the figure of trips stands, in pixels of its drawing.
import { LEAST, MOST } from "./model.js";
import { clamp } from "../kit/numbers.js";

const EDGE = 6, TITLE = 22, LEGEND = 24, RULER = 84, BETWEEN = 52;
export const THICK = 16; // of a bar

// The map of memory stands at the left, beside it a ruler of sizes and two bars; on a narrow page
// the ruler comes first, then the map, then the bars.
export function measure(width, { grid: { down, across } }) {
  const narrow = width < 560;
  const side = narrow ? Math.min(width - 2 * EDGE, 232) : clamp(Math.round(0.34 * width), 200, 280);
  const left = narrow ? EDGE : EDGE + side + 44, right = width - EDGE - 8;
  const top = narrow ? RULER + TITLE + 8 : TITLE, below = narrow ? top + side + LEGEND + 30 : 108;
  const map = { left: narrow ? Math.round((width - side) / 2) : EDGE, top, side };
  const bit = (right - left - 8) / (MOST - LEAST);
  return {
    width,
    left,
    long: right - left,
    map: { ...map, wide: side / across, tall: side / down },
    legend: top + side + 17,
    axis: 36,
    bars: [0, 1, 2].map((i) => below + i * BETWEEN),
    height: Math.max(top + side + LEGEND, below + 2 * BETWEEN + THICK + 6),
    x: (bits) => left + 8 + bit * (bits - LEAST),
    bits: (x) => clamp(Math.round((x - left - 8) / bit) + LEAST, LEAST, MOST),
  };
}
