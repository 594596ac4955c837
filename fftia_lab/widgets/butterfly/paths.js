// The path data of the figure `butterfly`: its values, what travels, its cone and its bars.
import { joints, twiddlePlace } from "./layout.js";
import { clamp, elapsed, minus, mix, range, size } from "../kit/numbers.js";
import { arrow, disc, fixed, line, square } from "../kit/paths.js";
import { ancestors } from "../shared/wiring.js";

const FULL = 1.5; // radii of a node: the longest arrow

// Samples lie in -1 to 1 and a butterfly adds two numbers, so after `column` stages of an FFT the
// limit is 2 ** column; a mean stays within 1. The scale asks for nothing else: an arrow moves only
// if its own value does. Square roots, because most values stay far below the limit.
function arrowLength(view, column, value) {
  const limit = view.fft ? 2 ** column : 1;
  return FULL * Math.sqrt(Math.min(1, size(value) / limit));
}

// Every layer that moves with the state.
export function statePaths(g, now, view, { chosen, focused }) {
  return {
    ...valuePaths(g, now, view),
    ...travelPaths(g, now, view),
    ...conePaths(g, now, view, chosen),
    ...signalPaths(g, now, view, focused),
    ...outputPaths(g, now, view),
  };
}

function valuePaths(g, now, view) {
  const { done, part } = elapsed(now.stage);
  const largest = view.truth.map((column) => Math.max(1e-12, ...column.map(size)));
  const paths = { shell: "", empty: "", arrows: "", arriving: "", ghost: "" };
  const draw = (name, column, row, value) => {
    const length = g.radius * arrowLength(view, column, value);
    paths[name] += arrow(g.x(column), g.y(row), value, length);
  };
  const drawNode = (column, row) => {
    const value = view.columns[column][row], right = view.truth[column][row];
    const reached = column <= done, off = size(minus(value, right)) > 1e-9 * largest[column];
    paths[reached ? "shell" : "empty"] += disc(g.x(column), g.y(row), g.radius);
    if (reached) draw("arrows", column, row, value);
    if (reached && off) draw("ghost", column, row, right);
    if (column === done + 1 && part) draw("arriving", column, row, value);
  };
  for (const column of range(view.depth + 1)) range(view.n).forEach((row) => drawNode(column, row));
  return paths;
}

// What is on its way to the next column: discs straight on, squares across.
function travelPaths(g, now, { partners, fft, n }) {
  const { done, part } = elapsed(now.stage), r = Math.max(1.6, Math.min(4, g.dy / 7));
  const x = g.x(done) + g.gap * part;
  const kinds = ["travel-own", "travel-own-odd", "travel-cross", "travel-cross-even"];
  const paths = Object.fromEntries(kinds.map((kind) => [kind, ""]));
  for (const row of part ? range(n) : []) {
    const partner = partners[done][row], lower = fft && partner < row;
    paths[lower ? "travel-own-odd" : "travel-own"] += disc(x, g.y(row), r);
    if (partner === row) continue;
    const crossed = fft && !lower ? Math.max(0, part - g.made) / (1 - g.made) : part;
    const y = mix(g.y(partner), g.y(row), crossed);
    paths[lower ? "travel-cross-even" : "travel-cross"] += square(x, y, r * 1.3);
  }
  return paths;
}

// The wires that lead to the chosen node; without one, those of the stage that is on its way.
function conePaths(g, now, view, chosen) {
  const { done, part } = elapsed(now.stage);
  const paths = { own: "", "own-odd": "", cross: "", "cross-even": "" };
  const both = pairIn(view, chosen);
  const light = (stage, rows) => {
    for (const [name, d] of Object.entries(joints(g, stage, rows, view))) paths[name] += d;
  };
  const cone = chosen ? ancestors(view, ...chosen).slice(1) : [];
  if (chosen) cone.forEach((rows, stage) => light(stage, stage + 1 === chosen[0] ? both : rows));
  else if (part) light(done, range(view.n));
  return { ...paths, broken: brokenWires(g, now, view), ...chosenPaths(g, now, view, chosen) };
}

