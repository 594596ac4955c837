// The chosen entry of a factor, enlarged to be taken hold of: a dial if it turns, else a slider.
import { angleText, directionOf, nameOf, valueText } from "./words.js";
import { multiply } from "./model.js";
import { disc, line } from "../kit/paths.js";
import { unit } from "../kit/complexes.js";
import { drag, handle, moveTo, setValue, svg } from "../kit/kit.js";

const RADIUS = 38, TURN = 1 / 72, STEP = 0.01, PULL = 160; // pixels for the whole range

export function factorKnob(figure, { area, drawing, tables, place, otherHand }) {
  const { state } = figure, layers = {};
  for (const name of ["knob-track", "knob-was", "knob-arm"]) {
    drawing.append(layers[name] = svg("path", { class: `fl-${name}` }));
  }
  const title = svg("text", { class: "fl-title" }), said = svg("text", {});
  drawing.append(title, said);
  let view = null, begun = null;
  const seen = () => multiply(state.read(), tables);
  const dialAt = () => ({ x: place().x + RADIUS + 14, y: place().y + 70 });
  const track = () => ({
    x: place().x + 14,
    y: place().y + 58,
    length: Math.min(280, place().width - 28),
  });
  const alongTrack = (value, { low, high }) =>
    track().x + (track().length * (value - low)) / (high - low);

  // What the hand wants: full turns for an arrow, a number for a square.
  function wish(target, live) {
    const { nature, was } = seen();
    if (!was) return; // the weight was let go of in the meantime
    const change = nature.turning
      ? Math.round((target - Math.round(target)) / TURN) * TURN
      : Math.round((Math.round(target / STEP) * STEP - was[0]) * 1e9) / 1e9;
    state.set({ change }, { live });
  }
  const now = ({ nature, is }) => (nature.turning ? state.read().change : is[0]);
  const by = (steps) => () => {
    const latest = seen();
    if (latest.is) wish(now(latest) + steps * (latest.nature.turning ? TURN : STEP), false);
  };
  const end = (which) => () => {
    const { nature } = seen();
    wish(nature.turning ? (which === "high" ? 0.5 : 0) : nature[which], false);
  };
  const knob = handle("the chosen entry of a factor", "fl-knob", {
    ArrowUp: by(1),
    ArrowRight: by(1),
    ArrowDown: by(-1),
    ArrowLeft: by(-1),
    PageUp: by(9),
    PageDown: by(-9),
    Home: end("low"),
    End: end("high"),
    Escape: () => state.set({ change: 0 }),
  });
  function towardsPoint({ x, y }, live) {
    const { nature, was } = seen();
    if (!was) return;
    const centre = dialAt();
    if (nature.turning) {
      wish(
        Math.atan2(centre.y - y, x - centre.x) / (2 * Math.PI) -
          Math.atan2(was[1], was[0]) / (2 * Math.PI),
        live,
      );
    } else wish(nature.low + ((x - track().x) / track().length) * (nature.high - nature.low), live);
  }
  // The chosen entry itself is pulled: an arrow points where the hand is, a number grows upwards.
  function pull([x, y], start, at) {
    const { nature, was } = seen();
    if (!was) return;
    if (nature.turning) {
      return towardsPoint({ x: at.x - x + dialAt().x, y: at.y - y + dialAt().y }, true);
    }
    if (start !== begun?.start) begun = { start, value: now(seen()) };
    wish(begun.value + ((start.y - at.y) / PULL) * (nature.high - nature.low), true);
  }
  drag(knob, area, {
    keepOffset: true,
    move: (points) => towardsPoint(points.at(-1), true),
    end: () => state.set({}),
  });

  return {
    root: knob,
    pull,
    tapped(x, y) { // for hands that cannot drag
      if (!view?.is) return;
      const centre = dialAt(), { x: left, y: middle, length } = track();
      const inside = view.nature.turning
        ? Math.hypot(x - centre.x, y - centre.y) <= RADIUS + 8
        : Math.abs(y - middle) <= 16 && x >= left - 8 && x <= left + length + 8;
      if (inside) towardsPoint({ x, y }, false);
    },
    draw(settled, latest) {
      view = latest;
      const shown = Boolean(view.is), { x, y } = place();
      title.setAttribute("x", x);
      title.setAttribute("y", y + 6);
      title.textContent = shown
        ? `${nameOf(settled.weight)}: ${view.nature.turning ? "turn it" : "move it"}`
        : "Choose an entry of a factor to change it.";
      if (!shown && knob === document.activeElement) otherHand.focus({ preventScroll: true });
      knob.hidden = !shown;
      for (const layer of Object.values(layers)) layer.style.display = shown ? "" : "none";
      if (!shown) {
        said.textContent = "";
        return;
      }
      const { turning } = view.nature,
        text = turning ? angleText(directionOf(view.is)) : valueText(view.is, view.nature);
      const before = settled.change
        ? `, was ${turning ? angleText(directionOf(view.was)) : valueText(view.was, view.nature)}`
        : "";
      said.textContent = `${text}${before}`;
      (turning ? drawDial : drawTrack)();
      knob.setAttribute("aria-label", nameOf(settled.weight));
      const { low, high } = view.nature;
      setValue(
        knob,
        turning
          ? { now: Math.round(directionOf(view.is)), min: -180, max: 180, text: `${text}${before}` }
          : { now: view.is[0].toFixed(2), min: low, max: high, text: `${text}${before}` },
      );
    },
  };

  function drawDial() {
    const { x, y } = dialAt(),
      tip = ([re, im]) => {
        const w = unit(Math.atan2(im, re) / (2 * Math.PI));
        return [x + w[0] * RADIUS, y - w[1] * RADIUS];
      };
    layers["knob-track"].setAttribute("d", disc(x, y, RADIUS));
    layers["knob-was"].setAttribute("d", line(x, y, ...tip(view.was)));
    layers["knob-arm"].setAttribute("d", line(x, y, ...tip(view.is)));
    moveTo(knob, ...tip(view.is));
    said.setAttribute("x", x + RADIUS + 26);
    said.setAttribute("y", y + 5);
  }

  function drawTrack() {
    const { x, y, length } = track(), at = (value) => alongTrack(value, view.nature);
    layers["knob-track"].setAttribute(
      "d",
      line(x, y, x + length, y) + line(at(0), y - 6, at(0), y + 6),
    );
    layers["knob-was"].setAttribute("d", line(at(view.was[0]), y - 10, at(view.was[0]), y + 10));
    layers["knob-arm"].setAttribute("d", line(at(0), y, at(view.is[0]), y));
    moveTo(knob, at(view.is[0]), y);
    said.setAttribute("x", x);
    said.setAttribute("y", y + 34);
  }
}
