// What the figure of the winding says: one sentence, one sum, one bet.
import { earned } from "./model.js";
import { complex, number, plural, size, sub, times, unit } from "../kit/numbers.js";

const ROUND = 1e-9;
export const isWhole = (f) => Math.abs(f - Math.round(f)) < ROUND;
export const turns = (f) => number(f, isWhole(f) ? 0 : 2);
// X with its index: X₅ at a whole k of the DFT, X(5.50) between and beyond.
const named = ({ f, n }) => (isWhole(f) && f >= 0 && f < n ? `X${sub(f)}` : `X(${turns(f)})`);

export function describe(state, view) {
  return [where(state, view), repeats(state), loudLines(state, view)].filter(Boolean).join(" ");
}

function where(state, view) {
  const { n, f, mode } = state, sum = `${named(state)} = ${complex(view.total)}`;
  if (mode === "walk") {
    return `Tip to tail, the ${n} turned samples end at ${sum}, ${number(size(view.total))} ` +
      `from the start; laid straight they would reach ${number(view.longest)}.`;
  }
  const distance = `${number(size(view.centre))} from the middle`;
  if (!isWhole(f)) {
    const between = `At f = ${turns(f)}, between two lines of the DFT`;
    return `${between}, the centre of mass is ${distance}.`;
  }
  const round = `Wound ${turns(f)} ${plural(Math.abs(f), "time")} round`;
  const mass = `Their centre of mass is ${named(state)}/${n}, ${distance}.`;
  return `${round}, the ${n} samples sum to ${sum}. ${mass}`;
}

function repeats({ n, f }) {
  if (!isWhole(f) || (f >= 0 && f <= n / 2)) return "";
  const k = Math.round(f), twin = k < 0 ? k + n : k - n;
  const mirror = Math.min(Math.abs(k), Math.abs(twin));
  const same = `k = ${turns(k)} and k = ${turns(twin)} are one drawing`;
  return mirror % (n / 2) ? `${same}, and k = ${mirror} is its mirror image (dashed).` : `${same}.`;
}

function loudLines(state, { above }) {
  const { n } = state, all = `Of the ${n / 2 + 1} lines from k = 0 to ${n / 2}`;
  return earned(state)
    ? `${all}, ${above} ${above === 1 ? "is" : "are"} above 5 % of the highest.`
    : "";
}

// ---- the sum in symbols and then in numbers: the first samples, or the marked one alone ---------
export function formula(state, view, marked) {
  return marked === null ? wholeSum(state, view) : oneTerm(state, view, marked);
}

const turned = ({ n, f }, j) => ["twiddle", `(${complex(unit((-j * f) / n))})`];

function oneTerm(state, { x, points }, j) {
  const power = ["sup", `−2πi · ${j} · ${turns(state.f)}/${state.n}`];
  const symbols = [`sample ${j}: `, ["self", `x${sub(j)}`], " ", ["twiddle", "e"], power];
  const value = ["self", number(x[j])];
  return [...symbols, " = ", value, " · ", turned(state, j), ` = ${complex(points[j])}`];
}

function wholeSum(state, { x, total }) {
  const { n, f } = state, name = named(state), power = ["sup", `−2πi j · ${turns(f)}/${n}`];
  const symbols = [`${name} = Σ `, ["self", "x"], ["sub", "j"], " ", ["twiddle", "e"], power];
  const term = (j) => [["self", `(${number(x[j])})`], " · ", turned(state, j)];
  const mean = `${name}/${n} = ${complex(times([1 / n, 0], total))}`;
  const end = ` + … = ${complex(total)};  ${mean}`;
  return [...symbols, " = ", ...term(0), " + ", ...term(1), end];
}

// ---- the bet, the hands, the sound --------------------------------------------------------------
export function question({ ask, bet }, { off, truth }) {
  if (off !== null) {
    const mass = `the centre of mass at k = ${ask} is ${complex(truth)}`;
    return `You said ${complex(bet)}; ${mass}, ${number(off)} away.`;
  }
  if (bet.length) {
    return `Your guess for k = ${ask} is the square, ${complex(bet)}. Now turn the crank there.`;
  }
  return `Before you turn on: where will the dot be at k = ${ask}? Tap the plane.`;
}

export function crankValue({ f }, { centre }) {
  return `${isWhole(f) ? "k" : "f"} = ${turns(f)}, the dot ${number(size(centre))} from the middle`;
}

export function pitchText(k, n, rate) {
  const hertz = (k * rate) / n, folded = Math.round(hertz > rate / 2 ? rate - hertz : hertz);
  const heard = folded.toLocaleString("en");
  return `${rate.toLocaleString("en")} samples a second: k = ${k} is ${heard} Hz`;
}

// The labels of the drawing, by their places.
export function labelTexts({ mode, f, n, ask, signal, tone, ...state }, view) {
  const walk = mode === "walk", counted = earned({ n, ...state }) && view.above;
  return {
    plane: walk ? "the sum, tip to tail" : `wound ${turns(f)} times round`,
    signal: `the signal x, ${n} samples: draw on it`,
    spectrum: `|X(${turns(f)})| = ${number(size(view.total))}`,
    limit: counted ? "filled: above 5 %" : "",
    mass: walk ? "their sum" : "centre of mass",
    asked: view.open ? `k = ${ask}?` : "",
    tone: signal === "tone" ? `the wave: ${number(tone)} cycles` : "",
  };
}
