// Who has heard whom: the network with its cone, and the matrix that it fills, under one cursor.
import { depthOf, FIELDS, KINDS, listen, makeView, settle, SIZES } from "./model.js";
import { hearingDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { asked, describe, guesses, pairCard, question } from "./words.js";
import { betRow, choice, fold, press, row, scenes, sentence, toggle } from "../kit/controls.js";
import { html, lines, svg } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { line } from "../kit/paths.js";
import { timeline } from "../kit/time.js";
import { wiring } from "../shared/wiring.js";

function build(figure) {
  const { model, state, root } = figure, drawing = hearingDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root);
  const act = (patch, live = false) => {
    figure.stop();
    state.set(patch, { live });
  };
  const time = timeline(figure, { field: "stage", last: depthOf });
  const hands = makeHands(figure, { area, drawing, act });
  const head = makeHead(act), status = sentence(figure), card = html("div", { class: "fl-card" });
  const bet = betRow("how many it will have heard"), links = scenes(figure);
  const below = html("div", { class: "fl-below fl-second" });
  status.root.classList.add("fl-sentence-row");
  root.append(head.root, area, time.root, status.root, below, card, bet.root, links.root);
  // What the hand points at is shown and told in place of what is chosen.
  function pointed(now) {
    const hover = hands.hover(), outside = Math.max(hover?.token, hover?.source ?? 0) >= now.length;
    return hover && !outside ? { ...now, ...hover } : now;
  }
  return {
    view: makeView(model),
    draw(view, now) {
      const shown = pointed(now), told = shown === now ? view : listen(shown);
      drawing.draw(shown, told, figure.wide, model.get("ask") ? ghosts(shown) : null);
      const { height, narrow } = drawing.place();
      area.style.height = `${height}px`;
      if (narrow !== below.contains(drawing.below)) {
        below.replaceChildren(...(narrow ? [drawing.below] : []));
      }
      hands.show(now, view);
      head.show(now);
      time.show(now);
      card.replaceChildren(...lines(pairCard(shown, told)));
      status.say(describe(shown, told), describe(now, view));
      bet.show(betOf(figure, act, now));
      links.show();
    },
  };
}

// The bet is about the whole sentence, as is its ghost.
const ghosts = (now) => (now.length < now.n ? [] : guesses(now));

// Small pictures to choose from, and what else there is.
function makeHead(act) {
  const pictures = KINDS.map(([kind, name]) => {
    const button = press("", () => act({ schedule: kind }), { class: "fl-button fl-thumb" });
    button.append(thumbnail(kind), html("span", {}, name));
    return [kind, button];
  });
  const kinds = html("span", { class: "fl-thumbs", role: "group", "aria-label": "who meets whom" });
  kinds.append(...pictures.map(([, button]) => button));
  const n = choice(
    "N",
    SIZES.map((size) => [size, size]),
    (value) => act({ n: Number(value) }),
    "N, places for tokens",
  );
  const causal = toggle("no peeking at later tokens", (on) => act({ causal: on }));
  const padding = toggle("empty places relay", (on) => act({ padding: on ? "relay" : "keep" }));
  const length = choice("real tokens", [], (value) => act({ length: Number(value) }));
  const more = fold("more", row(padding.root, length.root));
  let offered = 0;
  return {
    root: html("div", { class: "fl-head" }, kinds, row(n.root, causal.root), more),
    show(now) {
      for (const [kind, button] of pictures) {
        button.setAttribute("aria-pressed", String(kind === now.schedule));
      }
      if (offered !== now.n) length.offer(range(now.n - 1).map((i) => [i + 2, String(i + 2)]));
      offered = now.n;
      n.show(now.n);
      causal.show(now.causal);
      padding.show(now.padding === "relay");
      length.show(now.length);
    },
  };
}

function thumbnail(kind) {
  const { partners } = wiring(kind, 8, kind === "prefix"),
    gap = 60 / partners.length,
    y = (row) => 3 + 4 * row;
  const wires = partners.flatMap((column, stage) =>
    column.map((partner, i) => line(stage * gap + 2, y(partner), (stage + 1) * gap + 2, y(i)))
  );
  const size = { viewBox: "0 0 64 34", width: 64, height: 34, "aria-hidden": "true" };
  return svg("svg", size, svg("path", { d: wires.join("") }));
}

// A bet before the future is forbidden, in two questions.
function betOf({ model, state }, act, now) {
  const { n, bet, causal, length } = now, token = asked(n)[bet.length];
  if (!model.get("ask") || length < n || (causal && !bet.some(Boolean))) return null;
  const forbid = () => act({ causal: true, stage: depthOf(state.read()) });
  const say = (count) => act({ bet: [...state.read().bet, count] });
  const guess = (count) => ({ words: String(count), act: () => say(count) });
  const offered = token === undefined
    ? [{ words: "No peeking", act: forbid }]
    : likely(n, token + 1).map(guess);
  return { question: question(now), answers: causal ? [] : offered };
}

const likely = (n, most) =>
  [...new Set([2, Math.log2(n) + 1, Math.ceil(most / 2), most])].sort((a, b) => a - b);

function render({ model, el }) {
  const label = "Who has heard whom";
  return mountFigure({ model, el }, {
    name: "receptivefield",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
