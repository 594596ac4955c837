// The drawing of the squared points: what stays until the size changes, what moves with the state.
import { measure, OUTSIDE, SQUARE } from "./layout.js";
import { dealtTo, depthOf } from "./model.js";
import { circlePaths, treePaths } from "./paths.js";
import { levelWords, nameOf } from "./words.js";
import { pathLayers, picture, resize, setAll, svg, text } from "../kit/elements.js";
import { range, sub, unit } from "../kit/numbers.js";

const CIRCLE = ["circle", "ticks", "arc", "again", "spoke-square", "spoke-opposite", "spoke-z"];
const POINTS = ["dots", "opposite", "square"];
const TREE = ["even", "odd", "calls", "calls-on", "call-chosen"];
const SLOTS = ["slots", "slot-z", "slot-opposite", "serves"];

export function pointsDrawing() {
  const layers = pathLayers([...CIRCLE, ...POINTS, ...TREE, ...SLOTS]);
  const labels = svg("g"), leaves = svg("g");
  const opposite = text(0, 0, "middle", "−z", "fl-name-opposite");
  const square = text(0, 0, "middle", "z²", "fl-name-square");
  const about = "points on a circle and the calls of the recursion; their state is told below";
  const root = picture(about, ...layers.all, labels, leaves, opposite, square);
  let g = null, drawnFor = "";

  function structure(now, view, width) {
    const key = [width, now.n, view.level, view.part > 0, now.fold > 0].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now);
    resize(root, g);
    labels.replaceChildren(...pointNames(g, view), ...levels(g, now, view), ...hint(g, now));
    leaves.replaceChildren(...sampleNames(g, now, view));
  }
  function put(label, [x, y], shown) {
    setAll(label, { x: x.toFixed(1), y: (y + 4.5).toFixed(1) });
    label.style.display = shown ? "" : "none";
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(now, view, width);
      layers.draw({ ...circlePaths(g, now, view), ...treePaths(g, now, view) });
      put(opposite, g.at(view.moved[1]), view.m > 1);
      put(square, g.at(view.square, SQUARE), view.m > 1);
    },
  };
}

// The points of this level, as powers of w.
function pointNames(g, view) {
  const far = 1 + OUTSIDE / g.centre.r;
  return range(view.m).map((j) => {
    const [x, y] = g.at(unit(-j / view.m), far);
    return text(x.toFixed(1), (y + 4.5).toFixed(1), "middle", nameOf(view, j));
  });
}

// Where the tree is to grow: what to do first.
function hint(g, { fold }) {
  if (fold) return [];
  const x = (g.left + g.right) / 2, y = (g.row(1) + g.height) / 2;
  return [
    text(x, y - 10, "middle", "Drag z round the circle."),
    text(x, y + 10, "middle", "Press ›, and every point is squared."),
  ];
}

// Over its calls; below them while the wires of the last squaring end there.
const levels = (g, now, view) =>
  range(view.level + 1).map((level) => {
    const on = level === view.level, below = on && level && !view.part;
    const y = below ? g.below(level) : g.row(level) - 6;
    return text(
      g.left + 2,
      y,
      "start",
      levelWords(now, level),
      on ? "fl-level fl-level-on" : "fl-level",
    );
  });

// Under the calls that have one sample left: which.
function sampleNames(g, now, view) {
  if (view.level < depthOf(now)) return [];
  return range(now.n).map((call) => {
    const [sample] = dealtTo(now, view.level, call), x = g.slotX(view.level, call, 0);
    const name = g.unit < 24 ? String(sample) : `x${sub(sample)}`;
    return text(x.toFixed(1), g.row(view.level) + g.box + 16, "middle", name, "fl-sample");
  });
}
