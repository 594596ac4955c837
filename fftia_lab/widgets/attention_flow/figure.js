// A trained layer at work: carry the flag elsewhere, change a letter, and follow the gates.
import { FIELDS, GUESSES, makeView, secondOf, settle, STAGES } from "./model.js";
import { flowDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { describe, entryCard, question } from "./words.js";
import { betRow, choice, fold, row, scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { timeline } from "../kit/time.js";

function build(figure) {
  const { model, state, root } = figure, tables = model.get("tables"), drawing = flowDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root);
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const time = timeline(figure, { field: "stage", last: () => STAGES, seconds: 1.4 });
  const hands = makeHands(figure, { area, drawing, act });
  const head = makeHead(state, act), card = html("div", { class: "fl-card" });
  const status = sentence(figure), bet = betRow("your guess"), links = scenes(figure);
  const note = fold("how both were trained", html("p", { class: "fl-note" }, tables.note));
  root.append(head.root, area, time.root, status.root, card, bet.root, note, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      time.show(now);
      status.say(describe(now, view));
      card.replaceChildren(...lines(entryCard(now, view)));
      bet.show(betOf(figure, act, now, view));
      links.show();
    },
  };
}

// How many flags there are.
function makeHead(state, act) {
  const flags = choice("flags", [[1, "one"], [2, "two"], [0, "none"]], (value) => {
    const { flags: now } = state.read(), [first = 5] = now, second = now[1] ?? secondOf(first);
    act({ flags: [first, second].slice(0, Number(value)) });
  });
  const hint = "Carry the flag, press a letter, choose who listens. " +
    "Circles: what a token would say by then.";
  return {
    root: html(
      "div",
      { class: "fl-head" },
      row(flags.root, html("span", { class: "fl-hint" }, hint)),
    ),
    show: (now) => flags.show(now.flags.length),
  };
}

// A bet before a second flag is given out: how many different letters will be said?
function betOf({ model, root }, act, now, view) {
  const { flags, bet } = now, over = flags.length === 2;
  if (!model.get("ask") || !flags.length || (over && view.done < STAGES)) return null;
  const give = () => act({ flags: [flags[0], secondOf(flags[0])], stage: STAGES });
  const offered = bet
    ? [{ words: "Give it the flag", act: give }]
    : GUESSES.map((guess) => ({ words: String(guess), act: () => act({ bet: guess }) }));
  const answers = over ? [] : offered;
  return { question: question(now, view), answers, after: root.querySelector(".fl-flag") };
}

function render({ model, el }) {
  const label = "Who carries the flag";
  return mountFigure({ model, el }, {
    name: "attentionflow",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
