// Runs as plain data: what was recorded, what was measured here, who is faster where.
import { CONTESTS } from "./contests.js";
import { curvesOf } from "./curves.js";
import { range } from "../kit/numbers.js";
import { wished } from "../kit/state.js";

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["series", "run", "rival", "quantity", "n"];
const boardsOf = (model) => Object.entries(model.get("tables").boards);
const someBoard = (model, holds) => boardsOf(model).some(([, board]) => holds(board));
const CHECKS = {
  series: (value, model) => Object.hasOwn(model.get("tables").boards, value),
  run: (value, model) => range(model.get("tables").runs.length || 1).includes(value),
  rival: (value, model) => someBoard(model, ({ rivals }) => rivals.includes(value)),
  quantity: (value) => ["time", "ratio"].includes(value),
  n: (value, model) => someBoard(model, ({ sizes }) => sizes.includes(value)),
};

// No field hangs on another: who is not in a series, or a size that it has not, waits.
export const settle = (state, patch, model) => wished(state, patch, CHECKS, model);

// ---- what is shown -----------------------------------------------------------------------------
export function makeView(model) {
  const { boards, runs } = model.get("tables");
  return (state) => {
    const board = boards[state.series];
    const rival = board.rivals.includes(state.rival) ? state.rival : board.rivals[0];
    const chosen = runs[board.runs[Math.min(state.run, board.runs.length - 1)]];
    const pair = { rival, baseline: board.baseline };
    const recorded = chosen ? shownOf(chosen, pair, board.series) : null;
    const mine = model.get("measured").findLast((record) => seriesOf(record, board));
    const own = mine ? shownOf(curvesOf(mine), pair, seriesOf(mine, board)) : null;
    const n = nearest(board.sizes, state.n);
    return {
      board: { suite: board.suite, series: board.series, rivals: board.rivals, sizes: board.sizes },
      ...pair,
      n,
      recorded,
      own,
      agreement: agreementOf(recorded, own),
      page: pageOf(board, n, own),
    };
  };
}

// The nearest size, as lengths compare: by their ratio.
function nearest(sizes, n) {
  const far = (size) => Math.abs(Math.log(size / n));
  return sizes.reduce((best, size) => far(size) < far(best) ? size : best);
}

// Which series of a record belongs on a board, or "". A run of this page's GPU has one of its own,
// which may lie over some that were recorded.
function seriesOf({ name, device, entries }, { suite, series }) {
  if (name !== suite) return "";
  const { series: own, beside = [] } = CONTESTS[suite] ?? {};
  const paged = device.kind === "webgpu" && (series === own || beside.includes(series));
  const wanted = paged ? own : series;
  return entries.some((entry) => entry.series === wanted) ? wanted : "";
}

// What this page's GPU can do about a board: where its run is shown, whether that is here, and in
// how many launches at this size; null if it cannot measure the suite.
function pageOf({ suite, series }, n, own) {
  const contest = CONTESTS[suite];
  if (!contest) return null;
  const here = series === contest.series || contest.beside.includes(series);
  const key = `${suite}: ${contest.series}`, launches = contest.launches(n);
  return { key, here, launches, slower: slowerBy(contest.forms, n, own) };
}

// How many times as long the unfused form takes in a run; 0 if it has not both.
function slowerBy(forms, n, own) {
  const [fused, single] = forms.map((name) => own?.contenders[name]?.find(([size]) => size === n));
  return fused && single ? single[2] / fused[2] : 0;
}

// What a run shows on a board: its curves, and at each size whether the rival is faster.
function shownOf(run, { rival, baseline }, name) {
  const { contenders, baseline: divisor } = run.series[name];
  const verdicts = divisor === baseline ? (contenders[rival] ?? []).map(verdictOf) : [];
  const { device, date, complete } = run;
  return { device, date, complete, contenders, verdicts, from: faster(verdicts) };
}

// By the quartiles of the paired ratios: what a run cannot tell apart is even.
function verdictOf([n, , , , lower, , upper]) {
  return [n, upper < 1 ? "faster" : lower > 1 ? "slower" : "even"];
}

// The size from which on the rival is faster, 0 if it is not at the last.
function faster(verdicts) {
  const slow = verdicts.findLastIndex(([, verdict]) => verdict !== "faster");
  return verdicts[slow + 1]?.[0] ?? 0;
}

// At which sizes both runs say something about the pair, and at which they differ.
function agreementOf(recorded, own) {
  if (!recorded?.verdicts.length || !own?.verdicts.length) return null;
  const told = new Map(recorded.verdicts);
  const shared = own.verdicts.filter(([n]) => told.has(n));
  return {
    shared: shared.map(([n]) => n),
    differing: shared.filter(([n, verdict]) => told.get(n) !== verdict).map(([n]) => n),
  };
}
