// The drawing of fused stages: launches between banks of memory, the memory map, bytes as bars.
import { bitsOf, measure } from "./layout.js";
import { barPaths, mapFrame, mapPaths, progressPaths, rulerPaths } from "./paths.js";
import { barTexts, mapTexts, trayText } from "./words.js";
import { pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { thousands } from "../kit/numbers.js";

const RULER = ["banks", "axis", "trays", "ways", "gone", "ahead", "past", "present"];
const MAP = ["field", "grid", "held", "link", "partner"];
const BARS = ["room", "chip", "due", "paid", "weights"];
const LETTER = 6.4; // about so wide, in pixels

export function fusionDrawing() {
  const layers = pathLayers([...RULER, ...MAP, ...BARS]), labels = svg("g");
  const about =
    "launches between banks of memory, the places that a program holds, bytes as bars; " +
    "told below";
  const root = picture(about, ...layers.all, labels);
  let g = null, drawnFor = "";

  function structure(now, view, width) {
    const key = [width, now.n, now.tile].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now, view);
    resize(root, g);
    layers.draw({ ...rulerPaths(g), ...mapFrame(g) });
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(now, view, width);
      layers.draw({ ...progressPaths(g, view), ...mapPaths(g, now, view), ...barPaths(g, view) });
      labels.replaceChildren(
        ...rulerLabels(g, view),
        ...mapLabels(g, now, view),
        ...barLabels(g, view),
      );
    },
  };
}

// A tray is named on the side where there is more room.
function rulerLabels(g, { depth, launches }) {
  const size = text(g.x(depth) + 12, 12, "end", `N = ${thousands(2 ** depth)}`, "fl-size-label");
  const strides = [0, 5, 10, 15].filter((bit) => bit < depth).map((bit) =>
    text(g.x(bit + 0.5), 54, "middle", thousands(2 ** bit))
  );
  const trays = launches.map((launch, row) => {
    const [from, end] = bitsOf(launch), y = g.tray(row) + 5, words = trayText(launch, row);
    const beside = row ? 6 : 20; // the first has a handle
    return g.x(20) - g.x(end) > words.length * LETTER + beside
      ? text(g.x(end) + beside, y, "start", words)
      : text(g.x(from) - 6, y, "end", words);
  });
  const memory = text(g.x(0), g.bank(launches.length) + 20, "start", "memory, between launches");
  return [size, text(g.x(0), 12, "start", "stride"), ...strides, ...trays, memory];
}

function mapLabels({ map: { left, top, side } }, now, view) {
  const { title, pair } = mapTexts(now, view);
  return [
    text(left + side / 2, top - 9, "middle", title),
    text(left + side / 2, top + side + 16, "middle", pair, "fl-pair"),
  ];
}

const barLabels = (g, view) =>
  barTexts(view).map((words, i) => text(g.left, g.bars[i] - 7, "start", words));
