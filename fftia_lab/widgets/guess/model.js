// What a guess is worth: numbers as people write them, and which reply belongs to it.

// The number in a text, or NaN: 1,048,576; 2^20; 3/8; 12 %; −0.5; 1e6; a half stays with words.
function numberIn(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(/(\d)[,'\s](?=\d{3}(?!\d))/g, "$1")
    .replace(/\s*(%|times|×)$/, "");
  const [, base, power] = /^(\d+)(?:\^|\*\*)(\d+)$/.exec(plain) ?? [];
  if (base) return Number(base) ** Number(power);
  const [, over, under] = /^(-?\d+)\s*\/\s*(\d+)$/.exec(plain) ?? [];
  if (over) return Number(over) / Number(under);
  return /^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}

// A guess as a page may compare it: a number in digits, or words.
export const read = (said, { among }) => said && !among.length ? String(numberIn(said)) : said;

// Whether a question can take this as a guess.
export const understood = (said, { among }) =>
  among.length ? among.includes(said) : Number.isFinite(numberIn(said));

// How a guess stands to the answer: "right", "near", "tempting" or "other", and the reply that
// belongs to what tempts.
export function judge(said, { among, answer, near, tempting }) {
  const equal = among.length
    ? (value) => value === said
    : (value) => close(numberIn(said), Number(value), 1e-9);
  if (equal(answer)) return { kind: "right", reply: "" };
  const found = tempting.find(([value]) => equal(value));
  if (found) return { kind: "tempting", reply: found[1] };
  const nearly = !among.length && close(numberIn(said), Number(answer), near);
  return { kind: nearly ? "near" : "other", reply: "" };
}

const close = (a, b, part) => Math.abs(a - b) <= part * Math.abs(b);
