// Path data of the cover: the wires, the news of one token, the cells, attention, a wave.
import { isPainted, LAST, loses, N } from "./model.js";
import { clamp, mix, range, size } from "../kit/numbers.js";
import { disc, hatch, polyline, rectangle, ribbon } from "../kit/paths.js";
import { has, members, runs } from "../shared/news.js";
import { bitReversal } from "../shared/wiring.js";

const ALL = range(N), DEALT = bitReversal(N), COLUMNS = range(LAST + 1), STAGES = range(LAST);
const dot = (g, i, column, r) => disc(...g.place(g.u(i), g.v(column)), r);

// ---- what changes with the width and with what is carried --------------------------------------
export function stillPaths(g, wave, deals) {
  return {
    field: wave ? "" : rectangle(g.left, g.high, g.depth, g.depth),
    dots: COLUMNS.flatMap((column) => ALL.map((i) => dot(g, i, column, Math.min(1.3, g.du / 5)))),
    deal: deals ? ALL.map((i) => g.join(g.u(i), g.strip + 3, g.u(DEALT.indexOf(i)), g.v(0))) : "",
  };
}

// Every wire, on its way from an old partner to the new one.
export function wirePaths(g, { partners }, before, part) {
  const wire = (stage, from, i) => g.join(g.u(from), g.v(stage), g.u(i), g.v(stage + 1));
  const quiet = STAGES.flatMap((stage) =>
    ALL.map((i) => {
      const from = mix(before[stage][i], partners[stage][i], part);
      return from === i ? wire(stage, i, i) : wire(stage, i, i) + wire(stage, from, i);
    })
  );
  return { quiet };
}

// ---- news --------------------------------------------------------------------------------------
export function newsPaths(g, now, view) {
  const paths = { own: [], cross: [], known: [], light: [] };
  for (const stage of range(view.done + 1)) {
    const under = stage < view.done ? 1 : view.part, end = g.v(stage) + g.gap * under;
    for (const i of members(view.reached[stage], N)) {
      paths.known.push(dot(g, i, stage, Math.min(2.6, g.du * 0.42)));
    }
    if (stage === LAST || !under) continue;
    for (const i of members(view.reached[stage + 1], N)) {
      const kept = has(view.reached[stage], i), from = kept ? i : view.partners[stage][i];
      const u = mix(g.u(from), g.u(i), under);
      paths[kept ? "own" : "cross"].push(g.join(g.u(from), g.v(stage), u, end));
      if (stage === view.done) {
        paths.light.push(disc(...g.place(u, end), Math.min(3, g.du / 2)));
      }
    }
  }
  return { ...paths, ring: dot(g, now.token, 0, 5) };
}

// Cells, and where the wiring changes what comes and what goes.
export function cellPaths(g, now, view, before) {
  const boxes = (masks) =>
    masks.flatMap((mask, j) => runs(mask, N).map((ends) => g.rows(j, ...ends)));
  const both = (join) => boxes(view.lit.map((mask, j) => join(mask, before[j])));
  return {
    cells: both((mask, old) => mask & old),
    coming: both((mask, old) => mask & ~old),
    leaving: both((mask, old) => old & ~mask),
    column: runs(view.reached[view.done], N).map((ends) => g.rows(now.token, ...ends)),
  };
}

// Under the news: what may be heard is grey, what never will be is red and hatched, the future is
// empty.
export function groundPaths(g, now, view) {
  const lost = loses(now, view), open = ALL.map((j) => g.rows(j, now.causal ? j : 0, N));
  return {
    ground: lost ? "" : open,
    missed: lost ? open : "",
    lost: lost ? hatch(g.left, g.high, g.depth) : "",
  };
}

// ---- attention: what arrives where of the followed token's value, full from a quarter on --------
const full = (weight) => Math.min(1, 4 * weight);

export function attentionPaths(g, now, view) {
  const paths = { own: [], cross: [], light: "", coming: "", leaving: "" };
  for (const stage of STAGES) {
    const part = clamp(now.meeting - stage, 0, 1);
    for (const i of part ? ALL : []) {
      const from = view.partners[stage][i], gate = view.gates[stage][i];
      const strand = (j, share) => {
        const wide = g.du * 0.3 * full(view.carried[stage][j] * share);
        const ends = [...g.place(g.u(j), g.v(stage)), ...g.place(g.u(i), g.v(stage + 1))];
        return ribbon(...ends, wide, part);
      };
      paths.own.push(strand(i, 1 - gate));
      if (from !== i) paths.cross.push(strand(from, gate));
    }
  }
  const radius = (column, i) => Math.sqrt(full(view.carried[column][i])) * Math.min(3.2, g.du / 2);
  const known = range(view.done + 1).flatMap((column) =>
    ALL.map((i) => dot(g, i, column, radius(column, i)))
  );
  const column = ALL.map((i) => weightCell(g, view, i, now.token));
  return { ...paths, known, column, ring: dot(g, now.token, 0, 5), wave: valuePaths(g, view) };
}

