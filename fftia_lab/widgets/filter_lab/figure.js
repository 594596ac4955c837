// A filter to draw: its response, its kernel over the lags, whom an input reaches, what comes out.
import { filterDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { lengthTable } from "./lengths.js";
import { ANSWERS, FIELDS, FILTERS, makeView, settle, signalOf } from "./model.js";
import { makeSound } from "./sound.js";
import { describe, modeLine, nameOf, question } from "./words.js";
import { betRow, choice, makeControls, press, scenes, sentence } from "../kit/controls.js";
import { html } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { same } from "../kit/state.js";
import { timeline } from "../kit/time.js";
import { offerDrawn } from "../shared/offer.js";

function build(figure) {
  const { model, root } = figure, signals = model.get("signals"), drawing = filterDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root), time = makeTime(figure);
  const hands = makeHands(figure, { area, drawing, signals }), sound = makeSound(figure);
  const head = makeHead(figure, signals), lengths = lengthTable(figure);
  const status = sentence(figure), bet = betRow("your guess"), links = scenes(figure);
  const line = html("p", { class: "fl-card" });
  const offer = offerDrawn(figure, () => signalOf(figure.state.read(), signals));
  head.root.firstElementChild.append(offer.root);
  time.root.append(...sound.parts);
  const below = html("div", { class: "fl-below" }, line, lengths.root);
  root.append(head.root, area, time.root, bet.root, status.root, below, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      sound.show(view);
      const playing = sound.playing(), chosen = hands.chosen(), marked = hands.marked();
      drawing.draw(now, view, { width: figure.wide, chosen, marked, playing });
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      offer.show();
      time.show(now);
      status.say(describe(now, view));
      line.textContent = modeLine(now, view);
      lengths.show(now, view);
      bet.show(betOf(figure, now, view));
      links.show();
    },
  };
}

// The impulse walks along the sequence; so does the input that is followed.
const makeTime = (figure) =>
  timeline(figure, {
    field: "at",
    last: ({ n }) => n - 1,
    names: (end) => [0, 1, 2, 3, 4].map((part) => String(Math.min(end, (part * (end + 1)) / 4))),
    unit: "place",
    seconds: 0.07,
  });

// How the sequence ends: the three steps from a transform as it is to a causal filter.
const EDGES = ["circular", "padded", "causal"];

function edgeSwitch(set) {
  const buttons = EDGES.map((edge) => press(edge, () => set(edge)));
  const about = { class: "fl-answers", role: "group", "aria-label": "how the sequence ends" };
  return {
    root: html("span", about, ...buttons),
    show: (now) =>
      EDGES.forEach((edge, i) => buttons[i].setAttribute("aria-pressed", String(edge === now))),
  };
}

function filterChoice(set) {
  const own = "your own", names = [...Object.keys(FILTERS), own];
  const nameOf = (gains) => names.find((name) => same(FILTERS[name], gains)) ?? own;
  const menu = choice("filter", names.map((name) => [name, name]), (name) => set(FILTERS[name]));
  return { root: menu.root, show: (gains) => menu.show(nameOf(gains)) };
}

function makeHead(figure, signals) {
  const { state } = figure, set = (name) => (value) => state.set({ [name]: value });
  const names = ["impulse", ...Object.keys(signals), "drawn"].map((name) => [name, name]);
  return makeControls({
    edge: edgeSwitch(set("edge")),
    gains: filterChoice((gains) => (gains ? state.set({ gains }) : figure.invalidate())),
    signal: choice("signal", names, set("signal")),
  });
}

function betOf({ state }, now, view) {
  if (!now.ask) return null;
  const answers = ANSWERS[now.ask].map((bet) => ({
    words: nameOf(bet),
    act: () => state.set({ bet }),
  }));
  return { question: question(now, view), answers: view.open ? answers : [] };
}

function render({ model, el }) {
  const label = "Filter lab";
  return mountFigure({ model, el }, { name: "filterlab", label, fields: FIELDS, settle, build });
}

export default { render };
