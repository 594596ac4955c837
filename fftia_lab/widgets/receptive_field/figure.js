// Who has heard whom: the network with its cone, and the matrix that it fills, under one cursor.
import { has, members, popcount, runs } from "../shared/news.js";
import { ancestors, descendants, wiring } from "../shared/wiring.js";
import { disc, line } from "../kit/paths.js";
import { number } from "../kit/words.js";
import { oneOf, whole, wished } from "../kit/states.js";
import { depthOf, hearing, listen } from "./model.js";
import { address, called, describe, explain, wordOf } from "./words.js";
import { makeGuess } from "./bet.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  moveTo,
  press,
  reducedMotion,
  scenes,
  sentence,
  setValue,
  svg,
  timeline,
  toggle,
} from "../kit/kit.js";

const FIELDS = ["n", "schedule", "causal", "length", "stage", "token", "source", "bet"];
const SIZES = [4, 8, 16, 32, 64];
const KINDS = [["butterfly", "butterfly"], ["shift", "shift"], ["benes", "Beneš"]];
const range = (count) => Array.from({ length: count }, (_, i) => i);

// ---- state -------------------------------------------------------------------------------------
const CHECKS = {
  n: oneOf(...SIZES),
  schedule: oneOf(...KINDS.map(([kind]) => kind)),
  causal: oneOf(true, false),
  length: whole,
  stage: Number.isFinite,
  token: whole,
  source: (value) => value === -1 || whole(value),
  bet: (value) =>
    Array.isArray(value) && value.length <= 2 && value.every((guess) => whole(guess) && guess),
};

