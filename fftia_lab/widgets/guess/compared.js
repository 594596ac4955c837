// What a drawn curve is told in words: while it is drawn, and beside the true one.
import { amount, placed } from "./axes.js";
import { curveIn, judgeCurve } from "./curve.js";

const FORGOTTEN = "The question has changed since you drew. Ask again.";

export function compared(said, question) {
  const values = curveIn(said, question);
  if (!values) return FORGOTTEN;
  const { kind, reply, place } = judgeCurve(values, question);
  const most = farthest(values, place, question);
  if (kind === "near") return `Near. ${most}`;
  return reply ? `${reply} ${most}` : most;
}

function farthest(values, place, question) {
  const { x, up: [, unit], curves } = question, where = placed(x[place], question);
  const [drawn, right] = [values[place], curves[0][1][place]].map((one) => amount(one, unit));
  if (drawn === right) return `At ${where} you drew ${drawn}, and so it is.`;
  return `Furthest apart at ${where}: you drew ${drawn}, it is ${right}.`;
}

// What the pad says of the place that the keyboard means.
export function pointText(place, value, question) {
  const where = placed(question.x[place], question);
  return `${where}: ${value === null ? "nothing drawn yet" : amount(value, question.up[1])}`;
}

export function missingText(values, question) {
  const { x } = question;
  if (values.every((value) => value === null)) {
    return "Draw a curve first: press and move, or use the arrow keys.";
  }
  const place = values[0] === null ? 0 : x.length - 1;
  return `Draw as far as ${placed(x[place], question)}.`;
}

// The picture for who does not see it; the true curves only once a guess was made.
export function pictureText(question, values) {
  const { x, low, high, log, across: [name], up: [upper, unit], curves, given } = question;
  const kind = (letter) => log.includes(letter) ? "logarithmic" : "even";
  const axes = `${name} from ${placed(x[0], question).split(" = ")[1]} to ${
    placed(x.at(-1), question).split(" = ")[1]
  }, ${kind("x")}; ${upper} from ${amount(low, unit)} to ${amount(high, unit)}, ${kind("y")}.`;
  const ends = ([curve, all]) => {
    const along = all.filter((value) => value !== null);
    return `${curve}: ${amount(along[0], unit)} to ${amount(along.at(-1), unit)}.`;
  };
  const shown = [...given, ...(values ? [["your curve", values], ...curves] : [])];
  return [axes, ...shown.map(ends)].join(" ");
}

export const DRAW = "draw your curve";
