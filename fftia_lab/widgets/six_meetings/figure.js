// The cover: one token's news in 64, six meetings, and the matrix of who has heard whom.
import { drawnSamples, range, size } from "../kit/complexes.js";
import { look } from "../shared/network.js";
import { bit, has, members, popcount, runs, spread } from "../shared/news.js";
import { bitReversal } from "../shared/wiring.js";
import { disc, hatch, line, rectangle, ribbon } from "../kit/paths.js";
import { listeners, weigh } from "./camps.js";
import { number } from "../kit/words.js";
import { oneOf, wished } from "../kit/states.js";
import { listenButton } from "../kit/sound.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  press,
  reducedMotion,
  scenes,
  sentence,
  setValue,
  svg,
  timeline,
} from "../kit/kit.js";

const FIELDS = ["wiring", "causal", "meeting", "token", "painted", "carry", "signal", "samples"];
const N = 64, LAST = 6, EVERYONE = "f".repeat(N / 4), MORPH_MILLISECONDS = 600;

// ---- state -------------------------------------------------------------------------------------
const CHECKS = {
  wiring: oneOf("butterfly", "shift"),
  causal: oneOf(true, false),
  carry: oneOf("news", "fft", "attention", "mixing"),
  meeting: Number.isFinite,
  token: (value) => Number.isInteger(value) && value >= 0 && value < N,
  painted: (value) => /^[0-9a-f]{16}$/.test(value),
  signal: (value, model) => value === "drawn" || Object.hasOwn(model.get("signals"), value),
  samples: (value) => Array.isArray(value) && value.every(Number.isFinite),
};

// The FFT needs the whole butterfly: another wiring carries news.
function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.carry === "fft" && (next.wiring !== "butterfly" || next.causal)) {
    const asked = patch.carry === "fft" && !("wiring" in patch) && !("causal" in patch);
    if (asked) Object.assign(next, { wiring: "butterfly", causal: false });
    else next.carry = "news";
  }
  next.meeting = clamp(next.meeting, 0, LAST);
  next.samples = drawnSamples(next, () => samplesOf(state, model.get("signals")), N);
  return next;
}

const withToken = (painted, token) =>
  (BigInt(`0x${painted}`) | bit(token)).toString(16).padStart(16, "0");

const samplesOf = (
  state,
  signals,
) => (state.signal === "drawn" ? state.samples : signals[state.signal][0]);

function watch(state, signals) {
  const done = Math.floor(state.meeting + 1e-9),
    { partners, told } = spread(state.wiring, N, state.causal);
  const painted = BigInt(`0x${state.painted}`) | bit(state.token),
    reached = told.map((column) => column[state.token]);
  const lit = told[done].map((mask, j) => (has(painted, j) ? mask : 0n)); // whose news -> who knows it
  const view = {
    done,
    part: state.meeting - done,
    partners,
    reached,
    lit,
    cells: lit.reduce((sum, mask) => sum + popcount(mask), 0),
    allowed: state.causal ? (N * (N + 1)) / 2 : N * N,
    listeners: state.causal ? N - state.token : N,
    news: members(reached[done], N),
  };
  if (state.carry !== "fft" && state.carry !== "attention") return view;
  const x = samplesOf(state, signals);
  if (state.carry === "attention") return { ...view, x, ...weigh(x, partners, done, state.token) };
  const { columns, outputs } = look({
    n: N,
    schedule: "butterfly",
    causal: false,
    weights: "fft",
    decimation: "time",
    signal: "drawn",
    samples: x,
    node: [],
    twist: [],
  });
  return { ...view, x, columns, outputs };
}

// All is told and nobody will hear more: cells that may hear and have not are lost.
const isWhole = ({ painted }, { done }) => painted === EVERYONE && done === LAST;
const loses = (state, view) =>
  state.carry !== "attention" && state.causal && isWhole(state, view) && view.cells < view.allowed;

const many = (count) => count.toLocaleString("en");

