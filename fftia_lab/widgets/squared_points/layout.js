// Where everything of the figure `squaredpoints` stands, in pixels of its drawing: the circle, and
// beside or below it the tree, whose calls have a slot for each value that they compute.
import { depthOf, levelOf } from "./model.js";
import { clamp, mix } from "../kit/numbers.js";

const BOX = 18, TITLE = 20, NAMES = 40; // a call; words over a level; room for w⁰, w¹ …

export function measure(width, state) {
  const narrow = width < 560, depth = depthOf(state), { n } = state;
  const side = narrow ? Math.min(width, 264) : clamp(width * 0.4, 250, 330);
  const centre = { x: narrow ? width / 2 : side / 2, y: side / 2, r: side / 2 - NAMES };
  const left = narrow ? 2 : side + 26, right = width - 2, top = TITLE + (narrow ? side : 6);
  const pitch = narrow ? 60 : Math.min(84, (side - top - BOX - 44) / depth);
  const unit = (right - left) / n, row = (level) => top + pitch * level;
  const slotX = (level, call, k) => left + unit * ((call * n) / 2 ** level + k + 0.5);
  return {
    width,
    narrow,
    centre,
    left,
    right,
    unit,
    box: BOX,
    dot: clamp(unit * 0.24, 2, 5),
    height: Math.max(side, row(depth) + BOX + 42),
    row,
    // of the words below a level, under its brace or the names of its samples
    below: (level) => row(level) + BOX + (level < depth ? 20 : 34),
    slotX,
    slot: (level, call, k) => [slotX(level, call, k), row(level) + BOX / 2],
    at: ([re, im], part = 1) => [centre.x + re * part * centre.r, centre.y - im * part * centre.r],
  };
}

export const SQUARE = 0.7; // z² stands inside of the circle, where neither z nor −z can cover it
export const OUTSIDE = 27; // the names of the points, in pixels from the circle

// The row of a level; that which is on its way comes out of the one above.
export const rowNow = (g, level, { level: done, part }) =>
  level > done ? mix(g.row(done), g.row(level), part) : g.row(level);

// The call under a point, of the levels that have been reached, or null.
export function callUnder(g, state, { x, y }) {
  const place = (x - g.left) / g.unit;
  if (place < 0 || place >= state.n) return null;
  for (let level = 0; level <= levelOf(state); level++) {
    const top = g.row(level);
    if (y >= top - TITLE / 2 && y < top + g.box + 6) {
      return { level, call: Math.floor((place * 2 ** level) / state.n) };
    }
  }
  return null;
}

// Whether a press there means the circle.
export const onCircle = ({ centre }, { x, y }) =>
  Math.abs(Math.hypot(x - centre.x, y - centre.y) - centre.r) < 18;

// How far a point of the page is round the circle, clockwise, in turns from 1.
export const turnsAt = ({ centre }, { x, y }) =>
  Math.atan2(y - centre.y, x - centre.x) / (2 * Math.PI);
