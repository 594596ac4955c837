// What is taken hold of in the winding: the crank, its axis, the wave, the samples, the guess.
import { softly } from "./layout.js";
import { shown, signalOf } from "./model.js";
import { betPlace, scaleOf } from "./paths.js";
import { crankValue } from "./words.js";
import { focus } from "../kit/elements.js";
import { drag, handle, lay, moveTo, pointIn, pointing, scrub, setValue } from "../kit/hands.js";
import { clamp, number, stopAfter, stopBefore, turnsOf } from "../kit/numbers.js";
import { samplePad } from "../shared/samples.js";

export function makeHands(figure, { area, drawing, time, signals }) {
  const context = { figure, area, drawing, time, place: drawing.place };
  const crank = makeCrank(context), axis = makeAxis(context), tone = makeTone(context);
  const pad = makePad(context, signals), guess = makeGuess(context, crank.root);
  const all = [pad, axis, tone, guess, crank];
  area.append(...all.map(({ root }) => root));
  const marked = pointAndPress(context, { crank, guess });
  return {
    marked: (now) => pad.focused() ?? marked(now),
    askForGuess: () => requestAnimationFrame(() => requestAnimationFrame(() => focus(guess.root))),
    show(now, view) {
      for (const hand of all) hand.show(now, view);
      for (const { root } of all) {
        if (root.hidden && root === document.activeElement) focus(crank.root);
      }
    },
  };
}

// ---- the crank, and the axis of the spectrum: the same crank, laid flat -------------------------
function crankKeys(figure) {
  const { state } = figure;
  const turn = (to) => (event) => {
    figure.stop();
    state.set({ f: to(state.read(), event) });
  };
  const tenth = (f, change) => Math.round((f + change) * 100) / 100;
  const on = turn(({ f }, { shiftKey }) => (shiftKey ? tenth(f, 0.1) : stopAfter(f)));
  const back = turn(({ f }, { shiftKey }) => (shiftKey ? tenth(f, -0.1) : stopBefore(f)));
  return {
    ArrowRight: on,
    ArrowUp: on,
    ArrowLeft: back,
    ArrowDown: back,
    PageUp: turn(({ f, n }) => f + n / 8),
    PageDown: turn(({ f, n }) => f - n / 8),
    Home: turn((now) => shown(now)[0]),
    End: turn((now) => shown(now)[1]),
  };
}

function showCrank(root, now, view) {
  const [min, max] = shown(now);
  setValue(root, { now: now.f, min, max, text: crankValue(now, view) });
}

// It stands where sample 1 points, so that one turn of it is n turns of the record.
function makeCrank({ figure, area, place }) {
  const { state } = figure;
  const root = handle(
    "crank: turns of the record, Shift for tenths",
    "fl-crank",
    crankKeys(figure),
  );
  const towards = (f, n, { x, y }) => {
    const { plane } = place(), ahead = -turnsOf([x - plane.x, plane.y - y]) - f / n;
    return f + n * (ahead - Math.round(ahead));
  };
  let turned = 0;
  drag(root, area, {
    keepOffset: true,
    start() {
      figure.stop();
      turned = state.read().f;
    },
    move(points) {
      const { n } = state.read(), pixels = (2 * Math.PI * place().plane.radius) / n;
      for (const point of points) turned = towards(turned, n, point);
      state.set({ f: softly(turned, pixels) }, { live: true });
    },
    end: state.rest,
  });
  return {
    root,
    towards: (point) => towards(state.read().f, state.read().n, point),
    show(now, view) {
      const angle = (2 * Math.PI * now.f) / now.n;
      moveTo(root, ...place().at([Math.cos(angle), -Math.sin(angle)]));
      showCrank(root, now, view);
    },
  };
}

function makeAxis({ figure, time, place }) {
  const { state } = figure, keys = crankKeys(figure);
  const root = handle("axis of the spectrum: turns of the record", "fl-axis", keys);
  const under = (x) => {
    const { turnsAt, left, low, end, unitWide } = place();
    return softly(clamp(turnsAt(x + left - 8), low, end), unitWide);
  };
  scrub(root, {
    move(x) {
      figure.stop();
      state.set({ f: under(x) }, { live: true });
    },
    end: state.rest,
    tap: (x) => time.turnTo(Math.round(under(x))),
  });
  return {
    root,
    show(now, view) {
      const { left, right, spectrum: { top, high } } = place(), width = right - left + 16;
      lay(root, { x: left - 8, y: top - 4, width, height: high + 32 });
      showCrank(root, now, view);
    },
  };
}

