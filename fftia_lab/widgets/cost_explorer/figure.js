// The least time of each mechanism on a device, over the number of tokens.
import { makeBoard } from "./board.js";
import { costDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, makeView, PROJECTIONS, settle, WIDTHS } from "./model.js";
import { describe, INSIDE, sourceLines } from "./words.js";
import { choice, makeControls, scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";

function build(figure) {
  const { model, root, state } = figure, drawing = costDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root), head = makeHead(state, model);
  const act = (patch, live = false) => state.set(patch, { live });
  const hands = makeHands(figure, { area, drawing, act }), board = makeBoard();
  const status = sentence(figure), card = html("div", { class: "fl-card" }), links = scenes(figure);
  const below = html("div", { class: "fl-below" }, board.root, card);
  root.append(head.root, area, status.root, below, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      status.say(describe(now, view));
      board.show(now, view);
      card.replaceChildren(...lines(sourceLines(now, view)));
      links.show();
    },
  };
}

function makeHead(state, model) {
  const set = (name) => (value) => state.set({ [name]: value });
  const { names, devices: known } = model.get("tables");
  const devices = names.map((name) => [
    name,
    `${name}, ${known[name].date ? "measured" : "datasheet"}`,
  ]);
  const projections = PROJECTIONS.map((name) => [name, INSIDE[name]]);
  const types = Object.keys(WIDTHS).map((name) => [name, name]);
  return makeControls({
    device: choice("device", devices, set("device")),
    dtype: choice("numbers", types, set("dtype")),
    projection: choice("queries and keys", projections, set("projection")),
  });
}

function render({ model, el }) {
  const label = "Least times of mechanisms";
  return mountFigure({ model, el }, { name: "costexplorer", label, fields: FIELDS, settle, build });
}

export default { render };
