// The drawing of the sparse spectra: four panels, sizes in their order, errors, bytes to scale.
import { BEYOND, byteShare, DECADES, measure } from "./layout.js";
import {
  barEnd,
  bytePaths,
  cutPaths,
  frames,
  guessPath,
  NO_PICTURES,
  NO_STRIPS,
  PICTURE_LAYERS,
  picturePaths,
  planePaths,
  rebuiltPaths,
  rivalPath,
  sizePath,
  spectrumPaths,
  strips,
  TONES,
} from "./paths.js";
import { barWords, isNoise, panelTitles } from "./words.js";
import { onlyAnew, pathLayers, picture, resize, setAll, svg, text } from "../kit/elements.js";
import { clamp, percent, range, thousands } from "../kit/numbers.js";

const PLOTS = ["grid", "under", "curve", "cut", "limit", "guess", "pruned", "whole", "published"];
const BARS = ["dense", "numbers", "indices", "header", "eight", "edge"];
const LAYERS = [...PICTURE_LAYERS, ...Object.keys(NO_STRIPS), "frames", ...PLOTS, "axes"];
const ALL = [...LAYERS, "rival", "marks", ...BARS];
const classOf = (name) => {
  const [, group, tone] = name.match(/^(\w+)-(\d+)$/) ?? [];
  return tone ? `fl-cells fl-${group}` : `fl-${name}`;
};

const opacityOf = (name) => Number(name.split("-")[1]) / TONES;

export function spectrumDrawing() {
  const layers = pathLayers(ALL, classOf), still = svg("g"), moving = svg("g");
  const about = "what is compressed, its spectrum, what the kept part makes, errors and bytes; " +
    "told below";
  const root = picture(about, ...layers.all, still, moving);
  const labels = Array.from({ length: 15 }, () => text(0, 0, "start", ""));
  moving.append(...labels);
  for (const name of PICTURE_LAYERS) layers.paths[name].style.fillOpacity = opacityOf(name);
  const anew = onlyAnew();
  let g = null, drawnFor = "";

  function structure(width, kind) {
    const key = [width, kind].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, kind);
    resize(root, g);
    layers.draw(frames(g));
    layers.draw(kind === "signal" ? NO_PICTURES : NO_STRIPS);
    still.replaceChildren(...axisNames(g), ...plotTitles(g));
  }
  function panels(now, view) {
    if (now.kind === "signal") return layers.draw(strips(g, view, now.kept));
    anew("original", [g, view.values], () => layers.draw(picturePaths(g, view)));
    layers.draw({ ...rebuiltPaths(g, view), ...spectrumPaths(g, view, now.kept) });
  }
  function write(all) {
    labels.forEach((label, i) => {
      const [x = 0, y = 0, anchor = "start", words = "", name = ""] = all[i] ?? [];
      if (label.textContent !== words) label.textContent = words;
      setAll(label, { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, class: name });
    });
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(width, now.kind);
      panels(now, view);
      anew("sizes", [g, view.sizes], () => layers.draw(sizePath(g, view)));
      anew("plane", [g, view.errors, now.published], () => layers.draw(planePaths(g, now, view)));
      const guess = isNoise(now) ? guessPath(g, now.bet) : "";
      layers.draw({ ...cutPaths(g, view, now.kept), guess, rival: rivalPath(g, view) });
      layers.draw(bytePaths(g, view));
      write([...panelNames(g, now, view), ...planeNames(g, now, view), ...byteNames(g, now, view)]);
    },
  };
}

// ---- words that change with the width only ------------------------------------------------------
function axisNames({ sizes, plane }) {
  const relative = ["1", "0.1", "0.01", "0.001", "0.0001"], shares = [100, 10, 1, 0.1, 0.01];
  const beside = ({ x, y, tall }, words) =>
    words.map((word, i) => text(x - 6, y + (tall * i) / DECADES + 4, "end", word, "fl-tick"));
  const below = ({ y, tall }, places, word) =>
    places.map(([x, part]) =>
      text(x, y + tall + 17, part ? "middle" : "start", word(part), "fl-tick")
    );
  const parts = range(6).map((i) => [sizes.x + (sizes.wide * i) / 5, i / 5]);
  const quarters = range(5).map((i) => [plane.x + (plane.wide * i) / 4 / BEYOND, i / 4]);
  return [
    ...beside(sizes, relative),
    ...beside(plane, shares.map((part) => `${part}\u00a0%`)),
    ...below(sizes, parts, (part) => percent(part)),
    ...below(plane, quarters, (part) => percent(part)),
  ];
}

