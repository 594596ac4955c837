// The butterfly network, live: a signal on the left, its stages, what came out on the right.
import { formula } from "./card.js";
import { networkDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { depthOf, FIELDS, makeView, settle, SIZES } from "./model.js";
import { describe, question } from "./words.js";
import { betRow, choice, makeControls, scenes, sentence, toggle } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { timeline } from "../kit/time.js";
import { signalOf } from "../shared/network.js";
import { offerDrawn } from "../shared/offer.js";

function build(figure) {
  const { model, state, root } = figure, signals = model.get("signals");
  const drawing = networkDrawing(), area = html("div", { class: "fl-area" }, drawing.root);
  const hands = makeHands(figure, { area, drawing, signals }), head = makeHead(state, signals);
  const offer = offerDrawn(figure, () => signalOf(state.read(), signals));
  head.root.firstElementChild.append(offer.root);
  const names = (top) => ["in", ...range(top).map((stage) => String(stage + 1))];
  const time = timeline(figure, { field: "stage", last: depthOf, names });
  const status = sentence(figure), card = html("div", { class: "fl-card" });
  const bet = betRow("how many outputs will change"), links = scenes(figure);
  root.append(head.root, area, time.root, status.root, card, bet.root, links.root);
  const view = makeView(model);
  return {
    view,
    draw(drawn, now) {
      const hover = hands.hover(drawn), pointed = hover ? { ...now, node: hover } : now;
      const told = hover ? view(pointed) : drawn; // what is pointed at is told as well
      const chosen = pointed.node.length ? pointed.node : null;
      drawing.show(now, drawn, { wide: figure.wide, chosen, focused: hands.focused() });
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, drawn);
      head.show(now);
      offer.show();
      time.show(now);
      status.say(describe(pointed, told), describe(now, drawn));
      card.replaceChildren(...lines(formula(pointed, told)));
      bet.show(betOf(state, now, drawn));
      links.show();
    },
  };
}

function makeHead(state, signals) {
  const set = (name) => (value) => state.set({ [name]: value });
  const draw = (name) => {
    const samples = [...signalOf(state.read(), signals)];
    state.set(name === "drawn" ? { signal: name, samples } : { signal: name });
  };
  const named = (names) => names.map((name) => [name, name]);
  const wirings = [["butterfly", "butterfly"], ["shift", "shift"], ["benes", "Beneš"]];
  const meetings = [
    ["fft", "FFT: ± and a twiddle"],
    ["average", "takes the mean of two"],
    ["gates", "asks the values: a softmax"],
    ["learned", "weighs as training says"],
  ];
  const orders = [["time", "in time"], ["frequency", "in frequency"]];
  const controls = makeControls({
    n: choice("N", named(SIZES), (value) => state.set({ n: Number(value) }), "N, how many rows"),
    signal: choice("signal", named([...Object.keys(signals), "drawn"]), draw),
    schedule: choice("wiring", wirings, set("schedule")),
    weights: choice("each meeting", meetings, set("weights")),
    decimation: choice("decimation", orders, set("decimation")),
    causal: toggle("never hear a later one", set("causal")),
  }, { more: ["weights", "decimation", "causal"] });
  return {
    root: controls.root,
    show(now) {
      controls.show(now);
      controls.parts.decimation.root.hidden = now.weights !== "fft";
    },
  };
}

// A bet before the twiddle is touched.
function betOf(state, now, { pair }) {
  if (!pair) return null;
  const late = Boolean(pair.extra) && !now.bet; // the answer is on show
  const counts = late ? [] : range(Math.log2(now.n) + 1).map((power) => 2 ** power);
  const answers = counts.map((count) => {
    const act = () => state.set({ bet: count });
    return { words: String(count), act, chosen: count === now.bet };
  });
  return { question: question(now, late), answers };
}

function render({ model, el }) {
  const label = "The butterfly network";
  return mountFigure({ model, el }, { name: "butterfly", label, fields: FIELDS, settle, build });
}

export default { render };
