// Where everything on the cover stands: u runs along the tokens, v with the news; narrow pages show
// it from top to bottom. The matrix stands the same way on all of them: a row listens, a column is
// heard. Its cells are whole pixels, or light would shine through between them.
import { LAST, N } from "./model.js";
import { clamp } from "../kit/numbers.js";
import { line, rectangle } from "../kit/paths.js";

const WIDE = { edge: 4, top: 22, space: 14, strip: [66, 72], deal: 46 };
const NARROW = { edge: 2, top: 2, space: 8, strip: [30, 44], deal: 24 };
const WORDS = 16; // over the wave, where a narrow page says that it can be drawn

// `wave` leaves room to draw on, `deals` for the sorting before the first meeting.
export function measure(width, wave, deals) {
  const narrow = width < 560, { edge, space, ...sizes } = narrow ? NARROW : WIDE;
  const words = narrow && wave ? WORDS : 0, top = sizes.top + words;
  const du = narrow ? (width - 2 * edge) / N : clamp(Math.floor((width * 0.56) / N), 4, 7);
  const cell = narrow ? 3 : du, depth = N * cell, along = N * du;
  const network = narrow ? 146 - words : width - 2 * edge - depth - space, matrix = network + space;
  const strip = sizes.strip[Number(wave)], from = strip + (deals ? sizes.deal : wave ? 6 : 0) + 4;
  const left = narrow ? Math.round((width - depth) / 2) : edge + matrix;
  const high = narrow ? top + matrix : top, gap = (network - from - 4) / LAST;
  const place = narrow ? (u, v) => [edge + u, top + v] : (u, v) => [edge + v, top + u];
  return {
    width,
    narrow,
    du,
    along,
    strip,
    gap,
    matrix,
    depth,
    cell,
    left,
    high,
    place,
    height: narrow ? high + depth + 20 : top + along + 6,
    u: (i) => (i + 0.5) * du,
    v: (column) => from + gap * column,
    back: (x, y) => (narrow ? { u: x - edge, v: y - top } : { u: y - top, v: x - edge }),
    join: (u1, v1, u2, v2) => line(...place(u1, v1), ...place(u2, v2)),
    // a rectangle of `tall` tokens and `wide` time
    box: (u, v, tall, wide) => rectangle(...place(u, v), ...(narrow ? [tall, wide] : [wide, tall])),
    // of one column of the matrix the rows from `first` up to `after`
    rows: (column, first, after) =>
      rectangle(left + column * cell, high + first * cell, cell, (after - first) * cell),
  };
}

// The column of the matrix under a point, or the token beside it; -1 for neither.
export function tokenUnder(g, { x, y }) {
  const { left, high, depth, cell, matrix, du } = g;
  const inMatrix = x >= left && x < left + depth && y >= high && y < high + depth;
  if (inMatrix) return { inMatrix, token: Math.floor((x - left) / cell) };
  const { u, v } = g.back(x, y), token = v < matrix ? Math.floor(u / du) : -1;
  return { inMatrix, token: token < N ? token : -1 };
}
