// What is taken hold of among the dealt cards: the deck, the guess, and every view that points.
import { betting, heldGuess } from "./model.js";
import { cardPlace, tagPlace } from "./paths.js";
import { cardValue, guessValue } from "./words.js";
import { focus } from "../kit/elements.js";
import { drag, handle, moveTo, pointIn, pointing, setValue } from "../kit/hands.js";
import { clamp, range } from "../kit/numbers.js";

const ALL = 64; // more places than there are in any deck

export function makeHands(figure, drawing) {
  const { area, place } = drawing;
  const context = {
    figure,
    area,
    place,
    placeAt: (x) => clamp(Math.floor((x - 4) / place().dx), 0, figure.view.n - 1),
    nearestCard(x) {
      const far = (card) => Math.abs(cardPlace(place(), figure.view, card)[0] - x);
      return range(figure.view.n).reduce((best, card) => (far(card) < far(best) ? card : best));
    },
  };
  const deck = makeDeck(context), tag = makeTag(context);
  area.append(deck, tag);
  const hover = pointAndPress(context, { drawing: drawing.root, deck, tag });
  return {
    hover,
    show(now, view) {
      showDeck(place(), now, view, deck);
      showTag(place(), now, view, { deck, tag });
    },
  };
}

// A card is chosen by pressing it; before the last deal it can be dragged to a guess.
function makeDeck({ figure, area, placeAt, nearestCard }) {
  const { state } = figure;
  const step = (places) => () => {
    const { card, n } = state.read(), { cards, places: lie } = figure.look();
    if (card < 0) return state.set({ card: cards[0] });
    const to = lie[card] + places, far = Math.abs(places) > 1;
    state.set({ card: cards[far ? clamp(to, 0, n - 1) : (to + n) % n] });
  };
  const deck = handle("cards: arrow keys walk along the places", "fl-deck", {
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    ArrowUp: step(-1),
    ArrowDown: step(1),
    Home: step(-ALL),
    End: step(ALL),
    PageUp: step(-ALL),
    PageDown: step(ALL),
    Enter: () => state.read().card < 0 && step(0)(),
    Escape: () => state.set({ card: -1 }),
  });
  let pressed = null;
  drag(deck, area, {
    start: () => pressed = null,
    move(points) {
      const at = points.at(-1), now = state.read(), first = !pressed;
      pressed ??= at;
      if (first || !betting(now, figure.view)) {
        return state.set({ card: nearestCard(at.x) }, { live: true });
      }
      const meant = Math.hypot(at.x - pressed.x, at.y - pressed.y) > 9;
      if (now.guess.length || meant) {
        state.set({ guess: [now.card, placeAt(at.x)] }, { live: true });
      }
    },
    end: state.rest,
  });
  return deck;
}

function showDeck(g, now, view, deck) {
  const at = now.card < 0 ? 0 : view.places[now.card], tall = Math.max(28, g.tall);
  setValue(deck, { now: at, min: 0, max: view.n - 1, text: cardValue(now, view) });
  Object.assign(deck.style, {
    width: `${g.table}px`,
    height: `${tall}px`,
    transform: `translateY(${(g.y(now.deals) - tall / 2).toFixed(1)}px)`,
  });
}

// The guess is a tag under the places.
function makeTag({ figure, area, placeAt }) {
  const { state } = figure;
  const guessed = () => {
    const { card, guess } = state.read();
    return guess[0] === card ? guess[1] : figure.look().places[card];
  };
  const shift = (places) => () => guessAt(figure, guessed() + places);
  const tag = handle("your guess: arrow keys move it along the places", "fl-tag", {
    ArrowLeft: shift(-1),
    ArrowRight: shift(1),
    ArrowDown: shift(-1),
    ArrowUp: shift(1),
    Home: shift(-ALL),
    End: shift(ALL),
    PageDown: shift(-8),
    PageUp: shift(8),
    Enter: shift(0),
    Escape: () => state.set({ guess: [] }),
  });
  drag(tag, area, {
    keepOffset: true,
    move: (points) => guessAt(figure, placeAt(points.at(-1).x), true),
    end: state.rest,
  });
  return tag;
}

function guessAt(figure, place, live = false) {
  const { state } = figure, now = state.read();
  if (!betting(now, figure.look())) return;
  state.set({ guess: [now.card, clamp(place, 0, now.n - 1)] }, { live });
}

function showTag(g, now, view, { deck, tag }) {
  const open = betting(now, view), held = heldGuess(now, open);
  if (!open && tag === document.activeElement) focus(deck);
  tag.hidden = !open;
  moveTo(tag, ...tagPlace(g, now, view));
  const place = held ? held[1] : view.places[now.card] ?? 0, words = guessValue(held, now.card);
  setValue(tag, { now: place, min: 0, max: view.n - 1, text: words });
}

// Every view answers the pointer, in the drawing and over the handles.
function pointAndPress({ figure, area, place, placeAt, nearestCard }, { drawing, deck, tag }) {
  const { state } = figure, cardUnder = cardIn(figure, { place, placeAt, nearestCard });
  let hover = -1;
  const onSlots = ({ x, y }) => {
    const g = place(), between = y > g.y(g.rows) - g.tall / 2 && y < g.strip.top - 24;
    return x < g.table && between && betting(state.read(), figure.view);
  };
  pointing(area, area, {
    find(point, event) {
      const found = event.buttons ? -1 : cardUnder(point);
      drawing.style.cursor = found >= 0 || onSlots(point) ? "pointer" : "";
      return found;
    },
    show(found) {
      hover = found ?? -1;
      figure.invalidate();
    },
  });
  drawing.addEventListener("click", (event) => {
    const point = pointIn(area, event), card = cardUnder(point);
    if (onSlots(point)) {
      guessAt(figure, placeAt(point.x));
      focus(tag);
    } else if (card >= 0) {
      state.set({ card });
      focus(deck);
    }
  });
  return ({ n }) => (hover < n ? hover : -1);
}

// The card that a point means: a column of the matrix, a read, or a card on the table; -1 for none.
const cardIn = (figure, { place, placeAt, nearestCard }) => ({ x, y }) => {
  const g = place(), { view } = figure, { matrix, strip, cell } = g;
  const column = Math.floor((x - matrix.x) / cell);
  const inMatrix = x >= matrix.x && y >= matrix.y && y <= matrix.y + matrix.size;
  if (inMatrix && column < view.n) return column;
  if (x > g.table || y < 0) return -1;
  if (y >= strip.top && y <= strip.top + strip.height) {
    return figure.state.read().reading === "dealt" ? view.cards[placeAt(x)] : -1;
  }
  if (y > g.y(view.done) + g.tall / 2) {
    return view.part && y < g.y(view.done + 1) + g.tall / 2 ? nearestCard(x) : -1;
  }
  const row = clamp(Math.round((y - g.y(0)) / g.gap), 0, view.done);
  return view.rows[row].indexOf(placeAt(x));
};
