// Numbers as people write them.

// Fixed width, a true minus, no "-0.00".
export function number(value, digits = 2) {
  const text = (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toFixed(digits);
  return text.replace("-", "−");
}

export function complex([re, im], digits = 2) {
  if (Math.abs(im) < 0.5 * 10 ** -digits) return number(re, digits);
  const imaginary = `${number(Math.abs(im), digits)}i`;
  if (Math.abs(re) < 0.5 * 10 ** -digits) return im < 0 ? `−${imaginary}` : imaginary;
  return `${number(re, digits)} ${im < 0 ? "−" : "+"} ${imaginary}`;
}

export const degrees = (turns) => `${number(turns * 360, 0)}°`;
export const sub = (index) => String(index).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]);

// A long list keeps its beginning and its end.
export const list = (
  items,
) => (items.length > 8 ? `${items.slice(0, 7).join(", ")} … ${items.at(-1)}` : items.join(", "));
