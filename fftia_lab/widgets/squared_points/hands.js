// What is taken hold of: z on its circle, and a call of the tree.
import { callUnder, onCircle, turnsAt } from "./layout.js";
import { depthOf, levelOf, once } from "./model.js";
import { callValue, pointValue } from "./words.js";
import { focus, html } from "../kit/elements.js";
import { drag, handle, moveTo, pointIn, setValue } from "../kit/hands.js";
import { elapsed } from "../kit/numbers.js";

const CATCH = 0.18; // this near to a point z is at it
const FINE = 0.1; // of the way to the next point, with Shift

export function makeHands(figure, { area, drawing }) {
  const context = { figure, area, place: drawing.place };
  const z = makePoint(context), call = makeCall(context);
  area.append(call.root, z.root);
  drawing.root.addEventListener("click", (event) => {
    const point = pointIn(area, event), g = drawing.place();
    if (onCircle(g, point)) return z.towards(point, false);
    const found = callUnder(g, figure.state.read(), point);
    if (found) call.choose(found);
  });
  return {
    show(now, view) {
      z.show(now, view);
      call.show(now, view);
    },
  };
}

// ---- z -----------------------------------------------------------------------------------------
const softly = (k) => {
  const whole = Math.round(k);
  return Math.abs(k - whole) < CATCH ? whole : Math.round(k * 100) / 100;
};

function makePoint({ figure, area, place }) {
  const { state } = figure;
  const by = (steps) => (event) => {
    const { k } = state.read(), fine = event.shiftKey && Math.abs(steps) === 1;
    const next = steps > 0 ? Math.floor(k + 1e-9) + steps : Math.ceil(k - 1e-9) + steps;
    state.set({ k: fine ? Math.round((k + FINE * steps) * 100) / 100 : next });
  };
  const over = () => {
    const { k, n, fold } = state.read();
    state.set({ k: k + n / 2 ** (elapsed(fold).done + 1) });
  };
  const root = handle("z: arrow keys move it to the next point, Shift for tenths", "fl-z", {
    ArrowRight: by(1),
    ArrowDown: by(1),
    ArrowLeft: by(-1),
    ArrowUp: by(-1),
    PageUp: over,
    PageDown: over,
    Home: () => state.set({ k: 0 }),
    End: () => state.set({ k: state.read().n - 1 }),
  });
  root.append(html("span", { "aria-hidden": "true" }, "z"));

  // The way round the circle that is nearest to where z is; on its way z has gone further already.
  const towards = (point, live) => {
    const { n, k, fold } = state.read(), { done, part } = elapsed(fold);
    const around = (n / 2 ** done) / (1 + part), ahead = turnsAt(place(), point) - k / around;
    const next = k + around * (ahead - Math.round(ahead));
    state.set({ k: softly(next) }, { live });
  };
  drag(root, area, {
    keepOffset: true,
    start: figure.stop,
    move: (points) => towards(points.at(-1), true),
    end: state.rest,
  });
  return {
    root,
    towards,
    show(now, view) {
      moveTo(root, ...place().at(view.moved[0]));
      setValue(root, { now: now.k, min: 0, max: now.n, text: pointValue(now, view) });
    },
  };
}

// ---- a call ------------------------------------------------------------------------------------
function makeCall({ figure, place }) {
  const { state } = figure;
  const choose = ({ level, call }) => {
    figure.stop();
    state.set({ fold: level, call });
    focus(root);
  };
  const beside = (steps) => () => {
    figure.stop();
    const now = state.read(), calls = 2 ** levelOf(now);
    state.set({ call: once(now.call + steps, calls) });
  };
  const level = (steps) => () => {
    figure.stop();
    const now = state.read();
    state.set({ fold: Math.min(levelOf(now) + steps, depthOf(now)) });
  };
  const root = handle("call: left and right along its level, up and down the tree", "fl-call", {
    ArrowRight: beside(1),
    ArrowLeft: beside(-1),
    ArrowDown: level(1),
    ArrowUp: level(-1),
    Home: () => state.set({ call: 0 }),
    End: () => state.set({ call: 2 ** levelOf(state.read()) - 1 }),
  });
  return {
    root,
    choose,
    show(now, view) {
      const g = place(), middle = g.slotX(view.level, now.call, (view.m - 1) / 2);
      moveTo(root, middle, g.row(view.level) + g.box / 2);
      const max = 2 ** view.level - 1;
      setValue(root, { now: now.call, min: 0, max, text: callValue(now, view) });
    },
  };
}
