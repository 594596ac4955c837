// Attention on the cover: a token weighs itself and its partner by a softmax over 8 times the
// products of their values, and takes the mixture. Like finds like: the values part into two camps.
import { mix, range } from "../kit/numbers.js";
import { gatesOf } from "../shared/weighing.js";

// All meetings of some values: gates, and before the first, after it, … the values and the matrix
// of who listens to whom. Kept, because every frame reads it and a hand seldom changes it.
let kept = { key: "", partners: null };
function meet(x, partners) {
  const key = x.join();
  if (kept.key === key && kept.partners === partners) return kept;
  const gates = [], values = [x], products = [x.map((_, i) => x.map((_, j) => Number(i === j)))];
  for (const partner of partners) {
    const [own, before] = [values.at(-1), products.at(-1)], gate = gatesOf(own, partner);
    const mixed = (row, i) => row.map((weight, j) => mix(weight, before[partner[i]][j], gate[i]));
    gates.push(gate);
    values.push(own.map((value, i) => mix(value, own[partner[i]], gate[i])));
    products.push(before.map(mixed));
  }
  return (kept = { key, partners, gates, values, products });
}

// What the completed meetings have made, and how much of one token's value everyone holds then.
export function weigh(x, partners, done, token) {
  const { key, gates, values, products } = meet(x, partners);
  const carried = products.map((product) => product.map((row) => row[token]));
  const share = carried[done].reduce((sum, weight) => sum + weight, 0) / x.length;
  return { key, gates, carried, held: values[done], product: products[done], share: 100 * share };
}

// The two with the largest following: [[how many listen to it most, token], …].
export function followed({ product }) {
  const following = product.map(() => 0);
  for (const row of product) following[row.indexOf(Math.max(...row))]++;
  const tokens = range(product.length).sort((a, b) => following[b] - following[a]);
  return tokens.slice(0, 2).map((token) => [following[token], token]);
}
