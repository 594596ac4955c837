// What a meeting does with two numbers: the weights with which a token takes itself and its
// partner.

const SHARPNESS = 8;

// A softmax over 8 times the products of values, as the weight of the partner:
// 1 / (1 + exp(8 x (x - its value))), 0 where a token meets nobody. Like finds like.
export const gatesOf = (values, partner) =>
  values.map((x, i) => {
    if (partner[i] === i) return 0;
    return 1 / (1 + Math.exp(SHARPNESS * x * (x - values[partner[i]])));
  });

// [own, partner's] weights of every token in a stage that has no twiddles. Means are fixed, gates
// are asked of the values, learned ones stand in `blocks`.
export function weightsOf(kind, { stage, values, partner, blocks }) {
  if (kind === "learned") return blocks[stage];
  const gates = kind === "gates" ? gatesOf(values, partner) : values.map(() => 0.5);
  return [gates.map((gate) => 1 - gate), gates];
}
