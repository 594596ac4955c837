// The drawing of who has heard whom: wires, the cone and the path of one pair, the matrix.
import { measure } from "./layout.js";
import { conePaths, pairPaths, toldPaths, travelPaths } from "./paths.js";
import { address, hasStumps, wordOf } from "./words.js";
import {
  onlyAnew,
  pathLayers,
  picture,
  reducedMotion,
  resize,
  setAll,
  svg,
  text,
} from "../kit/elements.js";
import { range } from "../kit/numbers.js";
import { around, disc, line, rectangle } from "../kit/paths.js";
import { members, runs } from "../shared/news.js";
import { places } from "../shared/padding.js";

const NETWORK = ["quiet", "cut", "snap", "own", "cross", "told", "pad", "dots", "relay"];
const PAIR = ["known", "lit", "ahead", "path", "travel", "sentence", "word", "ring"];
const MATRIX = ["field", "ground", "cells", "fresh", "leaving", "halo", "row", "column", "cell"];

// `root` shows the network and beside it the matrix; on a narrow page `below` shows the matrix.
export function hearingDrawing() {
  const network = pathLayers([...NETWORK, ...PAIR]), matrix = pathLayers([...MATRIX, "ghost"]);
  const texts = svg("g"), strides = svg("g"), legend = svg("g"), guessed = svg("g");
  const codes = svg("g", { class: "fl-codes" }), tag = text(0, 0, "end", "", "fl-said");
  const square = svg("g", {}, ...matrix.all, legend, guessed);
  const about = "the network, and the matrix of who has heard whom; told below";
  const root = picture(about, ...network.all, square, texts, strides, tag, codes);
  const below = picture("the matrix of who has heard whom; told above");
  const anew = onlyAnew();
  let g = null, wired = null;

  function structure(now, view, width, asks) {
    anew("places", [width, now.n, view.depth, asks], () => {
      g = measure(width, now, view.depth, asks);
      arrange();
      matrix.draw({ field: rectangle(g.left, g.high, g.side, g.side) });
      legend.replaceChildren(...matrixNames(g));
    });
    anew("strides", [g, view.strides, now.schedule], () => {
      strides.replaceChildren(...strideNames(g, now, view));
    });
    anew("names", [g, view.key], () => {
      network.draw({ sentence: bracket(g, now) });
      texts.replaceChildren(...placeNames(g, now));
    });
  }
  function arrange() {
    resize(root, g);
    if (!g.narrow) return root.insertBefore(square, texts);
    below.append(square);
    below.setAttribute("viewBox", `0 ${g.cut} ${g.width} ${g.below}`);
    below.style.height = `${g.below}px`;
  }
  // Wires that are cut flash, cells that are lost fade.
  function wires(now, view) {
    const leaving = matrix.paths.cells.getAttribute("d") ?? "";
    const again = wired?.width === g.width && wired.n === now.n;
    wired = { width: g.width, n: now.n };
    network.draw(wirePaths(g, now, view));
    matrix.draw({ ground: groundPath(g, now) });
    if (!again || reducedMotion()) return;
    matrix.draw({ leaving });
    fade(matrix.paths.leaving, 450);
    fade(network.paths.snap, 700);
  }
  function cells(now, view) {
    matrix.draw(cellPaths(g, now, view));
    network.draw(relayPaths(g, now, view));
  }
  return {
    root,
    below,
    place: () => g,
    draw(now, view, width, guesses) {
      structure(now, view, width, guesses !== null);
      anew("wires", [g, view.key], () => wires(now, view));
      anew("cells", [g, view.key, now.stage], () => cells(now, view));
      anew("told", [g, view.key, view.done, now.source], () => {
        network.draw(toldPaths(g, now, view));
      });
      anew("cone", [g, view.key, view.done, now.token], () => {
        network.draw(conePaths(g, now, view));
      });
      network.draw({ ...travelPaths(g, now, view), ...pairPaths(g, now, view) });
      network.draw(handPaths(g, now));
      matrix.draw({ ...cursorPaths(g, now), ghost: ghostPath(g, guesses ?? []) });
      codes.replaceChildren(...codeNames(g, now, view));
      guessed.replaceChildren(...guessNames(g, guesses ?? []));
      nameSource(g, now, { texts, tag });
    },
  };
}

const fade = (layer, duration) =>
  layer.animate([{ opacity: 1 }, { opacity: 0 }], { duration, easing: "ease-in" });

// ---- what changes with the width and the size only ---------------------------------------------
function bracket(g, now) {
  const end = g.top + now.length * g.dy - 2, at = g.gutter - 14, top = g.top + 3;
  return line(at, top, at, end) + line(at, top, at + 5, top) + line(at, end, at + 5, end);
}

function placeNames(g, now) {
  const { n, length } = now, edge = g.first - 20, used = places(now);
  const rows = range(n).filter((row) => row % g.every === 0);
  const named = (x, row, content, name) =>
    text(x, g.y(row) + 4, "end", content, row < length ? name : "fl-absent");
  const empty = (row) => (row < used ? "relay" : "padding");
  const word = (row) => (row < length ? wordOf(n, row) : empty(row));
  return [
    ...rows.map((row) => named(edge, row, String(row), "fl-number")),
    ...(n > 16 ? [] : rows.map((row) => named(edge - 22, row, word(row), "fl-said"))),
  ];
}

