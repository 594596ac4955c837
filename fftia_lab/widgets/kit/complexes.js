// Complex numbers as pairs [re, im], and lists of samples.

export const plus = (a, b) => [a[0] + b[0], a[1] + b[1]];
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
export const times = (a, b) => [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]];
export const size = (a) => Math.hypot(a[0], a[1]);
export const unit = (turns) => [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)];
export const range = (count) => Array.from({ length: count }, (_, i) => i);

// The samples of a drawn signal, at first those of the signal `before` it; none of another.
export function drawnSamples({ signal, samples }, before, n) {
  if (signal !== "drawn") return [];
  const drawn = resample(samples.length ? samples : before(), n);
  return drawn.map((value) => Math.min(1, Math.max(-1, value)));
}

// The same samples at another length, joined by straight lines.
export function resample(samples, n) {
  if (samples.length === n || !samples.length) {
    return samples.length ? samples : range(n).map(() => 0);
  }
  return range(n).map((i) => {
    const at = (i * (samples.length - 1)) / (n - 1),
      low = Math.floor(at),
      high = Math.min(low + 1, samples.length - 1);
    return samples[low] + (at - low) * (samples[high] - samples[low]);
  });
}
