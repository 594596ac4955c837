// Cards dealt until one is left, the matrix of that order, and the walk through memory it costs.
import { deckDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { DECKS, FIELDS, lastDeal, makeView, settle } from "./model.js";
import { describe, fact, question } from "./words.js";
import { betRow, choice, makeControls, scenes, sentence } from "../kit/controls.js";
import { html, reducedMotion } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { timeline } from "../kit/time.js";

const few = (top) => range(top + 1).map((deal) => (top > 8 && deal % 2 ? "" : String(deal)));

function build(figure) {
  const { model, root, state } = figure, drawing = deckDrawing();
  const moving = { field: "deals", last: lastDeal, unit: "deal", names: few, seconds: 1.5 };
  const time = timeline(figure, moving), hands = makeHands(figure, drawing);
  const head = makeHead(state), status = sentence(figure), card = html("div", { class: "fl-card" });
  const bet = betRow("your guess"), links = scenes(figure);
  root.append(head.root, drawing.area, time.root, status.root, card, bet.root, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      const hover = hands.hover(view), chosen = hover >= 0 ? hover : now.card;
      drawing.draw(now, view, { width: figure.wide, chosen });
      hands.show(now, view);
      head.show(now);
      time.show(now);
      status.say(describe({ ...now, card: chosen }, view), describe(now, view));
      card.textContent = fact(now, model.get("facts"));
      bet.show({ question: question(now, view), answers: again(figure, now, view) });
      links.show();
    },
  };
}

// After the deals, the same deals once more.
function again(figure, { rounds, deals }, { depth }) {
  const { state } = figure;
  const act = () => {
    state.set({ rounds: 2 });
    if (reducedMotion()) state.set({ deals: lastDeal(state.read()) });
    else figure.play();
  };
  return rounds === 2 || deals < depth ? [] : [{ words: "Deal the deck again", act }];
}

function makeHead(state) {
  const count = (name) => (value) => state.set({ [name]: Number(value) });
  const readings = [["dealt", "as the cards lie"], ["stockham", "in Stockham’s order"]];
  return makeControls({
    n: choice("cards", DECKS.map((n) => [n, n]), count("n")),
    rounds: choice("the deck is dealt", [[1, "once"], [2, "twice"]], count("rounds")),
    reading: choice("memory is read", readings, (reading) => state.set({ reading })),
  });
}

function render({ model, el }) {
  const kind = { name: "bitreversal", label: "Cards dealt until one is left", answer: "guess" };
  return mountFigure({ model, el }, { ...kind, fields: FIELDS, settle, build });
}

export default { render };
