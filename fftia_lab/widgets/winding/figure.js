// A signal wound round a circle by a crank: samples, their centre of mass, the spectrum it leaves.
import { windingDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, LENGTHS, makeView, settle, shown, signalOf } from "./model.js";
import { makeSound } from "./sound.js";
import { describe, formula, question } from "./words.js";
import { betRow, choice, makeControls, scenes, sentence, toggle } from "../kit/controls.js";
import { html, phrase } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { sweep } from "../kit/time.js";
import { offerDrawn } from "../shared/offer.js";

const MODES = [
  ["wound", "wound samples"],
  ["walk", "sum, tip to tail"],
  ["halves", "two half waves"],
];
const SCALES = [["linear", "as they are"], ["decibel", "in decibels"]];
const WINDOWS = [["none", "none"], ["hann", "Hann: fade in, fade out"]];

function build(figure) {
  const { model, root } = figure, signals = model.get("signals"), drawing = windingDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root),
    time = sweep(figure, { ends: shown });
  const hands = makeHands(figure, { area, drawing, time, signals }), sound = makeSound(figure);
  const head = makeHead(figure, signals, [sound.without]),
    status = sentence(figure),
    bet = betRow("your guess");
  const card = html("div", { class: "fl-card" }), links = scenes(figure);
  const offer = offerDrawn(figure, () => signalOf(figure.state.read(), signals));
  head.root.firstElementChild.append(offer.root);
  const buttons = html("div", { class: "fl-hands" }, time.root, sound.listen, sound.pitch);
  root.append(head.root, area, buttons, status.root, card, bet.root, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      sound.show(now, view);
      const chosen = hands.marked(now), playing = sound.playing();
      drawing.draw(now, view, { width: figure.wide, chosen, playing });
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      offer.show();
      time.show();
      status.say(describe(now, view));
      card.replaceChildren(...phrase(formula(now, view, chosen)));
      bet.show(betOf(figure, { time, hands }, now, view));
      links.show();
    },
  };
}

function makeHead({ state }, signals, besides) {
  const set = (name) => (value) => state.set({ [name]: value });
  const count = (name) => (value) => state.set({ [name]: Number(value) });
  const draw = (signal) => {
    const samples = [...signalOf(state.read(), signals)];
    state.set(signal === "drawn" ? { signal, samples } : { signal });
  };
  const names = ["tone", ...Object.keys(signals), "drawn"].map((name) => [name, name]);
  const asked = range(LENGTHS.at(-1) / 2 + 1).map((k) => [k, `k = ${k}`]);
  return makeControls({
    signal: choice("signal", names, draw),
    mode: choice("show", MODES, set("mode")),
    n: choice("N", LENGTHS.map((n) => [n, n]), count("n"), "N, how many samples"),
    scale: choice("heights", SCALES, set("scale")),
    window: choice("window", WINDOWS, set("window")),
    copies: toggle("show what repeats", set("copies")),
    ask: choice("ask about", [[-1, "nothing"], ...asked], count("ask")),
  }, { more: ["n", "scale", "window", "copies", "ask"], besides });
}

// A bet before the crank comes there.
function betOf({ state }, { time, hands }, now, view) {
  if (!view.open && !now.bet.length) return null;
  const place = () => {
    state.set({ bet: [0, 0] });
    hands.askForGuess();
  };
  const go = () => time.turnTo(state.read().ask);
  const next = view.open
    ? { words: "Place a guess", act: place }
    : { words: "Turn there", act: go };
  return { question: question(now, view), answers: view.off === null ? [next] : [] };
}

function render({ model, el }) {
  const label = "A signal wound round a circle";
  return mountFigure({ model, el }, { name: "winding", label, fields: FIELDS, settle, build });
}

export default { render };
