// Who has heard whom, as plain data: a wiring without the future, without the padding, or whole.
import { clamp, elapsed, range } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";
import { bit, has, popcount } from "../shared/news.js";
import { meetings, places } from "../shared/padding.js";
import { ancestors, descendants, wiring } from "../shared/wiring.js";

// ---- what can be -------------------------------------------------------------------------------
const WIRED = ["n", "schedule", "causal", "padding", "length"]; // what the wires depend on
export const FIELDS = [...WIRED, "stage", "token", "source", "bet"];
export const SIZES = [4, 8, 16, 32, 64];
export const KINDS = [
  ["butterfly", "butterfly"],
  ["shift", "shift"],
  ["prefix", "prefix"],
  ["benes", "Beneš"],
];
const CHECKS = {
  n: oneOf(...SIZES),
  schedule: oneOf(...KINDS.map(([kind]) => kind)),
  causal: oneOf(true, false),
  padding: oneOf("keep", "relay"),
  length: whole,
  stage: Number.isFinite,
  token: whole,
  source: (value) => value === -1 || whole(value),
  bet: (value) => Array.isArray(value) && value.length <= 2 && value.every(whole), // 0: not asked
};

export const depthOf = ({ schedule, n, causal }) => wiring(schedule, n, causal).strides.length;

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  agree(next, patch);
  const depth = depthOf(next);
  if (next.n !== state.n) {
    if (!("length" in patch) && state.length === state.n) next.length = next.n;
    if (!("bet" in patch)) next.bet = state.bet[0] === 0 ? [0] : [];
  }
  if (!("stage" in patch) && state.stage === depthOf(state)) next.stage = depth;
  next.length = clamp(next.length, 2, next.n);
  next.stage = clamp(next.stage, 0, depth);
  next.token = Math.min(next.token, next.length - 1);
  next.source = Math.min(next.source, next.length - 1);
  next.bet = next.bet.map((guess) => Math.min(guess, next.n));
  return next;
}

// A prefix wiring hears only the past; who asks for the future as well gets a shift.
function agree(next, patch) {
  if (next.schedule !== "prefix" || next.causal) return;
  if ("causal" in patch) next.schedule = "shift";
  else next.causal = true;
}

// ---- what is shown -----------------------------------------------------------------------------

// The wires of the open network that the future or the padding cuts: rows that lose one, a stage.
// With relays the padding cuts none: a place that holds nothing has nothing to say.
function severed({ schedule, n, length, padding }, partners) {
  if (schedule === "shift" || schedule === "prefix") return partners.map(() => []); // rewired
  const open = wiring(schedule, n, false).partners;
  const spoke = (i) => padding === "keep" || i < length;
  return open.map((column, stage) =>
    range(length).filter((i) => column[i] !== partners[stage][i] && spoke(column[i]))
      .map((i) => [i, column[i]])
  );
}

// heard[column][i] is the mask of the tokens whose news place i holds there, holds[column] the
// places that hold any, listened[stage] those that listen to another one. Kept: frames read it.
const KNOWN = new Map();
export function hearing(state) {
  const key = WIRED.map((name) => state[name]).join("/");
  if (!KNOWN.has(key)) KNOWN.set(key, { key, ...listening(state) });
  return KNOWN.get(key);
}

function listening(state) {
  const { n, schedule, causal, length } = state, used = places(state);
  const partners = meetings(state).map((stage) =>
    stage.partners.map((partner, i) => (i < used ? partner : i))
  );
  const heard = [range(n).map((i) => (i < length ? bit(i) : 0n))];
  for (const column of partners) {
    heard.push(heard.at(-1).map((mask, i) => mask | heard.at(-1)[column[i]]));
  }
  return {
    depth: partners.length,
    strides: wiring(schedule, n, causal).strides,
    partners,
    heard,
    holds: heard.map((column) => column.map((mask) => mask > 0n)),
    cut: severed(state, partners),
    listened: partners.map((column) => range(n).filter((i) => column[i] !== i)),
  };
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
  const real = (column) => heard[column].slice(0, length); // a relay is no token
  const listened = known.listened.slice(0, done).flat();
  return {
    ...known,
    n: state.n,
    done,
    part,
    cells: count(real(done)),
    allowed: causal ? (length * (length + 1)) / 2 : length ** 2,
    final: count(real(depth)),
    listenings: listened.length,
    relayed: listened.filter((i) => i >= length).length,
    row: heard[done][token],
    mayHear: causal ? token + 1 : length,
    told: real(done).filter((mask) => source >= 0 && has(mask, source)).length,
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