function describe(state, view) {
  const { done, cells, allowed, news } = view,
    meetings = `After ${done} meeting${done === 1 ? "" : "s"}`;
  if (state.carry === "fft") {
    const products = `${(N / 2) * done} multiplications`;
    if (done < LAST) {
      return `${meetings}, ${products}; ${LAST - done} to go. Draw a wave on the bars.`;
    }
    return `The same wires carry your wave and deliver its spectrum: ${products}. The definition needs ${
      many(N * N)
    }.`;
  }
  if (state.carry === "attention") {
    return `Each token hears its partner more, the larger the product of their values. ${meetings}, ${
      listeners(view)
    }; token ${state.token} has ${number(view.share, 1)}\u00a0% of all attention.`;
  }
  if (state.carry === "mixing") {
    return "Mixing learns the weight of each pair. Its chapter is not written yet: here you see only who meets whom.";
  }
  const everything = isWhole(state, view);
  if (everything && cells === allowed) {
    return state.causal
      ? `Same six meetings. Nothing lost: ${many(cells)} of ${
        many(allowed)
      }. This book is about that choice.`
      : `Everyone has heard everyone: ${many(cells)} of ${
        many(allowed)
      } cells, in six meetings. Asking one by one takes ${N - 1}.`;
  }
  if (everything) {
    return `The butterfly goes deaf: ${many(cells)} of ${many(allowed)} cells. ${
      number(100 * (1 - cells / allowed), 0)
    } % of the past is lost.`;
  }
  return `${meetings}, ${news.length} of ${view.listeners} have heard token ${state.token}. Wave along the tokens: ${
    many(cells)
  } of ${many(allowed)} cells.`;
}

// What the one button offers next, and the state that it asks for.
function nextAct(state) {
  if (state.carry === "fft") return ["Now let the values choose", { carry: "attention" }];
  if (state.carry !== "news") return ["From the beginning", null];
  if (!state.causal) {
    return ["Now no one may hear the future", { causal: true, painted: EVERYONE, meeting: LAST }];
  }
  if (state.wiring === "butterfly") {
    return ["Change who meets whom", { wiring: "shift", painted: EVERYONE, meeting: LAST }];
  }
  return ["Now let the wires carry a wave", {
    wiring: "butterfly",
    causal: false,
    carry: "fft",
    meeting: LAST,
  }];
}

// ---- geometry: u runs along the tokens, v with the news; narrow pages show it from top to bottom --
// The matrix stands the same way on all of them: a row listens, a column is heard. Its cells are
// whole pixels, or light would shine through between them.
function measure(width, fft) {
  const narrow = width < 560, edge = narrow ? 2 : 4;
  const du = narrow ? (width - 2 * edge) / N : clamp(Math.floor((width * 0.56) / N), 4, 7);
  const along = N * du,
    top = narrow ? edge : 22,
    cell = narrow ? 3 : du,
    depth = N * cell,
    space = narrow ? 8 : 14;
  const network = narrow ? 146 : width - 2 * edge - depth - space;
  const strip = fft ? (narrow ? 44 : 72) : narrow ? 30 : 66, deal = fft ? (narrow ? 24 : 46) : 0;
  const from = strip + deal + 4, gap = (network - from - 4) / LAST, matrix = network + space;
  const left = narrow ? Math.round((width - depth) / 2) : edge + matrix;
  const high = narrow ? top + matrix : top;
  const place = narrow ? (u, v) => [edge + u, top + v] : (u, v) => [edge + v, top + u];
  return {
    width,
    narrow,
    du,
    along,
    strip,
    deal,
    gap,
    matrix,
    depth,
    place,
    u: (i) => (i + 0.5) * du,
    v: (column) => from + gap * column,
    cell,
    left,
    high,
    height: narrow ? high + depth + 20 : top + along + 6,
    join: (u1, v1, u2, v2) => line(...place(u1, v1), ...place(u2, v2)),
    back: (x, y) => (narrow ? { u: x - edge, v: y - top } : { u: y - top, v: x - edge }),
    // a rectangle of `tall` tokens and `wide` time
    box: (u, v, tall, wide) => rectangle(...place(u, v), ...(narrow ? [tall, wide] : [wide, tall])),
    // of one column of the matrix the rows from `first` up to `after`
    rows: (column, first, after) =>
      rectangle(left + column * cell, high + first * cell, cell, (after - first) * cell),
    over(x, y) { // the column under a point, or the token beside it
      const inMatrix = x >= left && x < left + depth && y >= high && y < high + depth;
      if (inMatrix) return { inMatrix, token: Math.floor((x - left) / cell) };
      const { u, v } = this.back(x, y);
      return { inMatrix, token: v < matrix ? Math.floor(u / du) : -1 };
    },
  };
}

