// The drawing of who has heard whom: wires, the cone and the path of one pair, the matrix.
import { measure } from "./layout.js";
import { conePaths, pairPaths, travelPaths } from "./paths.js";
import { address, wordOf } from "./words.js";
import { pathLayers, picture, reducedMotion, resize, setAll, svg, text } from "../kit/elements.js";
import { range } from "../kit/numbers.js";
import { around, disc, line, rectangle } from "../kit/paths.js";
import { members, runs } from "../shared/news.js";

const NETWORK = ["quiet", "cut", "snap", "own", "cross", "told", "pad", "dots", "known"];
const PAIR = ["ahead", "path", "travel", "sentence", "word", "ring"];
const MATRIX = ["field", "ground", "cells", "fresh", "leaving", "halo", "row", "column", "cell"];

export function hearingDrawing() {
  const layers = pathLayers([...NETWORK, ...PAIR, ...MATRIX]), texts = svg("g");
  const codes = svg("g", { class: "fl-codes" }), tag = text(0, 0, "end", "", "fl-said");
  const about = "the network, and the matrix of who has heard whom; told below";
  const root = picture(about, ...layers.all, texts, tag, codes);
  let g = null, drawnFor = "", wiredFor = "", filledFor = "";

  function structure(now, view, width) {
    const key = [width, now.n, now.schedule, now.length].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(width, now, view.depth);
    resize(root, g);
    layers.draw(framePaths(g, now));
    texts.replaceChildren(...tokenNames(g, now), ...strideNames(g, view), ...matrixNames(g));
  }
  // Wires that are cut flash, cells that are lost fade.
  function wires(now, view) {
    const key = `${drawnFor}/${view.key}`;
    if (key === wiredFor) return;
    const leaving = layers.paths.cells.getAttribute("d") ?? "";
    const again = wiredFor.startsWith(`${g.width}/${now.n}/`);
    wiredFor = key;
    layers.draw(wirePaths(g, now, view));
    if (!again || reducedMotion()) return;
    layers.draw({ leaving });
    fade(layers.paths.leaving, 450);
    fade(layers.paths.snap, 700);
  }
  function cells(now, view) {
    const key = `${wiredFor}/${now.stage}`;
    if (key === filledFor) return;
    filledFor = key;
    layers.draw(cellPaths(g, now, view));
  }
  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(now, view, width);
      wires(now, view);
      cells(now, view);
      layers.draw({ ...conePaths(g, now, view), ...travelPaths(g, now, view) });
      layers.draw({ ...pairPaths(g, now, view), ...cursorPaths(g, now) });
      codes.replaceChildren(...codeNames(g, now, view));
      nameSource(g, now, { texts, tag });
    },
  };
}

const fade = (layer, duration) =>
  layer.animate([{ opacity: 1 }, { opacity: 0 }], { duration, easing: "ease-in" });

// ---- what changes with the width and the size only ---------------------------------------------
function framePaths(g, now) {
  const end = g.top + now.length * g.dy - 2, at = g.gutter - 14, top = g.top + 3;
  return {
    field: rectangle(g.left, g.high, g.side, g.side),
    sentence: line(at, top, at, end) + line(at, top, at + 5, top) + line(at, end, at + 5, end),
  };
}

function tokenNames(g, { n, length }) {
  const rows = range(n).filter((row) => row % g.every === 0), edge = g.first - 20;
  const named = (x, row, content, name) =>
    text(x, g.y(row) + 4, "end", content, row < length ? name : "fl-absent");
  const word = (row) => (row < length ? wordOf(n, row) : "padding");
  return [
    ...rows.map((row) => named(edge, row, String(row), "fl-number")),
    ...(n > 16 ? [] : rows.map((row) => named(edge - 22, row, word(row), "fl-said"))),
  ];
}

function strideNames(g, { strides }) {
  const roomy = g.gap > 74;
  const names = strides.map((stride, stage) =>
    text(g.x(stage + 0.5), 20, "middle", roomy ? `stride ${stride}` : String(stride), "fl-stride")
  );
  return roomy ? names : [...names, text(g.first - 20, 20, "end", "stride", "fl-stride")];
}

