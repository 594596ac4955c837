// What the figure of who has heard whom says: sentences for the eye, the ear and the card.
import { bit, popcount, runs } from "../shared/news.js";
import { detour } from "./model.js";
import { html } from "../kit/kit.js";

const SENTENCE = "No one heard it until the lamp fell and the moth told all the others why".split(
  " ",
);
export const wordOf = (n, token) => (n <= SENTENCE.length ? SENTENCE[token] : "");
export const called = (
  n,
  token,
) => (wordOf(n, token) ? `token ${token} “${wordOf(n, token)}”` : `token ${token}`);
export const address = (n, token) => token.toString(2).padStart(Math.log2(n), "0");
export const thousands = (value) => value.toLocaleString("en");
const joined = (
  items,
) => (items.length > 1 ? `${items.slice(0, -1).join(", ")} and ${items.at(-1)}` : String(items[0]));
const upper = (text) => text[0].toUpperCase() + text.slice(1);

// A set of tokens: "0, 4 and 8 to 11"; a long one keeps its beginning and its end.
export function spans(mask, n) {
  const found = runs(mask, n).flatMap((
    [first, after],
  ) => (after - first > 2
    ? [`${first} to ${after - 1}`]
    : after - first > 1
    ? [first, first + 1]
    : [first])
  );
  return found.length > 6 ? `${found.slice(0, 4).join(", ")} … ${found.at(-1)}` : joined(found);
}

export function describe(state, view) {
  const { n, token } = state,
    { done, depth, row, cells, allowed, mayHear } = view,
    heard = popcount(row);
  const whom = row === bit(token) ? "only itself" : `${heard} of ${mayHear}: ${spans(row, n)}`;
  const total = `In all ${thousands(cells)} of ${thousands(allowed)} pairs`,
    lost = allowed - view.final;
  const end = done < depth ? "" : lost ? `; ${thousands(lost)} never meet` : "; nobody is missed";
  return `After ${done} of ${depth} stages, ${called(n, token)} has heard ${whom}. ${total}${end}.`;
}

const crossings = (
  stages,
) => (stages.length
  ? `It crosses in stage${stages.length > 1 ? "s" : ""} ${joined(stages)}.`
  : "It never crosses.");
const when = (
  state,
  view,
) => (view.route.meets <= view.done
  ? `They have met since stage ${view.route.meets}.`
  : `They meet in stage ${view.route.meets}.`);

// One address after the other; the digit that has just flipped stands out.
function flips(n, rows) {
  const changed = rows.filter((row, column) => !column || row !== rows[column - 1]);
  return changed.flatMap((row, step) => {
    const digits = [...address(n, row)], before = step ? address(n, changed[step - 1]) : null;
    const marked = digits.map((
      digit,
      i,
    ) => (before && before[i] !== digit ? html("b", { class: "fl-partner" }, digit) : digit));
    return [step ? " → " : "", html("span", { class: "fl-address" }, ...marked)];
  });
}

// The card of a chosen pair: how the news comes, or why it never does; and how far it is by now.
export function explain(state, view) {
  if (state.source < 0) {
    return ["Press a token on the left, or a cell of the matrix: how does its news get here?"];
  }
  return [
    html("p", {}, ...way(state, view)),
    html(
      "p",
      {},
      `Dotted: by now ${view.told} of ${state.length} have heard ${called(state.n, state.source)}.`,
    ),
  ];
}

function way(state, view) {
  const { n, token, source, schedule, causal, length } = state;
  const { meets, paths, only } = view.route, pair = `${source} → ${token}: `;
  if (source === token) return [pair, `${called(n, token)} has always heard itself.`];
  if (meets < 0) return [pair, ...excuse(state)];
  const stages = only
    ? only.flatMap((row, column) => (column && row !== only[column - 1] ? [column] : []))
    : [];
  if (schedule === "shift") {
    const apart = causal ? token - source : (source - token + length) % length;
    if (paths > 1) {
      return [
        pair,
        `distance ${apart}, or ${apart + length} once round the circle: ${paths} paths. ${
          when(state, view)
        }`,
      ];
    }
    return [
      pair,
      `distance ${apart} = ${
        joined(stages.map((stage) => view.strides[stage - 1])).replace(/, | and /g, " + ")
      }. ${crossings(stages)} ${when(state, view)}`,
    ];
  }
  if (paths > 1) {
    return [
      pair,
      html("span", { class: "fl-address" }, address(n, source)),
      " to ",
      html("span", { class: "fl-address" }, address(n, token)),
      ` on ${paths} paths: a digit may flip while the strides grow or while they shrink. ${
        when(state, view)
      }`,
    ];
  }
  return [pair, ...flips(n, only), `. ${crossings(stages)} ${when(state, view)}`];
}

function excuse({ n, token, source, schedule, causal, length }) {
  const code = (i) => html("span", { class: "fl-address" }, address(n, i));
  if (causal && source > token) {
    return [`never. ${upper(called(n, source))} is later, and nobody hears the future.`];
  }
  if (causal && source & ~token) {
    return [
      "never. ",
      code(source),
      " has a 1 where ",
      code(token),
      " has a 0, and without the future a 1 stays a 1.",
    ];
  }
  const lost = detour({ schedule, n, length }, source, token);
  return ["never. The only path leads through ", code(lost), ` = ${lost}, which is padding.`];
}
