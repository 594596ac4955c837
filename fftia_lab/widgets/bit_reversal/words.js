// What the figure of the dealt cards says: one sentence, captions, the bet.
import { betting, heldGuess } from "./model.js";
import { binary, list, short, thousands } from "../kit/numbers.js";

export function describe({ card }, view) {
  const { n, depth, done, home } = view;
  if (!done) return `Nothing is dealt yet: all ${n} cards lie where they began.`;
  if (done === 2 * depth) {
    return `Dealt twice, all ${n} cards lie where they began: ` +
      "an address reversed twice is the address.";
  }
  const when = done > depth
    ? `Dealt again, after deal ${view.dealt} of ${depth}`
    : `After ${done} of ${depth} deals`;
  const which = done === depth && home.length <= 4 ? ` (${list(home)})` : "";
  const still = `${home.length} of the ${n} cards lie where they began${which}`;
  return `${cardWords(card, view)}${when}, ${still}.${workWords(view)}`;
}

function cardWords(card, { places, done, depth }) {
  if (card < 0) return "";
  const place = places[card];
  if (done !== depth) return `Card ${card} lies at place ${place}. `;
  if (place === card) {
    return `Card ${card} is back where it began: its address reads the same backwards. `;
  }
  return `Card ${card} lies at place ${place}, and card ${place} at place ${card}. `;
}

function workWords({ swaps, travel }) {
  if (!swaps) return "";
  const far = short(travel);
  return ` ${swaps} swaps would undo it. On average a card lies ${far} places from home.`;
}

export function readingCaption({ reading }, { hop }, roomy) {
  if (reading === "stockham") {
    return roomy
      ? "Reads of a Stockham stage: two at a time, each 1 address further on"
      : "Stockham reads two at a time, straight on";
  }
  return roomy
    ? `Addresses read, from left to right: each ${short(hop)} from the one before, on average`
    : `Reads: each ${short(hop)} from the one before`;
}

// What sorting costs a deck too long to draw; Python has counted.
export function fact({ reading }, { n, travel, hop }) {
  if (reading !== "stockham") return "";
  return `Of ${thousands(n)} cards dealt like these, one lies ${travel} places from home ` +
    `on average, and is read ${hop} addresses from the one before.`;
}

export function cardValue({ card }, { places, depth }) {
  if (card < 0) return "no card chosen; Enter chooses one";
  const place = places[card];
  return `card ${card}, ${binary(card, depth)}, at place ${place}, ${binary(place, depth)}`;
}

export function guessValue(held, card) {
  if (!held) return `no guess for card ${card} yet; arrow keys make one`;
  return `card ${held[0]} to place ${held[1]}`;
}

// The question before the deals, the answer after them.
export function question(state, view) {
  const { card, rounds, deals } = state, open = rounds === 1 && deals < view.depth;
  const held = heldGuess(state, open), [of, place] = held ?? [];
  if (!open && !held) return "";
  if (!open) {
    return `You said place ${place}; card ${of} lies at place ${view.rows[view.depth][of]}.`;
  }
  if (!betting(state, view)) {
    return `Choose a card. Where will it lie after all ${view.depth} deals?`;
  }
  if (held) return `You say that card ${of} will lie at place ${place}. Now press Play.`;
  return `Where will card ${card} lie after all ${view.depth} deals? ` +
    "Drag it to a place, or tap the place.";
}
