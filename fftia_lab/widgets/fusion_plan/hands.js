// What is taken hold of in the figure of fused stages: a place, the tile's edge, the last stage.
import { bitsOf, bitUnder, nearestPlace, placeUnder, stageUnder } from "./layout.js";
import { LEAST, MOST, TILES } from "./model.js";
import { placeText, sizeText, tileText } from "./words.js";
import { drag, handle, moveTo, pointIn, setValue } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";

// `drawing.place()` says where everything stands, `act(patch, live)` changes the state.
export function makeHands(figure, { area, drawing, act }) {
  const context = { figure, area, act, place: drawing.place };
  const hands = [makePlace(context), makeTile(context), makeSize(context)];
  area.append(...hands.map(({ root }) => root));
  drawing.root.addEventListener("click", (event) => press(context, event));
  return { show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

// A press on the map follows the place there, one on the ruler goes to the stage.
function press({ area, act, place }, event) {
  const g = place(), point = pointIn(area, event), found = placeUnder(g, point);
  if (found !== null) return act({ place: found });
  const stage = stageUnder(g, point);
  if (stage !== null) act({ stage: stage + 1 });
}

function makePlace({ figure: { state }, area, act, place }) {
  const to = (found, live) => act({ place: clamp(found, 0, state.read().n - 1) }, live);
  const by = (far) => () => to(state.read().place + far, false);
  const rows = (count) => () => to(state.read().place + count * state.read().tile, false);
  const root = handle("a place: left and right by one, up and down by a row", "fl-place", {
    ArrowRight: by(1),
    ArrowLeft: by(-1),
    ArrowDown: rows(1),
    ArrowUp: rows(-1),
    PageDown: rows(8),
    PageUp: rows(-8),
    Home: () => to(0, false),
    End: () => to(state.read().n - 1, false),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => to(nearestPlace(place(), points.at(-1)), true),
    end: state.rest,
  });
  return {
    root,
    show(now, view) {
      moveTo(root, ...place().at(now.place));
      setValue(root, { now: now.place, min: 0, max: now.n - 1, text: placeText(now, view) });
    },
  };
}

// A handle that moves along the ruler from bit to bit, between two of them.
function alongBits({ figure: { state }, area, place }, name, label, { low, high, bitOf, put }) {
  const to = (bit, live = false) => put(clamp(bit, low, high), live);
  const by = (far) => () => to(bitOf(state.read()) + far);
  const root = handle(label, `${name} fl-bar`, {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    Home: () => to(low),
    End: () => to(high),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => to(bitUnder(place(), points.at(-1)), true),
    end: state.rest,
  });
  return root;
}

function makeTile(context) {
  const { act, place } = context;
  const root = alongBits(context, "fl-tile", "tile: how many places a program holds", {
    low: Math.log2(TILES[0]),
    high: Math.log2(TILES.at(-1)),
    bitOf: ({ tile }) => Math.log2(tile),
    put: (bit, live) => act({ tile: 2 ** bit }, live),
  });
  return {
    root,
    show(now, view) {
      const g = place(), [, end] = bitsOf(view.launches[0]);
      moveTo(root, g.x(end), g.tray(0));
      const text = tileText(now, view);
      setValue(root, { now: now.tile, min: TILES[0], max: TILES.at(-1), text });
    },
  };
}

function makeSize(context) {
  const { act, place } = context;
  const root = alongBits(context, "fl-size", "number of places", {
    low: LEAST,
    high: MOST,
    bitOf: ({ n }) => Math.log2(n),
    put: (bit, live) => act({ n: 2 ** bit }, live),
  });
  return {
    root,
    show(now, view) {
      const g = place();
      moveTo(root, g.x(view.depth), g.axis);
      setValue(root, { now: now.n, min: 2 ** LEAST, max: 2 ** MOST, text: sizeText(now, view) });
    },
  };
}
