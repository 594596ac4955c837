// What a question says once somebody has guessed.
import { judge } from "./model.js";

export function replyTo(said, question) {
  const { kind, reply } = judge(said, question), it = shown(question);
  if (kind === "right") return `${it}: right. ${question.why ?? ""}`.trim();
  if (kind === "near") return `You said ${said}. Near: it is ${it}.`;
  if (kind === "tempting") return `You said ${said}. ${reply} It is ${it}.`;
  return `You said ${said}. It is ${it}.`;
}

function shown({ among, answer, unit }) {
  if (among.length) return answer;
  const digits = Math.abs(answer) < 1 ? "maximumSignificantDigits" : "maximumFractionDigits";
  const written = Number(answer).toLocaleString("en", { [digits]: 6 });
  return unit ? `${written}\u00a0${unit}` : written;
}

export const asks = ({ what, unit }) => unit ? `${what}, in ${unit}` : what;
export const HELP = "Write a number, such as 12, 0.5, 3/8 or 2^20.";

// A reply in pieces: texts, and [words, address] for each link to a state of a figure. Whatever
// else looks like markup stays the text that it is.
const LINK = /<a href="(#[^"?]+\?[^"]+)">([^<]*)<\/a>/;
export function linked(reply) {
  const pieces = reply.split(LINK); // text, address, words, text …
  return pieces.flatMap((piece, i) => [[piece], [], [[piece, pieces[i - 1]]]][i % 3]);
}
