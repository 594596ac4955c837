// Points on a circle that squaring folds, and the calls of the recursion that ask there.
import { pointsDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { depthOf, FIELDS, makeView, settle, SIZES } from "./model.js";
import { arithmetic, describe } from "./words.js";
import { choice, makeControls, scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { timeline } from "../kit/time.js";

function build(figure) {
  const { model, state, root } = figure, drawing = pointsDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root);
  const sizes = SIZES.map((size) => [size, size]);
  const head = makeControls({ n: choice("points", sizes, (n) => state.set({ n: Number(n) })) });
  const time = timeline(figure, {
    field: "fold",
    last: depthOf,
    unit: "squaring",
    seconds: 1.8,
  });
  const hands = makeHands(figure, { area, drawing });
  const card = html("div", { class: "fl-card" }), status = sentence(figure), links = scenes(figure);
  root.append(head.root, area, time.root, status.root, card, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      time.show(now);
      status.say(describe(now, view));
      card.replaceChildren(...lines(arithmetic(now, view)));
      links.show();
    },
  };
}

function render({ model, el }) {
  const label = "Points that squaring folds";
  return mountFigure({ model, el }, {
    name: "squaredpoints",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
