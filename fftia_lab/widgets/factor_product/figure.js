// Sparse factors multiplied into a dense matrix; every entry of it is one number from each factor.
import { factorWiring, multiply, natureOf, sideOf, tableOf } from "./model.js";
import {
  describeProduct,
  entryCard,
  guessesOf,
  nameOf,
  titleOf,
  valueText,
} from "./words.js";
import { cellUnder, middle } from "./layout.js";
import { factorDrawing } from "./drawing.js";
import { factorKnob } from "./knob.js";
import { range } from "../kit/complexes.js";
import { listOf, oneOf, whole, wished } from "../kit/states.js";
import { number, sub } from "../kit/words.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  moveTo,
  press,
  scenes,
  sentence,
  setValue,
  timeline,
} from "../kit/kit.js";

const FIELDS = ["n", "weights", "stage", "entry", "weight", "change", "bet"];
const NAMES = {
  twiddles: "twiddles of the FFT",
  gates: "gates of a layer",
  learned: "learned numbers",
};

// ---- state: what can be ------------------------------------------------------------------------
const CHECKS = {
  n: oneOf(4, 8, 16),
  weights: (value, model) => Object.hasOwn(model.get("tables"), value),
  stage: Number.isFinite,
  entry: listOf(whole, whole),
  weight: listOf(whole, whole, whole),
  change: Number.isFinite,
  bet: listOf(whole, whole),
};

function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), tables = model.get("tables");
  if (!tables[next.weights][next.n]) { // numbers given from Python have one size
    if ("weights" in patch) next.n = Number(Object.keys(tables[next.weights])[0]);
    else next.weights = "twiddles";
  }
  const table = tableOf(next, tables),
    wired = factorWiring(next.n, table),
    depth = wired.partners.length;
  const resized = next.n !== state.n, other = resized || next.weights !== state.weights;
  if (resized && !("stage" in patch) && state.stage === Math.log2(state.n)) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  next.entry = next.entry.map((place) => place % next.n);
  if (next.weight.length && sideOf(wired, next.weight) < 0) {
    if ("weight" in patch && String(patch.weight) !== String(state.weight)) {
      throw new Error(
        `weight cannot be ${JSON.stringify(next.weight)}: no factor has an entry there`,
      );
    }
    next.weight = [];
  }
  const moved = other || String(next.weight) !== String(state.weight);
  if (!next.weight.length || (moved && !("change" in patch))) next.change = 0;
  if (next.change) next.change = possibleChange(next, table, wired);
  const [factor, count] = next.bet, old = other || (factor === 0 && moved);
  if (
    !(factor <= depth && guessesOf(next.n, factor).includes(count)) || (old && !("bet" in patch))
  ) next.bet = [];
  return next;
}

function possibleChange({ weight, change }, table, wired) {
  const nature = natureOf(table);
  if (nature.turning) return change - Math.round(change);
  const now = table.stages[weight[0]][weight[1]][sideOf(wired, weight)][0];
  if (now + change > nature.high) return nature.high - now;
  return now + change < nature.low ? nature.low - now : change;
}

