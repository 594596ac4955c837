// What the figure of two scores says: one sentence, and the arithmetic of each number.
import { NUMBERS, PAIR } from "./model.js";
import { gives, number, percent, printed, size } from "../kit/numbers.js";

export const WORDS = ["bank", "river"];
const LETTERS = ["a", "b"], SIDES = ["self", "partner"];
const gateOf = ({ gate }) => number(gate, 3);

export function describe({ q, k, step }, { tokens }) {
  const [bank, river] = tokens.map(gateOf);
  const gives = `Bank gives river ${bank} of its 1, river gives bank ${river}`;
  const way = step < 1 ? `; ${percent(step)} of the step is taken` : "";
  const silent = PAIR.filter((token) => !size(q[token])).map((token) => WORDS[token]);
  return `${gives}${way}. ${reason(tokens, { silent, alike: String(k[0]) === String(k[1]) })}`;
}

function reason(tokens, { silent, alike }) {
  if (alike) return "The two keys are one: no question can tell them apart.";
  if (silent.length) {
    const asks = silent.length > 1 ? "Both ask" : `${capital(silent[0])} asks`;
    return `${asks} for nothing: all keys score 0, and half is given away.`;
  }
  const [bank, river] = tokens.map(({ difference }) => number(difference));
  return `Partner’s score less own score: ${bank} and ${river}.`;
}

const capital = (word) => word[0].toUpperCase() + word.slice(1);

// ---- the arithmetic of a number ----------------------------------------------------------------
// What a name of a number means: whose it is, and which of its four.
export function meaning(name) {
  if (!NUMBERS.includes(name)) return null;
  const [letter, kind] = name.split("-");
  return { token: LETTERS.indexOf(letter), kind };
}

const lettered = (symbol, token) => [SIDES[token], [symbol, ["sub", LETTERS[token]]]];
const score = (token, other) => ["s", ["sub", `${LETTERS[token]}${LETTERS[other]}`]];
const inBrackets = (value) => (value < 0 ? `(${number(value)})` : number(value));

export function arithmetic(told, state, view) {
  if (!told) {
    const held = "Drag q and k, or the two dots of the scores.";
    return [`${held} Press a number, and its arithmetic stands here.`];
  }
  const { token, kind } = told, found = view.tokens[token];
  if (kind === "difference") return differenceLines(token, found);
  if (kind === "gate") return gateLines(token, found);
  return scoreLines(token, kind === "itself" ? token : 1 - token, state, found[kind]);
}

function scoreLines(token, other, { q, k }, value) {
  const question = q[token], key = k[other];
  const whose = other === token ? "its own key" : `the key of ${WORDS[other]}`;
  const products = PAIR.map((axis) => `${inBrackets(question[axis])} · ${inBrackets(key[axis])}`);
  const [asked, offered] = [question, key].map((vector) => printed(vector));
  const sum = asked[0] * offered[0] + asked[1] * offered[1];
  return [
    `How well the question of ${WORDS[token]} fits ${whose}:`,
    [
      ...score(token, other),
      " = ",
      lettered("q", token),
      " · ",
      lettered("k", other),
      " / √2",
    ],
    `= (${products.join(" + ")}) / √2 ${gives([sum / Math.SQRT2, 0], [value, 0])}`,
  ];
}

function differenceLines(token, { itself, partner, difference }) {
  const [theirs, own] = printed([partner, itself]), less = theirs - own;
  return [
    "The partner’s score less its own:",
    [...score(token, 1 - token), " − ", ...score(token, token)],
    `= ${number(partner)} − ${inBrackets(itself)} ${gives([less, 0], [difference, 0])}`,
  ];
}

// The two weights are told where two decimals say enough of them, and are not many digits.
const isReadable = (score) => score > -1 && score < 6;

function gateLines(token, { itself, partner, difference, gate }) {
  const [own, other] = [score(token, token), score(token, 1 - token)];
  const [kept, given] = [itself, partner].map((one) => number(Math.exp(one)));
  const readable = isReadable(itself) && isReadable(partner);
  const [less] = printed([-difference]);
  const weights = readable ? `= ${given} / (${kept} + ${given}) ` : "";
  return [
    `What ${WORDS[token]} gives: a softmax of two scores.`,
    [
      ["gate", ["g", ["sub", LETTERS[token]]]],
      " = exp ",
      ...other,
      " / (exp ",
      ...own,
      " + exp ",
      ...other,
      ")",
    ],
    [
      `${weights}= 1 / (1 + e`,
      ["sup", number(-difference)],
      `) ${gives([1 / (1 + Math.exp(less)), 0], [gate, 0], 3)}`,
    ],
  ];
}

// ---- what hands hold ---------------------------------------------------------------------------
export const vectorText = ([right, up]) => `${number(right)} right, ${number(up)} up`;

export function scoreText({ itself, partner, gate }) {
  const scores = `fits itself ${number(itself)}, its partner ${number(partner)}`;
  return `${scores}, gives ${number(gate, 3)}`;
}
