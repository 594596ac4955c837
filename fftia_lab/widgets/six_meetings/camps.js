// Attention on the cover: a token weighs itself and its partner by a softmax over 8 times the products
// of their values, and takes the mixture. Like finds like: the values part into two camps.
import { range } from "../kit/complexes.js";

const SHARPNESS = 8;

// One meeting: the partner's weight of each token, 0 where it meets nobody.
const gatesOf = (values, partner) =>
  values.map((
    x,
    i,
  ) => (partner[i] === i ? 0 : 1 / (1 + Math.exp(SHARPNESS * x * (x - values[partner[i]])))));
const mix = (values, partner, gates) =>
  values.map((x, i) => x + gates[i] * (values[partner[i]] - x));

// All meetings of some values: gates, and before the first, after it, … the values and the matrix of
// who listens to whom. Kept, because every frame reads it and a hand seldom changes it.
let kept = { key: "", partners: null };
function meet(x, partners) {
  const key = x.join();
  if (kept.key === key && kept.partners === partners) return kept;
  const gates = [], values = [x], products = [x.map((_, i) => x.map((_, j) => Number(i === j)))];
  for (const partner of partners) {
    const gate = gatesOf(values.at(-1), partner), before = products.at(-1);
    gates.push(gate);
    values.push(mix(values.at(-1), partner, gate));
    products.push(
      before.map((row, i) =>
        row.map((weight, j) => weight + gate[i] * (before[partner[i]][j] - weight))
      ),
    );
  }
  return (kept = { key, partners, gates, values, products });
}

// What the completed meetings have made, and of one token's value how much everyone holds after each.
export function weigh(x, partners, done, token) {
  const { key, gates, values, products } = meet(x, partners),
    carried = products.map((product) => product.map((row) => row[token]));
  return {
    key,
    gates,
    carried,
    held: values[done],
    product: products[done],
    share: (100 * carried[done].reduce((sum, weight) => sum + weight, 0)) / x.length,
  };
}

// Whom most tokens listen to most: the two with the largest following.
export function listeners({ product }) {
  const following = product.map(() => 0);
  for (const row of product) following[row.indexOf(Math.max(...row))]++;
  const [first, second] = range(product.length).sort((a, b) => following[b] - following[a]);
  return following[first] < 2
    ? "all listen most to themselves"
    : `${following[first]} tokens listen most to token ${first}, ${
      following[second]
    } to token ${second}`;
}
