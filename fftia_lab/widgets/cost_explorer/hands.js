// What is taken hold of in the figure of least times: tokens, channels, heads.
import { nearest, under } from "./layout.js";
import { DIMS, HEADS, SIZES } from "./model.js";
import { channelsText, headsText, tokensText } from "./words.js";
import { drag, handle, moveTo, pointIn, setValue } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";

// `drawing.place()` says where everything stands, `act(patch, live)` changes the state.
export function makeHands(figure, { area, drawing, act }) {
  const context = { figure, area, act, place: drawing.place };
  const hands = [makeTokens(context), makeChannels(context), makeHeads(context)];
  area.append(...hands.map(({ root }) => root));
  drawing.root.addEventListener("click", (event) => {
    const found = under(drawing.place(), pointIn(area, event));
    if (found) act(found);
  });
  return { show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

// A handle that steps through values which stand side by side; `where(g)` says at which x and y.
function alongValues(
  { figure: { state }, area, act, place },
  { label, name, field, values, where },
) {
  const to = (index, live) => act({ [field]: values[clamp(index, 0, values.length - 1)] }, live);
  const by = (far) => () => to(values.indexOf(state.read()[field]) + far, false);
  const root = handle(label, `${name} fl-bar`, {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    PageUp: by(3),
    PageDown: by(-3),
    Home: () => to(0, false),
    End: () => to(values.length - 1, false),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => {
      const found = nearest(values, where(place()).at, points.at(-1).x);
      to(values.indexOf(found), true);
    },
    end: state.rest,
  });
  return {
    root,
    show(now, text) {
      const { at, y } = where(place());
      moveTo(root, at(now[field]), y);
      setValue(root, { now: now[field], min: values[0], max: values.at(-1), text });
    },
  };
}

function makeTokens(context) {
  const hand = alongValues(context, {
    label: "number of tokens",
    name: "fl-tokens",
    field: "n",
    values: SIZES,
    where: (g) => ({ at: g.x, y: g.bottom }),
  });
  return { root: hand.root, show: (now, view) => hand.show(now, tokensText(now, view)) };
}

function makeChannels(context) {
  const hand = alongValues(context, {
    label: "channels of a token",
    name: "fl-channels",
    field: "dim",
    values: DIMS,
    where: (g) => ({ at: g.channels.at, y: g.channels.top }),
  });
  return { root: hand.root, show: (now) => hand.show(now, channelsText(now)) };
}

function makeHeads(context) {
  const hand = alongValues(context, {
    label: "number of heads",
    name: "fl-heads",
    field: "heads",
    values: HEADS,
    where: (g) => ({ at: g.heads.at, y: g.heads.top }),
  });
  return { root: hand.root, show: (now) => hand.show(now, headsText(now)) };
}
