// The drawing of the dealt cards: the table, the matrix of their order, the reads it costs.
import { makeBraid, makeFaces } from "./faces.js";
import { measure } from "./layout.js";
import { betting, heldGuess } from "./model.js";
import { allPaths, chosenPaths, framePaths, guessPaths, tagPlace, walksOf } from "./paths.js";
import { readingCaption } from "./words.js";
import { html, onlyAnew, pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { binary, range } from "../kit/numbers.js";

const TABLE = ["quiet", "mate", "chosen", "slots", "guess", "truth"];
const MATRIX = ["frame", "diagonal", "cross", "dots", "dot"];
const READS = ["reads", "marks", "mark"];
const BRAID = ["tiles", "slide", "slide-zero", "slide-one"];

export function deckDrawing() {
  const layers = pathLayers([...TABLE, ...MATRIX, ...READS, ...BRAID]), texts = svg("g");
  const faces = makeFaces(), braid = makeBraid(), tag = svg("text", { "text-anchor": "middle" });
  const about = "the dealt cards, the matrix of their order and the reads of memory; " +
    "the state is told below";
  const root = picture(about, ...layers.all, texts), hidden = { "aria-hidden": "true" };
  const objects = svg("svg", { class: "fl-objects", ...hidden }, faces.root, braid.root, tag);
  const area = html("div", { class: "fl-area" }, root, objects); // what moves lies on top
  const anew = onlyAnew();
  let g = null, drawnFor = "", walks = [];

  function structure(now, width) {
    const key = [width, now.n, now.rounds].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now);
    for (const sheet of [root, objects]) resize(sheet, g);
    area.style.height = `${g.height}px`;
    layers.draw(framePaths(g, now.n));
    texts.replaceChildren(...placeNames(g, now), ...viewNames(g, now));
    faces.structure(g, now.n);
    braid.structure(g);
  }
  function write(name, words) {
    const label = texts.querySelector(name);
    if (label.textContent !== words) label.textContent = words;
  }
  function nameGuess(now, view) {
    const open = betting(now, view), held = heldGuess(now, open), [x, y] = tagPlace(g, now, view);
    layers.paths.guess.classList.toggle("fl-held", Boolean(held));
    tag.textContent = held || open ? `${held ? held[0] : now.card}?` : "";
    tag.setAttribute("transform", `translate(${x.toFixed(1)} ${(y + 4.5).toFixed(1)})`);
  }
  return {
    area,
    root,
    place: () => g,
    draw(now, view, { width, chosen }) {
      structure(now, width);
      anew("all", [g, view], () => {
        walks = walksOf(g, now, view);
        layers.draw(allPaths(g, view, walks));
      });
      anew("chosen", [g, view, chosen], () => {
        faces.show(g, view, chosen);
        layers.draw({ ...chosenPaths(g, view, walks, chosen), ...braid.show(g, view, chosen) });
      });
      layers.draw(guessPaths(g, now, view));
      nameGuess(now, view);
      write(".fl-caption", readingCaption(now, view, g.table > 380));
      const address = chosen < 0 ? "" : binary(chosen, g.depth);
      write(".fl-from", address && `card ${chosen} is ${address}`);
      write(".fl-to", address && `its place is ${view.places[chosen]}`);
    },
  };
}

function placeNames(g, { n }) {
  const high = g.y(0) + (g.spelled ? 15 - g.tall / 2 : g.numbered ? 4 : -g.tall / 2 - 6);
  return range(n).filter((place) => place % g.every === 0).flatMap((place) => [
    text(g.x(place), g.foot + 15, "middle", String(place)),
    text(g.x(place), high, "middle", String(place), "fl-home"),
  ]);
}

function viewNames({ matrix, strip, braid, table, wide }, { n }) {
  const axes = wide ? "columns: cards, rows: places" : "card →  place ↓";
  return [
    text(matrix.x, matrix.y - 8, "start", axes),
    text(8, strip.top + 14, "start", String(n - 1)),
    text(table - 8, strip.top + strip.height - 5, "end", "0"),
    text(4, strip.top - 8, "start", "", "fl-caption"),
    text(braid.x, braid.y - 16, "start", "", "fl-from"),
    text(braid.x, braid.y + braid.drop + 26, "start", "", "fl-to"),
  ];
}