function strideNames(g, { schedule }, { strides }) {
  const roomy = g.gap > 74, unit = schedule === "prefix" ? "block" : "stride";
  const names = strides.map((stride, stage) =>
    text(g.x(stage + 0.5), 20, "middle", roomy ? `${unit} ${stride}` : String(stride), "fl-stride")
  );
  return roomy ? names : [...names, text(g.first - 20, 20, "end", unit, "fl-stride")];
}

function matrixNames({ left, high, side }) {
  const names = [
    text(left, high - 8, "start", "column: whose news"),
    text(left, high + side + 17, "start", "row: who has heard it"),
  ];
  return side > 250 ? [...names, text(left + side, high - 8, "end", "small: just heard")] : names;
}

// ---- what changes with the wiring --------------------------------------------------------------
function wirePaths(g, now, view) {
  // What an empty place has is what it hears.
  const joints = (stage, i) => {
    const partner = view.partners[stage][i], own = view.holds[stage][i] ? g.wire(stage, i, i) : "";
    return partner === i ? own : own + g.wire(stage, partner, i);
  };
  const lost = view.cut.flatMap((pairs, stage) => pairs.map(([i, from]) => [stage, from, i]));
  const stump = ([stage, from, i]) =>
    line(g.x(stage), g.y(from), g.x(stage + 0.3), g.y(from + (i - from) * 0.3));
  const discs = (rows, radius, wanted) =>
    range(view.depth + 1).flatMap((column) =>
      rows.filter((i) => wanted(column, i)).map((i) => disc(g.x(column), g.y(i), radius))
    );
  const padding = range(now.n).slice(now.length);
  return {
    quiet: range(view.depth).flatMap((stage) => range(now.n).map((i) => joints(stage, i))),
    cut: hasStumps(now.n) ? lost.map(stump) : "",
    snap: lost.map((ends) => g.wire(...ends)),
    dots: discs(range(now.length), g.radius, () => true),
    pad: discs(padding, g.radius * 0.6, (column, i) => !view.holds[column][i]),
  };
}

// An empty place that has taken over a copy lights up.
function relayPaths(g, now, view) {
  const rings = (columns) =>
    columns.flatMap((column) =>
      range(now.n).slice(now.length).filter((i) => view.holds[column][i])
        .map((i) => disc(g.x(column), g.y(i), g.radius * 0.9))
    );
  const columns = range(view.depth + 1);
  return {
    relay: rings(columns),
    lit: rings(columns.filter((column) => column <= view.done)),
  };
}

const groundPath = (g, { length, causal }) =>
  range(length).map((i) => g.cells(i, 0, causal ? i + 1 : length));

function cellPaths(g, now, view) {
  const column = view.part ? view.done + 1 : view.done;
  const [latest, old] = [column, Math.max(0, column - 1)].map((at) =>
    view.heard[at].slice(0, now.length)
  );
  const wide = g.dy * 0.76 * (view.part || 1);
  const square = (row, at) => around(g.left + (at + 0.5) * g.dy, g.high + (row + 0.5) * g.dy, wide);
  return {
    cells: old.flatMap((mask, row) => runs(mask, now.n).map((ends) => g.cells(row, ...ends))),
    fresh: latest.flatMap((mask, row) =>
      members(mask & ~old[row], now.n).map((at) => square(row, at))
    ),
  };
}

// ---- what changes with the hand ----------------------------------------------------------------
function handPaths(g, { token, source, stage }) {
  const ring = disc(g.x(stage), g.y(token), g.radius + 5);
  if (source < 0) return { ring, word: "" };
  const thick = Math.max(7, Math.min(10, g.dy * 0.46)), from = g.gutter, to = g.first - 15;
  return { ring, word: rectangle(from, g.y(source) - thick, to - from, 2 * thick) };
}

function cursorPaths(g, { token, source, length }) {
  const row = g.cells(token, 0, length);
  if (source < 0) return { row, halo: g.dy > 10 ? row : "", column: "", cell: "" };
  const column = rectangle(g.left + source * g.dy, g.high, g.dy, length * g.dy);
  const middle = [g.left + (source + 0.5) * g.dy, g.high + (token + 0.5) * g.dy];
  return {
    row,
    column,
    halo: g.dy > 10 ? row + column : "",
    cell: disc(...middle, Math.max(4, g.dy * 0.5)),
  };
}

// What was guessed stays at its row, beside the count that is true.
const beside = (g, token) => [g.left + g.side, g.high + (token + 0.5) * g.dy];

function ghostPath(g, guesses) {
  return guesses.map(({ token }) => {
    const [x, y] = beside(g, token);
    return line(x, y, x + 4, y) + rectangle(x + 4, y + 1, 41, 14);
  });
}

function guessNames(g, guesses) {
  return guesses.flatMap(({ token, guess, count }) => {
    const [x, y] = beside(g, token);
    const truth = count === null ? [] : [text(x + 7, y - 3, "start", String(count), "fl-count")];
    return [...truth, text(x + 7, y + 12, "start", `you ${guess}`, "fl-guess")];
  });
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
  const digits = now.schedule === "butterfly" || now.schedule === "benes";
  const shown = route?.only && digits && now.n <= 16 && g.gap > 34;
  return (shown ? route.only : []).flatMap((row, column, rows) => {
    if (column && row === rows[column - 1]) return [];
    const above = row === now.token && column ? 9 : 5;
    return [text(g.x(column), g.y(row) - g.radius - above, "middle", address(now.n, row))];
  });
}
