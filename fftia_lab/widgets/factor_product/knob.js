// The chosen entry of a factor, enlarged to be taken hold of: a dial if it turns, else a slider.
import { directionOf, knobText, nameOf } from "./words.js";
import { focus, pathLayers, setAll, svg } from "../kit/elements.js";
import { drag, handle, moveTo, setValue } from "../kit/hands.js";
import { clamp, turnsOf, unit } from "../kit/numbers.js";
import { disc, line } from "../kit/paths.js";

const RADIUS = 38, TURN = 1 / 72, STEP = 0.01, PULL = 160; // pixels for the whole range

export function factorKnob(figure, { area, drawing, otherHand }) {
  const { state } = figure, layers = pathLayers(["knob-track", "knob-was", "knob-arm"]);
  const title = svg("text", { class: "fl-title" }), said = svg("text");
  const place = () => placesOf(drawing.place().panel), wish = wishIn(figure);
  drawing.root.append(...layers.all, title, said);
  const knob = handle("the chosen entry of a factor", "fl-knob", keysOf(figure, wish));

  function towards({ x, y }, live) {
    const { nature, was } = figure.look(), { dial, track } = place();
    if (!was) return;
    if (nature.turning) wish(turnsOf([x - dial.x, dial.y - y]) - turnsOf(was), live);
    else wish(nature.low + ((x - track.x) / track.length) * (nature.high - nature.low), live);
  }
  drag(knob, area, {
    keepOffset: true,
    move: (points) => towards(points.at(-1), true),
    end: state.rest,
  });
  function hide() {
    if (knob === document.activeElement) focus(otherHand);
    knob.hidden = true;
    title.textContent = "Choose an entry of a factor to change it.";
    said.textContent = "";
    layers.draw({ "knob-track": "", "knob-was": "", "knob-arm": "" });
  }
  return {
    root: knob,
    pull: pullIn(figure, { wish, towards, place }),
    tapped(point) { // for hands that cannot drag
      const { view } = figure, { dial, track } = place();
      if (!view.is) return;
      const onDial = Math.hypot(point.x - dial.x, point.y - dial.y) <= RADIUS + 8;
      const along = clamp(point.x, track.x - 8, track.x + track.length + 8) === point.x;
      const onTrack = along && Math.abs(point.y - track.y) <= 16;
      if (view.nature.turning ? onDial : onTrack) towards(point, false);
    },
    draw(now, view) {
      const { panel, dial, track } = place();
      setAll(title, { x: panel.x, y: panel.y + 6 });
      if (!view.is) return hide();
      knob.hidden = false;
      const { turning } = view.nature, words = knobText(now, view);
      title.textContent = `${nameOf(now.weight)}: ${turning ? "turn it" : "move it"}`;
      said.textContent = words;
      const { paths, at, label } = turning ? dialOf(dial, view) : trackOf(track, view);
      layers.draw(paths);
      moveTo(knob, ...at);
      setAll(said, label);
      knob.setAttribute("aria-label", nameOf(now.weight));
      setValue(knob, { ...valueOf(view), text: words });
    },
  };
}

const placesOf = (panel) => ({
  panel,
  dial: { x: panel.x + RADIUS + 14, y: panel.y + 70 },
  track: { x: panel.x + 14, y: panel.y + 58, length: Math.min(280, panel.width - 28) },
});

function valueOf({ nature, is }) {
  if (nature.turning) return { now: Math.round(directionOf(is)), min: -180, max: 180 };
  return { now: is[0].toFixed(2), min: nature.low, max: nature.high };
}

// What the hand wants: full turns for an arrow, a number for a square.
const wishIn = (figure) => (target, live) => {
  const { nature, was } = figure.look();
  if (!was) return; // the weight was let go of in the meantime
  const turn = Math.round((target - Math.round(target)) / TURN) * TURN;
  const step = Math.round((Math.round(target / STEP) * STEP - was[0]) * 1e9) / 1e9;
  figure.state.set({ change: nature.turning ? turn : step }, { live });
};

const valueNow = (figure, { nature, is }) => nature.turning ? figure.state.read().change : is[0];

function keysOf(figure, wish) {
  const by = (steps) => () => {
    const view = figure.look(), step = view.nature.turning ? TURN : STEP;
    if (view.is) wish(valueNow(figure, view) + steps * step, false);
  };
  const end = (which) => () => {
    const { nature } = figure.look(), half = which === "high" ? 0.5 : 0;
    wish(nature.turning ? half : nature[which], false);
  };
  return {
    ArrowUp: by(1),
    ArrowRight: by(1),
    ArrowDown: by(-1),
    ArrowLeft: by(-1),
    PageUp: by(9),
    PageDown: by(-9),
    Home: end("low"),
    End: end("high"),
    Escape: () => figure.state.set({ change: 0 }),
  };
}

// The chosen entry itself is pulled: an arrow points where the hand is, a number grows upwards.
function pullIn(figure, { wish, towards, place }) {
  let begun = null;
  return ([x, y], start, at) => {
    const view = figure.look(), { nature, was } = view, { dial } = place();
    if (!was) return;
    if (nature.turning) return towards({ x: at.x - x + dial.x, y: at.y - y + dial.y }, true);
    if (start !== begun?.start) begun = { start, value: valueNow(figure, view) };
    wish(begun.value + ((start.y - at.y) / PULL) * (nature.high - nature.low), true);
  };
}

function dialOf({ x, y }, { was, is }) {
  const tip = (value) => {
    const [right, up] = unit(turnsOf(value));
    return [x + right * RADIUS, y - up * RADIUS];
  };
  const paths = {
    "knob-track": disc(x, y, RADIUS),
    "knob-was": line(x, y, ...tip(was)),
    "knob-arm": line(x, y, ...tip(is)),
  };
  return { paths, at: tip(is), label: { x: x + RADIUS + 26, y: y + 5 } };
}

function trackOf({ x, y, length }, { was, is, nature: { low, high } }) {
  const at = (value) => x + (length * (value - low)) / (high - low);
  const mark = (place, tall) => line(place, y - tall, place, y + tall);
  const paths = {
    "knob-track": line(x, y, x + length, y) + mark(at(0), 6),
    "knob-was": mark(at(was[0]), 10),
    "knob-arm": line(at(0), y, at(is[0]), y),
  };
  return { paths, at: [at(is[0]), y], label: { x, y: y + 34 } };
}
