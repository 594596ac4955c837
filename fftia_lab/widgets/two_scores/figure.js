// Two tokens meet: questions and keys, the plane of their scores, and the step that each takes.
import { scoresDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, makeView, settle } from "./model.js";
import { numberTable } from "./numbers.js";
import { arithmetic, describe } from "./words.js";
import { scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { timeline } from "../kit/time.js";

function build(figure) {
  const { state, root } = figure, drawing = scoresDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root);
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const time = timeline(figure, {
    field: "step",
    last: () => 1,
    names: () => ["before", "after"],
    unit: "meeting",
    seconds: 3,
  });
  const hands = makeHands(figure, { area, drawing, act }), numbers = numberTable(figure, act);
  const card = html("div", { class: "fl-card" }), status = sentence(figure), links = scenes(figure);
  const told = html("div", { class: "fl-told" }, status.root, card);
  root.append(area, time.root, html("div", { class: "fl-below" }, numbers.root, told), links.root);
  return {
    view: makeView(),
    draw(view, now) {
      const number = numbers.told(now);
      drawing.draw(now, view, figure.wide, number);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      numbers.show(now, view);
      time.show(now);
      status.say(describe(now, view));
      card.replaceChildren(...lines(arithmetic(number, now, view)));
      links.show();
    },
  };
}

function render({ model, el }) {
  const label = "Two scores, one gate";
  return mountFigure({ model, el }, { name: "twoscores", label, fields: FIELDS, settle, build });
}

export default { render };
