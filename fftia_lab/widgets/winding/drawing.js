// The drawing of the winding: what stays while the crank turns, what it leaves, what moves with it.
import { measure, ticks } from "./layout.js";
import {
  betPaths,
  crankPaths,
  frame,
  levelsOf,
  markedPath,
  massLabel,
  seenPaths,
  signalPaths,
  soundPaths,
} from "./paths.js";
import { labelTexts, levelText, turns } from "./words.js";
import { pathLayers, picture, resize, setAll, svg, text } from "../kit/elements.js";

const PLANE = ["circle", "trail", "mirror", "hollow", "reached", "thread", "steps", "spokes"];
const HALVES = ["hubs", "points", "forward", "back"];
const CRANKED = ["arm", "lever", "mass", "truth", "guess"];
const SIGNAL = ["raw", "again", "stems", "heads", "heard"];
const LINES = ["lines", "leaks", "own"];
const HEADS = LINES.flatMap((name) => [`${name}-tops`, `${name}-loud`]);
const SPECTRUM = ["levels", "limit", "asked", "empty", "copies", ...LINES, "curve", ...HEADS];
const LAYERS = ["axes", ...PLANE, ...HALVES, ...CRANKED, ...SIGNAL, ...SPECTRUM];
const OVER = ["now", "knob", "marked", "playhead"];
const LABELS = ["plane", "signal", "spectrum", "limit", "leak", "tone", "mass", "asked"];

export function windingDrawing() {
  const layers = pathLayers([...LAYERS, ...OVER]);
  const numbers = svg("g", { class: "fl-ticks" }), heights = svg("g", { class: "fl-heights" });
  const label = (name) => svg("text", { class: `fl-label fl-label-${name}` });
  const labels = Object.fromEntries(LABELS.map((name) => [name, label(name)]));
  const about = "the wound signal, the signal and its spectrum; their state is told below";
  const root = picture(about, ...layers.all, numbers, heights, ...Object.values(labels));
  const drawn = {};
  let g = null, drawnFor = "";

  function structure(now, width) {
    const key = [width, now.n, now.copies, now.scale].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now);
    resize(root, g);
    layers.draw(frame(g, now));
    const tick = (k) => text(g.turnX(k), g.spectrum.base + 25, "middle", turns(k));
    numbers.replaceChildren(...ticks(g, now).map(tick));
  }
  // What changes seldom is drawn when one of its causes is another.
  function anew(name, causes, draw) {
    const same = drawn[name]?.every((cause, i) => cause === causes[i]);
    drawn[name] = causes;
    if (!same) draw();
  }
  function drawSeen(now, view) {
    layers.draw(seenPaths(g, now, view));
    const label = ([level, y]) => text(g.right + 7, y + 4, "start", levelText(level));
    heights.replaceChildren(...levelsOf(g, now, view).map(label));
  }
  function write(now, view) {
    const places = labelPlaces(g, now, view), texts = labelTexts(now, view);
    for (const name of LABELS) {
      const [x, y, anchor = "start"] = places[name];
      setAll(labels[name], { x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor });
      labels[name].textContent = texts[name];
    }
  }
  return {
    root,
    place: () => g,
    draw(now, view, { width, chosen, playing }) {
      structure(now, width);
      const { window, seen, mode, tone } = now;
      anew("signal", [g, view.x, window], () => layers.draw(signalPaths(g, now, view)));
      anew("seen", [g, view.fine, ...seen, mode, tone, window], () => drawSeen(now, view));
      const marked = chosen === null ? "" : markedPath(g, now, view, chosen);
      layers.draw({ ...crankPaths(g, now, view), ...betPaths(g, now, view), marked });
      layers.draw(soundPaths(g, playing));
      write(now, view);
    },
  };
}

function labelPlaces(g, now, view) {
  const asked = g.turnX(now.ask), beyond = asked > g.right - 60;
  const tone = g.turnX(now.tone), flip = tone > (g.left + g.right) / 2;
  const middle = g.spectrum.base - g.spectrum.high / 2;
  return {
    plane: [g.plane.x - g.side / 2, 13],
    signal: [g.left, g.signal.top - 9],
    spectrum: [g.left, g.spectrum.top - 9],
    limit: [g.right, g.spectrum.top - 9, "end"],
    leak: [flip ? g.left + 4 : g.right, g.spectrum.top + 14, flip ? "start" : "end"],
    mass: [...massLabel(g, now, view), "middle"],
    asked: [asked + (beyond ? -6 : 6), middle, beyond ? "end" : "start"],
    tone: [tone + (flip ? -18 : 18), g.toneRow + 4, flip ? "end" : "start"],
  };
}
