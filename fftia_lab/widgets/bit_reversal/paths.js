// Path data of the dealt cards: threads, the guess, the matrix, the reads of memory.
import { betting, heldGuess } from "./model.js";
import { clamp, mix, range } from "../kit/numbers.js";
import { around, line, polyline, square } from "../kit/paths.js";

// A thread leaves a row straight down and arrives straight down; `part` of it is drawn.
export function thread(x1, y1, x2, y2, part = 1) {
  const half = (y1 + y2) / 2, along = (a, b) => a.map((value, i) => mix(value, b[i], part));
  const [start, a, b, c] = [[x1, y1], [x1, half], [x2, half], [x2, y2]];
  const [p, q, r] = [along(start, a), along(a, b), along(b, c)];
  const [u, v] = [along(p, q), along(q, r)];
  const places = [p, u, along(u, v)].map((place) =>
    place.map((value) => value.toFixed(1)).join(" ")
  );
  return `M${x1.toFixed(1)} ${y1.toFixed(1)}C${places.join(" ")}`;
}
export const along = (part) => part * part * (3 - 2 * part); // how far across, after `part` of it
const below = (part) => 1.5 * part * (1 - part) + part ** 3;

// Where a card is on its way.
export function cardPlace(g, { places, rows, end, gone, done }, card) {
  const x = mix(g.x(places[card]), g.x(rows[end][card]), along(gone[card]));
  return [x, g.y(done) + g.gap * below(gone[card])];
}

export function framePaths(g) {
  const { matrix: { x, y, size }, strip } = g, middle = strip.top + strip.height / 2;
  const field = around(x + size / 2, y + size / 2, size);
  const frame = field + around(g.table / 2, middle, g.table - 8, strip.height);
  return { frame, diagonal: line(x, y, x + size, y + size) };
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

// All threads, that of the chosen card, and of the card with which it has changed places.
export function threadPaths(g, view, chosen) {
  const dealtOut = view.done === view.depth && !view.part;
  const mate = chosen >= 0 && dealtOut ? view.places[chosen] : chosen;
  return {
    quiet: range(view.n).map((card) => wayOf(g, view, card)),
    chosen: chosen < 0 ? "" : wayOf(g, view, chosen),
    mate: mate === chosen ? "" : wayOf(g, view, mate),
  };
}

// The places that a guess may take, the guess as a tag under one of them, and the truth.
export function guessPaths(g, now, view) {
  const open = betting(now, view), held = heldGuess(now, open), [x, y] = tagPlace(g, now, view);
  const [of, place] = held ?? [now.card, view.places[now.card] ?? 0];
  const stalk = line(g.x(place), y - 11, g.x(place), g.foot + 20);
  const slots = (row) => range(view.n).map((k) => around(g.x(k), g.y(row), g.card, g.tall));
  const end = g.x(view.rows[g.depth][of] ?? 0);
  return {
    slots: [0, g.rows].flatMap(slots),
    guess: held || open ? around(x, y, 30, 22) + stalk : "",
    truth: held && !open ? around(end, g.y(g.depth), g.card + 8, g.tall + 8) : "",
  };
}

export function tagPlace(g, now, view) {
  const held = heldGuess(now, betting(now, view));
  const place = held ? held[1] : view.places[now.card] ?? 0;
  return [clamp(g.x(place), 16, g.table - 16), g.foot + 38];
}

export function matrixPaths(g, { n, places, rows, end, gone }, chosen) {
  const { matrix: { x, y, size }, cell } = g, r = clamp(cell * 0.46, 1.6, 5);
  const level = (card) => g.down(mix(places[card], rows[end][card], along(gone[card])));
  const dots = range(n).map((card) => square(g.across(card), level(card), r));
  if (chosen < 0) return { dots, cross: "", dot: "" };
  const here = [g.across(chosen), level(chosen)];
  const cross = line(here[0], y, here[0], y + size) + line(x, here[1], x + size, here[1]);
  return { dots, cross, dot: square(...here, r + 2.5) };
}

// Every read of memory as [x, y, address]: across in the order of the reads, up by the address.
function walksOf(g, { reading }, view) {
  if (reading === "stockham") {
    return view.reads.map((walk, half) =>
      walk.map((address, k) => [g.x(2 * k + half), g.address(address), address])
    );
  }
  const reads = range(view.n).map((card) => [cardPlace(g, view, card)[0], g.address(card), card]);
  return [reads.sort((a, b) => a[0] - b[0])];
}

export function readPaths(g, now, view, chosen) {
  const walks = walksOf(g, now, view), r = view.n > 32 ? 1.4 : 2, all = walks.flat();
  const marks = (reads, radius) => reads.map(([x, y]) => square(x, y, radius));
  return {
    reads: walks.map(polyline),
    marks: marks(all, r),
    mark: marks(all.filter(([, , address]) => address === chosen), r + 3),
  };
}
