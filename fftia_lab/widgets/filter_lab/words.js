// What the figure of filters says: whom an input reaches, what an edge and a mode cost, a bet.
import { LAST } from "./filter.js";
import { LENGTHS } from "./model.js";
import { number, percent, plural } from "../kit/numbers.js";

// ---- the sentence ------------------------------------------------------------------------------
export function describe(state, view) {
  if (view.hidden) return `What input ${view.place} changes is shown after your guess.`;
  return [reach(state, view), edge(state, view)].filter(Boolean).join(" ");
}

function reach({ n }, { place, reached, felt }) {
  if (!reached) return `The filter lets nothing through: input ${place} changes no output.`;
  const strongly = felt.itself + felt.later + felt.earlier + felt.round;
  const changes = `Input ${place} changes ${reached} of ${n} outputs`;
  if (reached === strongly) return `${changes}.`;
  return `${changes}, ${strongly} of them by more than ${percent(0.01)} of the largest weight.`;
}

const come = (count, words) => `${count} ${count === 1 ? "lies" : "lie"} ${words}`;

function edge(state, { reached, felt, lost, miss }) {
  if (!reached) return "";
  const { earlier, round } = felt;
  if (state.edge === "causal") {
    const cut = lost > 0.0005
      ? `The cut took ${percent(lost, 1)} of the kernel’s energy; the response now misses the ` +
        `drawn one by up to ${number(miss)} (dashed).`
      : "The cut took nothing: there was nothing at negative lags.";
    return `No output before it changes. ${cut}`;
  }
  if (state.edge === "padded") {
    const before = earlier
      ? `but ${come(earlier, "before it")}: padding is not causality.`
      : "and none lies before it.";
    return `Zeros after the end cut the seam, ${before}`;
  }
  const parts = [
    earlier && come(earlier, "before it"),
    round && come(round, "across the seam, where the end meets the beginning"),
  ].filter(Boolean);
  return parts.length
    ? `Of these ${parts.join(" and ")}.`
    : "None lies before it, none across the seam.";
}

// ---- what a mode keeps and what it loses -------------------------------------------------------
export function modeLine(state, { lengths, open }) {
  const { mode, n, edge, ask } = state, far = lengths[mode][LENGTHS.indexOf(n)];
  const within = `${percent(0.99)} of what is heard of others lies within ${far} `;
  const heard = far ? `${within}${plural(far, "lag")}.` : "nothing is heard of others.";
  const reached = open && ask === "double" ? "" : ` ${heard}`;
  if (mode === "sample") {
    return `Knots per sample:${reached} A longer sequence has the same filter, a local one.`;
  }
  const last = number(LAST / (edge === "circular" ? n : 2 * n), 3);
  return `Knots per sequence:${reached} At 2N it is another filter: knot ${LAST} is ` +
    `${last} cycles per sample here, half of that there.`;
}

// ---- the bet -----------------------------------------------------------------------------------
const NAMES = {
  yes: "yes",
  no: "no",
  half: "half as long",
  same: "the same",
  twice: "twice as long",
};
export const nameOf = (answer) => NAMES[answer];

export function question({ n, ask, bet }, { open, truth }) {
  if (open) return QUESTIONS[ask](n);
  const said = `You said ${NAMES[bet]}`;
  if (ask === "double") {
    const { now, then } = truth;
    const within = `within ${now} ${plural(now, "lag")} at N = ${n}, ${then} at ${2 * n} (dotted)`;
    return `${said}. ${percent(0.99)} of what is heard of others lies ${within}.`;
  }
  const { weight, itself } = truth, to = ask === "seam" ? 0 : n / 2;
  const from = ask === "seam" ? n - 1 : n / 2 + 1;
  return `${said}. Output ${to} takes ${number(weight, 3)} of input ${from}, ` +
    `${number(itself, 3)} of its own.`;
}

const QUESTIONS = {
  seam: (n) => `Will output 0, the first, hear input ${n - 1}, the last?`,
  future: (n) => `Will output ${n / 2} hear input ${n / 2 + 1}, which comes after it?`,
  double: (n) => `At N = ${2 * n}, how long is the kernel in lags?`,
};

// ---- hands and labels --------------------------------------------------------------------------
const perWhat = ({ mode, edge }) =>
  mode === "sample"
    ? "cycles per sample"
    : edge === "circular"
    ? "cycles per sequence"
    : "cycles per 2N samples";

export function knotText(state, k) {
  const place = state.mode === "sample" ? number(k / (2 * LAST), 2) : k;
  return `knot ${k}, ${place} ${perWhat(state)}: gain ${number(state.gains[k])}`;
}

export function delayText({ delay }) {
  if (!delay) return "no delay";
  return `${Math.abs(delay)} ${plural(Math.abs(delay), "lag")} ${
    delay > 0 ? "later" : "earlier"
  } at N = 16`;
}

// The labels of the drawing, by their places.
export function labelTexts(state, view) {
  const { signal, edge, delay } = state, largest = number(Math.max(...view.y.map(Math.abs)));
  const round = view.hidden || !view.felt.round ? "" : "red: round the seam";
  return {
    response: "response |D|: draw on it",
    kernel: `impulse response, up to ${number(view.largest)}`,
    matrix: "output ↓ by input →",
    signal: signal === "impulse" ? `input: 1 at ${view.place}; draw on it` : "input x: draw on it",
    output: view.hidden ? "output y, after your guess" : `output y, up to ${largest}`,
    round,
    unit: perWhat(state),
    future: edge === "causal" ? "later: cut" : "hears later",
    past: "hears earlier",
    delay: `delay ${number(delay, 0)}`,
  };
}
