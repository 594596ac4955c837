// The butterfly network, live: a signal on the left, its stages, what came out on the right.
import { ancestors } from "../shared/wiring.js";
import { formula } from "./card.js";
import { twiddleDial } from "./dial.js";
import { networkDrawing } from "./drawing.js";
import { twiddlePlace } from "./layout.js";
import { drawnSamples, range } from "../kit/complexes.js";
import { look, signalOf, wires } from "../shared/network.js";
import { complex, degrees, list, number, sub } from "../kit/words.js";
import { listOf, oneOf, whole, wished } from "../kit/states.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  moveTo,
  press,
  scenes,
  sentence,
  setValue,
  timeline,
  toggle,
} from "../kit/kit.js";

const FIELDS = [
  "n",
  "schedule",
  "causal",
  "weights",
  "decimation",
  "stage",
  "signal",
  "samples",
  "node",
  "twist",
  "bet",
];
const SIZES = [2, 4, 8, 16, 32, 64];

// ---- state: what can be, and how to say it -----------------------------------------------------
const CHECKS = {
  n: oneOf(...SIZES),
  schedule: oneOf("butterfly", "shift", "benes"),
  causal: oneOf(true, false),
  weights: oneOf("fft", "average"),
  decimation: oneOf("time", "frequency"),
  stage: Number.isFinite,
  node: listOf(whole, whole),
  twist: listOf(whole, whole, Number.isFinite),
  bet: oneOf(0, 1, ...SIZES),
  samples: (value) => Array.isArray(value) && value.every(Number.isFinite),
  signal: (value, model) => value === "drawn" || Object.hasOwn(model.get("signals"), value),
};

// A wish becomes a state that can be: the FFT needs the whole butterfly, a node needs a row.
function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.weights === "fft" && (next.schedule !== "butterfly" || next.causal)) {
    const asked = patch.weights === "fft" && !("schedule" in patch) && !("causal" in patch);
    if (asked) Object.assign(next, { schedule: "butterfly", causal: false });
    else next.weights = "average";
  }
  const rewired = ["n", "schedule", "causal", "weights", "decimation"].some((name) =>
    next[name] !== state[name]
  );
  const { partners } = wires(next), depth = partners.length;
  if (rewired && !("stage" in patch) && state.stage === wires(state).partners.length) {
    next.stage = depth;
  }
  next.stage = clamp(next.stage, 0, depth);
  const [stage, low] = next.twist, lost = next.weights !== "fft" || !(partners[stage]?.[low] > low);
  if (next.twist.length && (lost || (rewired && !("twist" in patch)))) next.twist = [];
  if (next.node.length) next.node = [Math.min(next.node[0], depth), next.node[1] % next.n];
  if (!("bet" in patch) && JSON.stringify(next.node) !== JSON.stringify(state.node)) next.bet = 0;
  next.samples = drawnSamples(next, () => signalOf(state, model.get("signals")), next.n);
  return next;
}

// How many tokens everybody has heard when `stage` stages are complete: [fewest, most].
function heardByAll(view, stage) {
  const counts = range(view.n).map((row) => ancestors(view, stage, row)[0].size);
  return [Math.min(...counts), Math.max(...counts)];
}

function describe(state, view) {
  const [thing, things] = view.fft ? ["row", "samples"] : ["token", "tokens"],
    called = (i) => (view.fft ? `x${sub(i)}` : String(i));
  if (state.twist.length) return describeTwist(state, view);
  const done = Math.floor(state.stage + 1e-9);
  const count = !view.fft
    ? ""
    : ` At stage ${done}, ${(done * view.n) / 2} of ${
      (view.depth * view.n) / 2
    } multiplications are done; the definition needs ${(view.n ** 2).toLocaleString("en")}.`;
  if (state.node.length) {
    const [column, row] = state.node;
    return `After ${column} of ${view.depth} stages, ${thing} ${row} ${
      column > done ? "will have" : "has"
    } heard ${view.heard.length} of the ${view.n} ${things}: ${
      list(view.heard.map(called))
    }.${count}`;
  }
  const [fewest, most] = heardByAll(view, done);
  const heard = fewest === most
    ? `every ${thing} has heard ${most}`
    : `${thing}s have heard between ${fewest} and ${most}`;
  return `After ${done} of ${view.depth} stages, ${heard} of the ${view.n} ${things}.${count}`;
}