function weightCell(g, { product }, i, j) {
  const wide = g.cell * Math.sqrt(full(product[i][j]));
  const middle = (k) => (k + 0.5) * g.cell - wide / 2;
  return wide < 0.2 ? "" : rectangle(g.left + middle(j), g.high + middle(i), wide, wide);
}

export function weightPaths(g, now, view) {
  const painted = ALL.filter((j) => isPainted(now, j));
  return { cells: painted.flatMap((j) => ALL.map((i) => weightCell(g, view, i, j))) };
}

const valuePaths = (g, { x }) =>
  ALL.map((i) => {
    const low = g.strip * Math.min(0.5, 0.5 + x[i] / 2), wide = (g.strip * Math.abs(x[i])) / 2;
    return g.box(g.u(i) - g.du * 0.3, low, g.du * 0.6, wide);
  });

// ---- a wave through the FFT ---------------------------------------------------------------------
export function wavePaths(g, now, view, hands) {
  const sized = view.outputs.map(size), largest = Math.max(1e-12, ...sized);
  const whole = now.meeting >= LAST;
  return {
    ...drawnPaths(g, view, hands, g.matrix),
    spectrum: whole ? ALL.map((k) => bar(g, k, g.matrix, (sized[k] / largest) * g.depth)) : "",
  };
}

// What a reader draws, and how it goes through the network; `goal` is the axis of what comes out.
function drawnPaths(g, view, { focused, playhead }, goal) {
  const middle = g.strip / 2, side = g.narrow ? -1 : 1, frame = g.du + 2;
  const axis = (v) => g.join(0, v, g.along, v);
  const marked = focused === null ? "" : g.box(g.u(focused) - frame / 2, 1, frame, g.strip - 2);
  return {
    axis: axis(middle) + axis(goal),
    wave: ALL.map((i) => bar(g, i, middle, side * view.x[i] * middle)),
    known: range(view.done + 1).flatMap((column) => valueDots(g, view, column)),
    light: travelPaths(g, view),
    ring: marked,
    head: playhead === null ? "" : g.join(playhead * g.along, 0, playhead * g.along, g.strip),
  };
}

// ---- a wave through learned numbers -------------------------------------------------------------
const LOUDEST = 1.6; // of the values that have room

export function mixingPaths(g, now, view, hands) {
  const goal = g.matrix + g.depth / 2, reach = ((g.narrow ? -1 : 1) * g.depth) / 2 / LOUDEST;
  const far = (value) => reach * clamp(value, -LOUDEST, LOUDEST);
  const along = (values) => polyline(values.map((x, i) => g.place(g.u(i), goal + far(x))));
  return {
    ...drawnPaths(g, view, hands, goal),
    ...learnedPaths(g, now, view),
    spectrum: view.columns[view.done].map(([x], i) => bar(g, i, goal, far(x))),
    noisy: along(view.noisy),
    clean: along(view.x),
  };
}

// The learned numbers as widths of the wires, up to where the wave has come.
function learnedPaths(g, { meeting }, { partners, table: { blocks } }) {
  const paths = { own: [], cross: [], against: [] };
  for (const stage of STAGES) {
    const part = clamp(meeting - stage, 0, 1);
    for (const i of part ? ALL : []) {
      [i, partners[stage][i]].forEach((from, side) => {
        const weight = blocks[stage][side][i], wide = g.du * 0.3 * Math.min(1, Math.abs(weight));
        const ends = [...g.place(g.u(from), g.v(stage)), ...g.place(g.u(i), g.v(stage + 1))];
        const name = weight < 0 ? "against" : side ? "cross" : "own";
        paths[name].push(ribbon(...ends, wide, part));
      });
    }
  }
  return paths;
}

function bar(g, i, from, length) {
  const thin = g.du * 0.64, low = length < 0 ? from + length : from;
  return g.box(g.u(i) - thin / 2, low, thin, Math.max(Math.abs(length), 0.8));
}

function valueDots(g, { columns }, column) {
  const sized = columns[column].map(size), largest = Math.max(1e-12, ...sized);
  return ALL.map((i) => dot(g, i, column, Math.sqrt(sized[i] / largest) * Math.min(3.2, g.du / 2)));
}

function travelPaths(g, { part, done, partners }) {
  if (!part) return "";
  const r = Math.min(1.6, g.du / 4), v = g.v(done) + g.gap * part;
  return ALL.flatMap((i) =>
    [i, partners[done][i]].map((from) => disc(...g.place(mix(g.u(from), g.u(i), part), v), r))
  );
}
