// What the figure of the butterfly says: one sentence, the hands' values, the bet.
import { complex, degrees, elapsed, list, percent, range, sub, thousands } from "../kit/numbers.js";
import { plain, productOf } from "./names.js";
import { ancestors } from "../shared/wiring.js";

export function describe(state, view) {
  if (state.twist.length) return twistWords(state, view);
  const { done } = elapsed(state.stage), more = moreWords(state, view, done);
  return (state.node.length ? nodeWords(state, view, done) : allWords(view, done)) + more;
}

// What is fixed, asked for or learned in the meetings.
function moreWords({ weights }, view, done) {
  if (view.fft) return ` ${workWords(view, done)}`;
  if (weights === "gates") return " Each share is a softmax over 8 times the products of values.";
  if (weights !== "learned") return "";
  const { numbers, left, best } = view.learned, full = view.n ** 2;
  return ` ${numbers} numbers, learned to clean slow waves, leave ${percent(left)} of the noise; ` +
    `the best matrix of ${thousands(full)} leaves ${percent(best)}.`;
}

function workWords({ n, depth }, done) {
  return `At stage ${done}, ${(done * n) / 2} of ${(depth * n) / 2} multiplications are done; ` +
    `the definition needs ${thousands(n ** 2)}.`;
}

function nodeWords(state, view, done) {
  const { node: [column, row] } = state, { n, depth, fft, heard, pair } = view;
  const [thing, things] = fft ? ["row", "samples"] : ["token", "tokens"];
  const names = list(heard.map((i) => (fft ? `x${sub(i)}` : String(i))));
  const has = column > done ? "will have" : "has";
  return `After ${column} of ${depth} stages, ${thing} ${row} ${has} heard ` +
    `${heard.length} of the ${n} ${things}: ${names}.` + (pair ? sharedWords(state, view) : "");
}

// One product serves two outputs.
function sharedWords(state, view) {
  const { low, high } = view.pair, product = plain(productOf(view, state, view.pair));
  return ` Rows ${low} and ${high} need one product: ${product}.`;
}

// How many everybody has heard when `done` stages are complete.
function allWords(view, done) {
  const { n, depth, fft } = view, [thing, things] = fft ? ["row", "samples"] : ["token", "tokens"];
  const counts = range(n).map((row) => ancestors(view, done, row)[0].size);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  const heard = fewest === most
    ? `every ${thing} has heard ${most}`
    : `${thing}s have heard between ${fewest} and ${most}`;
  return `After ${done} of ${depth} stages, ${heard} of the ${n} ${things}.`;
}

function twistWords({ twist: [stage, low, turn], bet }, { n, partners, wrong }) {
  const names = list(wrong.map((k) => `X${sub(k)}`));
  const broken = `${wrong.length} of ${n} outputs are wrong: ${names}.`;
  const turned = `The twiddle of rows ${low} and ${partners[stage][low]} in stage ${stage + 1} ` +
    `is turned by ${degrees(turn)}.`;
  const guess = bet ? ` You said ${bet}.` : "";
  return `${turned} ${wrong.length ? broken : "No output is wrong."}${guess}`;
}

export function nodeValue({ node }, view) {
  if (!node.length) return "no node chosen; Enter chooses one";
  const [column, row] = node, value = complex(view.columns[column][row]);
  const heard = `has heard ${view.heard.length} of ${view.n}: ${list(view.heard)}`;
  return `stage ${column}, row ${row}: value ${value}; ${heard}`;
}

export function question({ n, bet }, late) {
  if (late) return "This twiddle is turned already: the crossed outputs are the answer.";
  if (!bet) return "Before you turn this twiddle: how many outputs will change?";
  return `Your guess: ${bet} of ${n}. Now turn the dial, or press an arrow key on it.`;
}