function describeTwist(state, view) {
  const [stage, low, turn] = state.twist;
  const broken = view.wrong.length
    ? `${view.wrong.length} of ${view.n} outputs are wrong: ${
      list(view.wrong.map((k) => `X${sub(k)}`))
    }.`
    : "No output is wrong.";
  const guess = state.bet ? ` You said ${state.bet}.` : "";
  return `The twiddle of rows ${low} and ${view.partners[stage][low]} in stage ${
    stage + 1
  } is turned by ${degrees(turn)}. ${broken}${guess}`;
}

// ---- figure -----------------------------------------------------------------------------------

function build(figure) {
  const { model, state } = figure, signals = model.get("signals");
  const network = networkDrawing(), drawing = network.root;
  const area = html("div", { class: "fl-area" }, drawing);

  let g = null, view = null, wide = 0, hover = null, padRow = 0;
  const settled = () => state.read();
  const seen = () => look(settled(), signals); // hands act on the state, which may be ahead of the drawing
  const pin = (column, row) => state.set({ node: [column, row] });

  // hands: the signal is drawn on its own bars
  const setSamples = (changes, live) => {
    const samples = [...seen().x];
    for (const [row, value] of changes) samples[row] = clamp(Math.round(value * 20) / 20, -1, 1);
    state.set({ signal: "drawn", samples }, { live });
  };
  const setSample = (value) => () => setSamples([[padRow, value]], false);
  const nudge = (change) => () => setSamples([[padRow, seen().x[padRow] + change]], false);
  const walk = (change) => () => {
    padRow = clamp(padRow + change, 0, settled().n - 1);
    figure.invalidate();
  };
  const pad = handle("signal: up and down choose the sample, left and right change it", "fl-pad", {
    ArrowUp: walk(-1),
    ArrowDown: walk(1),
    ArrowLeft: nudge(-0.1),
    ArrowRight: nudge(0.1),
    Home: setSample(-1),
    End: setSample(1),
    PageUp: walk(-64),
    PageDown: walk(64),
  });
  for (const type of ["focus", "blur"]) pad.addEventListener(type, () => figure.invalidate());
  let last = null; // a fast stroke jumps over rows: they are filled in between
  drag(pad, area, {
    start: () => {
      last = null;
    },
    move: (points) => {
      const changes = [];
      for (const { x, y } of points) {
        const row = clamp(Math.round((y - g.y(0)) / g.dy), 0, settled().n - 1),
          value = (2 * x) / g.pad - 1;
        const from = last ?? { row, value }, steps = Math.max(1, Math.abs(row - from.row));
        for (let step = 1; step <= steps; step++) {
          changes.push([
            Math.round(from.row + ((row - from.row) * step) / steps),
            from.value + ((value - from.value) * step) / steps,
          ]);
        }
        last = { row, value };
        padRow = row;
      }
      setSamples(changes, true);
    },
    end: () => state.set({}),
  });

  // hands: a node is chosen by pointing, kept by pressing, walked with the arrows
  const nearest = (event) => {
    const box = area.getBoundingClientRect(),
      x = event.clientX - box.left,
      y = event.clientY - box.top;
    const column = Math.round((x - g.first) / g.gap), row = Math.round((y - g.y(0)) / g.dy);
    const inside = column >= 0 && column <= view.depth && row >= 0 && row < view.n &&
      Math.abs(x - g.x(column)) < Math.max(16, g.radius * 1.8);
    return inside ? [column, row] : null;
  };
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const found = nearest(event);
    if (String(found) !== String(hover)) {
      hover = found;
      figure.invalidate();
    }
    drawing.style.cursor = found ? "pointer" : "";
  });
  drawing.addEventListener("pointerleave", () => {
    hover = null;
    figure.invalidate();
  });
  drawing.addEventListener("click", (event) => {
    const box = area.getBoundingClientRect();
    if (dial.tapped({ x: event.clientX - box.left, y: event.clientY - box.top })) return;
    const found = nearest(event) ?? nearestTwiddle(event);
    if (found) {
      pin(...found);
      cursor.focus({ preventScroll: true });
    }
  });
  function nearestTwiddle(event) {
    const box = area.getBoundingClientRect(),
      x = event.clientX - box.left,
      y = event.clientY - box.top;
    const found = view.pairs.find((pair) => {
      const place = twiddlePlace(g, settled(), pair);
      return Math.hypot(place.x - x, place.y - y) < Math.max(12, g.dy / 2);
    });
    return found ? [found.stage + 1, found.high] : null;
  }
  const go = (columns, rows) => () => {
    const { node, n } = settled(),
      { depth } = seen(),
      [column, row] = node.length ? node : [depth, 0];
    pin(
      clamp(column + columns, 0, depth),
      Math.abs(rows) > 1 ? clamp(row + rows, 0, n - 1) : (row + rows + n) % n,
    );
  };
  const cursor = handle("chosen node: arrow keys walk", "fl-cursor", {
    ArrowLeft: go(-1, 0),
    ArrowRight: go(1, 0),
    ArrowUp: go(0, -1),
    ArrowDown: go(0, 1),
    Home: go(-64, 0),
    End: go(64, 0),
    PageUp: go(0, -64),
    PageDown: go(0, 64),
    Enter: go(0, 0),
    Escape: () => state.set({ node: [] }),
  });
  cursor.addEventListener("click", () => {
    if (!settled().node.length) go(0, 0)();
  });

  // hands: the twiddle of the chosen pair is a dial
  const dial = twiddleDial(figure, { area, drawing, seen, otherHand: cursor });

  area.append(pad, cursor, dial.root);
  const controls = makeControls(state, signals);
  const time = timeline(figure, {
    key: "stage",
    last: (now) => wires(now).partners.length,
    names: (top) => range(top + 1).map((stop) => (stop ? String(stop) : "in")),
  });
  const status = sentence(figure),
    card = html("div", { class: "fl-card" }),
    bet = makeBet(state),
    links = scenes(figure);
  figure.root.append(controls.root, area, time.root, status.root, card, bet.root, links.root);

  function place(measured, n) {
    if (measured === g) return;
    g = measured;
    area.style.height = `${g.height}px`;
    const rows = { top: `${g.y(0) - g.dy / 2}px`, height: `${g.dy * n}px` };
    Object.assign(pad.style, { left: "0px", width: `${g.pad}px`, ...rows });
  }

  function drawHandles(now) {
    const [column, row] = now.node.length ? now.node : [view.depth, 0];
    moveTo(cursor, g.x(column), g.y(row));
    const value = view.columns[column][row];
    setValue(cursor, {
      now: row,
      min: 0,
      max: now.n - 1,
      text: now.node.length
        ? `stage ${column}, row ${row}: value ${
          complex(value)
        }; has heard ${view.heard.length} of ${now.n}: ${list(view.heard)}`
        : "no node chosen; Enter chooses one",
    });
    setValue(pad, {
      now: number(view.x[padRow]).replace("−", "-"),
      min: -1,
      max: 1,
      text: `sample ${padRow}: ${number(view.x[padRow])}`,
    });
    dial.show(view.pair, g);
  }

  return {
    layout: (width) => {
      wide = width;
    },
    view: (now) => look(now, signals),
    draw(latest, now) {
      view = latest;
      if (hover && (hover[0] > view.depth || hover[1] >= view.n)) hover = null;
      const chosen = hover ?? (now.node.length ? now.node : null);
      padRow = Math.min(padRow, now.n - 1);
      const focused = document.activeElement === pad ? padRow : null;
      place(network.show(now, view, { wide, chosen, focused }), now.n);
      drawHandles(now);
      const pointed = hover ? { ...now, node: hover } : now; // what the hand points at is told as well
      controls.show(now);
      time.show(
        now.stage,
        `${number(now.stage, Number.isInteger(now.stage) ? 0 : 1)} of ${view.depth} stages`,
      );
      const told = hover ? look(pointed, signals) : view;
      status.say(describe(pointed, told), describe(now, view));
      card.replaceChildren(...formula(pointed, told));
      bet.show(now, view);
      links.show();
    },
  };
}

