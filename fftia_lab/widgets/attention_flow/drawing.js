// The drawing of the trained gates: ribbons as wide as their gates, letters, and two matrices.
import { LETTERS, STAGES, TOKENS } from "./model.js";
import { measure } from "./layout.js";
import { pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { range } from "../kit/numbers.js";
import { around, disc, line, rectangle, ribbon } from "../kit/paths.js";

const WIDEST = 8, SHADES = [0.5, 0.12, 0.02]; // what arrives, from which on a ribbon is that dark
const SIDES = ["self", "partner"];
const COLOURS = SIDES.flatMap((side) => SHADES.map((_, shade) => `${side}-${shade}`)).reverse();
const TOKEN_LAYERS = ["way", "chips", "nodes", "heard", "ring"];
const MATRIX_LAYERS = ["fields", "columns", "cells", "rows", "entries", "marks"];
const LAYERS = ["wires", "ribbons", ...COLOURS, ...TOKEN_LAYERS, ...MATRIX_LAYERS];
const ALL = range(TOKENS);

const chip = (g, i) => around(g.x(0), g.y(i), 20, 19);
const matrices = (g) => [g.product, g.dense];
const ends = ({ partners }) =>
  range(STAGES).flatMap((stage) =>
    ALL.flatMap((i) => [[stage, i, i], [stage, i, partners[stage][i]]])
  );

export function flowDrawing() {
  const layers = pathLayers(LAYERS), labels = svg("g");
  const letters = svg("g", { class: "fl-letters" }), said = svg("g", { class: "fl-says fl-fixed" });
  const about = "the gates of a trained layer, and two matrices of who listens to whom; told below";
  const root = picture(about, ...layers.all, labels, letters, said);
  let g = null;
  function structure(view, width) {
    if (g?.width === width) return;
    g = measure(width);
    resize(root, g);
    layers.draw(stillPaths(g, view));
    labels.replaceChildren(...titles(g, view));
    letters.replaceChildren(...letterPlaces(g));
    said.style.fontSize = `${Math.min(10, g.cell)}px`;
    said.replaceChildren(...readOutPlaces(g));
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(view, width);
      layers.draw({ ...ribbonPaths(g, now, view), ...matrixPaths(g, now, view) });
      layers.draw({ ...tokenPaths(g, now, view), way: wayPath(g, now, view) });
      writeLetters(letters, now, view);
      writeReadOuts(said, view);
    },
  };
}

// ---- what changes with the width only ----------------------------------------------------------
function stillPaths(g, view) {
  const wire = ([stage, i, from]) => line(g.x(stage), g.y(from), g.x(stage + 1), g.y(i));
  return {
    wires: ends(view).map(wire),
    chips: ALL.map((i) => chip(g, i)),
    fields: matrices(g).map(({ x, y }) => rectangle(x, y, g.side, g.side)),
  };
}

function titles(g, view) {
  const rows = ALL.map((i) => text(g.x(0) - 17, g.y(i) + 4, "end", String(i)));
  const strides = view.strides.map((stride, stage) =>
    text(g.x(stage + 0.5), 18, "middle", g.narrow ? String(stride) : `stride ${stride}`)
  );
  if (g.narrow) strides.push(text(g.x(0.5) - 12, 18, "end", "stride"));
  const [x, anchor] = g.narrow ? [g.width / 2, "middle"] : [g.width, "end"];
  const named = (matrix, name) => text(matrix.x, matrix.y - 14, "start", name, "fl-title");
  return [
    ...rows,
    ...strides,
    named(g.product, "the gates multiplied"),
    named(g.dense, "dense attention"),
    text(x, g.bottom + 18, anchor, "row: who listens · column: to whom"),
  ];
}

const letterPlaces = (g) =>
  range(STAGES + 1).flatMap((column) =>
    ALL.map((i) => text(g.x(column), g.y(i) + 4.5, "middle", ""))
  );

const readOutPlaces = (g) =>
  matrices(g).flatMap(({ x, y }) =>
    ALL.map((i) => text(x + g.side + 8, y + (i + 0.5) * g.cell + 3.4, "middle", ""))
  );

