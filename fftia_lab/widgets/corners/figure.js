// Methods and properties: what is demanded leaves fewer methods.
import { cornersDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, makeView, settle } from "./model.js";
import { account, describe, keeps, LEGEND } from "./words.js";
import { makeControls, scenes, sentence, toggle } from "../kit/controls.js";
import { html, lines, phrase } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";

function build(figure) {
  const { model, root, state } = figure, drawing = cornersDrawing();
  const hands = makeHands(figure, drawing), status = sentence(figure), links = scenes(figure);
  const { columns } = model.get("tables");
  const demand = ({ key, want }) => [key, toggle(want, (asked) => state.set({ [key]: asked }))];
  const head = makeControls(Object.fromEntries(columns.map(demand)));
  const card = html("div", { class: "fl-card" });
  const legend = html("p", { class: "fl-note" }, ...phrase(LEGEND));
  root.append(head.root, drawing.area, legend, status.root, card, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(view, figure.wide);
      hands.show(view);
      head.show(now);
      status.say(describe(now, view));
      const method = view.methods[view.chosen];
      card.replaceChildren(...lines([account(columns, method), keeps(columns, method)]));
      links.show();
    },
  };
}

function render({ model, el }) {
  const kind = { name: "corners", label: "Methods and what each gives up", fields: FIELDS };
  return mountFigure({ model, el }, { ...kind, settle, build });
}

export default { render };
