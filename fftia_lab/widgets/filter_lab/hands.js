// What is taken hold of in the filter lab: knots, the delay, the samples, the input followed.
import { LAST } from "./filter.js";
import { delayX } from "./layout.js";
import { LATEST, signalOf, TOP } from "./model.js";
import { delayText, knotText } from "./words.js";
import { drag, handle, isAt, lay, moveTo, pen, pointIn, setValue } from "../kit/hands.js";
import { clamp, number } from "../kit/numbers.js";
import { samplePad } from "../shared/samples.js";

export function makeHands(figure, { area, drawing, signals }) {
  const context = { figure, area, place: drawing.place, signals };
  const knots = makeKnots(context), pad = makePad(context);
  const all = [knots, makeDelay(context), pad, makeFollowed(context)];
  area.append(...all.map(({ root }) => root));
  pressMatrix(context, drawing.root);
  return {
    chosen: knots.focused,
    marked: pad.focused,
    show: (now, view) => all.forEach((hand) => hand.show(now, view)),
  };
}

// ---- the knots: one pad, drawn over or walked ---------------------------------------------------
function makeKnots({ figure, area, place }) {
  const { state } = figure, twentieth = (gain) => clamp(Math.round(gain * 20) / 20, 0, TOP);
  let chosen = 0; // the knot that the keyboard means
  const put = (changes, live) => {
    const gains = [...state.read().gains];
    for (const [k, gain] of changes) gains[k] = twentieth(gain);
    state.set({ gains }, { live });
  };
  const walk = (steps) => () => {
    chosen = clamp(chosen + steps, 0, LAST);
    figure.invalidate();
  };
  const change = (gainOf) => () => put([[chosen, gainOf(state.read().gains[chosen])]], false);
  const root = handle("response: left and right choose a knot, up and down change it", "fl-knots", {
    ArrowLeft: walk(-1),
    ArrowRight: walk(1),
    Home: walk(-LAST),
    End: walk(LAST),
    ArrowUp: change((gain) => gain + 0.1),
    ArrowDown: change((gain) => gain - 0.1),
    PageUp: change(() => 1),
    PageDown: change(() => 0),
  });
  for (const type of ["focus", "blur"]) root.addEventListener(type, figure.invalidate);
  pen(root, area, {
    at({ x, y }) {
      const { knotX, response: { knot, top, high } } = place();
      chosen = clamp(Math.round((x - knotX(0)) / knot), 0, LAST);
      return { place: chosen, value: TOP * (1 - (y - top) / high) };
    },
    draw: (changes) => put(changes, true),
    end: state.rest,
  });
  return {
    root,
    focused: () => (isAt(root) ? chosen : null),
    show(now) {
      const { knotX, response: { top, high } } = place(), x = knotX(0) - 14;
      lay(root, { x, y: top - 4, width: knotX(LAST) + 14 - x, height: high + 10 });
      setValue(root, { now: now.gains[chosen], min: 0, max: TOP, text: knotText(now, chosen) });
    },
  };
}

// ---- the delay: the kernel is carried along its lags --------------------------------------------
const COARSE = 8; // pixels of a hand for a lag, where lags stand closer

function makeDelay({ figure: { state }, area, place }) {
  const put = (delay, live = false) =>
    state.set({ delay: clamp(Math.round(delay), -LATEST, LATEST) }, { live });
  const by = (change) => () => put(state.read().delay + change);
  const root = handle("delay: carries the kernel to later lags", "fl-delay fl-gem", {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    Home: () => put(-LATEST),
    End: () => put(LATEST),
  });
  let taken = { delay: 0, x: 0 };
  drag(root, area, {
    keepOffset: true,
    start() {
      const now = state.read();
      taken = { delay: now.delay, x: delayX(place(), now) };
    },
    move(points) {
      const step = delayX(place(), { ...state.read(), delay: 1 }) - place().lagX(0);
      put(taken.delay + (points.at(-1).x - taken.x) / Math.max(step, COARSE), true);
    },
    end: state.rest,
  });
  return {
    root,
    show(now) {
      moveTo(root, delayX(place(), now), place().kernel.handle);
      setValue(root, { now: now.delay, min: -LATEST, max: LATEST, text: delayText(now) });
    },
  };
}

// ---- the samples, and the input that is followed ------------------------------------------------
function makePad({ figure, area, place, signals }) {
  const { state } = figure;
  const pad = samplePad(figure, area, {
    label: "input: left and right choose the sample, up and down change it",
    samples: () => signalOf(state.read(), signals),
    at({ x, y }) {
      const { placeUnder, signal: { middle, reach } } = place();
      return { place: placeUnder(x), value: (middle - y) / reach };
    },
  });
  return {
    ...pad,
    show(_, view) {
      const { start, end, signal: { top, tall } } = place();
      lay(pad.root, { x: start, y: top, width: end - start, height: tall });
      pad.show(view.x);
    },
  };
}

function makeFollowed({ figure, area, place }) {
  const { state } = figure;
  const put = (at, live = false) => {
    figure.stop();
    state.set({ at: clamp(at, 0, state.read().n - 1) }, { live });
  };
  const by = (change) => () => put(Math.round(state.read().at) + change);
  const root = handle("the input that is followed", "fl-followed fl-gem", {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    PageUp: by(8),
    PageDown: by(-8),
    Home: () => put(0),
    End: () => put(state.read().n - 1),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => put(place().placeUnder(points.at(-1).x), true),
    end: state.rest,
  });
  return {
    root,
    show({ n }, view) {
      const { sampleX, signal: { top, tall } } = place(), value = number(view.x[view.place]);
      moveTo(root, sampleX(view.place), top + tall + 15);
      const text = `input ${view.place}, ${value}: changes ${view.reached} of ${n} outputs`;
      const told = view.hidden ? `input ${view.place}, ${value}` : text;
      setValue(root, { now: view.place, min: 0, max: n - 1, text: told });
    },
  };
}

// A press on the matrix follows the input of that column.
function pressMatrix({ figure, area, place }, drawing) {
  drawing.addEventListener("click", (event) => {
    const { x, y } = pointIn(area, event), { left, top, side, cell } = place().matrix;
    if (x < left || x >= left + side || y < top || y >= top + side) return;
    figure.stop();
    figure.state.set({ at: Math.floor((x - left) / cell) });
  });
}
