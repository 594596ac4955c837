// What is taken hold of: how many coefficients are kept, by their order or their bytes; the signal.
import { BEYOND } from "./layout.js";
import { samplesOf } from "./model.js";
import { cutPlace, REACH, spotPlace } from "./paths.js";
import { keptText } from "./words.js";
import { drag, handle, lay, moveTo, pointIn, setValue } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";
import { samplePad } from "../shared/samples.js";

// `drawing.place()` says where everything stands.
export function makeHands(figure, { area, drawing, tables }) {
  const context = { figure, area, place: drawing.place, ...keeping(figure, drawing.place) };
  const hands = [makeCut(context), makeSpot(context), makePad(context, tables)];
  area.append(...hands.map(({ root }) => root));
  drawing.root.addEventListener("click", (event) => {
    const point = pointIn(area, event), { sizes, plane } = drawing.place();
    if (sizes.has(point)) context.keep(context.countAt(point));
    else if (plane.has(point)) context.keep(context.countFor(point));
  });
  return { show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

// Ways to say how many are kept: by a number, by a place in their order, by a place in bytes.
function keeping(figure, place) {
  const { state } = figure;
  return {
    keep: (kept, live = false) =>
      state.set({ kept: clamp(kept, 1, figure.look().count) }, { live }),
    countAt: (point) => Math.round(place().sizes.share(point) * figure.look().count),
    countFor(point) {
      const { dense, totals } = figure.look(), { published } = state.read();
      const most = place().plane.share(point) * BEYOND * dense;
      return totals[published ? "published" : "whole"].findLastIndex((bytes) => bytes <= most);
    },
  };
}

// A handle that walks through the coefficients in their order, or is dragged to where they are.
function makeWalker({ figure, area, keep }, { label, name, count }) {
  const { state } = figure, by = (steps) => () => keep(state.read().kept + steps);
  const part = (steps) => () =>
    keep(state.read().kept + steps * Math.ceil(figure.look().count / 20));
  const root = handle(label, name, {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    PageUp: part(1),
    PageDown: part(-1),
    Home: () => keep(1),
    End: () => keep(figure.look().count),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => keep(count(points.at(-1)), true),
    end: state.rest,
  });
  return root;
}

function showKept(root, [x, y], now, view) {
  moveTo(root, x, y);
  setValue(root, { now: now.kept, min: 1, max: view.count, text: keptText(now, view) });
}

function makeCut(context) {
  const label = "coefficients kept, the largest first";
  const root = makeWalker(context, { label, name: "fl-cut-at", count: context.countAt });
  return {
    root,
    show: (now, view) => showKept(root, cutPlace(context.place(), view, now.kept), now, view),
  };
}

function makeSpot(context) {
  const label = "bytes and error, along the curve";
  const root = makeWalker(context, { label, name: "fl-spot", count: context.countFor });
  return {
    root,
    show(now, view) {
      root.classList.toggle("fl-beyond", view.bytes.total > BEYOND * view.dense);
      root.classList.toggle("fl-as-published", now.published);
      showKept(root, spotPlace(context.place(), view), now, view);
    },
  };
}

function makePad({ figure, area, place }, tables) {
  const { state } = figure;
  const pad = samplePad(figure, area, {
    label: "signal: left and right choose the sample, up and down change it",
    samples: () => samplesOf(state.read(), tables),
    at({ x, y }) {
      const { x: left, y: top, wide, tall } = place().panels[0],
        all = samplesOf(state.read(), tables);
      const sample = Math.floor(((x - left) / wide) * all.length);
      return {
        place: clamp(sample, 0, all.length - 1),
        value: REACH * (1 - (2 * (y - top)) / tall),
      };
    },
  });
  return {
    root: pad.root,
    show(now, { values }) {
      pad.root.hidden = now.kind !== "signal";
      if (pad.root.hidden) return;
      const { x, y, wide, tall } = place().panels[0];
      lay(pad.root, { x, y, width: wide, height: tall });
      pad.show(values);
    },
  };
}
