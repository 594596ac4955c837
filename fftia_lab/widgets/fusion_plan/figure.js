// A butterfly cut into launches: which places a program holds, and what goes through memory.
import { countTable } from "./counts.js";
import { fusionDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { FIELDS, makeView, settle, WIDTHS } from "./model.js";
import { depthOf } from "./plan.js";
import { costLines, describe } from "./words.js";
import { choice, makeControls, scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { timeline } from "../kit/time.js";

function build(figure) {
  const { model, root, state } = figure, drawing = fusionDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root), head = makeHead(state, model);
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const time = timeline(figure, { field: "stage", last: depthOf, names: stopsOf, seconds: 0.45 });
  const hands = makeHands(figure, { area, drawing, act }), counts = countTable(act);
  const status = sentence(figure), card = html("div", { class: "fl-card" }), links = scenes(figure);
  const below = html("div", { class: "fl-below" }, card, counts.root);
  root.append(head.root, area, time.root, status.root, below, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      head.show(now);
      time.show(now);
      status.say(describe(now, view));
      card.replaceChildren(...lines(costLines(now, view)));
      counts.show(now, view);
      links.show();
    },
  };
}

// Every second stop has a name, or every fifth of many, and so has the last.
function stopsOf(end) {
  const apart = end > 12 ? 5 : 2;
  return range(end + 1).map((stop) =>
    stop === end || (stop % apart === 0 && end - stop > 1) ? String(stop) : ""
  );
}

function makeHead(state, model) {
  const set = (name, value) => state.set({ [name]: value });
  const widths = WIDTHS.map((width) => [width, width]);
  const devices = Object.keys(model.get("tables").devices).map((name) => [name, name]);
  return makeControls({
    dim_head: choice("channels of a head", widths, (value) => set("dim_head", Number(value))),
    device: choice("datasheet", devices, (value) => set("device", value)),
  });
}

function render({ model, el }) {
  const label = "Stages that share a launch";
  return mountFigure({ model, el }, { name: "fusionplan", label, fields: FIELDS, settle, build });
}

export default { render };