// One tap of prediction before the twiddle is touched; never scored, never in the way.
function makeBet(state) {
  const question = html("span"),
    answers = html("span", {
      class: "fl-answers",
      role: "group",
      "aria-label": "how many outputs will change",
    });
  const root = html("div", { class: "fl-bet" }, question, answers);
  let drawn = "";
  return {
    root,
    show(now, view) {
      root.hidden = !view.pair;
      if (!view.pair) return;
      const late = Boolean(view.pair.extra) && !now.bet; // the answer is on show
      answers.hidden = late;
      question.textContent = late
        ? "This twiddle is turned already: the crossed outputs are the answer."
        : now.bet
        ? `Your guess: ${now.bet} of ${now.n}. Now turn the dial, or press an arrow key on it.`
        : "Before you turn this twiddle: how many outputs will change?";
      const wanted = `${now.n}/${now.bet}`;
      if (wanted === drawn) return;
      drawn = wanted;
      const counts = range(Math.log2(now.n) + 1).map((power) => 2 ** power);
      const pressed = answers.contains(document.activeElement);
      answers.replaceChildren(
        ...counts.map((count) =>
          press(String(count), () => state.set({ bet: count }), {
            class: "fl-button",
            "aria-pressed": String(count === now.bet),
          })
        ),
      );
      if (pressed) answers.querySelector('[aria-pressed="true"]')?.focus();
    },
  };
}

