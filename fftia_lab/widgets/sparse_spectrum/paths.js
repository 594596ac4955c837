// The figure of the sparse spectra as path data: pictures of cells, strips of samples, two plots.
import { byteShare, DECADES } from "./layout.js";
import { clamp, range } from "../kit/numbers.js";
import { around, disc, line, polyline, rectangle } from "../kit/paths.js";

export const TONES = 16; // shades of a cell
const tones = (name) => range(TONES).map((i) => `${name}-${i + 1}`);
const shade = (part) => clamp(Math.round(part * TONES), 0, TONES);

// ---- pictures: one path a shade -----------------------------------------------------------------

// The outline of every cell of a panel, made once for each panel.
function outlines(panel, [rows, columns]) {
  const { x, y, cell } = panel, box = `h${cell}v${cell}h-${cell}z`;
  return panel.outlines ??= range(rows * columns).map((i) =>
    `M${x + (i % columns) * cell} ${y + Math.floor(i / columns) * cell}${box}`
  );
}

function picture(name, panel, shape, shades) {
  const cells = outlines(panel, shape), paths = Object.fromEntries(tones(name).map((n) => [n, []]));
  shades.forEach((tone, i) => tone && paths[`${name}-${tone}`].push(cells[i]));
  return paths;
}

function ends(values) {
  const low = Math.min(...values), high = Math.max(...values);
  return { low, span: high - low || 1 };
}

export function picturePaths(g, view) {
  const { shape, values } = view, [first] = g.panels, { low, span } = ends(values);
  return picture("original", first, shape, values.map((value) => shade((value - low) / span)));
}

// What is made of the kept coefficients, and what it lacks; half of the original's range is as dark
// as can be.
export function rebuiltPaths(g, { shape, values, rebuilt }) {
  const [, , made, off] = g.panels, { low, span } = ends(values);
  const lacking = values.map((value, i) => shade((2 * Math.abs(value - rebuilt[i])) / span));
  return {
    ...picture("rebuilt", made, shape, rebuilt.map((value) => shade((value - low) / span))),
    ...picture("lacking", off, shape, lacking),
  };
}

// The whole spectrum with frequency 0 in the middle; what only mirrors the rest stands aside.
export function spectrumPaths(g, view, kept) {
  const { shape, places, twins, sizes } = view, [rows, columns] = shape;
  const groups = Object.fromEntries(
    ["kept", "lost", "mirror"].map((name) => [name, Array(rows * columns).fill(0)]),
  );
  const middle = (place, count) => (place + count / 2 - 1) % count;
  const put = (name, place, tone) => {
    const row = middle(Math.floor(place / columns), rows);
    groups[name][row * columns + middle(place % columns, columns)] = tone;
  };
  places.forEach((place, i) => {
    const tone = Math.max(shade(1 - decades(sizes, i) / DECADES), i < kept ? 2 : 0);
    put(i < kept ? "kept" : "lost", place, tone);
    if (twins[i] !== place) put(i < kept ? "mirror" : "lost", twins[i], tone);
  });
  const [, panel] = g.panels;
  return Object.assign({}, ...Object.entries(groups).map(([n, s]) => picture(n, panel, shape, s)));
}

const decades = (sizes, i) => -Math.log10(Math.max(sizes[i] / (sizes[0] || 1), 1e-12));

// ---- strips: a signal and its spectrum ----------------------------------------------------------
export const REACH = 1.15; // of a strip up and down; what a few waves make overshoots

function samplesIn({ x, y, wide, tall }, values) {
  const step = wide / values.length, middle = y + tall / 2;
  const at = (value) => middle - (clamp(value, -REACH, REACH) / REACH) * (tall / 2);
  return values.map((value, i) => ({ x: x + i * step, step, middle, y: at(value) }));
}

const barsOf = (samples) =>
  samples.map(({ x, y, step, middle }) =>
    rectangle(x + step * 0.1, middle, step * 0.8, y - middle)
  );
const lineOf = (samples) => polyline(samples.map(({ x, y, step }) => [x + step / 2, y]));

export function strips(g, view, kept) {
  const { values, rebuilt, places, sizes } = view, [first, second, third, fourth] = g.panels;
  const given = samplesIn(third, values), made = samplesIn(third, rebuilt);
  const step = second.wide / places.length, base = second.y + second.tall;
  const bars = { kept: [], lost: [] };
  places.forEach((place, i) => {
    const tall = ((second.tall - 6) * sizes[i]) / (sizes[0] || 1);
    const bar = rectangle(
      second.x + step * (place + 0.12),
      base,
      step * 0.76,
      -Math.max(tall, 0.6),
    );
    bars[i < kept ? "kept" : "lost"].push(bar);
  });
  return {
    samples: barsOf(samplesIn(first, values)),
    "kept-bars": bars.kept,
    "lost-bars": bars.lost,
    given: barsOf(given),
    made: lineOf(made),
    off: barsOf(samplesIn(fourth, values.map((value, i) => value - rebuilt[i]))),
  };
}