// ---- figure ------------------------------------------------------------------------------------
function build(figure) {
  const { model, state } = figure, tables = model.get("tables"), drawing = factorDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root),
    card = html("div", { class: "fl-card" });
  let view = null, hover = null, wide = 0;
  const settled = () => state.read(), seen = () => multiply(settled(), tables); // hands act on the state, which may be ahead of the drawing
  const grid = (stage) => drawing.gridOf(stage), product = () => drawing.place().product;

  // hands: an entry of the product is chosen by pointing, kept by pressing, walked with the arrows
  const pin = (row, column) => state.set({ entry: [row, column] });
  const walk = (down, right) => () => {
    const { entry, n } = settled(), [row, column] = entry;
    if (entry.length) pin((row + down + n) % n, (column + right + n) % n);
    else pin(0, 0);
  };
  const leap = (change) => () => {
    const { entry, n } = settled();
    pin(...change(entry[0] ?? 0, entry[1] ?? 0, n - 1));
  };
  const entryHand = handle("entry of the product: arrow keys walk", "fl-entry", {
    ArrowUp: walk(-1, 0),
    ArrowDown: walk(1, 0),
    ArrowLeft: walk(0, -1),
    ArrowRight: walk(0, 1),
    Enter: walk(0, 0),
    Escape: () => state.set({ entry: [] }),
    Home: leap((row) => [row, 0]),
    End: leap((row, column, last) => [row, last]),
    PageUp: leap((row, column) => [0, column]),
    PageDown: leap((row, column, last) => [last, column]),
  });
  entryHand.addEventListener("click", walk(0, 0));

  // hands: a number of a factor likewise; left and right walk along the row, through all factors
  const choose = (weight) => state.set({ weight });
  const firstNumber = () => {
    if (!settled().weight.length) choose([seen().depth - 1, 0, 0]);
  };
  const down = (steps) => () => {
    const { n, weight } = settled(), [stage, row, column] = weight, next = (row + steps + n) % n;
    if (weight.length) choose([stage, next, column === row ? next : seen().partners[stage][next]]);
    else firstNumber();
  };
  const along = (steps) => () => {
    const { weight } = settled(), { partners, depth } = seen(), row = weight[1];
    if (!weight.length) return firstNumber();
    const sites = range(depth).reverse().flatMap((stage) =>
      [row, partners[stage][row]].sort((a, b) => a - b).map((column) => [stage, row, column])
    );
    const at = sites.findIndex((site) => String(site) === String(weight));
    choose(sites[(at + steps + sites.length) % sites.length]);
  };
  const weightHand = handle("number of a factor: arrow keys walk", "fl-weight", {
    ArrowUp: down(-1),
    ArrowDown: down(1),
    ArrowLeft: along(-1),
    ArrowRight: along(1),
    Enter: firstNumber,
    Escape: () => state.set({ weight: [] }),
  });
  weightHand.addEventListener("click", firstNumber);
  let from = null, pulled = false; // a pull changes the number where it stands, a tap chooses
  drag(weightHand, area, {
    start: () => {
      from = null;
      pulled = false;
    },
    move: (points) => {
      const at = points.at(-1), [stage, row, column] = settled().weight;
      from ??= at;
      pulled ||= Math.hypot(at.x - from.x, at.y - from.y) > 6;
      if (pulled && stage !== undefined) knob.pull(middle(grid(stage), row, column), from, at);
    },
    end: () => {
      const weight = pulled || !from ? null : weightUnder(from.x, from.y);
      state.set(weight ? { weight } : {});
    },
  });

  const entryUnder = (x, y) => cellUnder(product(), view.n, x, y);
  function weightUnder(x, y) { // of the two numbers in the row under the hand, the nearer one
    for (const stage of range(view.depth)) {
      const found = cellUnder(grid(stage), view.n, x, y);
      if (!found) continue;
      const [row, column] = found, partner = view.partners[stage][row];
      return [stage, row, Math.abs(row - column) <= Math.abs(partner - column) ? row : partner];
    }
    return null;
  }
  const pointOf = (event) => {
    const box = area.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  drawing.root.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const point = pointOf(event), found = entryUnder(...point);
    if (String(found) !== String(hover)) {
      hover = found;
      figure.invalidate();
    }
    drawing.root.style.cursor = found || weightUnder(...point) ? "pointer" : "";
  });
  drawing.root.addEventListener("pointerleave", () => {
    hover = null;
    figure.invalidate();
  });
  drawing.root.addEventListener("click", (event) => {
    const point = pointOf(event), entry = entryUnder(...point), weight = weightUnder(...point);
    if (entry) {
      pin(...entry);
      entryHand.focus({ preventScroll: true });
    } else if (weight) {
      choose(weight);
      weightHand.focus({ preventScroll: true });
    } else knob.tapped(...point);
  });

  const knob = factorKnob(figure, {
    area,
    drawing: drawing.root,
    tables,
    place: () => drawing.place().panel,
    otherHand: weightHand,
  });
  const controls = makeControls(state, tables),
    status = sentence(figure),
    bet = makeBet(state),
    links = scenes(figure);
  const time = timeline(figure, {
    key: "stage",
    unit: "factor",
    seconds: 1.4,
    last: (now) => Math.log2(now.n),
    names: (top) => range(top + 1).map((stop) => titleOf(stop - 1, tableOf(settled(), tables))),
  });
  area.append(card, entryHand, weightHand, knob.root);
  figure.root.append(controls.root, area, time.root, status.root, bet.root, links.root);

  function drawHands(now) {
    const { nature, n } = view,
      [row, column] = now.entry.length ? now.entry : [0, 0],
      [stage, i, j] = now.weight.length ? now.weight : [view.depth - 1, 0, 0];
    moveTo(entryHand, ...middle(product(), row, column));
    moveTo(weightHand, ...middle(grid(stage), i, j));
    weightHand.style.pointerEvents = now.weight.length ? "auto" : "none";
    const value = valueText(view.products[view.done][row][column], nature);
    setValue(entryHand, {
      now: row * n + column,
      min: 0,
      max: n ** 2 - 1,
      text: now.entry.length
        ? `row ${row}, column ${column}: ${value}`
        : "no entry chosen; Enter chooses one",
    });
    setValue(weightHand, {
      now: i,
      min: 0,
      max: n - 1,
      text: now.weight.length
        ? `${nameOf(now.weight)}: ${valueText(view.is, nature)}`
        : "no number chosen; Enter chooses one",
    });
  }
  function placeCard() {
    const { card: { x, y, width }, height } = drawing.place();
    Object.assign(card.style, { left: `${x}px`, top: `${y}px`, width: `${width}px` });
    area.style.height = `${height}px`;
  }

  return {
    layout(width) {
      wide = width;
    },
    view: (now) => multiply(now, tables),
    draw(latest, now) {
      view = latest;
      if (hover && Math.max(...hover) >= view.n) hover = null;
      const pointed = hover ? { ...now, entry: hover } : now,
        told = hover ? multiply(pointed, tables) : view;
      drawing.draw(now, view, pointed, told.path, wide);
      placeCard();
      drawHands(now);
      knob.draw(now, view);
      controls.show(now);
      time.show(
        now.stage,
        `${number(now.stage, Number.isInteger(now.stage) ? 0 : 1)} of ${view.depth} factors`,
      );
      status.say(describeProduct(pointed, told), describeProduct(now, view));
      card.replaceChildren(...entryCard(pointed, told));
      bet.show(now, view);
      links.show();
    },
  };
}

