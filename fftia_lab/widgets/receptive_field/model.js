// Who has heard whom, as plain data: a wiring without the future, without the padding, or whole.
import { clamp, elapsed, range } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";
import { bit, has, popcount } from "../shared/news.js";
import { ancestors, descendants, wiring } from "../shared/wiring.js";

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "schedule", "causal", "length", "stage", "token", "source", "bet"];
export const SIZES = [4, 8, 16, 32, 64];
export const KINDS = [["butterfly", "butterfly"], ["shift", "shift"], ["benes", "Beneš"]];
const CHECKS = {
  n: oneOf(...SIZES),
  schedule: oneOf(...KINDS.map(([kind]) => kind)),
  causal: oneOf(true, false),
  length: whole,
  stage: Number.isFinite,
  token: whole,
  source: (value) => value === -1 || whole(value),
  bet: (value) =>
    Array.isArray(value) && value.length <= 2 && value.every((guess) => whole(guess) && guess),
};

export const depthOf = ({ schedule, n, causal }) => wiring(schedule, n, causal).strides.length;

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model), depth = depthOf(next);
  if (next.n !== state.n) {
    if (!("length" in patch) && state.length === state.n) next.length = next.n;
    if (!("bet" in patch)) next.bet = [];
  }
  if (!("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.length = clamp(next.length, 2, next.n);
  next.stage = clamp(next.stage, 0, depth);
  next.token = Math.min(next.token, next.length - 1);
  next.source = Math.min(next.source, next.length - 1);
  next.bet = next.bet.map((guess) => Math.min(guess, next.n));
  return next;
}

// ---- what is shown -----------------------------------------------------------------------------

// Whom each token meets, itself where nobody. Padding is never met; a shift turns on the sentence.
function meetings({ schedule, n, causal, length }) {
  const { strides, partners } = wiring(schedule, n, causal);
  if (schedule !== "shift" || length === n) {
    return partners.map((column) =>
      column.map((partner, i) => (Math.max(i, partner) < length ? partner : i))
    );
  }
  const shifted = (i, stride) => (causal ? (i < stride ? i : i - stride) : (i + stride) % length);
  return strides.map((stride) =>
    range(n).map((i) => (i < length && stride < length ? shifted(i, stride) : i))
  );
}

// The wires of the open network that the future or the padding cuts: rows that lose one, a stage.
function severed({ schedule, n, length }, partners) {
  if (schedule === "shift") return partners.map(() => []); // it is rewired, not cut
  const open = wiring(schedule, n, false).partners;
  return open.map((column, stage) =>
    range(length).filter((i) => column[i] !== partners[stage][i]).map((i) => [i, column[i]])
  );
}

// heard[column][i] is the mask of the tokens that token i has heard there. Kept: frames read it.
const KNOWN = new Map();
export function hearing(state) {
  const key = [state.schedule, state.n, state.causal, state.length].join("/");
  if (!KNOWN.has(key)) {
    const partners = meetings(state);
    const heard = [range(state.n).map((i) => (i < state.length ? bit(i) : 0n))];
    for (const column of partners) {
      heard.push(heard.at(-1).map((mask, i) => mask | heard.at(-1)[column[i]]));
    }
    KNOWN.set(key, {
      key,
      depth: partners.length,
      strides: wiring(state.schedule, state.n, state.causal).strides,
      partners,
      heard,
      cut: severed(state, partners),
    });
  }
  return KNOWN.get(key);
}

// How one token's news comes to another: the stage after which it is there (-1: never), the number
// of paths through all stages, the rows on any of them column by column, and the only path.
function route({ depth, partners, heard }, source, target) {
  let ways = partners[0].map((_, i) => Number(i === source));
  for (const column of partners) {
    ways = ways.map((count, i) => count + (column[i] === i ? 0 : ways[column[i]]));
  }
  const from = descendants({ partners }, 0, [source]), to = ancestors({ partners }, depth, target);
  const rows = from.map((column, at) => [...column].filter((row) => to[at].has(row)));
  return {
    meets: heard.findIndex((column) => has(column[target], source)),
    paths: ways[target],
    rows,
    only: ways[target] === 1 ? rows.map(([row]) => row) : null,
  };
}

const count = (masks) => masks.reduce((sum, mask) => sum + popcount(mask), 0);

export function listen(state) {
  const known = hearing(state), { depth, heard } = known, { length, causal, token, source } = state;
  const { done, part } = elapsed(state.stage);
  return {
    ...known,
    n: state.n,
    done,
    part,
    cells: count(heard[done]),
    allowed: causal ? (length * (length + 1)) / 2 : length ** 2,
    final: count(heard[depth]),
    row: heard[done][token],
    mayHear: causal ? token + 1 : length,
    told: heard[done].filter((mask) => source >= 0 && has(mask, source)).length,
    route: source < 0 ? null : route(known, source, token),
  };
}

// Why news never comes: the first row of its path in the open butterfly that is padding.
export function detour({ schedule, n, length }, source, target) {
  let at = source;
  for (const stride of wiring(schedule, n, false).strides) {
    at = (at & ~stride) | (target & stride);
    if (at >= length) return at;
  }
  return -1;
}

export const makeView = () => listen;
