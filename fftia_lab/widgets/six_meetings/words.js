// What the cover says: one sentence, and what its one button offers next.
import { followed } from "./attention.js";
import { EVERYONE, isWhole, LAST, N } from "./model.js";
import { number, percent, plural, thousands } from "../kit/numbers.js";

export function describe(state, view) {
  const { done } = view, meetings = `After ${done} ${plural(done, "meeting")}`;
  if (state.carry === "fft") return ofWave(view, meetings);
  if (state.carry === "attention") return ofAttention(state, view, meetings);
  if (state.carry === "mixing") return ofMixing(view, meetings);
  return isWhole(state, view) ? ofAll(state, view) : ofNews(state, view, meetings);
}

function ofWave({ done }, meetings) {
  const products = `${(N / 2) * done} multiplications`;
  if (done < LAST) {
    return `${meetings}, ${products}; ${LAST - done} to go. Draw a wave on the bars.`;
  }
  return `The same wires carry your wave and deliver its spectrum: ${products}. ` +
    `The definition needs ${thousands(N * N)}.`;
}

function ofAttention({ token }, view, meetings) {
  const share = `token ${token} has ${number(view.share, 1)}\u00a0% of all attention`;
  return "Each token hears its partner more, the larger the product of their values. " +
    `${meetings}, ${listening(view)}; ${share}.`;
}

function ofMixing({ done, used, left, allowed, table }, meetings) {
  const { numbers, best, left: usual } = table;
  if (done < LAST) {
    return `${meetings}, ${used} of ${numbers} learned numbers are used; ${LAST - done} to go. ` +
      "Draw a wave on the bars.";
  }
  const yours = left > 1
    ? `know slow waves only: on yours the error is ${percent(left)} of the noise.`
    : `clean your wave: ${percent(left)} of the noise is left.`;
  const others = `On 4,096 slow waves kept apart ${percent(usual)}`;
  const full = `the best matrix of ${thousands(allowed)} numbers leaves ${percent(best)}`;
  return `${numbers} learned numbers ${yours} ${others}; ${full}.`;
}

function listening(view) {
  const [[most, first], [more, second]] = followed(view);
  if (most < 2) return "all listen most to themselves";
  return `${most} tokens listen most to token ${first}, ${more} to token ${second}`;
}

function ofAll({ causal }, { cells, allowed }) {
  const count = `${thousands(cells)} of ${thousands(allowed)}`;
  if (cells < allowed) {
    const lost = number(100 * (1 - cells / allowed), 0);
    return `The butterfly goes deaf: ${count} cells. ${lost} % of the past is lost.`;
  }
  if (causal) return `Same six meetings. Nothing lost: ${count}. This book is about that choice.`;
  const slow = `Asking one by one takes ${N - 1}`;
  return `Everyone has heard everyone: ${count} cells, in six meetings. ${slow}.`;
}

function ofNews({ token }, { news, listeners, cells, allowed }, meetings) {
  return `${meetings}, ${news.length} of ${listeners} have heard token ${token}. ` +
    `Wave along the tokens: ${thousands(cells)} of ${thousands(allowed)} cells.`;
}

// What the one button offers next, and the patch that it asks for; null begins again.
export function nextAct(state) {
  const told = { painted: EVERYONE, meeting: LAST };
  if (state.carry === "fft") return ["Now let the values choose", { carry: "attention" }];
  if (state.carry === "attention") return ["Now let training choose", { carry: "mixing" }];
  if (state.carry === "mixing") return ["From the beginning", null];
  if (!state.causal) return ["Now no one may hear the future", { causal: true, ...told }];
  if (state.wiring === "butterfly") return ["Change who meets whom", { wiring: "shift", ...told }];
  const wave = { wiring: "butterfly", causal: false, carry: "fft", meeting: LAST };
  return ["Now let the wires carry a wave", wave];
}

export const followedWords = ({ carry, token }, view) => {
  const heard = `${view.news?.length} of ${view.listeners} have heard its news`;
  const share = `${number(view.share ?? 0, 1)}\u00a0% of all attention`;
  return `token ${token}: ${carry === "attention" ? share : heard}`;
};
