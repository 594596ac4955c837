// What is taken hold of in the figure of who has heard whom: a listener, a source, the end.
import { depthOf } from "./model.js";
import { called } from "./words.js";
import { drag, handle, lay, moveTo, pointIn, pointing, setValue, upAndDown } from "../kit/hands.js";
import { clamp, stopAfter, stopBefore } from "../kit/numbers.js";
import { popcount } from "../shared/news.js";

// `drawing.place()` says where everything stands, `act(patch, live)` changes the state.
export function makeHands(figure, { area, drawing, act }) {
  const { state } = figure, place = drawing.place;
  const context = {
    figure,
    area,
    act,
    place,
    rowAt: (y) => clamp(Math.floor((y - place().top) / place().dy), 0, state.read().length - 1),
    columnAt(x) {
      return clamp(Math.round((x - place().first) / place().gap), 0, depthOf(state.read()));
    },
    cutAt: (y) => clamp(Math.round((y - place().top) / place().dy), 2, state.read().n),
  };
  const hands = [makeSpeaker(context), makeHearer(context), makeBorder(context)];
  area.append(...hands.map(({ root }) => root));
  const hover = pointAndPress(context, drawing);
  return { hover, show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

// Who hears is dragged along the tokens and through the stages.
function makeHearer({ figure: { state }, area, act, place, rowAt, columnAt }) {
  const walk = (change) => () => {
    const { token, length } = state.read();
    act({ token: clamp(token + change, 0, length - 1) });
  };
  const step = (to) => () => act({ stage: to(state.read().stage) });
  const name = "who hears: up and down choose the token, left and right the stage";
  const keys = {
    ...upAndDown(walk, 8, 64),
    ArrowLeft: step(stopBefore),
    ArrowRight: step(stopAfter),
  };
  const root = handle(name, "fl-hearer", keys);
  drag(root, area, {
    keepOffset: true,
    move(points) {
      const { x, y } = points.at(-1);
      act({ token: rowAt(y), stage: columnAt(x) }, true);
    },
    end: state.rest,
  });
  return {
    root,
    show({ n, token, stage, length }, { done, depth, row, mayHear }) {
      moveTo(root, place().x(stage), place().y(token));
      const heard = `has heard ${popcount(row)} of ${mayHear}`;
      const words = `${called(n, token)}, after ${done} of ${depth} stages, ${heard}`;
      setValue(root, { now: token, min: 0, max: length - 1, text: words });
    },
  };
}

// Whose news is followed is chosen on the words; pressing the chosen one again lets go of it.
function makeSpeaker({ figure: { state }, area, act, place, rowAt }) {
  const walk = (change) => () => {
    const { source, length } = state.read();
    act({ source: source < 0 ? 0 : clamp(source + change, 0, length - 1) });
  };
  const release = () => act({ source: -1 });
  const keys = { ...upAndDown(walk, 8, 64), Escape: release, Delete: release };
  const name = "whose news: up and down choose the token, Escape lets go";
  const root = handle(name, "fl-speaker", keys);
  let held = -1, moved = false;
  drag(root, area, {
    start() {
      held = state.read().source;
      moved = false;
    },
    move(points) {
      const source = rowAt(points.at(-1).y);
      moved ||= source !== held;
      act({ source }, true);
    },
    end: () => (moved ? state.rest() : release()),
  });
  return {
    root,
    show({ n, token, source, length }, { route }) {
      const { gutter, top, first, dy } = place();
      lay(root, { x: gutter, y: top, width: first - gutter - 14, height: length * dy });
      const words = source < 0
        ? "nobody’s news is followed"
        : `${called(n, source)}; ${source === token ? "it hears itself" : arrival(route)}`;
      setValue(root, { now: source, min: -1, max: length - 1, text: words });
    },
  };
}

const arrival = ({ meets }) =>
  meets < 0 ? "its news never arrives" : `its news arrives in stage ${meets}`;

// The end of the sentence.
function makeBorder({ figure: { state }, area, act, place, cutAt }) {
  const cut = (change) => () => {
    const { length, n } = state.read();
    act({ length: clamp(length + change, 2, n) });
  };
  const root = handle("end of the sentence", "fl-border fl-bar", upAndDown(cut, 8, 64));
  drag(root, area, {
    keepOffset: true,
    move: (points) => act({ length: cutAt(points.at(-1).y) }, true),
    end: state.rest,
  });
  return {
    root,
    show({ n, length }) {
      const { gutter, top, dy } = place();
      moveTo(root, gutter - 14, top + length * dy);
      setValue(root, { now: length, min: 2, max: n, text: `${length} of ${n} tokens are real` });
    },
  };
}

// Pointing shows, pressing keeps: a node, a cell of the matrix, or the end of the sentence. Time
// stands still while the hand only points.
function pointAndPress({ figure, area, act, place, columnAt, cutAt }, { root, below }) {
  let hover = null;
  const under = ({ x, y }) => cellAt(x, y) ?? nodeAt(x, y);
  function cellAt(x, y) {
    const g = place(), { length } = figure.state.read();
    const [column, row] = [(x - g.left) / g.dy, (y - g.high) / g.dy].map(Math.floor);
    const inside = Math.min(column, row) >= 0 && Math.max(column, row) < length;
    return inside ? { token: row, source: column } : null;
  }
  function nodeAt(x, y) {
    const g = place(), { length } = figure.state.read(), node = Math.floor((y - g.top) / g.dy);
    const beside = x < g.first - 10 || x > g.x(figure.view.depth) + 12;
    return node < 0 || node >= length || beside ? null : { token: node, stage: columnAt(x) };
  }
  const show = (found) => {
    hover = found && { token: found[0], ...(found[1] < 0 ? {} : { source: found[1] }) };
    figure.invalidate();
  };
  // Two pictures, one set of places: the lower one begins at `cut`.
  const pictures = [[root, area, () => 0], [below, below, () => place().cut]];
  for (const [picture, box, above] of pictures) {
    const shifted = ({ x, y }) => ({ x, y: y + above() });
    pointing(picture, box, {
      find(point, event) {
        const found = event.buttons ? null : under(shifted(point));
        return found && [found.token, found.source ?? -1];
      },
      show,
    });
    picture.addEventListener("click", (event) => {
      const point = shifted(pointIn(box, event)), found = under(point);
      if (found) act(found);
      else if (isBesideSentence(place(), point)) act({ length: cutAt(point.y) });
    });
  }
  return () => hover;
}

const isBesideSentence = ({ gutter, top, side }, { x, y }) =>
  x < gutter && y > top && y < top + side;
