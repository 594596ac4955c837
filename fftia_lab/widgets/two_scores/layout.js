// Where everything of the figure of two scores stands, in pixels of its drawing.
import { HIGH, LOW } from "./model.js";
import { clamp, size } from "../kit/numbers.js";

const FROM = -2.4, TO = 6.4; // the plane of scores
const GRIP = 28; // a question is held this far beyond its tip, where no key can lie under the hand
const NO_QUESTION = [[-1, 1], [-1, -1]]; // where the grip of a question of nothing is

export function measure(width) {
  const narrow = width < 560, top = 28, right = 36;
  const side = narrow ? Math.min(226, width - 76) : Math.min(300, (width - 14 - 52 - right) / 2);
  const left = narrow ? (width - side) / 2 : 14, below = top + side + 42;
  const vectors = plane({ x: left, y: top, side }, LOW, HIGH);
  const scores = plane(
    narrow ? { x: left, y: below, side } : { x: width - right - side, y: top, side },
    FROM,
    TO,
  );
  const end = scores.y + side + 56;
  return {
    width,
    narrow,
    vectors,
    scores,
    line: { y: end, from: 54, to: width - 54 },
    height: end + 30,
    held: (x, y) => [clamp(x, 13, width - 13), clamp(y, 13, end + 17)],
  };
}

function plane({ x, y, side }, low, high) {
  const unit = side / (high - low);
  return {
    x,
    y,
    side,
    low,
    high,
    at: ([across, up]) => [x + unit * (across - low), y + unit * (high - up)],
    under: (point) => [low + (point.x - x) / unit, high - (point.y - y) / unit],
    has: (point) => point.x > x && point.x < x + side && point.y > y && point.y < y + side,
  };
}

// Where a score's dot is seen: at the border, if it lies beyond.
export const seenAt = ({ scores }, { itself, partner }) =>
  scores.at([itself, partner].map((score) => clamp(score, FROM, TO)));

// Where a question is held, and the question that is held there.
export function gripOf(g, question, token) {
  const [x, y] = g.vectors.at(question), far = size(question);
  const [right, up] = far ? question : NO_QUESTION[token], long = far || Math.SQRT2;
  return g.held(x + (GRIP * right) / long, y - (GRIP * up) / long);
}

export function heldAt({ vectors }, { x, y }) {
  const [x0, y0] = vectors.at([0, 0]), far = Math.hypot(x - x0, y - y0);
  if (far <= GRIP) return [0, 0];
  const part = (far - GRIP) / far;
  return vectors.under({ x: x0 + part * (x - x0), y: y0 + part * (y - y0) });
}

// A score held near the line it was on when taken keeps to that line.
const NEAR = 7; // pixels

export function onItsLine({ scores }, [itself, partner], difference) {
  const off = partner - itself - difference, unit = scores.side / (scores.high - scores.low);
  if (Math.abs(off) * unit > NEAR * Math.SQRT2) return [itself, partner];
  return [itself + off / 2, partner - off / 2];
}
