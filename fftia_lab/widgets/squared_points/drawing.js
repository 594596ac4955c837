// The drawing of the squared points: what stays until the size changes, what moves with the state.
import { measure, OUTSIDE, SQUARE } from "./layout.js";
import { dealtTo, depthOf } from "./model.js";
import { circlePaths, treePaths } from "./paths.js";
import { levelWords, nameOf } from "./words.js";
import { pathLayers, picture, resize, setAll, svg, text } from "../kit/elements.js";
import { range, sub, unit } from "../kit/numbers.js";

const CIRCLE = ["circle", "ticks", "arc", "again", "spoke-square", "spoke-opposite", "spoke-z"];
const POINTS = ["dots", "opposite", "square"];
const WIRES = ["even", "odd"]; // behind the words of a level, which stand before its calls
const CALLS = ["calls", "calls-on", "call-chosen", "slots", "slot-z", "slot-opposite", "serves"];

export function pointsDrawing() {
  const behind = [...CIRCLE, ...POINTS, ...WIRES], layers = pathLayers([...behind, ...CALLS]);
  const labels = svg("g"), leaves = svg("g");
  const opposite = text(0, 0, "middle", "−z", "fl-name-opposite");
  const square = text(0, 0, "middle", "z²", "fl-name-square");
  const about = "points on a circle and the calls of the recursion; their state is told below";
  const [wires, calls] = [layers.all.slice(0, behind.length), layers.all.slice(behind.length)];
  const root = picture(about, ...wires, labels, ...calls, leaves, opposite, square);
  let g = null, drawnFor = "";

  function structure(now, view, width) {
    const key = [width, now.n, view.level, now.fold > 0].join("/");
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

const levels = (g, now, view) =>
  range(view.level + 1).map((level) => {
    const name = level === view.level ? "fl-level fl-level-on" : "fl-level";
    return text(g.left + 2, g.row(level) - 6, "start", levelWords(now, level), name);
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
