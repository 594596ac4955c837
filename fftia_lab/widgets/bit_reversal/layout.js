// Where everything of the dealt cards stands: the table with its rows, the reads of memory below;
// the matrix and the braid of digits beside them, or on a narrow page under them.
import { depthOf, lastDeal } from "./model.js";

const SPACING = { 3: 80, 4: 72, 5: 56, 6: 48 };

export function measure(width, state) {
  const { n, rounds } = state, depth = depthOf(n), rows = lastDeal(state), wide = width >= 600;
  const side = wide ? 204 : Math.min(168, width * 0.5), table = wide ? width - side - 34 : width;
  const dx = (table - 8) / n, numbered = dx >= 14, spelled = dx >= 17, digit = dx >= 26 ? 13 : 11;
  const tall = spelled ? 21 + digit * depth : numbered ? 22 : 14;
  const head = numbered ? 6 : 22, gap = SPACING[depth] / (rounds === 2 ? 1.7 : 1);
  const y = (row) => head + tall / 2 + gap * row, foot = y(rows) + tall / 2;
  const strip = { top: foot + 78, height: 66 }, bottom = strip.top + strip.height;
  const matrix = wide ? { x: table + 34, y: 26, size: side } : { x: 4, y: bottom + 40, size: side };
  const cell = side / n, braid = placeBraid(matrix, depth, { wide, width });
  const end = wide ? braid.y + braid.drop + 40 : matrix.y + side + 10;
  return {
    width,
    wide,
    depth,
    rows,
    table,
    dx,
    y,
    gap,
    numbered,
    spelled,
    digit,
    tall,
    foot,
    strip,
    matrix,
    braid,
    cell,
    card: Math.min(40, dx * (spelled ? 0.86 : 0.78)),
    height: Math.max(bottom + 8, end),
    every: numbered ? 1 : n > 32 ? 8 : 4,
    x: (place) => 4 + dx * (place + 0.5),
    across: (place) => matrix.x + (place + 0.5) * cell,
    down: (place) => matrix.y + (place + 0.5) * cell,
    address: (value) => bottom - ((value + 0.5) / n) * strip.height,
  };
}

function placeBraid({ x, y, size }, depth, { wide, width }) {
  const left = wide ? x : size + 30, room = wide ? size : width - size - 30;
  const tile = Math.min(30, room / depth), middle = left + (room - tile * depth) / 2;
  return { x: middle, y: wide ? y + size + 46 : y + 22, tile, drop: 74 };
}
