// What is taken hold of in the product: an entry of it, a number of a factor, and its knob.
import { factorKnob } from "./knob.js";
import { cellUnder, middle } from "./layout.js";
import { entryValue, weightValue } from "./words.js";
import { focus } from "../kit/elements.js";
import { drag, handle, moveTo, pointIn, pointing, setValue } from "../kit/hands.js";
import { range } from "../kit/numbers.js";

export function makeHands(figure, { area, drawing }) {
  const entry = makeEntry(figure), weight = makeWeight(figure);
  const knob = factorKnob(figure, { area, drawing, otherHand: weight });
  area.append(entry, weight, knob.root);
  pullWeight(figure, { area, drawing, weight, knob });
  const hover = pointAndPress(figure, { area, drawing, entry, weight, knob });
  return {
    hover,
    show(now, view) {
      const g = drawing.place(), { n } = view;
      const [row, column] = now.entry.length ? now.entry : [0, 0];
      const [stage, i, j] = now.weight.length ? now.weight : [view.depth - 1, 0, 0];
      moveTo(entry, ...middle(g.product, row, column));
      moveTo(weight, ...middle(g.of(stage), i, j));
      weight.style.pointerEvents = now.weight.length ? "auto" : "none";
      const values = { now: row * n + column, min: 0, max: n ** 2 - 1 };
      setValue(entry, { ...values, text: entryValue(now, view) });
      setValue(weight, { now: i, min: 0, max: n - 1, text: weightValue(now, view) });
      knob.draw(now, view);
    },
  };
}

// An entry is walked with the arrows, round the edges; other keys go to them.
function makeEntry({ state }) {
  const walk = (down, right) => () => {
    const { entry, n } = state.read(), [row, column] = entry;
    const next = [(row + down + n) % n, (column + right + n) % n];
    state.set({ entry: entry.length ? next : [0, 0] });
  };
  const leap = (change) => () => {
    const { entry: [row = 0, column = 0], n } = state.read();
    state.set({ entry: change(row, column, n - 1) });
  };
  const hand = handle("entry of the product: arrow keys walk", "fl-entry", {
    ArrowUp: walk(-1, 0),
    ArrowDown: walk(1, 0),
    ArrowLeft: walk(0, -1),
    ArrowRight: walk(0, 1),
    Enter: walk(0, 0),
    Escape: () => state.set({ entry: [] }),
    Home: leap((row) => [row, 0]),
    End: leap((row, _, last) => [row, last]),
    PageUp: leap((_, column) => [0, column]),
    PageDown: leap((_, column, last) => [last, column]),
  });
  hand.addEventListener("click", walk(0, 0));
  return hand;
}

// A number of a factor likewise; left and right walk along its row, through all factors.
function makeWeight(figure) {
  const { state } = figure, choose = (weight) => state.set({ weight });
  const first = () => {
    if (!state.read().weight.length) choose([figure.look().depth - 1, 0, 0]);
  };
  const down = (steps) => () => {
    const { n, weight } = state.read(), [stage, row, column] = weight, next = (row + steps + n) % n;
    if (!weight.length) return first();
    choose([stage, next, column === row ? next : figure.look().partners[stage][next]]);
  };
  const along = (steps) => () => {
    const { weight } = state.read(), { partners, depth } = figure.look(), row = weight[1];
    if (!weight.length) return first();
    const inRow = (stage) => [row, partners[stage][row]].sort((a, b) => a - b);
    const sites = range(depth).reverse().flatMap((stage) =>
      inRow(stage).map((column) => [stage, row, column])
    );
    const at = sites.findIndex((site) => String(site) === String(weight));
    choose(sites[(at + steps + sites.length) % sites.length]);
  };
  const hand = handle("number of a factor: arrow keys walk", "fl-weight", {
    ArrowUp: down(-1),
    ArrowDown: down(1),
    ArrowLeft: along(-1),
    ArrowRight: along(1),
    Enter: first,
    Escape: () => choose([]),
  });
  hand.addEventListener("click", first);
  return hand;
}

// Of the two numbers in the row under the hand, the nearer one.
function weightUnder(g, { depth, n, partners }, { x, y }) {
  for (const stage of range(depth)) {
    const found = cellUnder(g.of(stage), n, x, y);
    if (!found) continue;
    const [row, column] = found, partner = partners[stage][row];
    return [stage, row, Math.abs(row - column) <= Math.abs(partner - column) ? row : partner];
  }
  return null;
}

// A pull changes the number where it stands, a tap chooses another.
function pullWeight(figure, { area, drawing, weight, knob }) {
  const { state } = figure;
  let from = null, pulled = false;
  drag(weight, area, {
    start() {
      from = null;
      pulled = false;
    },
    move(points) {
      const at = points.at(-1), [stage, row, column] = state.read().weight;
      from ??= at;
      pulled ||= Math.hypot(at.x - from.x, at.y - from.y) > 6;
      if (!pulled || stage === undefined) return;
      knob.pull(middle(drawing.place().of(stage), row, column), from, at);
    },
    end() {
      const found = pulled || !from ? null : weightUnder(drawing.place(), figure.look(), from);
      state.set(found ? { weight: found } : {});
    },
  });
}

// Pointing at an entry shows it; pressing keeps an entry, or a number of a factor.
function pointAndPress(figure, { area, drawing, entry, weight, knob }) {
  const { state } = figure, { root, place } = drawing;
  let hover = null;
  const entryUnder = ({ x, y }) => cellUnder(place().product, figure.view.n, x, y);
  const numberUnder = (point) => weightUnder(place(), figure.view, point);
  pointing(root, area, {
    find(point) {
      const found = entryUnder(point);
      root.style.cursor = found || numberUnder(point) ? "pointer" : "";
      return found;
    },
    show(found) {
      hover = found;
      figure.invalidate();
    },
  });
  root.addEventListener("click", (event) => {
    const point = pointIn(area, event), [cell, number] = [entryUnder(point), numberUnder(point)];
    if (!cell && !number) return knob.tapped(point);
    state.set(cell ? { entry: cell } : { weight: number });
    focus(cell ? entry : weight);
  });
  return ({ n }) => (hover && Math.max(...hover) < n ? hover : null);
}
