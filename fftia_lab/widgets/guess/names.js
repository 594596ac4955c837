// Where the names of curves stand: each near its own, on none of them and on no other name.
import { placesOf } from "./sheet.js";
import { range } from "../kit/numbers.js";

const LETTER = 7.2, ABOVE = 11, BELOW = 4; // of a name: a letter, from its line up and down
const CLEAR = 5, STEP = 4; // from a curve; between the places where one is looked at

// The names of what is shown: [name, layer, x, y], the right end of each.
export function namesOf(g, { x, given, curves }, values, told) {
  const shown = given.map(([name, all]) => [name, "given", all]);
  if (told) {
    shown.push(["your guess", "ghost", values]);
    shown.push(...curves.map(([name, all], i) => [name, i ? "others" : "true", all]));
  }
  const all = shown.map(([name, layer, heights]) => ({
    name,
    layer,
    line: placesOf(g, x, heights),
  }));
  all.sort((a, b) => a.line.at(-1)[1] - b.line.at(-1)[1]);
  const lines = all.map(({ line }) => line), taken = [];
  return all.map(({ name, layer, line }) => {
    const offers = boxesAlong(g, line, lines, name.length * LETTER);
    const costs = offers.map((box) =>
      outside(g, box) + covered(box, lines, taken) + away(box, line)
    );
    const best = offers[costs.indexOf(Math.min(...costs))];
    taken.push(best);
    return [name, layer, best.right, best.bottom - BELOW];
  });
}

// Close over and close under each curve, from the right end of one on to the left.
function boxesAlong(g, line, lines, wide) {
  const end = Math.max(line.at(-1)[0], g.left + wide + CLEAR);
  const rights = range(Math.floor((end - g.left - wide) / 8) + 1).map((i) => end - 8 * i);
  return rights.flatMap((right) =>
    lines.flatMap((other) => {
      const left = right - wide, heights = heightsIn(other, left - CLEAR, right + CLEAR);
      const over = Math.min(...heights) - CLEAR, under = Math.max(...heights) + CLEAR;
      return [
        { left, right, top: over - ABOVE - BELOW, bottom: over },
        { left, right, top: under, bottom: under + ABOVE + BELOW },
      ];
    })
  );
}

// How high a curve stands between two places to the right, every few pixels.
function heightsIn(line, from, to) {
  const places = range(Math.ceil((to - from) / STEP) + 1).map((i) => from + STEP * i);
  return places.map((place) => heightAt(line, place));
}

function heightAt(line, x) {
  const after = line.findIndex(([at]) => at >= x);
  if (after < 1) return (after ? line.at(-1) : line[0])[1];
  const [[x1, y1], [x2, y2]] = [line[after - 1], line[after]];
  return y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
}

// What lies on a curve or on another name counts far more than a long way to the curve.
function covered(box, lines, taken) {
  const on = lines.flatMap((line) => {
    const [from, to] = [Math.max(box.left, line[0][0]), Math.min(box.right, line.at(-1)[0])];
    return from > to ? [] : heightsIn(line, from, to);
  }).filter((y) => y > box.top - 1 && y < box.bottom + 1);
  const names = taken.filter((one) =>
    one.left < box.right && box.left < one.right && one.top < box.bottom && box.top < one.bottom
  );
  return 1000 * (on.length + 20 * names.length);
}
const outside = (g, { top, bottom }) => (top < 16 || bottom > g.bottom - 2 ? 1e6 : 0);

// How far from the end of its curve, and from the curve.
function away({ left, right, top, bottom }, line) {
  const apart = heightsIn(line, left, right).map((y) => Math.max(y - bottom, top - y));
  return line.at(-1)[0] - right + 3 * Math.min(...apart);
}
