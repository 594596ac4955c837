// A deck that is dealt, as plain data. Evens go left, odds right, and again inside every half:
// the last digit of a card's address becomes the first of its place, then the one before it.

export const upTo = (count) => Array.from({ length: count }, (_, i) => i);
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
  return Math.min(1, Math.max(0, (part - LAG * turn) / (1 - LAG)));
}

export const depthOf = (n) => Math.round(Math.log2(n));
export const lastDeal = ({ n, rounds }) => rounds * depthOf(n);
export const binary = (value, depth) => value.toString(2).padStart(depth, "0");

export function lookAt({ n, deals, rounds, reading }) {
  const depth = depthOf(n),
    last = rounds * depth,
    done = Math.floor(deals + 1e-9),
    part = Math.max(0, deals - done);
  const rows = [upTo(n)], digits = [upTo(depth)]; // row -> place of each card, digit at each position
  for (let row = 0; row < last; row++) {
    rows.push(dealt(rows[row], n >> row % depth));
    const moved = [...digits[row]];
    moved.splice(row % depth, 0, moved.pop());
    digits.push(moved);
  }
  const places = rows[done], cards = [];
  places.forEach((place, card) => {
    cards[place] = card;
  });
  const pile = n >> done % depth,
    gone = places.map((place) => (done < last ? progress(place, pile, part) : 0));
  const reads = reading === "dealt" ? [cards] : [upTo(n / 2), upTo(n / 2).map((k) => k + n / 2)];
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
    gone,
    reads,
    dealt: part > 0 ? done % depth : done && ((done - 1) % depth) + 1, // digits dealt in this round
    home: places.flatMap((place, card) => (place === card ? [card] : [])),
    swaps: swapsOf(places),
    travel: mean(places.map((place, card) => Math.abs(place - card))),
    hop: mean(reads.flatMap(hops)),
  };
}
