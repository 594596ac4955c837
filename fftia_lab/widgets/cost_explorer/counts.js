// What each mechanism costs at one length, as `fftia_lab.cost` counts it: operations in matrix
// products, and numbers moved. One sequence, a power of two of tokens, no mask.

const linear = (rows, inputs, outputs) => ({
  products: 2 * rows * inputs * outputs,
  moved: rows * (inputs + outputs) + inputs * outputs,
});

const sum = (...costs) => ({
  products: costs.reduce((all, { products }) => all + products, 0),
  moved: costs.reduce((all, { moved }) => all + moved, 0),
});

// Three projections in one, softmax over all, an output projection.
function dense({ n, dim }) {
  const core = { products: 4 * n * n * dim, moved: 4 * n * dim };
  return sum(linear(n, dim, 3 * dim), core, linear(n, dim, dim));
}

// A stage multiplies a row a pair inside heads; across them a row a pair and one a token. Tokens go
// through memory once a launch.
function butterfly({ n, dim, heads, projection, launches }) {
  const depth = Math.log2(n), inside = projection === "head", width = dim / heads;
  const weight = inside ? heads * width ** 2 : dim ** 2, rows = inside ? n / 2 : n / 2 + n;
  const folding = inside ? depth * 2 * heads * width ** 3 : 0;
  const core = {
    products: folding + depth * 2 * rows * weight,
    moved: 2 * n * dim * launches + depth * weight * (inside ? 1 : 2),
  };
  return sum(linear(n, dim, dim), core, linear(n, dim, dim));
}

// Half as many knots as channels; the first and the last are real.
const learned = (dim) => dim * (dim / 2 + (dim / 2 - 2));

function mixing({ n, dim }) {
  return { products: 0, moved: 2 * n * dim + learned(dim) };
}

function projected({ n, dim }) {
  const core = { products: 0, moved: 4 * n * dim + learned(dim) };
  return sum(linear(n, dim, 3 * dim), core, linear(n, dim, dim));
}

const fourier = ({ n, dim }) => ({ products: 0, moved: 2 * n * dim });

const WIDER = 4; // times as many channels inside an MLP
function mlp({ n, dim }) {
  const hidden = WIDER * dim, biases = { products: 0, moved: hidden + dim };
  return sum(linear(n, dim, hidden), biases, linear(n, hidden, dim));
}

export const MECHANISMS = { dense, butterfly, projected, mlp, mixing, fourier };

// The two bounds of a cost in seconds, and which of them is the longer.
export function boundOf({ products, moved }, { rate, bandwidth, width }) {
  const times = { products: products / rate, memory: (moved * width) / bandwidth };
  return {
    ...times,
    seconds: Math.max(times.products, times.memory),
    by: times.memory > times.products ? "memory" : "products",
  };
}

// The fastest of the copies that move at least what a step holds, or the largest copy's.
export function bandwidthFor(held, copies) {
  const rates = copies.filter(([moved]) => moved >= held).map(([, rate]) => rate);
  return rates.length ? Math.max(...rates) : copies.at(-1)[1];
}

// The first length from which on one of two is less to the end; null if at the last it is not.
export function crossover(lengths, one, other) {
  const last = lengths.findLastIndex((_, i) => !(one[i] < other[i]));
  return last + 1 < lengths.length ? lengths[last + 1] : null;
}
