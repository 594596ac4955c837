// The drawing of trips: memory as a map, a ruler of sizes, the bytes of both trips as bars.
import { measure } from "./layout.js";
import { LEAST, MOST } from "./model.js";
import { barPaths, framePaths, mapPaths } from "./paths.js";
import { HELD } from "./plan.js";
import { barTexts, sizeLabel } from "./words.js";
import { pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { thousands } from "../kit/numbers.js";

const LAYERS = ["fitting", "axis", "field", "cached", "work", "motes", "due", "paid", "made"];
const KEYS = ["keyCached", "keyWork"];

export function tripsDrawing() {
  const layers = pathLayers([...LAYERS, ...KEYS]), names = svg("g"), labels = svg("g");
  const about = "memory as a map, what of it is in the cache, bytes as bars; told below";
  const root = picture(about, ...layers.all, names, labels);
  let g = null, drawnFor = "";

  function structure(now, view, width) {
    const key = [width, now.n].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, view);
    resize(root, g);
    layers.draw(framePaths(g));
    names.replaceChildren(...mapNames(g, view), ...rulerNames(g));
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(now, view, width);
      layers.draw({ ...mapPaths(g, view), ...barPaths(g, now, view) });
      labels.replaceChildren(...changing(g, now, view));
    },
  };
}

const mapNames = ({ map: { left, top, side }, legend }, { grid: { columns } }) => [
  text(left + side / 2, top - 8, "middle", `memory, ${thousands(columns)} samples a row`),
  text(left + 17, legend + 4, "start", "in the cache"),
  text(left + 119, legend + 4, "start", "at work"),
];

const rulerNames = (g) => [
  text(g.x(LEAST) - 8, g.axis + 26, "start", thousands(2 ** LEAST)),
  text(g.x(Math.log2(HELD)), g.axis + 26, "middle", `cache: ${thousands(HELD)}`),
  text(g.x(MOST) + 8, g.axis + 26, "end", thousands(2 ** MOST)),
];

const changing = (g, now, view) => [
  text(g.left, 14, "start", sizeLabel(now), "fl-size-label"),
  ...barTexts(now, view).map((words, i) => text(g.left, g.bars[i] - 8, "start", words)),
];