// ---- what moves with the state -----------------------------------------------------------------
function ribbonPaths(g, now, view) {
  const paths = { ribbons: [], ...Object.fromEntries(COLOURS.map((name) => [name, []])) };
  for (const [stage, i, from] of ends(view)) {
    const part = Math.min(1, now.stage - stage), gate = view.gates[stage][i];
    const weight = from === i ? 1 - gate : gate;
    if (part <= 0) continue;
    const arrives = stage < view.done ? view.arrives[stage + 1][i] * weight : 0;
    const shade = SHADES.findIndex((least) => arrives >= least);
    const name = shade < 0 ? "ribbons" : `${from === i ? "self" : "partner"}-${shade}`;
    const [x1, y1, x2, y2] = [g.x(stage), g.y(from), g.x(stage + 1), g.y(i)];
    paths[name].push(ribbon(x1, y1, x2, y2, WIDEST * weight, part));
  }
  return paths;
}

function wayPath(g, now, { way }) {
  if (now.source < 0 || !way) return "";
  return way.rows.slice(1).map((row, stage) =>
    line(g.x(stage), g.y(way.rows[stage]), g.x(stage + 1), g.y(row))
  );
}

function tokenPaths(g, now, view) {
  const paths = { nodes: [], heard: [], ring: disc(g.x(now.stage), g.y(now.token), 13) };
  for (const column of range(STAGES + 1)) {
    for (const i of ALL) {
      const reached = column <= view.done;
      const flag = now.flags.reduce((sum, place) => sum + view.products[column][i][place], 0);
      const listens = reached && flag > 0.5;
      if (column) {
        paths[listens ? "heard" : "nodes"].push(disc(g.x(column), g.y(i), reached ? 9 : 3));
      } else if (listens) paths.heard.push(chip(g, i));
    }
  }
  return paths;
}

function write(element, words, share) {
  const sure = share > 0.5 ? "fl-sure" : "fl-unsure";
  if (element.textContent !== words) element.textContent = words;
  if (element.getAttribute("class") !== sure) element.setAttribute("class", sure);
}

function writeLetters(letters, now, view) {
  [...letters.children].forEach((element, at) => {
    const column = Math.floor(at / TOKENS),
      i = at % TOKENS,
      { letter, share } = view.says[column][i];
    if (!column) write(element, now.letters[i], 1);
    else write(element, column <= view.done ? LETTERS[letter] : "", share);
  });
}

function writeReadOuts(said, view) {
  [...said.children].forEach((element, at) => {
    const ours = at < TOKENS, i = at % TOKENS;
    const { letter, share } = ours ? view.says[view.done][i] : view.dense.says[i];
    write(element, ours && !view.done ? "" : LETTERS[letter], share);
  });
}

function matrixPaths(g, now, view) {
  const { cell, side } = g, each = (shape) => matrices(g).map(({ x, y }) => shape(x, y));
  const flagged = (shape) => now.flags.flatMap((place) => each(shape(place)));
  const pennant = (place) => (x, y) =>
    `M${(x + (place + 0.5) * cell - 1.5).toFixed(1)} ${y - 1}v-8l6 2.5l-6 2.5z`;
  const chosen = [(view.source + 0.5) * cell, (now.token + 0.5) * cell];
  return {
    cells: [...cellPaths(g, g.product, view.shown), ...cellPaths(g, g.dense, view.dense.matrix)],
    columns: flagged((place) => (x, y) => rectangle(x + place * cell, y, cell, side)),
    marks: flagged(pennant),
    rows: each((x, y) => rectangle(x - 1, y + now.token * cell - 1, side + 2, cell + 2)),
    entries: each((x, y) => disc(x + chosen[0], y + chosen[1], cell * 0.72)),
  };
}

// A weight is a square of that area.
function cellPaths({ cell }, { x, y }, matrix) {
  return matrix.flatMap((row, i) =>
    row.map((weight, j) => {
      const wide = cell * 0.96 * Math.sqrt(weight);
      return wide > 0.6 ? around(x + (j + 0.5) * cell, y + (i + 0.5) * cell, wide) : "";
    })
  );
}