function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), depth = depthOf(next);
  if (next.n !== state.n) {
    if (!("length" in patch) && state.length === state.n) next.length = next.n;
    if (!("bet" in patch)) next.bet = [];
  }
  if (!("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.length = clamp(next.length, 2, next.n);
  next.stage = clamp(next.stage, 0, depth);
  next.token = Math.min(next.token, next.length - 1);
  next.source = Math.min(next.source, next.length - 1);
  next.bet = next.bet.map((guess) => Math.min(guess, next.n));
  return next;
}

// ---- geometry: the network on the left; its rows go on as the rows of the matrix, or it lies below --
const ROW = { 4: [40, 40], 8: [32, 28], 16: [22, 16], 32: [12, 9], 64: [7, 4.5] };

function measure(width, { n }, depth) {
  const narrow = width < 560, top = 44, gutter = narrow ? 24 : 28;
  const dy =
      Math.floor(2 * Math.min(ROW[n][narrow ? 1 : 0], (narrow ? width - 2 : width * 0.48) / n)) / 2,
    side = n * dy;
  const labels = n > 16 ? 24 : 72,
    first = gutter + labels + 22,
    last = (narrow ? width : width - side - 18) - 15;
  const left = narrow ? Math.max(1, Math.min(first, width - side - 1)) : width - side - 1,
    high = narrow ? top + side + 40 : top;
  const gap = (last - first) / depth, radius = Math.min(4, dy * 0.3);
  return {
    width,
    narrow,
    dy,
    side,
    gutter,
    first,
    gap,
    radius,
    left,
    high,
    top,
    every: n > 32 ? 8 : n > 16 ? 4 : 1,
    height: high + side + 24,
    x: (column) => first + gap * column,
    y: (row) => top + dy * (row + 0.5),
    box: (row, from, after) =>
      `M${(left + from * dy).toFixed(1)} ${(high + row * dy).toFixed(1)}h${
        ((after - from) * dy).toFixed(1)
      }v${dy.toFixed(1)}h${((from - after) * dy).toFixed(1)}z`,
  };
}

const WIRES = [
  "quiet",
  "cut",
  "snap",
  "own",
  "cross",
  "told",
  "pad",
  "dots",
  "known",
  "ahead",
  "path",
  "travel",
  "sentence",
  "word",
  "ring",
];
const CELLS = ["field", "ground", "cells", "fresh", "leaving", "halo", "row", "column", "cell"];

function build(figure) {
  const { model, state } = figure, layers = {};
  for (const name of [...WIRES, ...CELLS]) layers[name] = svg("path", { class: `fl-${name}` });
  const texts = svg("g"),
    codes = svg("g", { class: "fl-codes" }),
    tag = svg("text", { class: "fl-said", "text-anchor": "end" });
  const drawing = svg(
    "svg",
    {
      class: "fl-drawing",
      role: "img",
      "aria-label": "the network, and the matrix of who has heard whom; told below",
    },
    ...Object.values(layers),
    texts,
    tag,
    codes,
  );
  const area = html("div", { class: "fl-area" }, drawing);
  let g = null, view = null, wide = 0, hover = null;
  let drawnFor = "", wiredFor = "", filledFor = "";
  const put = (name, parts) => layers[name].setAttribute("d", parts.join(""));
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const rowAt = (y) => clamp(Math.floor((y - g.top) / g.dy), 0, state.read().length - 1);
  const columnAt = (x) => clamp(Math.round((x - g.first) / g.gap), 0, depthOf(state.read()));

  // hands: who hears, dragged along the tokens and through the stages
  const walk = (change) => () => {
    const { token, length } = state.read();
    act({ token: clamp(token + change, 0, length - 1) });
  };
  const step = (change) => () => {
    const { stage } = state.read();
    act({ stage: change > 0 ? Math.floor(stage + 1e-9) + 1 : Math.ceil(stage - 1e-9) - 1 });
  };
  const hearer = handle(
    "who hears: up and down choose the token, left and right the stage",
    "fl-hearer",
    {
      ArrowUp: walk(-1),
      ArrowDown: walk(1),
      PageUp: walk(-8),
      PageDown: walk(8),
      Home: walk(-64),
      End: walk(64),
      ArrowLeft: step(-1),
      ArrowRight: step(1),
    },
  );
  drag(hearer, area, {
    keepOffset: true,
    move: (points) => {
      const { x, y } = points.at(-1);
      act({ token: rowAt(y), stage: columnAt(x) }, true);
    },
    end: () => state.set({}),
  });

  // hands: whose news is followed, chosen on the words
  const speak = (change) => () => {
    const { source, length } = state.read();
    act({ source: source < 0 ? 0 : clamp(source + change, 0, length - 1) });
  };
  const release = () => act({ source: -1 });
  const speaker = handle("whose news: up and down choose the token, Escape lets go", "fl-speaker", {
    ArrowUp: speak(-1),
    ArrowDown: speak(1),
    PageUp: speak(-8),
    PageDown: speak(8),
    Home: speak(-64),
    End: speak(64),
    Escape: release,
    Delete: release,
  });
  let held = -1, moved = false;
  drag(speaker, area, {
    start: () => {
      held = state.read().source;
      moved = false;
    },
    move: (points) => {
      const source = rowAt(points.at(-1).y);
      moved ||= source !== held;
      act({ source }, true);
    },
    end: () => (moved ? state.set({}) : release()), // pressing the chosen word again lets go of it
  });

  // hands: the end of the sentence
  const cutAt = (y) => clamp(Math.round((y - g.top) / g.dy), 2, state.read().n);
  const cut = (change) => () => {
    const { length, n } = state.read();
    act({ length: clamp(length + change, 2, n) });
  };
  const border = handle("end of the sentence", "fl-border", {
    ArrowUp: cut(-1),
    ArrowDown: cut(1),
    PageUp: cut(-8),
    PageDown: cut(8),
    Home: cut(-64),
    End: cut(64),
  });
  drag(border, area, {
    keepOffset: true,
    move: (points) => act({ length: cutAt(points.at(-1).y) }, true),
    end: () => state.set({}),
  });
  area.append(speaker, hearer, border);

  // pointing shows, pressing keeps: a node, a cell of the matrix, or the end of the sentence
  function pointed(event) {
    const box = area.getBoundingClientRect(),
      x = event.clientX - box.left,
      y = event.clientY - box.top,
      { length } = state.read();
    const column = Math.floor((x - g.left) / g.dy), row = Math.floor((y - g.high) / g.dy);
    if (column >= 0 && row >= 0 && column < length && row < length) {
      return { token: row, source: column };
    }
    const node = Math.floor((y - g.top) / g.dy);
    if (node < 0 || node >= length || x < g.first - 10 || x > g.x(view.depth) + 12) return null;
    return { token: node, stage: columnAt(x) };
  }
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) return;
    const found = pointed(event);
    if (found) delete found.stage; // time stands still while the hand only points
    if (JSON.stringify(found) !== JSON.stringify(hover)) {
      hover = found;
      figure.invalidate();
    }
  });
  drawing.addEventListener("pointerleave", () => {
    if (hover) {
      hover = null;
      figure.invalidate();
    }
  });
  drawing.addEventListener("click", (event) => {
    const box = area.getBoundingClientRect(), found = pointed(event), y = event.clientY - box.top;
    if (found) act(found);
    else if (event.clientX - box.left < g.gutter && y > g.top && y < g.top + g.side) {
      act({ length: cutAt(y) });
    }
  });

  const controls = makeControls(figure, act);
  const time = timeline(figure, {
    key: "stage",
    last: depthOf,
    names: (top) => range(top + 1).map(String),
  });
  const status = sentence(figure),
    card = html("div", { class: "fl-card" }),
    guess = makeGuess(figure, act),
    links = scenes(figure);
  figure.root.append(controls.root, area, time.root, status.root, card, guess.root, links.root);

  // ---- what changes with the width and the size only
  function structure(now) {
    const key = [wide, now.n, now.schedule, now.length].join("/");
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(wide, now, view.depth);
    drawing.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    drawing.style.height = area.style.height = `${g.height}px`;
    put("field", [`M${g.left} ${g.high}h${g.side}v${g.side}h${-g.side}z`]);
    const end = g.top + now.length * g.dy, at = g.gutter - 14;
    put("sentence", [
      line(at, g.top + 3, at, end - 2),
      line(at, g.top + 3, at + 5, g.top + 3),
      line(at, end - 2, at + 5, end - 2),
    ]);
    Object.assign(speaker.style, {
      left: `${g.gutter}px`,
      top: `${g.top}px`,
      width: `${g.first - g.gutter - 14}px`,
      height: `${now.length * g.dy}px`,
    });
    moveTo(border, at, end);
    texts.replaceChildren(...labels(now));
  }
  function labels(now) {
    const text = (x, y, anchor, content, className = "") =>
      svg("text", { x, y, "text-anchor": anchor, class: className }, content);
    const rows = range(now.n).filter((row) => row % g.every === 0), edge = g.first - 20;
    const named = (row) => (row < now.length ? wordOf(now.n, row) : "padding");
    return [
      ...rows.map((row) =>
        text(edge, g.y(row) + 4, "end", String(row), row < now.length ? "fl-number" : "fl-absent")
      ),
      ...(now.n > 16 ? [] : rows.map((row) =>
        text(
          edge - 22,
          g.y(row) + 4,
          "end",
          named(row),
          row < now.length ? "fl-said" : "fl-absent",
        )
      )),
      ...view.strides.map((stride, stage) =>
        text(
          g.x(stage + 0.5),
          20,
          "middle",
          g.gap > 74 ? `stride ${stride}` : String(stride),
          "fl-stride",
        )
      ),
      ...(g.gap > 74 ? [] : [text(edge, 20, "end", "stride", "fl-stride")]),
      text(g.left, g.high - 8, "start", "column: whose news"),
      text(g.left, g.high + g.side + 17, "start", "row: who has heard it"),
      ...(g.side > 250 ? [text(g.left + g.side, g.high + g.side + 17, "end", "small: new")] : []),
    ];
  }

  // ---- what changes with the wiring: wires that are cut flash, cells that are lost fade
  function wires(now) {
    const key = `${drawnFor}/${view.key}`;
    if (key === wiredFor) return;
    const before = layers.cells.getAttribute("d"), same = wiredFor.startsWith(`${wide}/${now.n}/`);
    wiredFor = key;
    const joints = (stage, i) => {
      const partner = view.partners[stage][i],
        straight = line(g.x(stage), g.y(i), g.x(stage + 1), g.y(i));
      return partner === i
        ? straight
        : straight + line(g.x(stage), g.y(partner), g.x(stage + 1), g.y(i));
    };
    put(
      "quiet",
      range(view.depth).flatMap((stage) => range(now.length).map((i) => joints(stage, i))),
    );
    const lost = view.cut.flatMap((pairs, stage) =>
      pairs.map(([i, partner]) => [g.x(stage), g.y(partner), g.x(stage + 1), g.y(i)])
    );
    put(
      "cut",
      now.n > 16
        ? []
        : lost.map(([x1, y1, x2, y2]) => line(x1, y1, x1 + (x2 - x1) * 0.3, y1 + (y2 - y1) * 0.3)),
    );
    put("snap", lost.map((ends) => line(...ends)));
    put(
      "dots",
      range(view.depth + 1).flatMap((column) =>
        range(now.length).map((i) => disc(g.x(column), g.y(i), g.radius))
      ),
    );
    put(
      "pad",
      range(view.depth + 1).flatMap((column) =>
        range(now.n - now.length).map((i) => disc(g.x(column), g.y(now.length + i), g.radius * 0.6))
      ),
    );
    put("ground", range(now.length).map((i) => g.box(i, 0, now.causal ? i + 1 : now.length)));
    if (!same || reducedMotion()) return;
    layers.leaving.setAttribute("d", before);
    for (const [name, milliseconds] of [["leaving", 450], ["snap", 700]]) {
      layers[name].animate([{ opacity: 1 }, { opacity: 0 }], {
        duration: milliseconds,
        easing: "ease-in",
      });
    }
  }

  function cells(now) {
    const key = `${wiredFor}/${now.stage}`;
    if (key === filledFor) return;
    filledFor = key;
    const column = view.part ? view.done + 1 : view.done,
      old = view.heard[Math.max(0, column - 1)],
      latest = view.heard[column];
    const size = g.dy * 0.76 * (view.part || 1), inset = (g.dy - size) / 2;
    const square = (row, at) =>
      `M${(g.left + at * g.dy + inset).toFixed(1)} ${(g.high + row * g.dy + inset).toFixed(1)}h${
        size.toFixed(1)
      }v${size.toFixed(1)}h${(-size).toFixed(1)}z`;
    put(
      "cells",
      old.flatMap((mask, row) => runs(mask, now.n).map(([from, after]) => g.box(row, from, after))),
    );
    put(
      "fresh",
      latest.flatMap((mask, row) => members(mask & ~old[row], now.n).map((at) => square(row, at))),
    );
  }

  // ---- what changes with the hand: the cone, the path, the cursor
  function cone(now) {
    const reached = ancestors(view, view.done, now.token), own = [], cross = [], known = [];
    reached.forEach((rows, column) => {
      for (const i of rows) {
        known.push(disc(g.x(column), g.y(i), g.radius + 0.6));
        if (!column) continue;
        const partner = view.partners[column - 1][i];
        own.push(line(g.x(column - 1), g.y(i), g.x(column), g.y(i)));
        if (partner !== i) cross.push(line(g.x(column - 1), g.y(partner), g.x(column), g.y(i)));
      }
    });
    put("own", own);
    put("cross", cross);
    put("known", known);
    const spoken = now.source < 0 ? [] : descendants(view, 0, [now.source]), told = [];
    for (let column = 1; column <= view.done && spoken.length; column++) {
      for (const i of spoken[column]) {
        for (const from of new Set([i, view.partners[column - 1][i]])) {
          if (spoken[column - 1].has(from)) {
            told.push(line(g.x(column - 1), g.y(from), g.x(column), g.y(i)));
          }
        }
      }
    }
    put("told", told);
    const travel = [];
    if (view.part) {
      for (const i of range(now.length)) {
        const from = view.partners[view.done][i];
        if (from !== i) {
          travel.push(
            disc(g.x(now.stage), g.y(from + (i - from) * view.part), Math.min(3, g.dy / 4)),
          );
        }
      }
    }
    put("travel", travel);
  }
  function path(now) {
    const come = [], ahead = [], { route } = view;
    if (route && route.meets >= 0) {
      for (let stage = 0; stage < view.depth; stage++) {
        for (const i of route.rows[stage + 1]) {
          const partner = view.partners[stage][i];
          for (const from of new Set([i, partner])) {
            const part = clamp(now.stage - stage, 0, 1);
            if (!route.rows[stage].includes(from)) continue;
            if (part) {
              come.push(
                line(g.x(stage), g.y(from), g.x(stage + part), g.y(from + (i - from) * part)),
              );
            }
            if (part < 1) ahead.push(line(g.x(stage), g.y(from), g.x(stage + 1), g.y(i)));
          }
        }
      }
    }
    put("path", come);
    put("ahead", ahead);
    const only = route?.only && now.schedule !== "shift" && now.n <= 16 && g.gap > 34
      ? route.only
      : [];
    const told = only.map((row, column) => ({ row, column })).filter(({ row, column }) =>
      !column || row !== only[column - 1]
    );
    codes.replaceChildren(
      ...told.map(({ row, column }) =>
        svg("text", {
          x: g.x(column),
          y: g.y(row) - g.radius - (row === now.token && column ? 9 : 5),
          "text-anchor": "middle",
        }, address(now.n, row))
      ),
    );
  }
  function cursors(now) {
    const { token, source } = now;
    put("ring", [disc(g.x(now.stage), g.y(token), g.radius + 5)]);
    const at = g.left + source * g.dy, tall = now.length * g.dy, row = g.box(token, 0, now.length);
    const column = source < 0 ? "" : `M${at.toFixed(1)} ${g.high}h${g.dy}v${tall}h${-g.dy}z`;
    put("halo", g.dy > 10 ? [row, column] : []);
    put("row", [row]);
    put("column", [column]);
    put(
      "cell",
      source < 0
        ? []
        : [disc(at + g.dy / 2, g.high + (token + 0.5) * g.dy, Math.max(4, g.dy * 0.5))],
    );
    const thick = Math.max(7, Math.min(10, g.dy * 0.46)), from = g.gutter, to = g.first - 15;
    if (now.n > 16) { // numbers stand at some tokens only: the chosen one brings its own
      const near = (row) => source >= 0 && Math.abs(row - source) * g.dy < 15;
      texts.querySelectorAll(".fl-number").forEach((label, i) => {
        label.textContent = near(i * g.every) ? "" : String(i * g.every);
      });
      tag.setAttribute("x", g.first - 20);
      tag.setAttribute("y", source < 0 ? 0 : g.y(source) + 4);
    }
    tag.textContent = now.n > 16 && source >= 0 ? String(source) : "";
    put("word", source < 0 ? [] : [`M${from} ${g.y(source) - thick}H${to}v${2 * thick}H${from}z`]);
  }
  function hands(now) {
    const { n, token, source, length } = now;
    moveTo(hearer, g.x(now.stage), g.y(token));
    setValue(hearer, {
      now: token,
      min: 0,
      max: length - 1,
      text: `${called(n, token)}, after ${view.done} of ${view.depth} stages, has heard ${
        popcount(view.row)
      } of ${view.mayHear}`,
    });
    const met = view.route &&
      (view.route.meets < 0 ? "they never meet" : `they meet in stage ${view.route.meets}`);
    setValue(speaker, {
      now: source,
      min: -1,
      max: length - 1,
      text: source < 0
        ? "nobody’s news is followed"
        : `${called(n, source)}; ${source === token ? "it hears itself" : met}`,
    });
    setValue(border, { now: length, min: 2, max: n, text: `${length} of ${n} tokens are real` });
  }

  function draw(latest, settled) {
    const now = hover && hover.token < settled.length && !(hover.source >= settled.length)
      ? { ...settled, ...hover }
      : settled;
    view = now === settled ? latest : listen(now);
    structure(now);
    wires(now);
    cells(now);
    cone(now);
    path(now);
    cursors(now);
    card.replaceChildren(...explain(now, view));
    status.say(describe(now, view), describe(settled, latest));
    if (now !== settled) view = latest;
    hands(settled);
    controls.show(settled);
    time.show(
      settled.stage,
      `${number(settled.stage, Number.isInteger(settled.stage) ? 0 : 1)} of ${latest.depth} stages`,
    );
    guess.show(settled);
    links.show();
  }

  return {
    layout: (width) => {
      wide = width;
    },
    view: listen,
    draw,
  };
}

