// What the figure of the winding says: one sentence, one sum, one bet.
import { earned, FLOOR } from "./model.js";
import {
  complex,
  gives,
  minus,
  number,
  plural,
  plus,
  printed,
  size,
  sub,
  times,
  unit,
} from "../kit/numbers.js";

const ROUND = 1e-9;
export const isWhole = (f) => Math.abs(f - Math.round(f)) < ROUND;
export const turns = (f) => number(f, isWhole(f) ? 0 : 2);
// X with its index: X₅ at a whole k of the DFT, X(5.50) between and beyond.
const named = ({ f, n }) => (isWhole(f) && f >= 0 && f < n ? `X${sub(f)}` : `X(${turns(f)})`);

export function describe(state, view) {
  const lines = [loudLines(state, view), kindsOf(state, view), levels(state, view)];
  return [where(state, view), repeats(state), ...lines].filter(Boolean).join(" ");
}

function where(state, view) {
  const { n, f, mode } = state, sum = `${named(state)} = ${complex(view.total)}`;
  if (mode === "walk") {
    return `Tip to tail, the ${n} turned samples end at ${sum}, ${number(size(view.total))} ` +
      `from the start; laid straight they would reach ${number(view.longest)}.`;
  }
  if (mode === "halves") return bothHalves(state, view);
  const distance = `${number(size(view.centre))} from the middle`;
  if (!isWhole(f)) {
    const between = `At f = ${turns(f)}, between two lines of the DFT`;
    return `${between}, the centre of mass is ${distance}.`;
  }
  const round = `Wound ${turns(f)} ${plural(Math.abs(f), "time")} round`;
  const mass = `Their centre of mass is ${named(state)}/${n}, ${distance}.`;
  return `${round}, the ${n} samples sum to ${sum}. ${mass}`;
}

function bothHalves(state, { halves, centre }) {
  const { f } = state, wound = `Wound ${turns(f)} ${plural(Math.abs(f), "time")} round`;
  return `${wound}, the half that winds forward has its centre of mass at ` +
    `${complex(halves.forward)}, the half that winds back at ${complex(halves.back)}; ` +
    `together the dot is ${number(size(centre))} from the middle.`;
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

// A wave's own lines are those within the main lobe of its window; the others leak, or are zero.
function kindsOf(state, { kinds }) {
  if (!earned(state) || !kinds.length) return "";
  const news = kinds.slice(0, state.n / 2 + 1);
  const count = (kind) => news.filter((one) => one === kind).length;
  const [own, leak, zero] = ["own", "leak", "zero"].map(count);
  const rest = zero ? `, ${leak} leakage and ${zero} zero.` : ` and ${leak} leakage.`;
  return `${own} ${own === 1 ? "is" : "are"} the wave’s own${rest}`;
}

const levels = ({ scale }, { above }) => {
  const floor = `what is below ${levelText(FLOOR)} lies on the axis.`;
  return scale === "decibel" && above
    ? `Heights are in decibels of the highest line; ${floor}`
    : "";
};

export const levelText = (level) =>
  level > FLOOR && level ? number(level, 0) : `${number(level, 0)} dB`;

// ---- the sum in symbols and then in numbers: the first samples, or the marked one alone ---------
export function formula(state, view, marked) {
  if (view.halves) return halfSums(state, view, marked);
  return marked === null ? wholeSum(state, view) : oneTerm(state, view, marked);
}

const turned = ({ n, f }, j) => ["twiddle", `(${complex(unit((-j * f) / n))})`];

function oneTerm(state, { x, points }, j) {
  const power = ["sup", `−2πi · ${j} · ${turns(state.f)}/${state.n}`];
  const symbols = [`sample ${j}: `, ["self", `x${sub(j)}`], " ", ["twiddle", "e"], power];
  const value = ["self", number(x[j])];
  const made = times(printed([x[j], 0]), printed(unit((-j * state.f) / state.n)));
  return [...symbols, " = ", value, " · ", turned(state, j), ` ${gives(made, points[j])}`];
}

// A wave as two arrows of half its height: those of one sample, or their centres of mass.
function halfSums(state, { points, centre, halves: { forth, forward: middle } }, marked) {
  const start = [marked === null ? `${named(state)}/${state.n} = ` : `sample ${marked}, wound: `];
  const whole = marked === null ? centre : points[marked];
  const forward = marked === null ? middle : forth[marked], back = minus(whole, forward);
  const half = (role, value, way) => [role, `(${complex(value)}) ${way}`];
  const halves = [half("self", forward, "forward"), half("partner", back, "back")];
  const sum = ` ${gives(plus(printed(forward), printed(back)), whole)}`;
  return [...start, halves[0], " + ", halves[1], sum];
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
  const folded = k > n / 2, hertz = Math.round((Math.min(k, n - k) * rate) / n);
  const heard = folded ? `sounds as k = ${n - k}, ` : "is ";
  const written = [rate, hertz].map((one) => one.toLocaleString("en"));
  return `${written[0]} samples a second: k = ${k} ${heard}${written[1]} Hz`;
}

// The labels of the drawing, by their places.
const PLANES = { wound: "", walk: "the sum, tip to tail", halves: "two half waves, " };
export function labelTexts({ mode, f, n, ask, signal, tone, ...state }, view) {
  const walk = mode === "walk", counted = earned({ n, ...state }) && view.above;
  return {
    plane: walk ? PLANES.walk : `${PLANES[mode]}wound ${turns(f)} times round`,
    signal: `the signal x, ${n} samples: draw on it`,
    spectrum: `|X(${turns(f)})| = ${number(size(view.total))}`,
    limit: counted ? "filled: above 5 %" : "",
    leak: counted && view.kinds.includes("leak") ? "round heads: leakage" : "",
    mass: walk ? "their sum" : "centre of mass",
    asked: view.open ? `k = ${ask}?` : "",
    tone: signal === "tone" ? `the wave: ${number(tone)} cycles` : "",
  };
}
