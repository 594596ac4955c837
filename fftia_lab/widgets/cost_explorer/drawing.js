// The drawing of least times: a logarithmic plot, its cursor, two rails.
import { endLabels, measure } from "./layout.js";
import { NAMES, SIZES } from "./model.js";
import {
  crossingPaths,
  crossingsOf,
  cursorPaths,
  curvePaths,
  framePaths,
  leaderPaths,
  pointPaths,
  powersOf,
} from "./paths.js";
import { channelsText, decadeText, headsText, TITLES } from "./words.js";
import { pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { same } from "../kit/state.js";
import { thousands } from "../kit/numbers.js";

const CURVES = NAMES.flatMap((name) => [`${name}-products`, `${name}-memory`]);
const POINTS = [...NAMES].reverse().flatMap((name) => [`${name}-spread`, `${name}-points`]);
const LAYERS = ["cache", "grid", "axis", "rails", "leaders", "cursor", ...CURVES, "here"];
const SHOWN = 3; // every third power of two has its number

export function costDrawing() {
  const layers = pathLayers([...LAYERS, ...POINTS, "crossings"], classesOf), labels = svg("g");
  const about =
    "the least time of each mechanism over the number of tokens, both logarithmic, and recorded " +
    "times as points; told below";
  const root = picture(about, ...layers.all, labels);
  let g = null;

  return {
    root,
    place: () => g,
    draw(now, view, width) {
      const next = measure(width, view);
      if (!g || !same([g.width, g.height], [next.width, next.height])) resize(root, next);
      g = next;
      layers.draw({
        ...framePaths(g, view),
        ...curvePaths(g, view),
        ...leaderPaths(g, view),
        ...crossingPaths(g, view),
        ...pointPaths(g, view),
        ...cursorPaths(g, now, view),
      });
      labels.replaceChildren(
        ...axisLabels(g, view),
        ...curveLabels(g, view),
        ...crossingLabels(g, view),
        ...railLabels(g, now),
      );
    },
  };
}

// "dense-memory" is drawn as fl-dense-memory, in the colour of fl-of-dense, as fl-by-memory.
function classesOf(layer) {
  const [name, kind] = layer.split("-");
  return kind ? `fl-${layer} fl-of-${name} fl-by-${kind}` : `fl-${layer}`;
}

function axisLabels(g, { cached, sheet }) {
  const powers = powersOf(g), apart = powers.length > 11 ? 2 : 1;
  const seconds = powers.filter((_, i) => i % apart === 0).map((power) =>
    text(g.left - 8, g.y(10 ** power) + 4, "end", decadeText(power))
  );
  const sizes = SIZES.filter((_, i) => i % SHOWN === 0).map((n) =>
    text(g.x(n), g.bottom + 30, "middle", thousands(n))
  );
  const title = text(4, 12, "start", "at least", "fl-title");
  const unit = text(g.left - 16, g.bottom + 30, "end", "tokens");
  const cache = cached && sheet
    ? [text(g.left + 6, g.top + 16, "start", g.x(cached) - g.left > 100 ? "fits its cache" : "")]
    : [];
  const kinds = text(g.right, 12, "end", "solid: set by products, dashes: by memory", "fl-kinds");
  return [title, kinds, ...seconds, ...sizes, unit, ...cache];
}

function curveLabels(g, { curves }) {
  if (g.narrow) return [];
  return endLabels(g, curves).map(([name, y]) =>
    text(g.right + 18, y + 4, "start", TITLES[name], `fl-of-${name}`)
  );
}

// One number where both cross at one length; else the shorter length below, the longer above.
function crossingLabels(g, view) {
  const found = crossingsOf(view).sort((one, other) => one[1] - other[1]);
  return found.map(([name, n], i) => {
    const y = g.y(view.curves[name][SIZES.indexOf(n)].seconds), once = i && found[0][1] === n;
    return text(g.x(n), y + (i ? -14 : 24), "middle", once ? "" : thousands(n), "fl-crossing");
  });
}

const railLabels = (g, now) => [
  text(g.channels.from, g.channels.top + 5, "start", channelsText(now)),
  text(g.heads.from, g.heads.top + 5, "start", headsText(now)),
];
