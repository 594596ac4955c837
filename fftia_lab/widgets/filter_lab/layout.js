// Where everything of the filter lab stands, in pixels of its drawing.
import { LAST } from "./filter.js";
import { TOP } from "./model.js";
import { clamp } from "../kit/numbers.js";

export const SIDE = 1 / 8; // this part of the sequence is shown beyond each of its ends
export const UP = 0.64; // this part of the kernel's strip is above zero
const EDGE = 8, BETWEEN = 26, STUB = 20;

// An impulse makes an output of the kernel's shape.
export function measure(width, { n, ...state }) {
  const narrow = width < 560, tops = narrow ? stacked(width) : beside(width);
  const { response, kernel, matrix, signal, output } = tops, left = EDGE, right = width - EDGE;
  const above = state.signal === "impulse" ? UP : 1 / 2;
  const step = (right - left) / (n * (1 + 2 * SIDE)), start = left + n * SIDE * step;
  const knot = (response.wide - 28 - STUB) / LAST, lag = kernel.wide / n;
  return {
    width,
    narrow,
    left,
    right,
    response: { ...response, knot, base: response.top + response.high },
    kernel: { ...kernel, lag, middle: kernel.top + UP * kernel.high },
    matrix: { ...matrix, cell: matrix.side / n },
    signal: { ...signal, middle: signal.top + signal.tall / 2, reach: signal.tall / 2 - 4 },
    output: { ...output, middle: output.top + above * output.tall, above },
    step,
    start,
    end: start + n * step,
    height: output.top + output.tall + 22,
    knotX: (place) => response.left + 14 + place * knot,
    gainY: (gain) => response.top + response.high * (1 - gain / TOP),
    sampleX: (i) => start + (i + 0.5) * step,
    lagX: (t) => kernel.left + (t + n / 2 - 0.5) * lag,
    placeUnder: (x) => clamp(Math.floor((x - start) / step), 0, n - 1),
  };
}

function beside(width) {
  const more = clamp(width / 640, 1, 1.3), high = Math.round(90 * more), top = 22;
  const side = Math.round(124 * more), room = width - 2 * EDGE - side - 2 * BETWEEN;
  const wide = room / 2, second = EDGE + wide + BETWEEN, handle = top + high + 27;
  const signal = { top: handle + 36, tall: Math.round(46 * more) };
  return {
    response: { left: EDGE, top, wide, high },
    kernel: { left: second, top, wide, high, handle },
    matrix: { left: second + wide + BETWEEN, top, side },
    signal,
    output: { top: signal.top + signal.tall + 46, tall: Math.round(78 * more) },
  };
}

function stacked(width) {
  const side = 112, wide = width - 2 * EDGE - side - 18;
  return {
    response: { left: EDGE, top: 22, wide: width - 2 * EDGE, high: 74 },
    kernel: { left: EDGE, top: 156, wide, high: 90, handle: 156 + 90 + 26 },
    matrix: { left: width - EDGE - side, top: 156, side },
    signal: { top: 316, tall: 54 },
    output: { top: 420, tall: 76 },
  };
}

// Where the kernel's middle is, once it is delayed.
export function delayX(g, { n, mode, edge, delay }) {
  const record = edge === "circular" ? n : 2 * n,
    lags = mode === "sample" ? 1 : record / (2 * LAST);
  return g.lagX(delay * lags);
}