// ---- figure ------------------------------------------------------------------------------------
function build(figure) {
  const { model, state } = figure,
    signals = model.get("signals"),
    all = range(N),
    dealt = bitReversal(N);
  const layers = {};
  for (
    const name of [
      "field",
      "ground",
      "lost",
      "cells",
      "leaving",
      "coming",
      "column",
      "quiet",
      "deal",
      "own",
      "cross",
      "dots",
      "known",
      "light",
      "wave",
      "axis",
      "spectrum",
      "head",
      "ring",
    ]
  ) {
    layers[name] = svg("path", { class: `fl-${name}` });
  }
  const caption = svg("text", { class: "fl-caption" }), label = svg("text", { class: "fl-token" });
  const legend = svg("text", { class: "fl-legend", "text-anchor": "end" });
  const drawing = svg(
    "svg",
    {
      class: "fl-drawing",
      role: "img",
      "aria-label": "64 tokens, six meetings, and the matrix of who has heard whom; told below",
    },
    ...Object.values(layers),
    caption,
    legend,
    label,
  );
  const area = html("div", { class: "fl-area" }, drawing);
  let g = null, view = null, wide = 0, drawnFor = "", filledFor = "", sample = 0, playhead = null;
  let wired = null, morph = null; // what was drawn last, and a change of wiring on its way
  const put = (name, parts) => layers[name].setAttribute("d", parts.join(""));

  // hands: waving along the tokens follows them and paints what they tell; a new action ends the old
  const follow = (tokens, live) => {
    const now = state.read(), painted = tokens.reduce(withToken, now.painted);
    const patch = { token: tokens.at(-1), painted };
    if (figure.moving() || !Number.isInteger(now.meeting)) {
      figure.stop();
      patch.meeting = LAST;
    }
    state.set(patch, { live });
  };
  const tokenAt = ({ x, y }) => clamp(Math.floor(g.back(x, y).u / g.du), 0, N - 1);
  const walk = (change) => () => follow([clamp(state.read().token + change, 0, N - 1)], false);
  const cursor = handle("token whose news is followed", "fl-cursor", {
    ArrowRight: walk(1),
    ArrowDown: walk(1),
    ArrowLeft: walk(-1),
    ArrowUp: walk(-1),
    PageDown: walk(8),
    PageUp: walk(-8),
    Home: walk(-N),
    End: walk(N),
  });
  const between = (from, to) =>
    range(Math.abs(to - from) + 1).map((step) => from + Math.sign(to - from) * step);
  let last = null;
  drag(cursor, area, {
    start: () => {
      last = null;
    },
    move: (points) => {
      const told = points.map(tokenAt).flatMap((token) => {
        const passed = between(last ?? token, token);
        last = token;
        return passed;
      });
      follow(told, true);
    },
    end: () => state.set({}),
  });
  const pointedAt = ({ clientX, clientY }) => {
    const box = area.getBoundingClientRect();
    return g.over(clientX - box.left, clientY - box.top);
  };
  let waved = null;
  area.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons || state.read().carry === "fft") return;
    const { inMatrix, token } = pointedAt(event);
    if (token < 0 || token >= N || token === waved) return;
    follow(waved === null || inMatrix ? [token] : between(waved, token), true);
    waved = inMatrix ? null : token;
    figure.decline();
  });
  area.addEventListener("pointerleave", () => {
    if (waved !== null) state.set({});
    waved = null;
  });
  drawing.addEventListener("click", (event) => {
    if (state.read().carry === "fft") return;
    const { token } = pointedAt(event);
    if (token >= 0 && token < N) follow([token], false);
  });

  // hands: the wave is drawn on its own bars
  const setSamples = (changes, live) => {
    const samples = [...watch(state.read(), signals).x];
    for (const [i, value] of changes) samples[i] = clamp(Math.round(value * 20) / 20, -1, 1);
    state.set({ signal: "drawn", samples }, { live });
  };
  const choose = (change) => () => {
    sample = clamp(sample + change, 0, N - 1);
    figure.invalidate();
  };
  const nudge = (change) => () =>
    setSamples([[sample, watch(state.read(), signals).x[sample] + change]], false);
  const pad = handle("wave: left and right choose the sample, up and down change it", "fl-pad", {
    ArrowRight: choose(1),
    ArrowLeft: choose(-1),
    PageDown: choose(8),
    PageUp: choose(-8),
    Home: choose(-N),
    End: choose(N),
    ArrowUp: nudge(0.1),
    ArrowDown: nudge(-0.1),
  });
  let pen = null;
  drag(pad, area, {
    start: () => {
      pen = null;
    },
    move: (points) =>
      setSamples(
        points.flatMap((point) => {
          const i = tokenAt(point),
            { v } = g.back(point.x, point.y),
            high = g.narrow ? 1 - (2 * v) / g.strip : (2 * v) / g.strip - 1;
          const from = pen ?? { i, high },
            passed = between(from.i, i),
            steps = Math.max(1, passed.length - 1);
          pen = { i, high };
          sample = i;
          return passed.map((
            place,
            step,
          ) => [place, passed.length > 1 ? from.high + ((high - from.high) * step) / steps : high]);
        }),
        true,
      ),
    end: () => state.set({}),
  });
  for (const type of ["focus", "blur"]) pad.addEventListener(type, () => figure.invalidate());
  area.append(cursor, pad);

  const time = timeline(figure, {
    key: "meeting",
    last: () => LAST,
    names: () => range(LAST + 1).map(String),
    unit: "meeting",
    seconds: 0.8,
  });
  const status = sentence(figure), links = scenes(figure);
  const entering = (patch) => { // attention opens with everything shown, and the largest value followed
    const x = samplesOf(state.read(), signals);
    return patch.carry === "attention"
      ? { ...patch, painted: EVERYONE, meeting: LAST, token: x.indexOf(Math.max(...x)) }
      : patch;
  };
  const act = press("", () => {
    figure.stop();
    const [, patch] = nextAct(state.read());
    if (patch) state.set(entering(patch));
    else state.reset();
  }, { class: "fl-button fl-act" });
  const carry = choice("the wires carry", [["news", "news"], ["fft", "a wave: FFT"], [
    "attention",
    "attention",
  ], ["mixing", "mixing"]], (value) => {
    figure.stop();
    state.set(entering({ carry: value }));
  });
  const listen = listenButton(figure, {
    label: "Listen", // one period of the wave at 220 Hz, for a second
    soundOf: () => {
      const x = watch(state.read(), signals).x ?? all.map(() => 0),
        peak = Math.max(1, ...x.map(Math.abs));
      return { samples: range(220 * N).map((i) => x[i % N] / peak), rate: 220 * N };
    },
    onProgress: (part) => {
      playhead = part;
      figure.invalidate();
    },
  });
  const chapter = html(
    "a",
    { class: "fl-chapter", href: model.get("chapter") },
    "Butterfly attention, chapter 8",
  );
  links.root.prepend(act, carry.root, listen.root, chapter);
  figure.root.append(area, status.root, time.root, links.root);

  function structure(fft, carries) {
    const key = `${wide}/${carries}`;
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(wide, fft);
    drawing.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    drawing.style.height = area.style.height = `${g.height}px`;
    put("field", fft ? [] : [rectangle(g.left, g.high, g.depth, g.depth)]);
    put(
      "dots",
      range(LAST + 1).flatMap((column) =>
        all.map((i) => disc(...g.place(g.u(i), g.v(column)), Math.min(1.3, g.du / 5)))
      ),
    );
    put(
      "deal",
      fft ? all.map((i) => g.join(g.u(i), g.strip + 3, g.u(dealt.indexOf(i)), g.v(0))) : [],
    );
    const [x, y] = g.narrow ? [g.width / 2, g.height - 4] : [g.left + g.depth / 2, 14];
    Object.entries({ x, y, "text-anchor": "middle" }).forEach(([name, value]) =>
      caption.setAttribute(name, value)
    );
    const words = carries === "attention"
      ? ["whose value", "who takes it"]
      : ["whose news", "who has heard it"];
    caption.textContent = fft
      ? "its spectrum, frequencies 0 to 63"
      : `column: ${words[0]} · row: ${words[1]}`;
    const strip = g.narrow
      ? { width: `${g.along}px`, height: `${g.strip}px` }
      : { width: `${g.strip}px`, height: `${g.along}px` };
    const [left, high] = g.place(0, 0);
    for (const part of [cursor, pad]) {
      Object.assign(part.style, strip, { left: `${left}px`, top: `${high}px` });
    }
    cursor.style.touchAction = g.narrow ? "pan-y" : "none"; // across: wave; up and down: scroll
  }

  // A change of wiring moves every wire from its old partner to the new one.
  function rewire(now) {
    const key = `${now.wiring}/${now.causal}`;
    if (wired && wired.key !== key && !reducedMotion()) {
      morph = { partners: wired.partners, lit: wired.lit, began: performance.now() };
    }
    wired = { key, partners: view.partners, lit: view.lit };
    const part = morph ? Math.min(1, (performance.now() - morph.began) / MORPH_MILLISECONDS) : 1;
    if (part >= 1) morph = null;
    else figure.invalidate();
    return 1 - (1 - part) ** 3;
  }

  function drawWires(part) {
    const origin = (stage, i) => {
      const to = view.partners[stage][i], from = morph ? morph.partners[stage][i] : to;
      return from + (to - from) * part;
    };
    put(
      "quiet",
      range(LAST).flatMap((stage) =>
        all.map((i) => {
          const from = origin(stage, i),
            straight = g.join(g.u(i), g.v(stage), g.u(i), g.v(stage + 1));
          return from === i
            ? straight
            : straight + g.join(g.u(from), g.v(stage), g.u(i), g.v(stage + 1));
        })
      ),
    );
  }

  function drawNews(now) {
    const own = [], cross = [], known = [], light = [];
    for (let stage = 0; stage <= view.done; stage++) {
      const whole = stage < view.done,
        part = whole ? 1 : view.part,
        end = g.v(stage) + g.gap * part;
      for (const i of members(view.reached[stage], N)) {
        known.push(disc(...g.place(g.u(i), g.v(stage)), Math.min(2.6, g.du * 0.42)));
      }
      if (stage === LAST || !part) continue;
      for (const i of members(view.reached[stage + 1], N)) {
        const partner = view.partners[stage][i],
          kept = has(view.reached[stage], i),
          from = kept ? i : partner;
        const u = g.u(from) + (g.u(i) - g.u(from)) * part;
        (kept ? own : cross).push(g.join(g.u(from), g.v(stage), u, end));
        if (!whole) light.push(disc(...g.place(u, end), Math.min(3, g.du / 2)));
      }
    }
    put("own", own);
    put("cross", cross);
    put("known", known);
    put("light", light);
    const [x, y] = g.place(g.u(now.token), g.v(0));
    put("ring", [disc(x, y, 5)]);
    label.textContent = `token ${now.token}`;
    label.setAttribute("x", g.narrow ? clamp(x, 28, g.width - 28) : x - 10);
    label.setAttribute("y", g.narrow ? y - 12 : y + 4);
    label.setAttribute("text-anchor", g.narrow ? "middle" : "end");
  }

  function drawCells(now, part) {
    const boxes = (masks) =>
      masks.flatMap((mask, j) => runs(mask, N).map((rows) => g.rows(j, ...rows)));
    const before = morph?.lit ?? view.lit;
    put("cells", boxes(view.lit.map((mask, i) => mask & before[i])));
    put("leaving", morph ? boxes(before.map((mask, i) => mask & ~view.lit[i])) : []);
    put("coming", morph ? boxes(view.lit.map((mask, i) => mask & ~before[i])) : []);
    layers.leaving.style.opacity = 1 - part;
    layers.coming.style.opacity = part;
    put("column", runs(view.reached[view.done], N).map((rows) => g.rows(now.token, ...rows)));
  }

  // Under the news: what may be heard is grey, what never will be is hatched, the future is empty.
  function drawGround(now) {
    const { left, high, depth } = g, lost = loses(now, view);
    put("ground", all.map((j) => g.rows(j, now.causal ? j : 0, N)));
    put("lost", lost ? [hatch(left, high, depth)] : []);
    const lines = [...(now.causal ? ["empty: forbidden"] : []), ...(lost ? ["hatched: lost"] : [])];
    legend.replaceChildren(
      ...lines.map((text, i) => svg("tspan", { x: left + depth - 6, y: high + 18 + 17 * i }, text)),
    );
  }

  // Attention: of the followed token's value, what arrives where; full from a quarter on.
  function drawAttention(now) {
    const full = (weight) => Math.min(1, 4 * weight), wide = g.du * 0.3, own = [], cross = [];
    for (let stage = 0; stage < now.meeting; stage++) {
      for (const i of all) {
        const from = view.partners[stage][i],
          gate = view.gates[stage][i],
          part = Math.min(1, now.meeting - stage);
        const strand = (j, share) =>
          ribbon(
            ...g.place(g.u(j), g.v(stage)),
            ...g.place(g.u(i), g.v(stage + 1)),
            wide * full(view.carried[stage][j] * share),
            part,
          );
        own.push(strand(i, 1 - gate));
        if (from !== i) cross.push(strand(from, gate));
      }
    }
    put("own", own);
    put("cross", cross);
    put("light", []);
    put("coming", []);
    put("leaving", []);
    put(
      "known",
      range(view.done + 1).flatMap((column) =>
        all.map((i) =>
          disc(
            ...g.place(g.u(i), g.v(column)),
            Math.sqrt(full(view.carried[column][i])) * Math.min(3.2, g.du / 2),
          )
        )
      ),
    );
    const painted = BigInt(`0x${now.painted}`),
      square = (i, j) => {
        const wide = g.cell * Math.sqrt(full(view.product[i][j])),
          middle = (k) => (k + 0.5) * g.cell - wide / 2;
        return wide < 0.2 ? "" : rectangle(g.left + middle(j), g.high + middle(i), wide, wide);
      };
    const key = [drawnFor, view.key, now.wiring, now.causal, view.done, now.painted].join("/");
    if (key !== filledFor) {
      put(
        "cells",
        all.filter((j) => has(painted, j)).flatMap((j) => all.map((i) => square(i, j))),
      );
    }
    filledFor = key;
    put("column", all.map((i) => square(i, now.token)));
    put(
      "wave",
      all.map((i) =>
        g.box(
          g.u(i) - g.du * 0.3,
          g.strip * Math.min(0.5, 0.5 + view.x[i] / 2),
          g.du * 0.6,
          (g.strip * Math.abs(view.x[i])) / 2,
        )
      ),
    );
  }

  function drawWave(now) {
    const middle = g.strip / 2, thin = g.du * 0.64, side = g.narrow ? -1 : 1;
    const bar = (i, from, length) =>
      g.box(
        g.u(i) - thin / 2,
        length < 0 ? from + length : from,
        thin,
        Math.max(Math.abs(length), 0.8),
      );
    put("wave", all.map((i) => bar(i, middle, side * view.x[i] * middle)));
    const dots = [];
    for (let column = 0; column <= view.done; column++) {
      const largest = Math.max(1e-12, ...view.columns[column].map(size));
      for (const i of all) {
        dots.push(
          disc(
            ...g.place(g.u(i), g.v(column)),
            Math.sqrt(size(view.columns[column][i]) / largest) * Math.min(3.2, g.du / 2),
          ),
        );
      }
    }
    put("known", dots);
    const r = Math.min(1.6, g.du / 4), moving = view.part ? all : [];
    put(
      "light",
      moving.flatMap((i) =>
        [i, view.partners[view.done][i]].map((from) =>
          disc(
            ...g.place(
              g.u(from) + (g.u(i) - g.u(from)) * view.part,
              g.v(view.done) + g.gap * view.part,
            ),
            r,
          )
        )
      ),
    );
    const largest = Math.max(1e-12, ...view.outputs.map(size));
    put(
      "spectrum",
      now.meeting >= LAST
        ? all.map((k) => bar(k, g.matrix, (size(view.outputs[k]) / largest) * g.depth))
        : [],
    );
    const on = document.activeElement === pad
      ? [g.box(g.u(sample) - g.du / 2 - 1, 1, g.du + 2, g.strip - 2)]
      : [];
    put("ring", on);
    put(
      "head",
      playhead === null ? [] : [g.join(playhead * g.along, 0, playhead * g.along, g.strip)],
    );
    label.textContent = "";
  }

  function draw(latest, now) {
    view = latest;
    const fft = now.carry === "fft";
    figure.root.dataset.carry = now.carry;
    structure(fft, now.carry);
    const part = rewire(now);
    drawWires(part);
    for (
      const name of fft
        ? ["ground", "lost", "own", "cross", "cells", "leaving", "coming", "column"]
        : ["wave", "spectrum", "head"]
    ) put(name, []);
    put(
      "axis",
      fft
        ? [g.join(0, g.strip / 2, g.along, g.strip / 2), g.join(0, g.matrix, g.along, g.matrix)]
        : [],
    );
    if (fft) {
      filledFor = "";
      legend.replaceChildren();
      drawWave(now);
    } else {
      drawGround(now);
      drawNews(now);
      if (now.carry === "attention") drawAttention(now);
      else {
        filledFor = "";
        drawCells(now, part);
      }
      listen.stop();
    }
    drawControls(now, fft);
  }

  function drawControls(now, fft) {
    cursor.hidden = fft;
    pad.hidden = listen.root.hidden = !fft;
    if (fft) {
      setValue(pad, {
        now: number(view.x[sample]).replace("−", "-"),
        min: -1,
        max: 1,
        text: `sample ${sample}: ${number(view.x[sample])}`,
      });
    } else {setValue(cursor, {
        now: now.token,
        min: 0,
        max: N - 1,
        text: `token ${now.token}: ${
          now.carry === "attention"
            ? `${number(view.share, 1)}\u00a0% of all attention`
            : `${view.news.length} of ${view.listeners} have heard its news`
        }`,
      });}
    time.show(
      now.meeting,
      `${number(now.meeting, Number.isInteger(now.meeting) ? 0 : 1)} of ${LAST} meetings`,
    );
    act.textContent = nextAct(now)[0];
    act.classList.toggle("fl-invites", now.carry === "news" && now.meeting === LAST);
    carry.show(now.carry);
    chapter.hidden = now.carry !== "attention" || !model.get("chapter");
    status.say(describe(now, view));
    links.show();
  }

  return {
    layout: (width) => {
      wide = width;
    },
    view: (now) => watch(now, signals),
    draw,
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, {
    name: "sixmeetings",
    label: "Six meetings",
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
