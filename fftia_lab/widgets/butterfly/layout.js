// Where everything of the figure `butterfly` stands, in pixels of its drawing.
import { clamp } from "../kit/numbers.js";
import { line, polyline } from "../kit/paths.js";

const ROW = { 2: 64, 4: 54, 8: 42, 16: 28, 32: 16, 64: 10 }, TOP = 34, BOTTOM = 40;
const NAME = 26; // the widest name of a sample
const BESIDE = 600; // from this width on the dial of an FFT stands beside its network,
const BELOW = 88; // else below it, where there is this much room
const TWIDDLE = { time: 0.26, frequency: 0.74 }; // where in the gap of a stage

export function measure(width, state, depth) {
  const narrow = width < 480, dy = ROW[state.n], fft = state.weights === "fft";
  const aisle = fft && width >= BESIDE ? clamp(width * 0.16, 112, 150) : 0, edge = width - aisle;
  const wide = width - aisle < 600 ? 60 : 96; // the bars of signal and spectrum
  const [pad, labels, margin, room] = narrow ? [38, 22, 14, 18] : [wide, 34, 24, 64];
  const sort = fft ? room : margin;
  const [before, after] = state.decimation === "time" ? [sort, margin] : [margin, sort];
  const first = pad + labels + before, last = edge - pad - labels - after;
  const gap = (last - first) / Math.max(depth, 1);
  const radius = Math.max(2, Math.min(narrow ? 10 : 13, dy * 0.4, gap * 0.3));
  const above = dy - 2 * radius >= 14; // a name fits between a node and the one over it
  return {
    width,
    narrow,
    aisle,
    edge, // of what is no aisle
    made: fft && state.decimation === "time" ? TWIDDLE.time : 0, // from where on both get a product
    dy,
    pad,
    labels,
    first,
    last,
    gap,
    radius,
    above,
    height: TOP + dy * (state.n - 1) + (fft && !aisle ? BELOW : BOTTOM),
    left: pad + labels - 4,
    right: edge - pad - labels + 4,
    named: above || !narrow,
    aside: above || narrow ? radius : radius + NAME,
    x: (column) => first + gap * column,
    y: (row) => TOP + dy * row,
    every: state.n > 32 ? 8 : state.n > 16 ? 4 : 1,
  };
}

// The wires into `rows` of column stage + 1. An FFT's wires carry a half each: the even one, or a,
// comes from the upper row of a pair, the odd one, or b, from the lower. Others: own and partner's.
// In time both outputs get one product: its wires part where it has been made.
export function joints(g, stage, rows, { partners, fft }) {
  const paths = { own: "", "own-odd": "", cross: "", "cross-even": "" };
  const x1 = g.x(stage) + g.radius, x2 = g.x(stage + 1) - g.radius;
  for (const row of rows) {
    const partner = partners[stage][row], lower = fft && partner < row;
    paths[lower ? "own-odd" : "own"] += line(x1, g.y(row), x2, g.y(row));
    if (partner === row) continue;
    const parts = g.x(stage) + g.gap * (lower ? 0 : g.made), from = [x1, g.y(partner)];
    const bend = parts > x1 ? [[parts, g.y(partner)]] : [];
    paths[lower ? "cross-even" : "cross"] += polyline([from, ...bend, [x2, g.y(row)]]);
  }
  return paths;
}

// The twiddle of a pair: before the crossing in time, after it in frequency.
export function twiddlePlace(g, { decimation }, { stage, high }) {
  return { x: g.x(stage) + g.gap * TWIDDLE[decimation], y: g.y(high) };
}

// The minus of a pair: on the straight wire into its lower output, clear of twiddles and names.
export function minusPlace(g, { decimation }, { stage, high }) {
  const part = decimation === "frequency" ? 0.46 : g.above || !g.named ? 0.6 : 0.4;
  return { x: g.x(stage) + g.gap * part, y: g.y(high) };
}

// At the height of its twiddle beside the network, or below it in its stage: it covers nothing.
export function dialPlace(g, { stage, high }) {
  if (g.aisle) {
    const r = Math.min(40, (g.height - 96) / 2), room = r + 48;
    return { x: g.edge + g.aisle / 2, y: clamp(g.y(high), room, g.height - room), r };
  }
  return { x: g.x(stage) + g.gap / 2, y: g.height - 40, r: 27 };
}

// Where the dial says its product, its value and its angle: over and under it, the angle on the
// side without the hand; below the network, on the side of it that has more room.
export function dialWords(g, { x, y, r }, handIsBelow) {
  if (g.aisle) {
    const lines = [y - r - 27, y + r + 36, handIsBelow ? y - r - 8 : y + r + 15];
    return lines.map((y) => ({ x, y, "text-anchor": "middle" }));
  }
  const right = x < g.width / 2, away = right ? r + 20 : -r - 20;
  return [-14, 5, 24].map((down) => ({
    x: x + away,
    y: y + down,
    "text-anchor": right ? "start" : "end",
  }));
}

// The name of a node stands over it, or, where rows are close, beside it.
export function namePlace(g, column, row, onTheRight = false) {
  if (g.above) return { x: g.x(column), y: g.y(row) - g.radius - 4, "text-anchor": "middle" };
  const away = g.radius + 6, y = g.y(row) + 4;
  if (onTheRight) return { x: g.x(column) + away, y, "text-anchor": "start" };
  return { x: g.x(column) - away, y, "text-anchor": "end" };
}

// The node under a point, as [column, row], or null.
export function nodeUnder(g, { n, depth }, { x, y }) {
  const column = Math.round((x - g.first) / g.gap), row = Math.round((y - g.y(0)) / g.dy);
  const inside = column >= 0 && column <= depth && row >= 0 && row < n;
  return inside && Math.abs(x - g.x(column)) < Math.max(16, g.radius * 1.8) ? [column, row] : null;
}

// The lower output of the pair whose twiddle is under a point, or null.
export function twiddleUnder(g, now, { pairs }, { x, y }) {
  const found = pairs.find((pair) => {
    const place = twiddlePlace(g, now, pair);
    return Math.hypot(place.x - x, place.y - y) < Math.max(12, g.dy / 2);
  });
  return found ? [found.stage + 1, found.high] : null;
}
