// Pieces of SVG path data; a layer of a figure is many of them in one path.

// Drawings write thousands of numbers a frame, and the same ones again and again: each is written
// once. What has moved through very many is forgotten.
function remembered(write) {
  const known = new Map();
  return (value) => {
    let words = known.get(value);
    if (words !== undefined) return words;
    if (known.size > 50000) known.clear();
    known.set(value, words = write(value));
    return words;
  };
}

const tenth = remembered((tenths) => (tenths / 10).toFixed(1));
// A length with one digit after the point.
export const fixed = (value) => tenth(Math.sign(value) * Math.round(10 * Math.abs(value)));

export const line = (x1, y1, x2, y2) => `M${fixed(x1)} ${fixed(y1)}L${fixed(x2)} ${fixed(y2)}`;
const circle = remembered((r) => `a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`);
export const disc = (x, y, r) => `M${fixed(x - r)} ${fixed(y)}${circle(r)}`;
const diamond = remembered((r) => `l${r} ${r}l${-r} ${r}l${-r} ${-r}z`);
export const square = (x, y, r) => `M${fixed(x)} ${fixed(y - r)}${diamond(r)}`;

// A complex number as an arrow: `length` pixels long, turned by its angle.
export function arrow(x, y, [re, im], length) {
  const l = Math.hypot(re, im);
  if (l < 1e-9 || length < 0.6) return "";
  const ux = re / l,
    uy = -im / l,
    tip = [x + ux * length, y + uy * length],
    barb = Math.min(4, length * 0.5);
  return line(x - ux * length * 0.25, y - uy * length * 0.25, ...tip) +
    line(tip[0] - barb * (ux + 0.6 * uy), tip[1] - barb * (uy - 0.6 * ux), ...tip) +
    line(tip[0] - barb * (ux - 0.6 * uy), tip[1] - barb * (uy + 0.6 * ux), ...tip);
}

// A straight ribbon of a width, up to a part of its length.
export function ribbon(x1, y1, x2, y2, wide, part = 1) {
  if (wide < 0.15) return "";
  const length = Math.hypot(x2 - x1, y2 - y1),
    dx = (-(y2 - y1) / length) * (wide / 2),
    dy = ((x2 - x1) / length) * (wide / 2);
  const x = x1 + (x2 - x1) * part,
    y = y1 + (y2 - y1) * part,
    point = (a, b) => `${fixed(a)} ${fixed(b)}`;
  return `M${point(x1 + dx, y1 + dy)}L${point(x + dx, y + dy)}L${point(x - dx, y - dy)}L${
    point(x1 - dx, y1 - dy)
  }z`;
}

export const rectangle = (x, y, wide, tall) =>
  `M${fixed(x)} ${fixed(y)}h${fixed(wide)}v${fixed(tall)}h${fixed(-wide)}z`;

// A box with its middle at a place.
export const around = (x, y, wide, tall = wide) =>
  rectangle(x - wide / 2, y - tall / 2, wide, tall);

export const polyline = (places) =>
  places.map(([x, y], i) => `${i ? "L" : "M"}${fixed(x)} ${fixed(y)}`).join("");
export const discs = (places, r) => places.map(([x, y]) => disc(x, y, r)).join("");

// Lines parallel to the diagonal of a square, over its lower half.
export function hatch(left, top, side, apart = 6) {
  const steps = Array.from({ length: Math.ceil(side / apart) - 1 }, (_, i) => (i + 1) * apart);
  return steps.map((step) => line(left, top + step, left + side - step, top + side)).join("");
}
