// A deck that is dealt, as plain data. Evens go left, odds right, and again inside every half:
// the last digit of a card's address becomes the first of its place, then the one before it.
import { clamp, elapsed, range } from "../kit/numbers.js";
import { lastView, listOf, oneOf, whole, wished } from "../kit/state.js";

// ---- what can be -------------------------------------------------------------------------------
export const FIELDS = ["n", "deals", "rounds", "card", "guess", "reading"];
export const DECKS = [8, 16, 32, 64];
const CHECKS = {
  n: oneOf(...DECKS),
  deals: Number.isFinite,
  rounds: oneOf(1, 2),
  card: (value) => value === -1 || whole(value),
  guess: listOf(whole, whole),
  reading: oneOf("dealt", "stockham"),
};

export const depthOf = (n) => Math.round(Math.log2(n));
export const lastDeal = ({ n, rounds }) => rounds * depthOf(n);

// A deck that was dealt out stays dealt out when its size changes.
export function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.n !== state.n && !("deals" in patch) && state.deals === lastDeal(state)) {
    next.deals = lastDeal(next);
  }
  next.deals = clamp(next.deals, 0, lastDeal(next));
  next.card = Math.min(next.card, next.n - 1);
  if (Math.max(...next.guess) >= next.n) next.guess = [];
  return next;
}

// Whether a guess may be made or moved: a card is chosen and not yet dealt out.
export const betting = (state, view) =>
  state.rounds === 1 && state.deals < view.depth && state.card >= 0;

// The guess that is shown: any, or, while guessing, that of the chosen card.
export const heldGuess = ({ rounds, guess, card }, open) =>
  rounds === 1 && guess.length > 0 && (!open || guess[0] === card) ? guess : null;

// ---- what is shown -----------------------------------------------------------------------------
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const hops = (reads) => reads.slice(1).map((address, k) => Math.abs(address - reads[k]));

// Where each place's card goes when every pile of `pile` cards is dealt into two.
function dealt(places, pile) {
  return places.map((place) => {
    const k = place % pile;
    return place - k + (k % 2) * (pile / 2) + (k - (k % 2)) / 2;
  });
}

// How many swaps bring every card home: one fewer than its members for every ring of places.
function swapsOf(places) {
  const seen = new Set();
  let rings = 0;
  for (const start of places.keys()) {
    if (!seen.has(start)) rings++;
    for (let place = start; !seen.has(place); place = places[place]) seen.add(place);
  }
  return places.length - rings;
}

// In one deal the cards of a pile leave one after the other, as a hand deals them.
const LAG = 0.55;
function progress(place, pile, part) {
  const turn = pile > 1 ? (place % pile) / (pile - 1) : 0;
  return clamp((part - LAG * turn) / (1 - LAG), 0, 1);
}

// Row by row: the place of each card, and the digit at each position of the addresses.
function allDeals(n, last) {
  const depth = depthOf(n), rows = [range(n)], digits = [range(depth)];
  for (let row = 0; row < last; row++) {
    rows.push(dealt(rows[row], n >> row % depth));
    const moved = [...digits[row]];
    moved.splice(row % depth, 0, moved.pop());
    digits.push(moved);
  }
  return { rows, digits };
}

function lookAt({ n, deals, rounds, reading }) {
  const depth = depthOf(n), last = rounds * depth, { done, part } = elapsed(deals);
  const { rows, digits } = allDeals(n, last), places = rows[done], pile = n >> done % depth;
  const cards = range(n).map((place) => places.indexOf(place));
  const halves = [range(n / 2), range(n / 2).map((k) => k + n / 2)];
  const reads = reading === "dealt" ? [cards] : halves;
  return {
    n,
    depth,
    last,
    done,
    part,
    end: Math.min(done + 1, last),
    rows,
    digits,
    places,
    cards,
    gone: places.map((place) => (done < last ? progress(place, pile, part) : 0)),
    reads,
    dealt: part > 0 ? done % depth : done && ((done - 1) % depth) + 1, // digits, in this round
    home: places.flatMap((place, card) => (place === card ? [card] : [])),
    swaps: swapsOf(places),
    travel: mean(places.map((place, card) => Math.abs(place - card))),
    hop: mean(reads.flatMap(hops)),
  };
}

// A card that is chosen or guessed is seen by the hand alone.
export const makeView = () => lastView(["n", "deals", "rounds", "reading"], lookAt);
