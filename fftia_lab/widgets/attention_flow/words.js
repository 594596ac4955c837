// What the figure of the trained gates says: one sentence, the card of one entry, the bet.
import { LETTERS, secondOf, STAGES, TOKENS } from "./model.js";
import { joined, number, percent, plural } from "../kit/numbers.js";

export const letterOf = ({ letter }) => LETTERS[letter];
const lettersOf = (says) => [...new Set(says.map(letterOf))];

function opening({ flags, letters }, { done, heard }) {
  const after = `After ${done} of ${STAGES} stages`, [place] = flags;
  const listen = `${after}, ${heard} of ${TOKENS} tokens listen mostly to`;
  if (flags.length === 1) {
    return `${listen} token ${place}, which carries the flag and the letter ${letters[place]}.`;
  }
  const never = "a case that neither model met in training";
  return flags.length
    ? `Tokens ${joined(flags)} both carry a flag, ${never}. ${listen} the two.`
    : `Nobody carries a flag, ${never}.`;
}

// Whom one token hears: those with a flag, or, where there is none, whom it hears most.
function hears(row, { flags }) {
  if (!flags.length) return `nobody for more than ${percent(Math.max(...row))}`;
  return flags.map((place) => `token ${place} for ${percent(row[place])}`).join(" and ");
}

export function describe(state, view) {
  const { token } = state, { done } = view, row = view.product[token];
  const letter = letterOf(view.says[done][token]);
  const mine = done ? `would say ${letter} now` : "has heard nobody else yet";
  const said = `${opening(state, view)} Token ${token} hears ${hears(row, state)} and`;
  if (done < STAGES) return `${said} ${mine}.`;
  const dense = hears(view.dense.matrix[token], state), other = letterOf(view.dense.says[token]);
  return `${said} says ${letter}. Dense attention hears ${dense} and says ${other}.`;
}

// One entry of the product as the gates it is made of, in the order of the stages.
export function entryCard({ token }, view) {
  const { source, way, done } = view, pair = `${source} → ${token}: `;
  const weight = number(view.dense.matrix[token][source]);
  const dense = `Dense attention gives this pair ${weight} in one softmax.`;
  if (!way) return [`${pair}no wire has led there yet, so its weight is 0.`, dense];
  const value = number(view.product[token][source]);
  if (!done) return [`${pair}${value}: no stage has mixed anything yet.`, dense];
  const factors = way.weights.flatMap((gate, stage) => [
    stage ? " · " : "",
    [way.crosses[stage] ? "partner" : "self", number(gate)],
  ]);
  const product = done > 1 ? ` = ${value}, one gate a stage. ` : ". ";
  const key = [["self", "Kept"], " or ", ["partner", "crossed over"], "."];
  return [[pair, ...factors, product, ...key], dense];
}

export function question({ bet, flags, letters }, view) {
  if (flags.length === 1) {
    if (bet) return `You say ${bet}.`;
    const second = secondOf(flags[0]);
    return `Soon token ${second}, letter ${letters[second]}, carries a flag too. ` +
      `How many different letters will the ${TOKENS} tokens say then?`;
  }
  const [said, dense] = [view.says[STAGES], view.dense.says].map(lettersOf).map(joined);
  const guess = bet ? ` You said ${bet} ${plural(bet, "letter")}.` : "";
  return `They say ${said}; after dense attention ${dense}.${guess}`;
}