const plotTitles = ({ sizes, plane }) => [
  text(0, sizes.y - 12, "start", "coefficients by size, largest = 1"),
  text(plane.x - sizes.x, plane.y - 12, "start", "error against bytes, in % of dense"),
];

// ---- words that move ----------------------------------------------------------------------------
const panelNames = ({ panels }, now, view) =>
  panelTitles(now, view).map((words, i) => [panels[i].x, panels[i].y - 7, "start", words]);

const AT = { fp32: 0.66, fp16: 0.34 }; // of the plane: where its curves have their names
const WORDS = 76; // pixels of "INT8 by row"

function planeNames(g, now, view) {
  const curves = curveNames(g.plane, now, view);
  return [...curves, ...eightNames(g.plane, now, view, curves), ...guessName(g.plane, now)];
}

// The upper curve has its name above it, the lower one below it, where there is room.
function curveNames(plane, now, view) {
  const curves = [
    [now.published ? "published" : "spectrum", `fl-of-${curveOf(now)}`],
    ["pruning", "fl-of-pruned"],
  ];
  const x = plane.x + plane.wide * AT[now.precision], heights = curveHeights(plane, now, view, x);
  if (heights[0] > heights[1]) curves.reverse();
  const [upper, lower] = heights.sort((a, b) => a - b), floor = plane.y + plane.tall - 4;
  const under = lower + 15 > floor ? floor : lower + 15;
  const over = clamp(upper - 7, plane.y + 12, under - 16);
  const anchor = now.precision === "fp32" ? "middle" : "start";
  return curves.map(([words, name], i) => [x, i ? under : over, anchor, words, `fl-on ${name}`]);
}

// To the right of its last mark; where a curve is in the way of two, to the left of the first.
function eightNames(plane, now, view, names) {
  const floor = plane.y + plane.tall - 4;
  const marks = view.int8.map(({ bytes, error }) => plane.at(byteShare(bytes, view.dense), error));
  const words = marks.length < 2 ? "INT8" : "INT8 by row", [x, y] = marks.at(-1);
  const beside = [x + 8, Math.min(y + 4, floor), "start", words, "fl-on"];
  if (marks.length < 2 || isFree(plane, now, view, names, x + 8, y)) return [beside];
  const [left, up] = marks[0], first = Math.min(up + 2, floor - 16);
  return ["INT8", "by row"].map((part, i) => [left - 8, first + 16 * i, "end", part, "fl-on"]);
}

// Whether no curve passes where a name of two words would stand, and no other name does.
function isFree(plane, now, view, names, x, y) {
  const places = range(6).map((i) => x + (WORDS * i) / 5);
  const heights = places.flatMap((place) => curveHeights(plane, now, view, place));
  const isApart = ([left, line]) => left - WORDS / 2 > x + WORDS || Math.abs(line - y - 4) > 16;
  return x + WORDS < plane.x + plane.wide && heights.every((one) => Math.abs(one - y) > 11) &&
    names.every(isApart);
}

const curveOf = ({ published }) => (published ? "published" : "whole");

function curveHeights(plane, now, view, x) {
  const most = ((x - plane.x) / plane.wide) * BEYOND * view.dense;
  const height = (error) => plane.at(0, error)[1];
  const last = (bytes) => Math.max(0, bytes.findLastIndex((each) => each <= most));
  const mine = last(view.totals[curveOf(now)]);
  return [height(view.errors[mine]), height(view.pruned.errors[last(view.pruned.bytes)])];
}

function guessName(plane, now) {
  if (!isNoise(now) || !now.bet) return [];
  const [x, y] = plane.at(1, now.bet / 100), down = now.bet > 30 ? 13 : -4;
  return [[x - 4, y + down, "end", `${percent(now.bet / 100)}?`, "fl-on"]];
}

function byteNames(g, now, view) {
  const { bars } = g, counts = [view.dense, view.bytes.total, view.int8.at(-1).bytes];
  return barWords(now).flatMap((words, row) => {
    const y = bars.y + row * bars.pitch + 11, end = barEnd(g, counts[row], view.dense);
    const said = `${end.beyond ? "→ " : ""}${thousands(counts[row])} B`;
    return [[0, y, "start", words], [end.x + 7, y, "start", said, "fl-bytes"]];
  });
}
