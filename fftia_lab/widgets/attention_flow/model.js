// Two trained models on one input, as plain data: what they mix, how strongly, and what is said.
import { clamp, elapsed, mix, range } from "../kit/numbers.js";
import { oneOf, whole, wished } from "../kit/state.js";
import { wiring } from "../shared/wiring.js";

export const TOKENS = 16;
export const LETTERS = "ABCDEF";
export const STAGES = 4;

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["letters", "flags", "stage", "token", "source", "bet"];
export const GUESSES = [1, 2, 3, 4];
const isToken = (value) => whole(value) && value < TOKENS;
const CHECKS = {
  letters: (value) =>
    typeof value === "string" && value.length === TOKENS &&
    [...value].every((letter) => LETTERS.includes(letter)),
  flags: (value) =>
    Array.isArray(value) && value.length <= 2 && value.every(isToken) &&
    new Set(value).size === value.length,
  stage: Number.isFinite,
  token: isToken,
  source: (value) => value === -1 || isToken(value),
  bet: oneOf(0, ...GUESSES),
};

export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  next.stage = clamp(next.stage, 0, STAGES);
  return next;
}

// Where the second flag is given out, seen from the first.
export const secondOf = (first) => (first + 5) % TOKENS;

// ---- what is shown -----------------------------------------------------------------------------

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const add = (a, b, part = 1) => a.map((value, i) => value + part * b[i]);
const through = (row, matrix) =>
  matrix[0].map((_, j) => row.reduce((sum, value, i) => sum + value * matrix[i][j], 0));
const largest = (row) => row.indexOf(Math.max(...row));

function softmax(scores) {
  const top = Math.max(...scores), powers = scores.map((score) => Math.exp(score - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

// A token's vector: its letter's, its place's, and the flag's where it carries one.
function tokensOf({ letters, flags }, weights) {
  return [...letters].map((letter, i) => {
    const plain = add(weights.letters[LETTERS.indexOf(letter)], weights.places[i]);
    return flags.includes(i) ? add(plain, weights.flag) : plain;
  });
}

// What is read from a token's own vector and from what it has heard: a letter, and how surely.
function readOut(own, heard, weights) {
  return own.map((vector, i) => {
    const whole = add(vector, through(heard[i], weights.w_out));
    const shares = softmax(through(whole, weights.readout)), letter = largest(shares);
    return { letter, share: shares[letter] };
  });
}

// One stage: the partner's weight g = σ(q·(k′ − k)/√d), and x becomes (1 − g) x + g x′.
function stageOf(values, partner, { w_q, w_k }) {
  const keys = values.map((value) => through(value, w_k));
  const gates = values.map((value, i) => {
    const nearer = add(keys[partner[i]], keys[i], -1);
    return 1 / (1 + Math.exp(-dot(through(value, w_q), nearer) / Math.sqrt(value.length)));
  });
  const mixed = values.map((value, i) => add(value, add(values[partner[i]], value, -1), gates[i]));
  return { gates, mixed };
}

function butterflyFlow(state, weights) {
  const { partners, strides } = wiring("butterfly", TOKENS);
  const values = [tokensOf(state, weights)], gates = [];
  const products = [range(TOKENS).map((i) => range(TOKENS).map((j) => Number(i === j)))];
  for (const partner of partners) {
    const { gates: gate, mixed } = stageOf(values.at(-1), partner, weights);
    const before = products.at(-1);
    gates.push(gate);
    values.push(mixed);
    products.push(before.map((row, i) => add(row, add(before[partner[i]], row, -1), gate[i])));
  }
  const says = values.map((heard) => readOut(values[0], heard, weights));
  return { partners, strides, values, gates, products, says };
}

function denseFlow(state, weights) {
  const values = tokensOf(state, weights);
  const keys = values.map((value) => through(value, weights.w_k));
  const matrix = values.map((value) => {
    const query = through(value, weights.w_q);
    return softmax(keys.map((key) => dot(query, key) / Math.sqrt(value.length)));
  });
  return { matrix, says: readOut(values, matrix.map((row) => through(row, values)), weights) };
}

// What of every earlier value arrives at one token: arrives[column][row], from the input on.
function arrivals({ partners, gates }, done, token) {
  const found = [range(TOKENS).map((i) => Number(i === token))];
  for (let stage = done - 1; stage >= 0; stage--) {
    const before = range(TOKENS).map(() => 0);
    found[0].forEach((amount, i) => {
      before[i] += amount * (1 - gates[stage][i]);
      before[partners[stage][i]] += amount * gates[stage][i];
    });
    found.unshift(before);
  }
  return found;
}

// The only way from a source to a listener through the first stages: its rows and its weights.
function wayTo({ partners, strides, gates }, done, source, token) {
  const rows = [source], crosses = [], weights = [];
  for (let stage = 0; stage < done; stage++) {
    const at = rows.at(-1), cross = (at & strides[stage]) !== (token & strides[stage]);
    const to = cross ? partners[stage][at] : at;
    rows.push(to);
    crosses.push(cross);
    weights.push(cross ? gates[stage][to] : 1 - gates[stage][to]);
  }
  return rows.at(-1) === token ? { rows, crosses, weights } : null;
}

function attend(state, tables) {
  const flow = butterflyFlow(state, tables.butterfly), dense = denseFlow(state, tables.dense);
  const { done, part } = elapsed(state.stage), product = flow.products[done];
  const flagged = product.map((row) => state.flags.reduce((sum, place) => sum + row[place], 0));
  const source = state.source < 0 ? largest(product[state.token]) : state.source;
  const onTheWay = (row, i) =>
    row.map((value, j) => mix(value, flow.products[done + 1][i][j], part));
  return {
    ...flow,
    dense,
    done,
    part,
    product,
    flagged,
    source,
    heard: flagged.filter((weight) => weight > 0.5).length,
    shown: part ? product.map(onTheWay) : product,
    arrives: arrivals(flow, done, state.token),
    way: wayTo(flow, done, source, state.token),
  };
}

export function makeView(model) {
  const tables = model.get("tables");
  return (state) => attend(state, tables);
}
