// The drawing of the filter lab: layers and labels, each drawn anew only when its causes change.
import { delayX, measure } from "./layout.js";
import {
  columnPath,
  followPath,
  frame,
  kernelPaths,
  LEVELS,
  matrixPaths,
  outputPaths,
  responsePaths,
  signalPaths,
  WAYS,
} from "./paths.js";
import { labelTexts } from "./words.js";
import { pathLayers, picture, resize, setAll, svg, text } from "../kit/elements.js";

const STILL = ["beyond", "seam", "axes", "marks", "one", "zero"];
const RESPONSE = ["passes", "cut", "curve", "bins", "knobs", "chosen"];
const KERNEL = ["doubled", "cut-stems", "future-stems", "past-stems", "cut-tips", "future-tips"];
const MATRIX = [...WAYS.flatMap((way) => LEVELS.map((_, level) => `${way}-${level}`)), "column"];
const SIGNAL = ["follow", "again", "input", "heads", "marked"];
const PARTS = ["part-later", "part-earlier", "part-beyond", "part-round"];
const OUTPUT = [
  "hidden",
  "before",
  ...PARTS,
  "rounds",
  "y",
  "y-tips",
  "round-tips",
  "broken-output",
];
const LAYERS = [
  ...STILL,
  ...RESPONSE,
  ...KERNEL,
  "past-tips",
  "broken",
  ...MATRIX,
  ...SIGNAL,
  ...OUTPUT,
  "playhead",
];
const LABELS = [
  "response",
  "kernel",
  "matrix",
  "signal",
  "output",
  "round",
  "unit",
  "future",
  "past",
  "delay",
];

export function filterDrawing() {
  const layers = pathLayers(LAYERS), numbers = svg("g", { class: "fl-ticks" });
  const label = (name) => svg("text", { class: `fl-label fl-label-${name}` });
  const labels = Object.fromEntries(LABELS.map((name) => [name, label(name)]));
  const about =
    "the response of a filter, its impulse response, which input changes which output, " +
    "input and output; told below";
  const root = picture(about, ...layers.all, numbers, ...Object.values(labels));
  const drawn = {};
  let g = null, drawnFor = "";

  function structure(now, width) {
    const key = [width, now.n, now.mode, now.signal === "impulse"].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now);
    resize(root, g);
    layers.draw(frame(g));
    numbers.replaceChildren(...ticksOf(g, now));
  }
  // What changes seldom is drawn when one of its causes is another.
  function drawAnew(name, causes, paths) {
    const same = drawn[name]?.every((cause, i) => cause === causes[i]);
    drawn[name] = causes;
    if (!same) layers.draw(paths());
  }
  function write(now, view) {
    const places = labelPlaces(g, now), texts = labelTexts(now, view);
    for (const name of LABELS) {
      const [x, y, anchor = "start"] = places[name];
      setAll(labels[name], { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor });
      labels[name].textContent = texts[name];
    }
  }
  return {
    root,
    place: () => g,
    draw(now, view, { width, chosen, marked, playing }) {
      structure(now, width);
      const { kernel, weights, doubled, hidden, x } = view;
      drawAnew("response", [g, kernel, chosen], () => responsePaths(g, now, view, chosen));
      drawAnew("kernel", [g, kernel, doubled], () => kernelPaths(g, now, view));
      drawAnew("matrix", [g, weights, hidden], () => matrixPaths(g, now, view));
      drawAnew("signal", [g, x, now.edge], () => signalPaths(g, now, view));
      layers.draw({ ...outputPaths(g, now, view), column: columnPath(g, view) });
      layers.draw({ follow: followPath(g, view), ...markedPaths(g, view, { marked, playing }) });
      root.classList.toggle("fl-joined", now.edge === "circular");
      write(now, view);
    },
  };
}

function markedPaths(g, { x }, { marked, playing }) {
  const { middle, reach } = g.signal, strip = playing?.out ? g.output : g.signal;
  const far = playing ? g.start + playing.part * (g.end - g.start) : 0;
  const ring = marked === null ? "" : ringAt(g.sampleX(marked), middle - x[marked] * reach);
  return { marked: ring, playhead: playing ? `M${far.toFixed(1)} ${strip.top}v${strip.tall}` : "" };
}

const ringAt = (x, y) => `M${(x - 6).toFixed(1)} ${y.toFixed(1)}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0`;

// ---- numbers and labels ------------------------------------------------------------------------
const SAMPLE_TICKS = ["0", "1/8", "1/4", "3/8", "1/2"];

function ticksOf(g, { n, mode }) {
  const knots = SAMPLE_TICKS.map((part, i) =>
    text(g.knotX(2 * i), g.response.base + 17, "middle", mode === "sample" ? part : String(2 * i))
  );
  const { left: start, wide: long } = g.response;
  const one = text(start + long, g.gainY(1) - 4, "end", "1");
  const below = g.kernel.top + g.kernel.high + 14, { left, wide } = g.kernel;
  const lags = [
    text(left, below, "start", `−${n / 2 - 1}`),
    text(g.lagX(0), below, "middle", "lag 0"),
    text(left + wide, below, "end", String(n / 2)),
  ];
  const end = g.output.top + g.output.tall + 14;
  const places = [0, n / 4, n / 2, (3 * n) / 4, n - 1];
  return [
    ...knots,
    one,
    ...lags,
    ...places.map((i) => text(g.sampleX(i), end, "middle", String(i))),
  ];
}

function labelPlaces(g, now) {
  const { response, kernel, matrix, signal, output } = g, title = 9;
  const aside = now.delay > 0 ? [-18, "end"] : [18, "start"];
  return {
    response: [response.left, response.top - title],
    unit: [g.knotX(4), response.base + 34, "middle"],
    kernel: [kernel.left, kernel.top - title],
    future: [kernel.left, kernel.top + kernel.high - 2],
    past: [kernel.left + kernel.wide, kernel.top + kernel.high - 2, "end"],
    delay: [delayX(g, now) + aside[0], kernel.handle + 4, aside[1]],
    matrix: [matrix.left, matrix.top - title],
    signal: [g.left, signal.top - title],
    output: [g.left, output.top - title],
    round: [g.right, output.top - title, "end"],
  };
}
