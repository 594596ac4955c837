// What is taken hold of in the butterfly: the signal's bars, a node, the twiddle of its pair.
import { twiddleDial } from "./dial.js";
import { nodeUnder, twiddleUnder } from "./layout.js";
import { nodeValue } from "./words.js";
import { focus } from "../kit/elements.js";
import { handle, lay, moveTo, pointIn, pointing, setValue } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";
import { signalOf } from "../shared/network.js";
import { samplePad } from "../shared/samples.js";

export function makeHands(figure, { area, drawing, signals }) {
  const { state } = figure, { root, place } = drawing;
  const pad = samplePad(figure, area, {
    label: "signal: up and down choose the sample, left and right change it",
    samples: () => signalOf(state.read(), signals),
    stacked: true,
    called: () => (state.read().weights === "fft" ? "sample" : "token"),
    at({ x, y }) {
      const g = place(), row = clamp(Math.round((y - g.y(0)) / g.dy), 0, state.read().n - 1);
      return { place: row, value: (2 * x) / g.pad - 1 };
    },
  });
  const cursor = makeCursor(figure);
  const dial = twiddleDial(figure, { area, drawing: root, otherHand: cursor });
  area.append(pad.root, cursor, dial.root);
  const hover = pointAndPress(figure, { area, drawing, cursor, dial });
  return {
    hover,
    focused: pad.focused,
    show(now, view) {
      const g = place(), [column, row] = now.node.length ? now.node : [view.depth, 0];
      lay(pad.root, { x: 0, y: g.y(0) - g.dy / 2, width: g.pad, height: g.dy * now.n });
      pad.show(view.x);
      moveTo(cursor, g.x(column), g.y(row));
      setValue(cursor, { now: row, min: 0, max: now.n - 1, text: nodeValue(now, view) });
      dial.show(now, view, g);
    },
  };
}

// A node is walked with the arrows; from one edge of the rows to the other, not of the columns.
function makeCursor(figure) {
  const { state } = figure;
  const go = (columns, rows) => () => {
    const { node, n } = state.read(), { depth } = figure.look();
    const [column, row] = node.length ? node : [depth, 0];
    const far = Math.abs(rows) > 1, next = far ? clamp(row + rows, 0, n - 1) : (row + rows + n) % n;
    state.set({ node: [clamp(column + columns, 0, depth), next] });
  };
  const cursor = handle("chosen node: arrow keys walk", "fl-cursor", {
    ArrowLeft: go(-1, 0),
    ArrowRight: go(1, 0),
    ArrowUp: go(0, -1),
    ArrowDown: go(0, 1),
    Home: go(-64, 0),
    End: go(64, 0),
    PageUp: go(0, -64),
    PageDown: go(0, 64),
    Enter: go(0, 0),
    Escape: () => state.set({ node: [] }),
  });
  cursor.addEventListener("click", () => {
    if (!state.read().node.length) go(0, 0)();
  });
  return cursor;
}

// A node is shown by pointing and kept by pressing; a twiddle chooses the node that it makes.
function pointAndPress(figure, { area, drawing, cursor, dial }) {
  const { state } = figure, { root, place } = drawing;
  let hover = null;
  pointing(root, area, {
    find: (point) => nodeUnder(place(), figure.view, point),
    show(found) {
      hover = found;
      root.style.cursor = found ? "pointer" : "";
      figure.invalidate();
    },
  });
  root.addEventListener("click", (event) => {
    const point = pointIn(area, event), { view } = figure;
    if (dial.tapped(point)) return;
    const node = nodeUnder(place(), view, point) ??
      twiddleUnder(place(), state.read(), view, point);
    if (!node) return;
    state.set({ node });
    focus(cursor);
  });
  return ({ depth, n }) => (hover && hover[0] <= depth && hover[1] < n ? hover : null);
}
