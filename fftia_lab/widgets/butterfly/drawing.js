// The drawing of the network: what stays until the wiring changes, and what moves with the state.
import { joints, measure, minusPlace, namePlace, twiddlePlace } from "./layout.js";
import { halvesOf, ROLES } from "./names.js";
import { fullBar, statePaths } from "./paths.js";
import { pathLayers, picture, resize, svg } from "../kit/elements.js";
import { clamp, degrees, elapsed, number, range, sub } from "../kit/numbers.js";
import { disc, line, square } from "../kit/paths.js";

const STILL = ["quiet", "sort"];
const WIRES = ["own", "own-odd", "cross", "cross-even", "broken", "minus", "marks"];
const NODES = ["half-self", "half-partner", "shell", "empty", "ghost", "arrows", "arriving"];
const TRAVEL = ["travel-own", "travel-own-odd", "travel-cross", "travel-cross-even"];
const BARS = [
  "bars",
  "bar-on",
  "bars-right",
  "bars-ghost",
  "bars-wrong",
  "crosses",
  "product",
  "ring",
  "ring-other",
];
const LAYERS = [...STILL, ...WIRES, ...NODES, ...TRAVEL, ...BARS];

const text = (place, content, name) => svg("text", { ...place, class: `fl-${name}` }, content);

export function networkDrawing() {
  const layers = pathLayers(LAYERS), still = svg("g"), names = svg("g");
  const full = svg("text", { y: 14, "text-anchor": "end" });
  const about = "wiring diagram; its state is told below";
  const root = picture(about, ...layers.all, still, names, full);
  let g = null, drawnFor = "", namedFor = "";

  function structure(now, view, wide) {
    const wiring = [now.n, now.schedule, now.causal, now.weights, now.decimation];
    const key = String([wide, ...wiring]);
    if (key === drawnFor) return;
    drawnFor = key;
    namedFor = "";
    g = measure(wide, now, view.depth);
    resize(root, g);
    layers.paths.quiet.style.strokeOpacity = now.n > 16 ? 0.55 : 1; // many wires are no wall
    layers.draw(stillPaths(g, now, view));
    still.replaceChildren(...labels(g, now, view), ...anglesOf(g, now, view));
  }

  // The names of what meets in the chosen node, beside the numbers that they name.
  function nameHalves(now, view, chosen) {
    const key = String(chosen);
    if (key === namedFor) return;
    namedFor = key;
    const halves = halvesOf(view, now, chosen);
    const brackets = halves.map((half) => [`half-${half.role}`, bracket(g, half)]);
    layers.draw({ "half-self": "", "half-partner": "", ...Object.fromEntries(brackets) });
    const between = halves.flatMap((half) => halfNames(g, half));
    names.replaceChildren(...between, ...sampleNames(g, now, view, chosen));
  }

  return {
    root,
    place: () => g,
    show(now, view, { wide, chosen, focused }) {
      structure(now, view, wide);
      nameHalves(now, view, chosen);
      layers.draw(statePaths(g, now, view, { chosen, focused }));
      layers.paths.arriving.style.opacity = elapsed(now.stage).part ** 2;
      full.setAttribute("x", g.edge - 4);
      full.textContent = fullText(g, now, view);
    },
  };
}

// How much a bar of full length is.
function fullText(g, now, view) {
  if (!view.fft || now.stage < view.depth) return "";
  return g.narrow ? number(fullBar(view)) : `|X| to ${number(fullBar(view))}`;
}

function stillPaths(g, now, view) {
  const all = range(now.n), before = g.left + 4, after = g.right - 4;
  const start = g.x(0) - (now.decimation === "time" ? g.aside : g.radius);
  const end = g.x(view.depth) + (now.decimation === "time" ? g.radius : g.aside);
  const signs = view.pairs.map((pair) => minusPlace(g, now, pair)), r = Math.min(5, g.dy * 0.3);
  const wires = (stage) => Object.values(joints(g, stage, all, view)).join("");
  const marks = view.pairs.map((pair) => twiddlePlace(g, now, pair));
  return {
    quiet: range(view.depth).map(wires).join(""),
    sort: all.map((row) =>
      line(before, g.y(view.inOrder[row]), start, g.y(row)) +
      line(end, g.y(row), after, g.y(view.outOrder[row]))
    ).join(""),
    marks: marks.map(({ x, y }) => square(x, y, r)).join(""),
    minus: signs.map(({ x, y }) => disc(x, y, r) + line(x - r / 2, y, x + r / 2, y)).join(""),
  };
}

function labels(g, now, view) {
  const rows = range(now.n).filter((row) => row % g.every === 0);
  const named = (letter, row) => (view.fft ? letter + sub(row) : String(row));
  const label = (row, x, anchor, letter) =>
    text({ x, y: g.y(row) + 4, "text-anchor": anchor }, named(letter, row), "label");
  const side = (...place) => rows.map((row) => label(row, ...place));
  const strides = view.strides.map((stride, stage) => {
    const place = { x: g.x(stage) + g.gap / 2, y: 14, "text-anchor": "middle" };
    return text(place, g.gap > 74 ? `stride ${stride}` : String(stride), "stride");
  });
  return [...side(g.left, "end", "x"), ...side(g.right, "start", "X"), ...strides];
}

function anglesOf(g, now, view) {
  if (now.n > 8 || g.gap <= 74) return [];
  return view.pairs.map((pair) => {
    const { x, y } = twiddlePlace(g, now, pair), words = degrees(pair.turns);
    const free = NAMED + words.length * DIGIT / 2; // from the middle of a node, which has a name
    const middle = clamp(x, g.x(pair.stage) + free, g.x(pair.stage + 1) - free);
    return text({ x: middle, y: y - 8, "text-anchor": "middle" }, words, "angle");
  });
}
const NAMED = 11, DIGIT = 6.5; // pixels: half a name over a node, a digit of an angle

function bracket(g, { column, first, names }) {
  const x = g.x(column) - g.radius - 5, tip = Math.min(4, g.radius);
  const [top, end] = [g.y(first) - g.radius, g.y(first + names.length - 1) + g.radius];
  return `M${x + tip} ${top}H${x}V${end}h${tip}`;
}

function halfNames(g, { role, column, first, names }) {
  if (!g.named) return [];
  return names.flatMap((name, k) => {
    if (k % g.every) return [];
    return [text(namePlace(g, column, first + k), name, `name fl-name-${role}`)];
  });
}

// Sorted by reversed address, the samples before stage 1 or the outputs after the last are named.
function sampleNames(g, now, view, chosen) {
  if (!view.fft || !g.named) return [];
  const time = now.decimation === "time", column = time ? 0 : view.depth;
  const order = time ? view.inOrder : view.outOrder;
  const met = chosen?.[0] === 1 ? [chosen[1], view.partners[0][chosen[1]]] : [];
  met.sort((a, b) => a - b);
  return order.flatMap((index, row) => {
    if (row % g.every) return [];
    const role = time ? ROLES[met.indexOf(row)] : undefined;
    const place = namePlace(g, column, row, !time), name = (time ? "x" : "X") + sub(index);
    return [text(place, name, role ? `name fl-name-${role}` : "name")];
  });
}
