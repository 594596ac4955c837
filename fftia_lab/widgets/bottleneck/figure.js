// The bottlenecks: a place and the block of rank 1 that it gives, and orders that want one twice.
import { cutsOf, depthOf, FIELDS, makeView, ORDERS, SETS, settle, SIZES } from "./model.js";
import { bottleneckDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { addition, describe, entryCard, placeCard } from "./words.js";
import { choice, press, row, scenes, sentence } from "../kit/controls.js";
import { html, lines, reducedMotion } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { same } from "../kit/state.js";
import { timeline } from "../kit/time.js";

function build(figure) {
  const { model, state, root } = figure, drawing = bottleneckDrawing(), view = makeView(model);
  const area = html("div", { class: "fl-area" }, drawing.root);
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const time = timeline(figure, { field: "stage", last: depthOf });
  const hands = makeHands(figure, { area, drawing, act }), head = makeHead(figure, act);
  const status = sentence(figure), card = html("div", { class: "fl-card" });
  const links = scenes(figure);
  root.append(head.root, area, time.root, status.root, card, links.root);
  return {
    view,
    draw(seen, now) {
      const hover = hands.hover(), shown = { ...now, ...hover }, told = hover ? view(shown) : seen;
      drawing.draw(shown, told, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, seen);
      head.show(now);
      time.show(now);
      status.say(describe(shown, told), describe(now, seen));
      const block = now.mode === "block";
      card.replaceChildren(...lines(block ? entryCard(shown, told) : placeCard(shown, told)));
      links.show();
    },
  };
}

const NAMES = [
  ["ends", "exchange the ends"],
  ["right", "all one further"],
  ["backwards", "backwards"],
  ["shuffle", "shuffle two halves"],
  ["own", "your own"],
];

// What is shown; for a block other gates, for an order what it is and how many stages it has.
function makeHead(figure, act) {
  const { state } = figure;
  const kinds = [["block", "a block"], ["pass", "an order"]].map(([mode, words]) => [
    mode,
    press(words, () => act({ mode })),
  ]);
  const modes = html("span", { class: "fl-answers", role: "group", "aria-label": "what is shown" });
  modes.append(...kinds.map(([, button]) => button));
  const n = choice(
    "N",
    SIZES.map((size) => [size, size]),
    (value) => act({ n: Number(value) }),
    "N, how many tokens",
  );
  const other = press("Other gates", () => act({ gates: (state.read().gates + 1) % SETS }));
  const orders = choice("order", NAMES, (name) => {
    if (ORDERS[name]) act({ order: ORDERS[name](state.read().n) });
    figure.invalidate();
  });
  const more = press("", () => {
    const mode = state.read().mode === "benes" ? "pass" : "benes";
    act({ mode, stage: depthOf({ ...state.read(), mode }) });
    if (!reducedMotion()) figure.play();
  });
  return {
    root: html("div", { class: "fl-head" }, modes, row(n.root, other, orders.root, more)),
    show(now) {
      const block = now.mode === "block";
      for (const [mode, button] of kinds) {
        button.setAttribute("aria-pressed", String((mode === "block") === block));
      }
      n.show(now.n);
      other.hidden = !block;
      for (const part of [orders.root, more]) part.hidden = block;
      orders.show(
        NAMES.find(([name]) => ORDERS[name] && same(ORDERS[name](now.n), now.order))?.[0] ?? "own",
      );
      more.textContent = addition(now, cutsOf(now));
    },
  };
}

function render({ model, el }) {
  const label = "Bottlenecks";
  return mountFigure({ model, el }, {
    name: "bottleneck",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