// ---- the wave's own frequency, and the samples --------------------------------------------------
function makeTone({ figure: { state }, area, place }) {
  const tune = (tone, live = false) => state.set({ tone: Math.round(tone * 20) / 20 }, { live });
  const by = (change) => () => tune(state.read().tone + change);
  const root = handle("cycles of the wave", "fl-tone fl-gem", {
    ArrowRight: by(0.1),
    ArrowUp: by(0.1),
    ArrowLeft: by(-0.1),
    ArrowDown: by(-0.1),
    PageUp: by(1),
    PageDown: by(-1),
    Home: () => tune(0),
    End: () => tune(state.read().n / 2),
  });
  drag(root, area, {
    keepOffset: true,
    move(points) {
      const { turnsAt, unitWide } = place();
      tune(softly(turnsAt(points.at(-1).x), unitWide), true);
    },
    end: state.rest,
  });
  return {
    root,
    show({ signal, tone, n }) {
      root.hidden = signal !== "tone";
      moveTo(root, place().turnX(tone), place().toneRow);
      setValue(root, { now: tone, min: 0, max: n / 2, text: `${number(tone)} cycles` });
    },
  };
}

function makePad({ figure, area, place }, signals) {
  const { state } = figure;
  const pad = samplePad(figure, area, {
    label: "signal: left and right choose the sample, up and down change it",
    samples: () => signalOf(state.read(), signals),
    at({ x, y }) {
      const { left, signal: { step, middle, reach } } = place(), last = state.read().n - 1;
      return { place: clamp(Math.floor((x - left) / step), 0, last), value: (middle - y) / reach };
    },
  });
  return {
    ...pad,
    show(_, view) {
      const { left, signal: { top, wide, tall } } = place();
      lay(pad.root, { x: left, y: top, width: wide, height: tall });
      pad.show(view.raw);
    },
  };
}

// ---- the guess, and what a press on the plane does ----------------------------------------------
function makeGuess({ figure, area, place }) {
  const { state } = figure, hundredth = (part) => Math.round(part * 100) / 100;
  const put = ({ x, y }, live) => {
    const { plane } = place(), now = state.read(), scale = now.n * scaleOf(now, figure.view);
    const bet = [x - plane.x, plane.y - y].map((far) => far / plane.radius / scale);
    state.set({ bet: bet.map((part) => hundredth(clamp(part, -1, 1))) }, { live });
  };
  const shift = (re, im) => () => {
    const { bet } = state.read();
    state.set({ bet: [bet[0] + re, bet[1] + im].map(hundredth) });
  };
  const root = handle("your guess for the dot: arrow keys move it", "fl-guess-handle", {
    ArrowRight: shift(0.05, 0),
    ArrowLeft: shift(-0.05, 0),
    ArrowUp: shift(0, 0.05),
    ArrowDown: shift(0, -0.05),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => put(points.at(-1), true),
    end: state.rest,
  });
  return {
    root,
    put,
    show(now, view) {
      const [right, up] = now.bet;
      root.hidden = right === undefined;
      if (root.hidden) return;
      moveTo(root, ...betPlace(place(), now, view));
      const words = `${number(right)} right, ${number(up)} up`;
      setValue(root, { now: right, min: -1, max: 1, text: words });
    },
  };
}

// A sample is marked by pointing at it. A press on the circle turns the crank there; inside, it
// answers the question or marks a sample.
function pointAndPress({ figure, area, drawing, time, place }, { crank, guess }) {
  const { state } = figure;
  let marked = null;
  const mark = (j) => {
    marked = j;
    figure.invalidate();
  };
  const partOf = ({ x, y }) => {
    const { plane } = place();
    return Math.hypot(x - plane.x, y - plane.y) / plane.radius;
  };
  const nearest = (point) => {
    const now = state.read(), { view } = figure, g = place();
    const places = now.mode === "wound"
      ? view.points.map((value) => g.at(value))
      : view.walk.slice(1).map((sum) => g.at(sum, scaleOf(now, view)));
    const far = places.map(([x, y]) => Math.hypot(x - point.x, y - point.y));
    const best = Math.min(...far);
    return best < 14 ? far.indexOf(best) : null;
  };
  pointing(drawing.root, area, {
    find(point) {
      const part = partOf(point), { open } = figure.view;
      const answers = part < 1.12 && (part > 0.88 || open);
      drawing.root.style.cursor = answers ? "pointer" : "";
      return part < 1.05 && !open ? nearest(point) : null;
    },
    show: mark,
  });
  drawing.root.addEventListener("click", (event) => {
    const point = pointIn(area, event), part = partOf(point);
    if (part > 1.12) return;
    if (part > 0.88 && nearest(point) === null) time.turnTo(Math.round(crank.towards(point)));
    else if (figure.view.open) guess.put(point, false);
    else mark(nearest(point));
  });
  return ({ n }) => (marked !== null && marked < n ? marked : null);
}
