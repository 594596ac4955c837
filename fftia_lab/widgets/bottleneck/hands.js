// What is taken hold of in the figure of the bottlenecks: a place, an entry, the values wanted.
import { cellUnder, nodeUnder } from "./layout.js";
import { cutsOf, depthOf } from "./model.js";
import { isStuck } from "./paths.js";
import { placeText } from "./words.js";
import { drag, handle, moveTo, pointIn, pointing, setValue, upAndDown } from "../kit/hands.js";
import { focus } from "../kit/elements.js";
import { clamp, number, range } from "../kit/numbers.js";

// `drawing.place()` says where everything stands, `act(patch, live)` changes the state. What is
// chosen or wished for is shown as it will be in the end.
export function makeHands(figure, { area, drawing, act }) {
  const { state } = figure, place = drawing.place;
  const done = (patch, live) => act({ ...patch, stage: depthOf(state.read()) }, live);
  const context = { figure, area, act, done, place };
  const hands = [makeWaist(context), makeEntry(context), ...makeGoals(context)];
  area.append(...hands.map(({ root }) => root));
  const hover = pointAndPress(context, drawing.root);
  return { hover, show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

// A place: dragged, or walked, along the tokens and through the stages.
function makeWaist({ figure: { state }, area, done, place }) {
  const walk = (column, row) => () => {
    const now = state.read(), [cut, token] = now.node;
    const node = [clamp(cut + column, 0, cutsOf(now)), clamp(token + row, 0, now.n - 1)];
    done({ node });
  };
  const name = "a place: up and down choose the token, left and right the stage";
  const root = handle(name, "fl-waist", {
    ...upAndDown((change) => walk(0, change), 8, 8),
    ArrowLeft: walk(-1, 0),
    ArrowRight: walk(1, 0),
  });
  drag(root, area, {
    keepOffset: true,
    move(points) {
      const now = state.read(), { x, y } = points.at(-1), { first, gap, top, cell } = place();
      const cut = clamp(Math.round((x - first) / gap), 0, cutsOf(now));
      done({ node: [cut, clamp(Math.floor((y - top) / cell), 0, now.n - 1)] }, true);
    },
    end: state.rest,
  });
  return {
    root,
    show({ mode, n, node }, view) {
      const [cut, token] = node;
      root.hidden = mode === "benes";
      if (root.hidden) return;
      moveTo(root, place().x(cut), place().y(token));
      setValue(root, { now: token, min: 0, max: n - 1, text: placeText(node, view) });
    },
  };
}

// An entry of the product, walked with keys.
function makeEntry({ figure, done, place }) {
  const aim = (down, right) => () => {
    const { n } = figure.state.read(), { row, column } = figure.look().entry;
    done({ entry: [clamp(row + down, 0, n - 1), clamp(column + right, 0, n - 1)] });
  };
  const name = "entry of the product: arrow keys walk, Escape goes back to the block's largest";
  const root = handle(name, "fl-entry", {
    ArrowUp: aim(-1, 0),
    ArrowDown: aim(1, 0),
    ArrowLeft: aim(0, -1),
    ArrowRight: aim(0, 1),
    Home: aim(0, -8),
    End: aim(0, 8),
    Escape: () => done({ entry: [] }),
  });
  return {
    root,
    show({ mode, n }, { entry }) {
      root.hidden = mode !== "block";
      if (root.hidden) return;
      moveTo(root, place().across(entry.column), place().down(entry.row));
      const where = `row ${entry.row}, column ${entry.column}`;
      const words = `${where}: ${number(entry.value)}, through place ${entry.place}`;
      setValue(root, { now: entry.row, min: 0, max: n - 1, text: words });
    },
  };
}

const moved = (order, value, row) => {
  const rest = order.filter((other) => other !== value);
  return [...rest.slice(0, row), value, ...rest.slice(row)];
};
const exchanged = (order, one, other) =>
  order.map((value) => (value === one ? other : value === other ? one : value));

// The values that the tokens are to end with: one is carried up and down, two are exchanged. Of all
// of them one can be reached with the tabulator, the others from there.
function makeGoals({ figure, area, done, place }) {
  const { state } = figure, shared = { picked: -1, current: -1 };
  const order = () => state.read().order;
  const carry = (value, row, live) => {
    const to = clamp(row, 0, order().length - 1);
    if (order()[to] !== value) done({ order: moved(order(), value, to) }, live);
  };
  const pick = (value) => {
    const { picked } = shared;
    shared.picked = picked < 0 ? value : -1;
    if (picked >= 0 && picked !== value) done({ order: exchanged(order(), picked, value) });
    figure.invalidate();
  };
  const goals = range(8).map((value) => {
    const go = (change) => () => carry(value, order().indexOf(value) + change);
    const look = (change) => () => focus(goals[order()[order().indexOf(value) + change]]?.root);
    const name = `value ${value}: up and down carry it, left and right choose another, ` +
      "Enter takes two to exchange them";
    const root = handle(name, "fl-goal", {
      ...upAndDown(go, 8, 8),
      ArrowLeft: look(-1),
      ArrowRight: look(1),
      Enter: () => pick(value),
      " ": () => pick(value),
      Escape: () => pick(shared.picked < 0 ? value : shared.picked),
    });
    root.textContent = String(value);
    root.addEventListener("focus", () => {
      shared.current = value;
      figure.invalidate();
    });
    dragGoal(root, { area, place, carry: (row) => carry(value, row, true), state, pick, value });
    return { root, show: (now, view) => showGoal(root, value, { now, view, shared, place }) };
  });
  return goals;
}

function dragGoal(root, { area, place, carry, state, pick, value }) {
  let start = 0, went = false;
  const rowAt = (y) => Math.floor((y - place().top) / place().cell);
  drag(root, area, {
    keepOffset: true,
    start() {
      start = state.read().order.indexOf(value);
      went = false;
    },
    move(points) {
      const row = rowAt(points.at(-1).y);
      went ||= row !== start;
      if (went) carry(row);
    },
    end: () => (went ? state.rest() : pick(value)),
  });
}

function showGoal(root, value, { now, view, shared, place }) {
  const { mode, n, order } = now, row = order.indexOf(value);
  root.hidden = mode === "block" || value >= n;
  if (root.hidden) return;
  const reachable = shared.current < 0 || shared.current >= n ? order[0] : shared.current;
  const fails = isStuck(view, value);
  moveTo(root, place().goal, place().y(row));
  root.tabIndex = value === reachable ? 0 : -1;
  root.classList.toggle("fl-picked", value === shared.picked);
  root.classList.toggle("fl-fails", fails);
  const picked = value === shared.picked ? "; taken, press another to exchange the two" : "";
  const words = `to end at token ${row}${fails ? ", and cannot" : ""}${picked}`;
  setValue(root, { now: row, min: 0, max: n - 1, text: words });
}

// Pointing shows and pressing keeps: a place, or an entry; in an order a press puts a 1.
function pointAndPress({ figure, area, done, place }, drawing) {
  let hover = null;
  const under = (point) => {
    const { mode } = figure.state.read(), cell = cellUnder(place(), point);
    if (cell) return mode === "block" ? { entry: cell } : null;
    const node = mode === "benes" ? null : nodeUnder(place(), point);
    return node && { node, entry: [] };
  };
  pointing(drawing, area, {
    find(point, event) {
      const found = event.buttons ? null : under(point);
      return found && JSON.stringify(found);
    },
    show(found) {
      hover = JSON.parse(found);
      figure.invalidate();
    },
  });
  drawing.addEventListener("click", (event) => {
    const point = pointIn(area, event), found = under(point), cell = cellUnder(place(), point);
    const { order } = figure.state.read();
    if (found) done(found);
    else if (cell) done({ order: exchanged(order, order[cell[0]], cell[1]) });
  });
  return () => hover;
}
