// Which stages one launch runs and on which places: the rule of fftia_lab.kernels.plan, for a
// butterfly.
import { range } from "../kit/numbers.js";

export const depthOf = ({ n }) => Math.round(Math.log2(n));
const stridesOf = (n) => range(depthOf({ n })).map((stage) => 2 ** stage);

// Each launch takes as many of the next stages as a tile can hold: its largest stride is less than
// `tile` times its smallest. Its step is the smallest with which the largest lies in the tile.
export function launchesOf(n, tile) {
  const found = [];
  for (const [stage, stride] of stridesOf(n).entries()) {
    const last = found.at(-1);
    if (last && stride < tile * last.strides[0]) last.strides.push(stride);
    else found.push({ first: stage, strides: [stride], tile });
  }
  return found.map((launch) => ({
    ...launch,
    step: Math.max((2 * launch.strides.at(-1)) / tile, 1),
  }));
}

// The tile that the library takes if nobody names one.
export function usualTile(n, width) {
  const tiles = width <= 64 ? [128, 256] : [64];
  const fewest = Math.min(...tiles.map((tile) => launchesOf(n, tile).length));
  return tiles.find((tile) => launchesOf(n, tile).length === fewest);
}

// What the program of a place holds: `count` places from `first` on, `step` apart.
export function programOf({ tile, step }, place) {
  const block = Math.floor(place / (tile * step));
  return { first: block * tile * step + (place % step), step, count: tile };
}
