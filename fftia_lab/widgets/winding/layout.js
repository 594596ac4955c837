// Where everything of the winding stands: the plane, the signal, the spectrum, one below the other
// on a narrow page.
import { shown } from "./model.js";
import { clamp, range } from "../kit/numbers.js";

const TITLE = 22;
export const SEAM = 1 / 8; // this part of the record is shown once more, after its end
const LEVELS = 42; // beside a spectrum in decibels, for their numbers
export const CRANK = 15; // half of the ring that is taken hold of; what it turns is seen through it

export function measure(width, state) {
  const narrow = width < 480, side = narrow ? Math.min(width, 256) : clamp(width * 0.48, 230, 380);
  const left = narrow ? 8 : side + 26, room = width - 8 - left, { n } = state;
  const right = width - 8 - (state.scale === "decibel" ? LEVELS : 0);
  const plane = { x: narrow ? width / 2 : side / 2, y: TITLE + side / 2, radius: side / 2 - 20 };
  const tall = narrow ? 92 : Math.round(side * 0.31), high = narrow ? 96 : Math.round(side * 0.36);
  const spectrumTop = narrow ? TITLE + side + 30 : TITLE + tall + 40, base = spectrumTop + high;
  const top = narrow ? base + 86 : TITLE, step = room / (n * (1 + SEAM));
  const [low, end] = shown(state), unitWide = (right - left) / (end - low);
  const { x, y, radius } = plane;
  return {
    width,
    narrow,
    side,
    plane,
    left,
    right,
    low,
    end,
    unitWide,
    signal: { top, middle: top + tall / 2, reach: tall / 2 - 4, tall, step, wide: step * n },
    spectrum: { top: spectrumTop, base, high },
    toneRow: base + 46,
    height: narrow ? top + tall + 6 : Math.max(TITLE + side, base + 62),
    sampleX: (j) => left + (j + 0.5) * step,
    turnX: (f) => left + (f - low) * unitWide,
    turnsAt: (place) => low + (place - left) / unitWide,
    ring: clamp(unitWide * 0.32, 1.2, 4),
    at: ([re, im], scale = 1) => [x + re * scale * radius, y - im * scale * radius],
  };
}

export const wholes = (low, high) =>
  range(Math.max(0, Math.floor(high) - Math.ceil(low) + 1)).map((i) => Math.ceil(low) + i);

// Whole k with a number under the axis: as many as have room.
export function ticks(g, { n }) {
  const every = [1, 2, 4, 8, 16].find((step) => step * g.unitWide >= 30 && n % step === 0) ?? n / 2;
  return wholes(g.low, g.end).filter((k) => k % every === 0);
}

// Whole k hold on to the crank, softly: nearby is there, and nothing in between is out of reach.
export function softly(f, unitWide) {
  const whole = Math.round(f), zone = Math.min(0.3, 6 / unitWide), away = Math.abs(f - whole);
  if (away <= zone) return whole;
  const beyond = (Math.sign(f - whole) * 0.5 * (away - zone)) / (0.5 - zone);
  return Math.round((whole + beyond) * 100) / 100;
}