export const NO_STRIPS = Object.fromEntries(
  ["samples", "kept-bars", "lost-bars", "given", "made", "off"].map((name) => [name, ""]),
);
const PICTURES = ["original", "kept", "lost", "mirror", "rebuilt", "lacking"];
export const PICTURE_LAYERS = PICTURES.flatMap(tones);
export const NO_PICTURES = Object.fromEntries(PICTURE_LAYERS.map((name) => [name, ""]));

// ---- plots --------------------------------------------------------------------------------------
export const frames = ({ panels, sizes, plane }) => ({
  frames: panels.map(({ x, y, wide, tall }) =>
    around(x + wide / 2, y + tall / 2, wide + 2, tall + 2)
  ),
  axes: [sizes, plane].map(({ x, y, wide, tall }) => rectangle(x, y, wide, tall)),
  grid: [sizes, plane].flatMap((box) => gridOf(box)),
});

const gridOf = ({ x, y, wide, tall }) =>
  range(DECADES - 1).map((i) => {
    const down = y + (tall * (i + 1)) / DECADES;
    return line(x, down, x + wide, down);
  });

// The sizes in their order, as a curve with steps.
const steps = ({ sizes: box }, { sizes, count }, kept = count) =>
  sizes.slice(0, kept).flatMap((size, i) => {
    const value = size / (sizes[0] || 1);
    return [box.at(i / count, value), box.at((i + 1) / count, value)];
  });

export const sizePath = (g, view) => ({ curve: polyline(steps(g, view)) });

export function cutPaths(g, view, kept) {
  const { sizes: box } = g, [right] = box.at(kept / view.count, 1), floor = box.y + box.tall;
  const places = steps(g, view, kept);
  return {
    under: `${polyline([[box.x, floor], ...places, [right, floor]])}z`,
    cut: line(right, box.y, right, floor),
  };
}

export const cutPlace = ({ sizes: box }, { sizes, count }, kept) =>
  box.at(kept / count, sizes[kept - 1] / (sizes[0] || 1));

// Bytes and errors of everything there is; a curve ends where the plane does.
const within = (places) => {
  const end = places.findIndex(([share]) => share >= 1);
  return end < 0 ? places : places.slice(0, end + 1);
};

const along = ({ plane }, { dense }, totals, errors) => {
  const places = errors.map((error, k) => [byteShare(totals[k], dense), error]);
  return polyline(within(places).map((place) => plane.at(...place)));
};

export function planePaths(g, { published }, view) {
  const { dense, errors, int8, pruned, totals } = view, limit = byteShare(dense, dense);
  const { plane } = g;
  return {
    whole: along(g, view, totals.whole, errors),
    published: published ? along(g, view, totals.published, errors) : "",
    pruned: along(g, view, pruned.bytes, pruned.errors),
    marks: int8.map(({ bytes, error }) => around(...plane.at(byteShare(bytes, dense), error), 9)),
    limit: line(...plane.at(limit, 1), ...plane.at(limit, 0)),
  };
}

export const spotPlace = ({ plane }, { bytes, dense, error }) =>
  plane.at(byteShare(bytes.total, dense), error);

export function rivalPath({ plane }, { rival, dense }) {
  return disc(...plane.at(byteShare(rival.bytes, dense), rival.error), 4);
}

export function guessPath({ plane }, guess) {
  if (!guess) return "";
  return line(...plane.at(0, guess / 100), ...plane.at(1, guess / 100));
}

// ---- bytes to scale -----------------------------------------------------------------------------
export function bytePaths({ bars }, { bytes, dense, int8 }) {
  const long = (count) => (bars.unit * count) / dense;
  const bar = (row, from, to) => {
    const [left, right] = [from, to].map((count) => Math.min(bars.room, long(count)));
    return rectangle(bars.x + left, bars.y + row * bars.pitch, right - left, bars.tall);
  };
  const { numbers, indices, total } = bytes;
  return {
    dense: bar(0, 0, dense),
    numbers: bar(1, 0, numbers),
    indices: bar(1, numbers, numbers + indices),
    header: bar(1, numbers + indices, total),
    eight: bar(2, 0, int8.at(-1).bytes),
    edge: line(bars.x + bars.unit, bars.y - 5, bars.x + bars.unit, bars.y + 3 * bars.pitch - 6),
  };
}

// Where a bar of bytes ends, and whether it goes on beyond the drawing.
export function barEnd({ bars }, bytes, dense) {
  const long = (bars.unit * bytes) / dense;
  return { x: bars.x + Math.min(long, bars.room), beyond: long > bars.room };
}
