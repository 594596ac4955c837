// What the figure of the trained gates says: one sentence, and the card of one entry.
import { LETTERS, STAGES, TOKENS } from "./model.js";
import { html } from "../kit/kit.js";
import { number } from "../kit/words.js";

export const percent = (weight) => `${number(100 * weight, 0)}\u00a0%`;
export const letterOf = ({ letter }) => LETTERS[letter];
const both = (parts) => parts.join(" and ");

function opening({ flags, letters }, view) {
  const done = `After ${view.done} of ${STAGES} stages`, [place] = flags;
  if (flags.length === 1) {
    return `${done}, ${view.heard} of ${TOKENS} tokens listen mostly to token ${place}, which carries the flag and the letter ${
      letters[place]
    }.`;
  }
  const never = "a case that neither model met in training";
  return flags.length
    ? `Tokens ${
      both(flags)
    } both carry a flag, ${never}. ${done}, ${view.heard} of ${TOKENS} tokens listen mostly to the two.`
    : `Nobody carries a flag, ${never}.`;
}

// Whom one token hears: those with a flag, or, where there is none, whom it hears most.
function hears(row, { flags }) {
  if (flags.length) return both(flags.map((place) => `token ${place} for ${percent(row[place])}`));
  const top = Math.max(...row);
  return `nobody for more than ${percent(top)}`;
}

export function describeFlow(state, view) {
  const { token } = state, row = view.product[token], whole = view.done === STAGES;
  const mine = whole
    ? `says ${letterOf(view.says[STAGES][token])}`
    : view.done
    ? `would say ${letterOf(view.says[view.done][token])} now`
    : "has heard nobody else yet";
  const other = `Dense attention hears ${hears(view.dense.matrix[token], state)} and says ${
    letterOf(view.dense.says[token])
  }.`;
  return `${opening(state, view)} Token ${token} hears ${hears(row, state)} and ${mine}.${
    whole ? ` ${other}` : ""
  }`;
}

// One entry of the product as the gates it is made of, in the order of the stages.
export function entryWords(state, view) {
  const { token } = state, { source, way, done } = view, pair = `${source} → ${token}: `;
  const dense = `Dense attention gives this pair ${
    number(view.dense.matrix[token][source])
  } in one softmax.`;
  if (!way) {
    return [
      html("div", {}, `${pair}no wire has led there yet, so its weight is 0.`),
      html("div", {}, dense),
    ];
  }
  const terms = way.weights.flatMap((
    weight,
    stage,
  ) => [
    stage ? " · " : "",
    html("span", { class: way.crosses[stage] ? "fl-partner" : "fl-self" }, number(weight)),
  ]);
  const value = number(view.product[token][source]),
    said = done > 1 ? [` = ${value}, one gate a stage`] : [];
  const first = done
    ? [
      pair,
      ...terms,
      ...said,
      ". ",
      html("span", { class: "fl-self" }, "Kept"),
      " or ",
      html("span", { class: "fl-partner" }, "crossed over"),
      ".",
    ]
    : [`${pair}${value}: no stage has mixed anything yet.`];
  return [html("div", {}, ...first), html("div", {}, dense)];
}
