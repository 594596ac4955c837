// The drawing of the bottlenecks: the network, and the product beside it.
import { measure } from "./layout.js";
import {
  discsOf,
  entryPaths,
  hourglass,
  jams,
  onesOf,
  wayPaths,
  weave,
  wirePaths,
} from "./paths.js";
import { pathLayers, picture, reducedMotion, resize, svg, text } from "../kit/elements.js";
import { range } from "../kit/numbers.js";
import { around, disc } from "../kit/paths.js";

const NETWORK = ["quiet", "dots", "flow", "lit", "way", "ahead", "own", "cross", "jam", "values"];
const MATRIX = [
  "grid",
  "block",
  "bands",
  "bars",
  "squares",
  "crossings",
  "arriving",
  "waiting",
  "failing",
];
const LAYERS = [...NETWORK, "ring", ...MATRIX, "field", "chosen"];
const STILL = ["quiet", "dots", "grid", "field"];
const MOVING = LAYERS.filter((name) => !STILL.includes(name));
const EMPTY = Object.fromEntries(MOVING.map((name) => [name, ""]));
const DISC = 9.5;

export function bottleneckDrawing() {
  const layers = pathLayers(LAYERS), titles = svg("g"), numbers = svg("g", { class: "fl-discs" });
  const about = "the network, and the product of its stages; told below";
  const root = picture(about, ...layers.all, titles, numbers);
  let g = null, drawnFor = "", jammed = "";

  function structure(now, view, width) {
    const key = [width, now.n, now.mode].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now, view.depth);
    resize(root, g);
    layers.draw(wirePaths(g, view));
    titles.replaceChildren(...tokenNames(g, now), ...strideNames(g, view), ...matrixNames(g, now));
  }
  // What stands in each other's way throbs for a moment.
  function pulse(jam) {
    if (jam === jammed) return;
    jammed = jam;
    if (!jam || reducedMotion()) return;
    const frames = [{ strokeWidth: 2 }, { strokeWidth: 7 }, { strokeWidth: 2 }];
    layers.paths.jam.animate(frames, { duration: 800, iterations: 4, easing: "ease-in-out" });
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(now, view, width);
      const block = now.mode === "block", discs = block ? [] : discsOf(g, now, view);
      const paths = block ? blockPaths(g, now, view) : orderPaths(g, now, view, discs);
      layers.draw({ ...EMPTY, ...paths, ring: ringOf(g, now, view) });
      numbers.replaceChildren(...discNames(discs));
      pulse(layers.paths.jam.getAttribute("d"));
    },
  };
}

const blockPaths = (g, now, view) => ({
  ...hourglass(g, now, view),
  ...weave(g, now, view),
  ...entryPaths(g, view.entry),
});

const orderPaths = (g, now, view, discs) => ({
  ...wayPaths(g, now, view),
  ...onesOf(g, now, view),
  jam: jams(g, view),
  values: discs.map(({ x, y }) => disc(x, y, DISC)),
});

function ringOf(g, { mode, node: [cut, place] }, { here = [] }) {
  if (mode === "benes") return "";
  const [x, y] = [g.x(cut), g.y(place)];
  return here.length > 1 ? around(x, y, 54, Math.min(g.cell, 38)) : disc(x, y, 14);
}

// ---- words in the drawing ----------------------------------------------------------------------
function tokenNames(g, { mode }) {
  const inputs = range(g.n).map((i) => text(g.x(0) - 19, g.y(i) + 4, "end", String(i)));
  if (mode !== "block" || !g.narrow) return inputs; // its rows have their numbers beside them
  return [...inputs, ...range(g.n).map((i) => text(g.last + 20, g.y(i) + 4, "start", String(i)))];
}

function strideNames(g, { strides }) {
  const roomy = g.gap > 70;
  const names = strides.map((stride, stage) =>
    text(g.x(stage + 0.5), g.top - 20, "middle", roomy ? `stride ${stride}` : String(stride))
  );
  return roomy ? names : [...names, text(g.first - 4, g.top - 20, "end", "stride")];
}

function matrixNames(g, { mode }) {
  const block = mode === "block";
  const hint = block ? "press a place, or an entry" : "drag a circle, or press two";
  const beside = block ? g.left - 16 : g.left - 7;
  return [
    text(block ? g.last + 8 : g.goal + 12, g.top + g.side + 18, "end", hint),
    text(g.left + g.side / 2, g.high - 40, "middle", block ? "the product" : "the order"),
    ...range(g.n).map((i) => text(g.across(i), g.high - 18, "middle", String(i))),
    ...range(g.n).map((i) => text(beside, g.down(i) + 4, "end", String(i))),
    text(g.left + g.side / 2, g.high + g.side + 18, "middle", "row: who hears · column: whom"),
  ];
}

// A number is left out where another one passes.
function discNames(discs) {
  const near = (a, b) => Math.abs(a.x - b.x) < 12 && Math.abs(a.y - b.y) < 14;
  return discs.filter((one, i) => !discs.some((other, k) => k < i && near(one, other)))
    .map(({ value, x, y }) => text(x, y + 4, "middle", String(value)));
}
