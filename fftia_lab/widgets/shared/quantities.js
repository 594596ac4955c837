// How figures write bytes and times: with three digits that count.
import { thousands } from "../kit/numbers.js";

function three(value) {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return digits ? value.toFixed(digits) : thousands(Math.round(value));
}

const UNITS = ["bytes", "kB", "MB", "GB"];
export function bytesText(bytes) {
  const power = Math.min(Math.floor(Math.log10(bytes * 1.0005) / 3), UNITS.length - 1);
  return `${three(bytes / 1000 ** power)}\u00a0${UNITS[power]}`;
}

export const timeText = (microseconds) => `${three(microseconds)}\u00a0µs`;
export const kibText = (bytes) => `${thousands(bytes / 1024)}\u00a0KiB`;
