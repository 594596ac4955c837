// What the figure of who has heard whom says: sentences for the eye, the ear and the card.
import { bit, popcount, runs } from "../shared/news.js";
import { detour, hearing } from "./model.js";
import { binary, joined, thousands } from "../kit/numbers.js";

const SENTENCE = "No one heard it until the lamp fell and the moth told all the others why";
const WORDS = SENTENCE.split(" ");
export const wordOf = (n, token) => (n <= WORDS.length ? WORDS[token] : "");
export const address = (n, token) => binary(token, Math.log2(n));
export const hasStumps = (n) => n <= 16; // more would be a cloud
const upper = (words) => words[0].toUpperCase() + words.slice(1);

export function called(n, token) {
  const word = wordOf(n, token);
  return word ? `token ${token} “${word}”` : `token ${token}`;
}

// A set of tokens: "0, 4 and 8 to 11"; a long one keeps its beginning and its end.
function spans(mask, n) {
  const found = runs(mask, n).flatMap(([first, after]) => {
    if (after - first > 2) return [`${first} to ${after - 1}`];
    return after - first > 1 ? [first, first + 1] : [first];
  });
  return found.length > 6 ? `${found.slice(0, 4).join(", ")} … ${found.at(-1)}` : joined(found);
}

export function describe(state, view) {
  const { n, token } = state, { done, depth, row, cells, allowed, mayHear } = view;
  const others = `${popcount(row)} of ${mayHear}: ${spans(row, n)}`;
  const whom = row === bit(token) ? "only itself" : others, lost = allowed - view.final;
  const total = `In all ${thousands(cells)} of ${thousands(allowed)} pairs`;
  const end = done < depth ? "" : lost ? `; ${thousands(lost)} are missed` : "; nobody is missed";
  const heard = `After ${done} of ${depth} stages, ${called(n, token)} has heard ${whom}.`;
  return `${heard} ${total}${end}. ${listened(view)}.`;
}

function listened({ listenings, relayed }) {
  const relays = relayed ? `, ${thousands(relayed)} of them by relays` : "";
  return `Listenings: ${thousands(listenings)}${relays}`;
}

// ---- the card of a chosen pair: how the news comes, or why it never does ------------------------
export function pairCard(state, view) {
  const { n, source, length } = state, stumps = stumpWords(state, view);
  if (source < 0) {
    const ask = "Press a token on the left, or a cell of the matrix: how does its news get here?";
    return [[ask, ...stumps]];
  }
  const told = `Dotted: by now ${view.told} of ${length} have heard ${called(n, source)}.`;
  return [way(state, view), [told, ...stumps]];
}

// What the stumps of the drawing are.
function stumpWords({ n }, { cut }) {
  const count = cut.flat().length;
  if (!count || !hasStumps(n)) return [];
  return [" ", ["wrong", "Dotted red"], `: ${count} listenings that are cut.`];
}

const code = (n, token) => ["address", address(n, token)];

function way(state, view) {
  const { n, token, source, schedule } = state, { meets, paths, only } = view.route;
  const pair = `${source} → ${token}: `, met = when(view);
  if (source === token) return [pair, `${called(n, token)} has always heard itself.`];
  if (meets < 0) return [pair, ...excuse(state)];
  if (schedule === "shift") return [pair, distance(state, view)];
  const along = () => `${stops(only).join(" → ")}. ${crossings(only)} ${met}`;
  if (schedule === "prefix") return [pair, along()];
  const end = `. ${relays(state, only)}${crossings(only ?? [])} ${met}`;
  if (paths === 1) return [pair, ...flips(n, only), end];
  const why = `a digit may flip while the strides grow or while they shrink. ${met}`;
  return [pair, code(n, source), " to ", code(n, token), ` on ${paths} paths: ${why}`];
}

function when({ route: { meets }, done }) {
  return meets <= done ? `It has arrived in stage ${meets}.` : `It arrives in stage ${meets}.`;
}

// The stages in which the only path crosses.
const crossed = (only) =>
  only.flatMap((row, column) => (column && row !== only[column - 1] ? [column] : []));

// The places on the only path, each once.
const stops = (only) => only.filter((row, column) => !column || row !== only[column - 1]);

function relays({ length }, only) {
  const found = stops(only ?? []).filter((row) => row >= length);
  if (!found.length) return "";
  return found.length > 1 ? `${joined(found)} are relays. ` : `${found[0]} is a relay. `;
}

function crossings(only) {
  const stages = crossed(only);
  if (!stages.length) return "It never crosses.";
  return `It crosses in stage${stages.length > 1 ? "s" : ""} ${joined(stages)}.`;
}

function distance({ token, source, causal, length }, view) {
  const { paths, only } = view.route;
  const apart = causal ? token - source : (source - token + length) % length;
  if (paths > 1) {
    const round = `${apart + length} once round the circle`;
    return `distance ${apart}, or ${round}: ${paths} paths. ${when(view)}`;
  }
  const strides = crossed(only).map((stage) => view.strides[stage - 1]);
  return `distance ${apart} = ${strides.join(" + ")}. ${crossings(only)} ${when(view)}`;
}

// One address after the other; the digit that has just flipped stands out.
function flips(n, rows) {
  const changed = stops(rows);
  return changed.flatMap((row, step) => {
    const before = step ? address(n, changed[step - 1]) : null;
    const digits = [...address(n, row)].map((digit, i) =>
      before && before[i] !== digit ? ["partner", digit] : digit
    );
    return [step ? " → " : "", ["address", digits]];
  });
}

function excuse({ n, token, source, schedule, causal, length }) {
  if (causal && source > token) {
    return [`never. ${upper(called(n, source))} is later, and nobody hears the future.`];
  }
  const [from, to] = [code(n, source), code(n, token)];
  if (causal && source & ~token) {
    const why = " has a 0, and without the future a 1 stays a 1.";
    return ["never. ", from, " has a 1 where ", to, why];
  }
  const lost = detour({ schedule, n, length }, source, token);
  return ["never. The only path leads through ", code(n, lost), ` = ${lost}, which is padding.`];
}

// ---- the bet: what will the last token hear, and the middle one, once the future is forbidden? --
export const asked = (n) => [n - 1, n / 2]; // the tokens, in the order of the questions

export function question(state) {
  const { n, bet, causal } = state;
  if (causal) return verdict(state);
  const said = bet.filter(Boolean), told = said.length ? `You say ${joined(said)}. ` : "";
  if (bet.length === 2) return `${told}Now forbid the future:`;
  if (said.length) return `And token ${n / 2}, in the middle?`;
  const whom = bet.length ? `${n / 2}, in the middle,` : `${n - 1}, the last,`;
  return `Soon nobody may hear a later token. ` +
    `How many will token ${whom} still have heard in the end?`;
}

// What was guessed of whom, and the count beside it once the future is forbidden.
export function guesses({ n, bet, causal, schedule, padding }) {
  const state = { schedule, n, causal: true, padding, length: n };
  const { heard } = causal && bet.length ? hearing(state) : {};
  return bet.flatMap((guess, i) => {
    const token = asked(n)[i], count = heard ? popcount(heard.at(-1)[token]) : null;
    return guess ? [{ token, guess, count }] : [];
  });
}

function verdict(state) {
  const truth = guesses(state).map(({ token, count, guess }) =>
    `token ${token} hears ${count}, you said ${guess}`
  );
  return `In the end ${truth.join("; ")}.`;
}
