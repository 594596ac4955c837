// The drawing of the cover: a network of 64 tokens and the matrix that it fills.
import { measure } from "./layout.js";
import { isWave, loses } from "./model.js";
import {
  attentionPaths,
  cellPaths,
  groundPaths,
  mixingPaths,
  newsPaths,
  stillPaths,
  wavePaths,
  weightPaths,
  wirePaths,
} from "./paths.js";
import {
  onlyAnew,
  pathLayers,
  picture,
  reducedMotion,
  resize,
  setAll,
  svg,
} from "../kit/elements.js";
import { clamp } from "../kit/numbers.js";

const MATRIX = ["field", "ground", "missed", "lost", "cells", "leaving", "coming", "column"];
const NETWORK = ["quiet", "deal", "own", "cross", "against", "dots", "known", "light"];
const WAVE = ["wave", "noisy", "axis", "spectrum", "clean", "head"];
const MORPH_MILLISECONDS = 600;

const blank = (...names) => Object.fromEntries(names.map((name) => [name, ""]));
const OF_NEWS = blank(...MATRIX.slice(1), "own", "cross");
const OF_WAVE = blank(...WAVE, "against");

export function coverDrawing(figure) {
  const layers = pathLayers([...MATRIX, ...NETWORK, ...WAVE, "ring"]);
  const caption = svg("text", { class: "fl-caption" }), label = svg("text");
  const legend = svg("text", { class: "fl-legend", "text-anchor": "end" });
  const about =
    "64 tokens, six stages of meetings, and the matrix of who has heard whom; told below";
  const root = picture(about, ...layers.all, caption, legend, label);
  const rewire = makeRewire(figure), anew = onlyAnew();
  let g = null, drawnFor = "", weighedFor = "";

  function structure({ carry }) {
    const key = `${figure.wide}/${carry}`;
    if (key === drawnFor) return;
    drawnFor = key;
    weighedFor = "";
    const wave = isWave({ carry }), deals = carry === "fft";
    g = measure(figure.wide, wave, deals);
    resize(root, g);
    layers.draw({ ...stillPaths(g, wave, deals), ...OF_NEWS, ...OF_WAVE });
    const [x, y] = g.narrow ? [g.width / 2, g.height - 4] : [g.left + g.depth / 2, 14];
    setAll(caption, { x, y, "text-anchor": "middle" });
    caption.textContent = captionOf(carry);
  }
  function drawCells(now, view, { before, part }) {
    layers.draw(cellPaths(g, now, view, before.lit));
    layers.paths.leaving.style.opacity = 1 - part;
    layers.paths.coming.style.opacity = part;
  }
  // All weights are drawn only when a meeting or a hand has changed them.
  function drawWeights(now, view) {
    layers.draw(attentionPaths(g, now, view));
    const key = [view.key, now.wiring, now.causal, view.done, now.painted].join("/");
    if (key !== weighedFor) layers.draw(weightPaths(g, now, view));
    weighedFor = key;
  }
  return {
    root,
    place: () => g,
    draw(now, view, hands) {
      structure(now);
      const morph = rewire(now, view), wave = isWave(now);
      const { before: { partners }, part } = morph;
      anew("wires", [g, view.partners, partners, part], () => {
        layers.draw(wirePaths(g, view, partners, part));
      });
      label.textContent = wave ? invitation(now) : `token ${now.token}`;
      setAll(label, wave ? overWave(g) : labelPlace(g, now));
      if (wave) {
        legend.replaceChildren();
        layers.draw((now.carry === "fft" ? wavePaths : mixingPaths)(g, now, view, hands));
        return;
      }
      anew("ground", [g, now.causal, loses(now, view)], () => {
        layers.draw(groundPaths(g, now, view));
      });
      legend.replaceChildren(...legendOf(g, now, view));
      if (now.carry === "attention") return drawWeights(now, view);
      layers.draw(newsPaths(g, now, view));
      drawCells(now, view, morph);
    },
  };
}

function captionOf(carry) {
  if (carry === "fft") return "its spectrum, frequencies 0 to 63";
  if (carry === "mixing") return "bars: cleaned · line: your wave · dashes: with noise";
  if (carry === "attention") return "column: whose value · row: who · green: takes it";
  return "column: whose news · row: who · blue: has heard it";
}

function legendOf({ left, high, depth }, now, view) {
  const told = [[now.causal, "", "empty: forbidden"], [
    loses(now, view),
    "fl-wrong",
    "hatched: lost",
  ]];
  return told.filter(([on]) => on).map(([, role, words], i) =>
    svg("tspan", { x: left + depth - 6, y: high + 18 + 17 * i, class: role }, words)
  );
}

const invitation = ({ signal }) => (signal === "drawn" ? "" : "draw here");
const overWave = ({ strip, place, narrow }) => {
  const [x, y] = narrow ? place(0, 0) : place(0, strip / 2);
  return { x, y: y - 5, "text-anchor": narrow ? "start" : "middle", class: "fl-invites" };
};

function labelPlace(g, { token }) {
  const [x, y] = g.place(g.u(token), g.v(0)), named = { class: "fl-token" };
  if (!g.narrow) return { ...named, x: x - 10, y: y + 4, "text-anchor": "end" };
  return { ...named, x: clamp(x, 28, g.width - 28), y: y - 12, "text-anchor": "middle" };
}

// A change of wiring moves every wire from its old partner to the new one.
function makeRewire(figure) {
  let wired = null, morph = null; // what was drawn last, and a change on its way
  return (now, view) => {
    const key = `${now.wiring}/${now.causal}`;
    if (wired && wired.key !== key && !reducedMotion()) {
      morph = { before: wired, began: performance.now() };
    }
    wired = { key, partners: view.partners, lit: view.lit };
    const part = morph ? Math.min(1, (performance.now() - morph.began) / MORPH_MILLISECONDS) : 1;
    if (part >= 1) morph = null;
    else figure.invalidate();
    return { before: morph?.before ?? wired, part: 1 - (1 - part) ** 3 };
  };
}
