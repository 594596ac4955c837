// What the figure `winding` says: one sentence, one sum, one bet.
import { size, times, unit } from "../kit/complexes.js";
import { earned } from "./model.js";
import { complex, number, sub } from "../kit/words.js";
import { html } from "../kit/kit.js";

const ROUND = 1e-9;
export const isWhole = (f) => Math.abs(f - Math.round(f)) < ROUND;
export const turns = (f) => number(f, isWhole(f) ? 0 : 2);
// X with its index: X₅ at a whole k of the DFT, X(5.50) between and beyond.
const named = ({ f, n }) => (isWhole(f) && f >= 0 && f < n ? `X${sub(f)}` : `X(${turns(f)})`);

export function describe(state, view) {
  return [where(state, view), repeats(state), lines(state, view)].filter(Boolean).join(" ");
}

function where(state, view) {
  const { n, f, mode } = state, X = named(state), value = complex(view.total);
  if (mode === "walk") {
    return `Tip to tail, the ${n} turned samples end at ${X} = ${value}, ${
      number(size(view.total))
    } from the start; laid straight they would reach ${number(view.longest)}.`;
  }
  const distance = number(size(view.centre));
  if (isWhole(f)) {
    return `Wound ${turns(f)} ${
      Math.abs(f) === 1 ? "time" : "times"
    } round, the ${n} samples sum to ${X} = ${value}. Their centre of mass is ${X}/${n}, ${distance} from the middle.`;
  }
  return `At f = ${
    turns(f)
  }, between two lines of the DFT, the centre of mass is ${distance} from the middle.`;
}

function repeats({ n, f }) {
  if (!isWhole(f) || (f >= 0 && f <= n / 2)) return "";
  const k = Math.round(f),
    twin = k < 0 ? k + n : k - n,
    mirror = Math.min(Math.abs(k), Math.abs(twin));
  const same = `k = ${turns(k)} and k = ${turns(twin)} are one drawing`;
  return mirror % (n / 2) ? `${same}, and k = ${mirror} is its mirror image (dashed).` : `${same}.`;
}

function lines(state, view) {
  const { n } = state;
  if (!earned(state)) return "";
  return `Of the ${n / 2 + 1} lines from k = 0 to ${n / 2}, ${view.above} ${
    view.above === 1 ? "is" : "are"
  } above 5 % of the highest.`;
}

// The sum in symbols and then in numbers: the first samples, or the marked one alone.
export function formula(state, view, marked) {
  const { n, f } = state, role = (name, text) => html("span", { class: `fl-${name}` }, text);
  const power = (j) => html("sup", {}, `−2πi · ${j} · ${turns(f)}/${n}`);
  if (marked !== null) {
    return [
      "sample ",
      String(marked),
      ": ",
      role("self", `x${sub(marked)}`),
      " ",
      role("twiddle", "e"),
      power(marked),
      " = ",
      role("self", number(view.x[marked])),
      " · ",
      role("twiddle", `(${complex(unit((-marked * f) / n))})`),
      " = ",
      complex(view.points[marked]),
    ];
  }
  const term = (
    j,
  ) => [
    " + ",
    role("self", `(${number(view.x[j])})`),
    " · ",
    role("twiddle", `(${complex(unit((-j * f) / n))})`),
  ];
  return [
    named(state),
    " = Σ ",
    role("self", "x"),
    html("sub", {}, "j"),
    " ",
    role("twiddle", "e"),
    html("sup", {}, `−2πi j · ${turns(f)}/${n}`),
    " = ",
    ...[0, 1].flatMap(term).slice(1),
    ` + … = ${complex(view.total)};  ${named(state)}/${n} = ${
      complex(times([1 / n, 0], view.total))
    }`,
  ];
}

export function question(state, view) {
  const k = state.ask;
  if (view.off !== null) {
    return `You said ${complex(state.bet)}; the centre of mass at k = ${k} is ${
      complex(view.truth)
    }, ${number(view.off)} away.`;
  }
  if (state.bet.length) {
    return `Your guess for k = ${k} is the square, ${
      complex(state.bet)
    }. Now turn the crank there.`;
  }
  return `Before you turn on: where will the dot be at k = ${k}? Tap the plane.`;
}