function matrixNames({ left, high, side }) {
  const names = [
    text(left, high - 8, "start", "column: whose news"),
    text(left, high + side + 17, "start", "row: who has heard it"),
  ];
  return side > 250 ? [...names, text(left + side, high + side + 17, "end", "small: new")] : names;
}

// ---- what changes with the wiring --------------------------------------------------------------
function wirePaths(g, now, view) {
  const real = range(now.length), padding = range(now.n - now.length);
  const columns = range(view.depth + 1);
  const wire = (stage, from, i) => line(g.x(stage), g.y(from), g.x(stage + 1), g.y(i));
  const joints = (stage, i) => {
    const partner = view.partners[stage][i], straight = wire(stage, i, i);
    return partner === i ? straight : straight + wire(stage, partner, i);
  };
  const lost = view.cut.flatMap((pairs, stage) => pairs.map(([i, from]) => [stage, from, i]));
  const stump = ([stage, from, i]) =>
    line(g.x(stage), g.y(from), g.x(stage + 0.3), g.y(from + (i - from) * 0.3));
  const discs = (rows, radius) =>
    columns.flatMap((column) => rows.map((i) => disc(g.x(column), g.y(i), radius)));
  return {
    quiet: range(view.depth).flatMap((stage) => real.map((i) => joints(stage, i))),
    cut: now.n > 16 ? "" : lost.map(stump),
    snap: lost.map((ends) => wire(...ends)),
    dots: discs(real, g.radius),
    pad: discs(padding.map((i) => now.length + i), g.radius * 0.6),
    ground: real.map((i) => g.cells(i, 0, now.causal ? i + 1 : now.length)),
  };
}

function cellPaths(g, now, view) {
  const column = view.part ? view.done + 1 : view.done, latest = view.heard[column];
  const old = view.heard[Math.max(0, column - 1)], wide = g.dy * 0.76 * (view.part || 1);
  const square = (row, at) => around(g.left + (at + 0.5) * g.dy, g.high + (row + 0.5) * g.dy, wide);
  return {
    cells: old.flatMap((mask, row) => runs(mask, now.n).map((ends) => g.cells(row, ...ends))),
    fresh: latest.flatMap((mask, row) =>
      members(mask & ~old[row], now.n).map((at) => square(row, at))
    ),
  };
}

// ---- what changes with the hand ----------------------------------------------------------------
function cursorPaths(g, { token, source, length, stage }) {
  const row = g.cells(token, 0, length), ring = disc(g.x(stage), g.y(token), g.radius + 5);
  if (source < 0) return { row, ring, halo: g.dy > 10 ? row : "", column: "", cell: "", word: "" };
  const column = rectangle(g.left + source * g.dy, g.high, g.dy, length * g.dy);
  const middle = [g.left + (source + 0.5) * g.dy, g.high + (token + 0.5) * g.dy];
  const thick = Math.max(7, Math.min(10, g.dy * 0.46)), from = g.gutter, to = g.first - 15;
  return {
    row,
    ring,
    column,
    halo: g.dy > 10 ? row + column : "",
    cell: disc(...middle, Math.max(4, g.dy * 0.5)),
    word: rectangle(from, g.y(source) - thick, to - from, 2 * thick),
  };
}

// Numbers stand at some tokens only: the chosen one brings its own.
function nameSource(g, { n, source }, { texts, tag }) {
  tag.textContent = n > 16 && source >= 0 ? String(source) : "";
  if (n <= 16) return;
  const near = (row) => source >= 0 && Math.abs(row - source) * g.dy < 15;
  texts.querySelectorAll(".fl-number").forEach((label, i) => {
    label.textContent = near(i * g.every) ? "" : String(i * g.every);
  });
  setAll(tag, { x: g.first - 20, y: source < 0 ? 0 : g.y(source) + 4 });
}

// The addresses along the only path, where it has crossed.
function codeNames(g, now, { route }) {
  const shown = route?.only && now.schedule !== "shift" && now.n <= 16 && g.gap > 34;
  return (shown ? route.only : []).flatMap((row, column, rows) => {
    if (column && row === rows[column - 1]) return [];
    const above = row === now.token && column ? 9 : 5;
    return [text(g.x(column), g.y(row) - g.radius - above, "middle", address(now.n, row))];
  });
}
