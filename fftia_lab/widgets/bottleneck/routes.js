// How values come to their targets, as plain data: one way each, or where there are more, ways that
// share no place. `order[i]` is the value that token i is to end with.
import { range } from "../kit/numbers.js";
import { ancestors, descendants } from "../shared/wiring.js";

const targetsOf = (order) => order.map((_, value) => order.indexOf(value));

// The only way from a token to another: the place after every stage, from the input on.
export function wayOf(wired, from, to) {
  const told = descendants(wired, 0, [from]), needed = ancestors(wired, wired.partners.length, to);
  return needed.map((places, column) => [...places].find((place) => told[column].has(place)));
}

// Through one pass nobody has a choice: ways[value] is the only one.
export const onlyWays = (wired, order) =>
  targetsOf(order).map((target, value) => wayOf(wired, value, target));

// Through Beneš: from outside in, one of the two halves for each value. Who share a pair of the
// first stage need different halves, and so do those who share one of the last: walking from one
// to the other goes round in circles of even length, so that the halves can alternate.
export function looped(wired, order) {
  const { partners } = wired, stages = partners.length, values = range(order.length);
  const left = values.map((value) => [value]);
  const right = targetsOf(order).map((target) => [target]);
  for (let outer = 0; outer < (stages - 1) / 2; outer++) {
    const begin = neighbours(left.map((way) => way.at(-1)), partners[outer]);
    const end = neighbours(right.map((way) => way[0]), partners[stages - 1 - outer]);
    halves(begin.next, end.next).forEach((half, value) => {
      left[value].push(begin.pairs[value][half]);
      right[value].unshift(end.pairs[value][half]);
    });
  }
  return values.map((value) => [...left[value], ...right[value]]);
}

// Of each value the two places of its pair, the lower first, and the value in the other one.
function neighbours(places, partner) {
  return {
    pairs: places.map((place) => [place, partner[place]].sort((a, b) => a - b)),
    next: places.map((place) => places.indexOf(partner[place])),
  };
}

function halves(sameStart, sameEnd) {
  const half = sameStart.map(() => -1);
  for (const first of range(half.length)) {
    for (let value = first; half[value] < 0; value = sameStart[sameEnd[value]]) {
      half[value] = 0;
      half[sameEnd[value]] = 1;
    }
  }
  return half;
}

// Places that two values want after the same stage, in the order of the stages.
export function clashesOf(ways) {
  return range(ways[0].length).flatMap((column) =>
    range(ways.length).flatMap((place) => {
      const values = range(ways.length).filter((value) => ways[value][column] === place);
      return values.length > 1 ? [{ column, place, values }] : [];
    })
  );
}

// Gates of 0 and 1 by stage and place: 1 where a value comes from the partner.
export function gatesOf(ways) {
  return range(ways[0].length - 1).map((stage) => {
    const gates = ways.map(() => 0);
    for (const way of ways) gates[way[stage + 1]] = Number(way[stage + 1] !== way[stage]);
    return gates;
  });
}