// The rows of the chosen output and of the one that shares its product; of means the row alone.
const pairIn = ({ fft, partners }, node) =>
  node && fft && node[0] ? [node[1], partners[node[0] - 1][node[1]]] : node ? [node[1]] : [];

function chosenPaths(g, now, view, chosen) {
  if (!chosen) return { ring: "", "ring-other": "", product: "" };
  const [column, row] = chosen, [, other] = pairIn(view, chosen);
  const pair = view.pairs.find(({ stage, low, high }) =>
    stage + 1 === column && (low === row || high === row)
  );
  return {
    ring: ringOf(g, chosen),
    "ring-other": other === undefined ? "" : ringOf(g, [column, other]),
    product: pair ? productMark(g, now, pair) : "",
  };
}

// Round the twiddle, where the product is made.
function productMark(g, now, pair) {
  const { x, y } = twiddlePlace(g, now, pair);
  return disc(x, y, clamp(g.dy * 0.22, 4, 9));
}

const ringOf = (g, [column, row]) => disc(g.x(column), g.y(row), g.radius + 4);

function brokenWires(g, now, { broken, depth, partners }) {
  if (!broken) return "";
  const wire = (stage, from, row) =>
    line(g.x(stage) + g.radius, g.y(from), g.x(stage + 1) - g.radius, g.y(row));
  const first = now.twist[0] + 1;
  return range(depth - first).map((i) => first + i).flatMap((stage) =>
    [...broken[stage + 1]].flatMap((row) =>
      [row, partners[stage][row]].filter((from) => broken[stage].has(from))
        .map((from) => wire(stage, from, row))
    )
  );
}

const thickness = (g) => Math.max(1.5, Math.min(9, g.dy * 0.4)) / 2;
const across = (g, n, x) => line(x, g.y(0) - g.dy / 2, x, g.y(n - 1) + g.dy / 2);

function bar(g, x0, x1, row) {
  const [left, right, top] = [x0, x1, g.y(row) - thickness(g)].map(fixed);
  return `M${left} ${top}H${right}v${fixed(2 * thickness(g))}H${left}z`;
}

// The signal; the sample that the keyboard means has a frame.
function signalPaths(g, now, view, focused) {
  const middle = g.pad / 2, tall = Math.max(thickness(g) + 3, g.dy / 2 - 1);
  const bars = view.x.map((value, j) => bar(g, middle, middle + (value || 0.01) * (middle - 3), j));
  const frame = focused === null ? "" : `M2 ${g.y(focused) - tall}H${g.pad - 2}v${2 * tall}H2z`;
  return { bars: bars.join("") + across(g, now.n, middle), "bar-on": frame };
}

// The largest magnitude among the outputs, right or wrong: a bar of full length.
export const fullBar = ({ outputs, right }) =>
  Math.max(1e-12, ...outputs.map(size), ...right.map(size));

// What came out: magnitudes of an FFT, means as they are; what is wrong beside what it should be.
function outputPaths(g, now, view) {
  const start = view.fft ? g.edge - g.pad + 4 : g.edge - g.pad / 2, full = fullBar(view);
  const wide = view.fft ? g.pad - 8 : g.pad / 2 - 3;
  const part = (value) => (view.fft ? size(value) / full : clamp(value[0], -1, 1));
  const bars = (rows, values) =>
    rows.map((k) => bar(g, start, start + (part(values[k]) * wide || 0.5), k)).join("");
  const shown = now.stage >= view.depth, wrong = shown ? view.wrong : [];
  const right = shown ? range(now.n).filter((k) => !view.wrong.includes(k)) : [];
  return {
    "bars-right": bars(right, view.outputs) + across(g, now.n, start),
    "bars-wrong": bars(wrong, view.outputs),
    "bars-ghost": bars(wrong, view.right),
    crosses: wrong.map((k) => crossAt(g, k)).join(""),
  };
}

function crossAt(g, row) {
  const c = Math.min(g.narrow ? 3 : 4, g.dy * 0.3), x = g.right - 4 - c, y = g.y(row);
  return line(x - c, y - c, x + c, y + c) + line(x - c, y + c, x + c, y - c);
}