function makeControls(state, signals) {
  const set = (name) => (value) => state.set({ [name]: value });
  const parts = {
    n: choice("N", SIZES.map((n) => [n, n]), (value) => state.set({ n: Number(value) })),
    signal: choice(
      "signal",
      [...Object.keys(signals), "drawn"].map((name) => [name, name]),
      (name) => {
        const now = state.read();
        state.set(
          name === "drawn"
            ? { signal: name, samples: [...look(now, signals).x] }
            : { signal: name },
        );
      },
    ),
    schedule: choice(
      "wiring",
      [["butterfly", "butterfly"], ["shift", "shift"], ["benes", "Beneš"]],
      set("schedule"),
    ),
    weights: choice("each meeting", [["fft", "FFT: ± and a twiddle"], [
      "average",
      "takes the mean of two",
    ]], set("weights")),
    decimation: choice(
      "decimation",
      [["time", "in time"], ["frequency", "in frequency"]],
      set("decimation"),
    ),
    causal: toggle("never hear a later one", set("causal")),
  };
  const first = html(
    "div",
    { class: "fl-controls" },
    parts.n.root,
    parts.signal.root,
    parts.schedule.root,
  );
  const more = html(
    "details",
    { class: "fl-more" },
    html("summary", {}, "more"),
    html(
      "div",
      { class: "fl-controls" },
      parts.weights.root,
      parts.decimation.root,
      parts.causal.root,
    ),
  );
  return {
    root: html("div", { class: "fl-head" }, first, more),
    show(now) {
      for (const [name, part] of Object.entries(parts)) part.show(now[name]);
      parts.decimation.root.hidden = now.weights !== "fft";
    },
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, {
    name: "butterfly",
    label: "The butterfly network",
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
