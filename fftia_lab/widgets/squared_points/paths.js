// The path data of the figure `squaredpoints`: its circle and its tree.
import { rowNow, SQUARE } from "./layout.js";
import { once } from "./model.js";
import { mix, range, unit } from "../kit/numbers.js";
import { around, disc, discs, line, polyline, rectangle } from "../kit/paths.js";

// ---- the circle --------------------------------------------------------------------------------
export function circlePaths(g, { k }, view) {
  const { m, part, level, points, moved, square } = view, { x, y, r } = g.centre;
  const ring = range(m).map((j) => g.at(unit(-j / m))),
    [z, opposite] = moved.map((one) => g.at(one));
  const seen = m > 1;
  return {
    circle: disc(x, y, r) + line(x, y, x + r, y),
    ticks: discs(ring, 6 + level),
    dots: discs(points.map((one) => g.at(one)), 3 + level + part),
    "spoke-z": line(x, y, ...z),
    "spoke-opposite": seen ? line(x, y, ...opposite) : "",
    "spoke-square": seen ? line(...g.at(square, SQUARE), ...g.at(square)) : "",
    opposite: seen ? disc(...opposite, 13) : "",
    square: seen ? around(...g.at(square, SQUARE), 25, 22) : "",
    ...arcs(g, once(k, m) / m, seen && !part),
  };
}

// From 1 to z, and the same again from z to z².
function arcs(g, turns, shown) {
  if (!shown || !turns) return { arc: "", again: "" };
  return { arc: arc(g, 0, turns, 0.3), again: arc(g, turns, 2 * turns, 0.4) };
}

function arc(g, from, to, part) {
  const steps = Math.max(2, Math.ceil((to - from) * 72));
  return polyline(
    range(steps + 1).map((i) => g.at(unit(-mix(from, to, i / steps)), part)),
  );
}

// ---- the tree ----------------------------------------------------------------------------------
export function treePaths(g, now, view) {
  const { level, part } = view, grown = range(level + 1 + Number(part > 0));
  const boxes = grown.map((one) => range(2 ** one).map((call) => boxOf(g, now, view, one, call)));
  const slots = grown.flatMap((one) => slotsOf(g, now, view, one));
  return {
    calls: boxes.flat(),
    "calls-on": boxes[level],
    "call-chosen": boxes[level][now.call],
    slots: discs(slots, g.dot),
    ...wirePaths(g, now, view),
    ...litPaths(g, now, view),
  };
}

function boxOf(g, { n }, view, level, call) {
  const wide = (g.unit * n) / 2 ** level, inset = g.unit < 24 ? 1.5 : 3;
  const left = g.left + wide * call + inset;
  return rectangle(left, rowNow(g, level, view), wide - 2 * inset, g.box);
}

const slotsOf = (g, { n }, view, level) =>
  range(n).map((place) => [g.slotX(level, 0, place), rowNow(g, level, view) + g.box / 2]);

// The two values of the chosen pair.
function litPaths(g, { k, call, fold }, { level, m }) {
  if (!Number.isInteger(k)) return { "slot-z": "", "slot-opposite": "", serves: "" };
  const place = (one) => g.slot(level, call, once(one, m)),
    z = place(k),
    opposite = place(k + m / 2);
  const r = g.dot + 2.5, y = z[1] + g.box / 2 + 5;
  const joined = polyline([[z[0], y - 5], [z[0], y], [opposite[0], y], [opposite[0], y - 5]]);
  return {
    "slot-z": disc(...z, r),
    "slot-opposite": m > 1 ? disc(...opposite, r) : "",
    serves: m > 1 && Number.isInteger(fold) ? joined : "",
  };
}

// Between the values of two points and those of the two halves at their square: the squaring that
// is on its way, or the last.
function wirePaths(g, { k, call }, view) {
  const { level, part } = view, above = part ? level : level - 1;
  if (above < 0 || !Number.isInteger(k)) return { even: "", odd: "" };
  const parent = part ? call : call >> 1, half = 2 ** (view.depth - above - 1);
  const from = rowNow(g, above + 1, view), tops = [k, k + half].map((one) => once(one, 2 * half));
  const wires = (child) =>
    tops.map((top) =>
      line(
        g.slotX(above + 1, 2 * parent + child, once(k, half)),
        from,
        g.slotX(above, parent, top),
        g.row(above) + g.box,
      )
    );
  return { even: wires(0), odd: wires(1) };
}
