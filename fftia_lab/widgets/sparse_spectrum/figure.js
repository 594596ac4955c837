// A spectrum of which the largest coefficients are kept: what they make, what they lack and cost.
import { spectrumDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, FIFTH, GUESSES, KINDS, makeView, samplesOf, settle } from "./model.js";
import { byteCard, describe, isNoise, NAMES, question } from "./words.js";
import { betRow, choice, fold, press, row, scenes, sentence, toggle } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { percent } from "../kit/numbers.js";
import { offerDrawn } from "../shared/offer.js";

function build(figure) {
  const { model, root, state } = figure, tables = model.get("tables"), drawing = spectrumDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root), head = makeHead(state, tables);
  const hands = makeHands(figure, { area, drawing, tables }), status = sentence(figure);
  const offer = offerDrawn(figure, () => samplesOf(state.read(), tables));
  head.root.querySelector(".fl-controls").append(offer.root);
  const card = html("div", { class: "fl-card" }),
    bet = betRow("your guess"),
    links = scenes(figure);
  root.append(head.root, area, status.root, card, bet.root, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      offer.show();
      status.say(describe(now, view));
      card.replaceChildren(...lines(byteCard(now, view)));
      bet.show(betOf(state, now, view, area));
      links.show();
    },
  };
}

// What is compressed, which one, and how it is stored.
function makeHead({ read, set }, tables) {
  const kinds = KINDS.map((kind) => [kind, press(kind, () => set({ kind }))]);
  const group = html("span", { class: "fl-answers", role: "group", "aria-label": "what is kept" });
  group.append(...kinds.map(([, button]) => button));
  const which = choice("which", [], (name) => set({ [read().kind]: name }));
  const precision = choice(
    "in",
    [["fp32", "fp32"], ["fp16", "fp16"]],
    (value) => set({ precision: value }),
  );
  const published = toggle("as FFT-Tensor", (value) => set({ published: value }));
  let offered = "";
  return {
    root: html(
      "div",
      { class: "fl-head" },
      group,
      row(which.root, precision.root),
      fold("more", row(published.root)),
    ),
    show(now) {
      for (const [kind, button] of kinds) {
        button.setAttribute("aria-pressed", String(kind === now.kind));
      }
      if (offered !== now.kind) {
        offered = now.kind;
        const names = Object.keys(tables[now.kind]);
        if (now.kind === "signal") names.push("drawn");
        which.offer(names.map((name) => [name, NAMES[name] ?? name]));
      }
      which.show(now[now.kind]);
      precision.show(now.precision);
      published.show(now.published);
    },
  };
}

// A bet on random weights before they are shown; then the rule beside the guess.
function betOf(state, now, view, area) {
  if (isNoise(now) ? !now.bet : now.bet) return null;
  const after = area.querySelector(".fl-cut-at");
  const answers = now.bet ? [] : GUESSES.map((guess) => ({
    words: percent(guess / 100),
    act: () => state.set({ kind: "weights", weights: "random", kept: FIFTH, bet: guess }),
  }));
  return { question: question(now, view), answers, after };
}

function render({ model, el }) {
  const label = "A sparse spectrum";
  return mountFigure({ model, el }, {
    name: "sparsespectrum",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
