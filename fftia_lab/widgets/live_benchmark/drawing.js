// The drawing of runs: time or ratio over size, recorded curves under the reader's points.
import { measure } from "./layout.js";
import { curvePaths, framePaths } from "./paths.js";
import { tickText } from "./words.js";
import { pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { thousands } from "../kit/numbers.js";

const FRAME = ["rows", "even", "ticks", "cursor"];
const CURVES = ["others", "band", "base-band", "base", "rival"];
const POINTS = ["bars", "other-dots", "base-dots", "rival-dots"];

export function benchmarkDrawing() {
  const layers = pathLayers([...FRAME, ...CURVES, ...POINTS]), labels = svg("g");
  const about = "time or ratio over the size N, both axes logarithmic: recorded runs as curves, " +
    "the reader's as points; told below";
  const root = picture(about, ...layers.all, labels);
  let g = null;
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      g = measure(width, now, view, sizesOf(view));
      resize(root, g);
      layers.draw({ ...framePaths(g, now), ...curvePaths(g, now, view) });
      labels.replaceChildren(...labelsOf(g, now, view));
    },
  };
}

// All sizes that are drawn, or can be chosen.
function sizesOf({ board, recorded, own }) {
  const points = [recorded, own].flatMap((run) => Object.values(run?.contenders ?? {}).flat());
  return [...new Set([...board.sizes, ...points.map(([n]) => n)])].sort((a, b) => a - b);
}

function labelsOf(g, { quantity }, { baseline }) {
  const what = quantity === "time" ? "time of a call" : `times ${baseline}`;
  return [
    text(4, 13, "start", what),
    ...g.rows.map(({ value }) =>
      text(g.left - 8, g.y(value) + 4.5, "end", tickText(value, quantity))
    ),
    ...g.columns.map((n) => text(g.x(n), g.bottom + 46, "middle", thousands(n))),
  ];
}
