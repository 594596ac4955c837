// Path data of the dealt cards: threads, the guess, the matrix, the reads of memory.
import { betting, heldGuess } from "./model.js";
import { clamp, mix, range } from "../kit/numbers.js";
import { around, fixed, line, polyline, square } from "../kit/paths.js";

// A thread leaves a row straight down and arrives straight down; `part` of it is drawn.
export function thread(x1, y1, x2, y2, part = 1) {
  const half = (y1 + y2) / 2, begin = `M${point([x1, y1])}C`;
  if (part === 1) return `${begin}${[[x1, half], [x2, half], [x2, y2]].map(point).join(" ")}`;
  const along = (a, b) => a.map((value, i) => mix(value, b[i], part));
  const [start, a, b, c] = [[x1, y1], [x1, half], [x2, half], [x2, y2]];
  const [p, q, r] = [along(start, a), along(a, b), along(b, c)];
  const [u, v] = [along(p, q), along(q, r)];
  return `${begin}${[p, u, along(u, v)].map(point).join(" ")}`;
}
const point = ([x, y]) => `${fixed(x)} ${fixed(y)}`;
export const along = (part) => part * part * (3 - 2 * part); // how far across, after `part` of it
const below = (part) => 1.5 * part * (1 - part) + part ** 3;

// Where a card is on its way.
export function cardPlace(g, { places, rows, end, gone, done }, card) {
  const x = mix(g.x(places[card]), g.x(rows[end][card]), along(gone[card]));
  return [x, g.y(done) + g.gap * below(gone[card])];
}

// What changes with the width and the size only; a guess may take any place.
export function framePaths(g, n) {
  const { matrix: { x, y, size }, strip } = g, middle = strip.top + strip.height / 2;
  const field = around(x + size / 2, y + size / 2, size);
  const frame = field + around(g.table / 2, middle, g.table - 8, strip.height);
  const slots = (row) => range(n).map((k) => around(g.x(k), g.y(row), g.card, g.tall));
  return { frame, diagonal: line(x, y, x + size, y + size), slots: [0, g.rows].flatMap(slots) };
}

function wayOf(g, view, card) {
  const { rows, done, gone, end, places } = view;
  const whole = range(done).map((row) =>
    thread(g.x(rows[row][card]), g.y(row), g.x(rows[row + 1][card]), g.y(row + 1))
  );
  if (!gone[card]) return whole.join("");
  const [from, to] = [g.x(places[card]), g.x(rows[end][card])];
  return whole.join("") + thread(from, g.y(done), to, g.y(done + 1), gone[card]);
}

// All cards: their threads, the matrix, the reads of memory.
export function allPaths(g, view, walks) {
  const radius = dotRadius(g);
  return {
    quiet: range(view.n).map((card) => wayOf(g, view, card)),
    dots: range(view.n).map((card) => square(g.across(card), levelOf(g, view, card), radius)),
    reads: walks.map(polyline),
    marks: walks.flat().map(([x, y]) => square(x, y, markRadius(view))),
  };
}

// The chosen card, and the thread of the card with which it has changed places.
export function chosenPaths(g, view, walks, chosen) {
  if (chosen < 0) return { chosen: "", mate: "", cross: "", dot: "", mark: "" };
  const dealtOut = view.done === view.depth && !view.part;
  const mate = dealtOut ? view.places[chosen] : chosen, { matrix: { x, y, size } } = g;
  const here = [g.across(chosen), levelOf(g, view, chosen)];
  const read = walks.flat().find(([, , address]) => address === chosen);
  return {
    chosen: wayOf(g, view, chosen),
    mate: mate === chosen ? "" : wayOf(g, view, mate),
    cross: line(here[0], y, here[0], y + size) + line(x, here[1], x + size, here[1]),
    dot: square(...here, dotRadius(g) + 2.5),
    mark: square(read[0], read[1], markRadius(view) + 3),
  };
}

const dotRadius = ({ cell }) => clamp(cell * 0.46, 1.6, 5);
const markRadius = ({ n }) => (n > 32 ? 1.4 : 2);
const levelOf = (g, { places, rows, end, gone }, card) =>
  g.down(mix(places[card], rows[end][card], along(gone[card])));

// The guess as a tag under one of the places, and the truth.
export function guessPaths(g, now, view) {
  const open = betting(now, view), held = heldGuess(now, open), [x, y] = tagPlace(g, now, view);
  const [of, place] = held ?? [now.card, view.places[now.card] ?? 0];
  const stalk = line(g.x(place), y - 11, g.x(place), g.foot + 20);
  const end = g.x(view.rows[g.depth][of] ?? 0);
  return {
    guess: held || open ? around(x, y, 30, 22) + stalk : "",
    truth: held && !open ? around(end, g.y(g.depth), g.card + 8, g.tall + 8) : "",
  };
}

export function tagPlace(g, now, view) {
  const held = heldGuess(now, betting(now, view));
  const place = held ? held[1] : view.places[now.card] ?? 0;
  return [clamp(g.x(place), 16, g.table - 16), g.foot + 38];
}

// Every read of memory as [x, y, address]: across in the order of the reads, up by the address.
export function walksOf(g, { reading }, view) {
  if (reading === "stockham") {
    return view.reads.map((walk, half) =>
      walk.map((address, k) => [g.x(2 * k + half), g.address(address), address])
    );
  }
  const reads = range(view.n).map((card) => [cardPlace(g, view, card)[0], g.address(card), card]);
  return [reads.sort((a, b) => a[0] - b[0])];
}
