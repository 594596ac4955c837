// What the cover says: one sentence, and what its one button offers next.
import { followed } from "./attention.js";
import { EVERYONE, isWhole, LAST, N } from "./model.js";
import { number, percent, plural, range, thousands } from "../kit/numbers.js";

const after = (done) => `After ${done} ${plural(done, "stage")}`;

export function describe(state, view) {
  const stages = after(view.done);
  if (state.carry === "fft") return ofWave(view, stages);
  if (state.carry === "attention") return ofAttention(state, view, stages);
  if (state.carry === "mixing") return ofMixing(view, stages);
  return isWhole(state, view) ? ofAll(state, view) : ofNews(state, view, stages);
}

function ofWave({ done }, stages) {
  const products = `${(N / 2) * done} multiplications`;
  if (done < LAST) {
    return `${stages}, ${products}; ${LAST - done} to go. Draw a wave on the bars.`;
  }
  return `The same wires carry your wave and deliver its spectrum: ${products}. ` +
    `The definition needs ${thousands(N * N)}.`;
}

function ofAttention({ token }, view, stages) {
  const share = `Token ${token} gets ${number(view.share, 1)}\u00a0% of all attention`;
  const equal = `${number(100 / N, 1)}\u00a0% would be an equal part`;
  return `${stages}, ${listening(view)}: like hears like. ${share}; ${equal}.`;
}

function ofMixing({ done, used, left, allowed, table }, stages) {
  const { numbers, best, left: usual } = table;
  if (done < LAST) {
    return `${stages}, ${used} of ${numbers} learned numbers are used; ${LAST - done} to go. ` +
      "Draw a wave on the bars.";
  }
  const yours = left > 1
    ? `know slow waves only: ${percent(left)} of the noise`
    : `clean your wave: ${percent(left)} of the noise is left`;
  const others = `On 4,096 new slow ones ${percent(usual)}`;
  const full = `the best matrix of ${thousands(allowed)} numbers, ${percent(best)}`;
  return `${numbers} learned numbers ${yours}. ${others}; ${full}.`;
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
  if (causal) return `Same six stages. Nothing lost: ${count}. This book is about that choice.`;
  const slow = `To meet all ${N - 1} others takes ${N - 1} stages`;
  return `Everyone has heard everyone: ${count} cells, after six stages. ${slow}.`;
}

function ofNews({ token, painted }, { news, listeners, cells, allowed }, stages) {
  const all = painted === EVERYONE ? "All tokens together" : "Wave along the tokens";
  return `${stages}, ${news.length} of ${listeners} have heard token ${token}. ` +
    `${all}: ${thousands(cells)} of ${thousands(allowed)} cells.`;
}

// The longest of each kind, for which there is room: numbers have their most digits.
export function longest() {
  const most = { done: LAST, token: N - 1, share: 10, left: 99.9 };
  const cells = { news: { length: N }, listeners: N, cells: N * N - 1, allowed: N * N };
  const table = { numbers: 2 * N * LAST, best: 0.99, left: 0.99 };
  const product = range(N).map((i) => range(N).map((j) => Number(j === N - 1 - i % 2)));
  const stages = after(LAST),
    early = after(LAST - 1),
    view = { ...most, ...cells, product, table };
  return [
    ofNews({ token: N - 1 }, view, stages),
    ofAll({}, view),
    ofWave({ done: 1 }, early),
    ofWave(view, stages),
    ofAttention(most, view, stages),
    ofMixing({ ...view, done: 1, used: 2 * N * LAST }, early),
    ofMixing(view, stages),
    ofMixing({ ...view, left: 0.99 }, stages),
  ];
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
