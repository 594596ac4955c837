// The DFT of a small matrix of real numbers, its coefficients by size, and what some of them make.
// A signal is a matrix of one row. Sides are powers of two.
const ROUND = 1e12; // energies alike to twelve digits of the largest tie: the first is kept

// All coefficients, in the order of their frequencies: real and imaginary parts.
function transform(values, [rows, columns]) {
  const re = Float64Array.from(values), im = new Float64Array(values.length);
  both(re, im, rows, columns, -1);
  return { re, im };
}

function both(re, im, rows, columns, sign) {
  for (let row = 0; row < rows; row++) along(re, im, row * columns, 1, columns, sign);
  for (let column = 0; column < columns; column++) along(re, im, column, columns, rows, sign);
}

// The FFT of `count` numbers that begin at `start` and stand `step` apart, in place.
function along(re, im, start, step, count, sign) {
  const swap = (a, b) => {
    [re[a], re[b]] = [re[b], re[a]];
    [im[a], im[b]] = [im[b], im[a]];
  };
  for (let i = 1, j = 0; i < count; i++) {
    let bit = count >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) swap(start + i * step, start + j * step);
  }
  for (let half = 1; half < count; half *= 2) {
    for (let k = 0; k < half; k++) {
      const angle = (sign * Math.PI * k) / half, c = Math.cos(angle), s = Math.sin(angle);
      for (let i = k; i < count; i += 2 * half) {
        const a = start + i * step, b = a + half * step;
        const x = c * re[b] - s * im[b], y = c * im[b] + s * re[b];
        re[b] = re[a] - x;
        im[b] = im[a] - y;
        re[a] += x;
        im[a] += y;
      }
    }
  }
}

// The coefficients that are no conjugates of others, the largest energy first, in which a pair
// counts twice. `rank` counts them column by column, as the package does; `twin` is where the
// conjugate stands, which may be the place itself.
export function sorted(values, shape) {
  const [rows, columns] = shape, { re, im } = transform(values, shape), found = [];
  for (let column = 0; column <= columns / 2; column++) {
    for (let row = 0; row < rows; row++) {
      const opposite = (rows - row) % rows;
      if (column % (columns / 2) === 0 && opposite < row) continue;
      const place = row * columns + column;
      const twin = opposite * columns + ((columns - column) % columns);
      found.push({ rank: found.length, place, twin, re: re[place], im: im[place] });
    }
  }
  const largest = Math.max(...found.map(energyOf)) || 1;
  const level = (one) => Math.round((energyOf(one) / largest) * ROUND);
  return found.sort((a, b) => level(b) - level(a) || a.rank - b.rank);
}

export const weightOf = ({ place, twin }) => (place === twin ? 1 : 2);
export const energyOf = (one) => weightOf(one) * (one.re ** 2 + one.im ** 2);

// The numbers that some coefficients make, each with its conjugate.
export function rebuilt(coefficients, [rows, columns]) {
  const count = rows * columns, re = new Float64Array(count), im = new Float64Array(count);
  for (const one of coefficients) {
    re[one.twin] = one.re;
    im[one.twin] = -one.im;
    re[one.place] = one.re;
    im[one.place] = one.place === one.twin ? 0 : one.im;
  }
  both(re, im, rows, columns, 1);
  return Array.from(re, (value) => value / count);
}
