// Attention on the cover: a token weighs itself and its partner by a softmax over 8 times the products
// of their values, and takes the mixture. Like finds like: the values part into two camps.
import { range } from "./complexes.js";

const SHARPNESS = 8;

// One meeting: the partner's weight of each token, 0 where it meets nobody.
const gatesOf = (values, partner) => values.map((x, i) => (partner[i] === i ? 0 : 1 / (1 + Math.exp(SHARPNESS * x * (x - values[partner[i]])))));
const mix = (values, partner, gates) => values.map((x, i) => x + gates[i] * (values[partner[i]] - x));

// The gates of all meetings, how much of one token's value everyone holds after each, and, after
// the completed ones, the values, the matrix of who listens to whom, and the token's share of it.
export function weigh(x, partners, done, token) {
  const gates = [], carried = [x.map((_, i) => Number(i === token))];
  let values = x, held = x, product = x.map((_, i) => x.map((_, j) => Number(i === j)));
  partners.forEach((partner, meeting) => {
    const gate = gatesOf(values, partner);
    values = mix(values, partner, gate);
    gates.push(gate);
    carried.push(mix(carried.at(-1), partner, gate));
    if (meeting >= done) return;
    held = values;
    product = product.map((row, i) => row.map((weight, j) => weight + gate[i] * (product[partner[i]][j] - weight)));
  });
  return { gates, carried, held, product, share: (100 * carried[done].reduce((sum, weight) => sum + weight, 0)) / x.length };
}

// Whom most tokens listen to most: the two with the largest following.
export function listeners({ product }) {
  const following = product.map(() => 0);
  for (const row of product) following[row.indexOf(Math.max(...row))]++;
  const [first, second] = range(product.length).sort((a, b) => following[b] - following[a]);
  return following[first] < 2 ? "all listen most to themselves" : `${following[first]} tokens listen most to token ${first}, ${following[second]} to token ${second}`;
}
