// The trips of an FFT: what is fetched into the cache, and what goes through memory for it.
import { tripsDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { depthOf, FIELDS, makeView, ORDERS, RADICES, settle } from "./model.js";
import { costLines, describe, ORDER_NAMES, pickWords } from "./words.js";
import { scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { pickTable } from "../kit/picks.js";
import { timeline } from "../kit/time.js";

function build(figure) {
  const { root, state } = figure, drawing = tripsDrawing(), links = scenes(figure);
  const area = html("div", { class: "fl-area" }, drawing.root);
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const time = timeline(figure, { field: "stage", last: depthOf, names: stopsOf, unit: "trip" });
  const hands = makeHands(figure, { area, drawing, act }), table = tripTable(act);
  const status = sentence(figure), card = html("div", { class: "fl-card" });
  const below = html("div", { class: "fl-below" }, card, table.root);
  root.append(area, time.root, status.root, below, links.root);
  return {
    view: makeView(),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      time.show(now);
      status.say(describe(now, view));
      card.replaceChildren(...lines(costLines(view)));
      table.show(now, view);
      links.show();
    },
  };
}

// Of many stops every fifth has a name.
function stopsOf(end) {
  const apart = end > 12 ? 5 : 1;
  return range(end + 1).map((stop) => stop % apart && stop !== end ? "" : String(stop));
}

// All radices and orders at once; a press chooses both.
function tripTable(act) {
  const { root, show } = pickTable({
    table: "fl-orders",
    cell: "fl-order",
    corner: "trips through memory",
    columns: ORDERS.map((order) => ORDER_NAMES[order]),
    rows: RADICES.map((radix) => `radix ${radix}`),
    last: "products a sample",
    press: (row, column) => act({ radix: RADICES[row], order: ORDERS[column] }),
  });
  return {
    root,
    show({ radix, order }, { counts }) {
      show({
        row: RADICES.indexOf(radix),
        column: ORDERS.indexOf(order),
        words: (row, column) => {
          const count = counts[row].trips[column];
          return [String(count), pickWords(row, column, count)];
        },
        tail: (row) => String(counts[row].products),
      });
    },
  };
}

function render({ model, el }) {
  const label = "Trips through memory";
  return mountFigure({ model, el }, { name: "trips", label, fields: FIELDS, settle, build });
}

export default { render };