// One tap of prediction before the next factor multiplies, or before a weight of all is changed.
function makeBet(state) {
  const question = html("span"),
    answers = html("span", { class: "fl-answers", role: "group", "aria-label": "your guess" });
  const root = html("div", { class: "fl-bet" }, question, answers);
  let drawn = "";
  return {
    root,
    show(now, view) {
      const over = view.done === view.depth, factor = over ? 0 : view.done + 1;
      const mine = now.bet[0] === factor ? now.bet[1] : 0,
        asks = !over || (now.weight.length && (mine || !now.change));
      const verb = view.nature.turning ? "turn" : "move",
        what = over ? `you ${verb} ${nameOf(now.weight)}` : `B${sub(factor)} multiplies`;
      question.textContent = !asks
        ? ""
        : mine
        ? `Your guess: ${mine}. Now ${over ? `${verb} it` : "multiply: press ›"}.`
        : `Before ${what}: how many of the ${now.n ** 2} entries will ${
          over ? "change" : "be nonzero"
        }?`;
      const wanted = JSON.stringify([now.n, factor, Boolean(asks), mine]);
      if (wanted === drawn) return;
      drawn = wanted;
      const pressed = answers.contains(document.activeElement),
        counts = asks ? guessesOf(now.n, factor) : [];
      answers.replaceChildren(
        ...counts.map((count) =>
          press(String(count), () => state.set({ bet: [factor, count] }), {
            class: "fl-button",
            "aria-pressed": String(count === mine),
          })
        ),
      );
      if (pressed) {
        (answers.querySelector('[aria-pressed="true"]') ?? answers.querySelector("button"))
          ?.focus();
      }
    },
  };
}

function makeControls(state, tables) {
  const sizes = choice(
    "N",
    [4, 8, 16].map((n) => [n, n]),
    (value) => state.set({ n: Number(value) }),
  );
  const weights = choice(
    "weights",
    Object.keys(tables).map((name) => [name, NAMES[name] ?? name]),
    (value) => state.set({ weights: value }),
  );
  const note = html("p", { class: "fl-note" });
  return {
    root: html(
      "div",
      { class: "fl-head" },
      html("div", { class: "fl-controls" }, sizes.root, weights.root),
      note,
    ),
    show(now) {
      sizes.show(now.n);
      weights.show(now.weights);
      note.textContent = tableOf(now, tables).note;
    },
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, {
    name: "factorproduct",
    label: "The product of the factors",
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
