// Sparse factors multiplied into a dense matrix; every entry of it is one number from each factor.
import { factorDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, guessesOf, makeView, settle, SIZES, tableOf } from "./model.js";
import { describe, entryCard, question, titleOf } from "./words.js";
import { betRow, choice, row, scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { timeline } from "../kit/time.js";

const NAMES = {
  twiddles: "twiddles of the FFT",
  gates: "gates of a layer",
  learned: "learned numbers",
};

function build(figure) {
  const { model, state, root } = figure, tables = model.get("tables"), drawing = factorDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root), head = makeHead(state, tables);
  const card = html("div", { class: "fl-card" });
  area.append(card);
  const hands = makeHands(figure, { area, drawing }), status = sentence(figure);
  const time = timeline(figure, {
    field: "stage",
    unit: "factor",
    seconds: 1.4,
    last: ({ n }) => Math.log2(n),
    names: (top) => range(top + 1).map((stop) => titleOf(stop - 1, tableOf(state.read(), tables))),
  });
  const bet = betRow("your guess"), links = scenes(figure);
  const beside = html("div", { class: "fl-beside" }, time.root, status.root);
  root.append(head.root, area, beside, bet.root, links.root);
  keepRoom(figure, beside);
  const view = makeView(model);
  return {
    view,
    draw(drawn, now) {
      const hover = hands.hover(drawn), pointed = hover ? { ...now, entry: hover } : now;
      const told = hover ? view(pointed) : drawn;
      time.show(now);
      status.say(describe(pointed, told), describe(now, drawn));
      const laid = laidOn(area, beside); // read before the drawing is written
      drawing.draw(now, drawn, pointed, told.path, figure.wide, laid.room);
      const { card: { x, y, width }, between, height } = drawing.place();
      beside.style.top = `${laid.top + between}px`; // means something on a phone only
      Object.assign(card.style, { left: `${x}px`, top: `${y}px`, width: `${width}px` });
      area.style.height = `${height}px`;
      hands.show(now, drawn);
      head.show(now);
      card.replaceChildren(...lines(entryCard(pointed, told)));
      bet.show(betOf(state, now, drawn));
      links.show();
    },
  };
}

// On a phone the style takes Play and the sentence out of the flow, into the drawing.
function keepRoom(figure, part) {
  const sized = new ResizeObserver(figure.invalidate); // a font that arrives late breaks lines anew
  sized.observe(part);
  figure.onEnd(() => sized.disconnect());
}

// On a phone these words lie on the drawing; on a stage beside it, where they need no room.
function laidOn(area, part) {
  if (getComputedStyle(part).position !== "absolute") return { room: 0, top: 0 };
  return { room: part.closest(".fl-side") ? 0 : part.offsetHeight, top: area.offsetTop };
}

function makeHead(state, tables) {
  const kinds = Object.keys(tables).map((name) => [name, NAMES[name] ?? name]);
  const sizes = choice(
    "N",
    SIZES.map((n) => [n, n]),
    (value) => state.set({ n: Number(value) }),
    "N, rows of each factor",
  );
  const weights = choice("weights", kinds, (value) => state.set({ weights: value }));
  const note = html("p", { class: "fl-note" });
  return {
    root: html("div", { class: "fl-head" }, row(sizes.root, weights.root), note),
    show(now) {
      sizes.show(now.n);
      weights.show(now.weights);
      note.textContent = tableOf(now, tables).note;
    },
  };
}

// A bet before the next factor multiplies, or, after the last, before a number of one is changed.
function betOf(state, now, view) {
  const over = view.done === view.depth, factor = over ? 0 : view.done + 1;
  const mine = now.bet[0] === factor ? now.bet[1] : 0;
  if (over && !(now.weight.length && (mine || !now.change))) return { question: "", answers: [] };
  const answers = guessesOf(now.n, factor).map((count) => {
    const act = () => state.set({ bet: [factor, count] });
    return { words: String(count), act, chosen: count === mine };
  });
  return { question: question(now, view, factor, mine), answers };
}

function render({ model, el }) {
  const label = "The product of the factors";
  return mountFigure({ model, el }, {
    name: "factorproduct",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