// Three small pictures to choose from, and what else there is.
function thumbnail(kind) {
  const { partners } = wiring(kind, 8),
    wide = 60,
    gap = wide / partners.length,
    y = (row) => 3 + 4 * row;
  const wires = partners.flatMap((column, stage) =>
    column.map((partner, i) => line(stage * gap + 2, y(partner), (stage + 1) * gap + 2, y(i)))
  );
  return svg(
    "svg",
    { viewBox: "0 0 64 34", width: 64, height: 34, "aria-hidden": "true" },
    svg("path", { d: wires.join("") }),
  );
}

function makeControls({ state }, act) {
  const pictures = KINDS.map((
    [kind, name],
  ) => [kind, press("", () => act({ schedule: kind }), { class: "fl-button fl-thumb" }), name]);
  for (const [kind, button, name] of pictures) {
    button.append(thumbnail(kind), html("span", {}, name));
  }
  const kinds = html(
    "span",
    { class: "fl-thumbs", role: "group", "aria-label": "who meets whom" },
    ...pictures.map(([, button]) => button),
  );
  const n = choice("N", SIZES.map((size) => [size, size]), (value) => act({ n: Number(value) }));
  const causal = toggle("no peeking at later tokens", (on) => act({ causal: on }));
  const length = choice("real tokens", [], (value) => act({ length: Number(value) }));
  const lengths = length.root.querySelector("select");
  const more = html(
    "details",
    { class: "fl-more" },
    html("summary", {}, "more"),
    html("div", { class: "fl-controls" }, length.root),
  );
  return {
    root: html(
      "div",
      { class: "fl-head" },
      kinds,
      html("div", { class: "fl-controls" }, n.root, causal.root),
      more,
    ),
    show(now) {
      for (const [kind, button] of pictures) {
        button.setAttribute("aria-pressed", String(kind === now.schedule));
      }
      n.show(now.n);
      causal.show(now.causal);
      if (lengths.options.length !== now.n - 1) {
        lengths.replaceChildren(
          ...range(now.n - 1).map((i) => html("option", { value: String(i + 2) }, String(i + 2))),
        );
      }
      length.show(now.length);
    },
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, {
    name: "receptivefield",
    label: "Who has heard whom",
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
