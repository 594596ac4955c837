// The samples of a signal that a reader draws, and the pad on which they are drawn.
import { tellDrawn } from "../kit/drawn.js";
import { handle, isAt, pen, setValue } from "../kit/hands.js";
import { clamp, mix, number, range } from "../kit/numbers.js";

// The samples of a drawn signal, at first those of the signal `before` it; none of another.
export function drawnSamples({ signal, samples }, before, n) {
  if (signal !== "drawn") return [];
  return resample(samples.length ? samples : before(), n).map((value) => clamp(value, -1, 1));
}

// The same samples at another length, joined by straight lines.
export function resample(samples, n) {
  if (!samples.length) return range(n).map(() => 0);
  if (samples.length === n) return samples;
  return range(n).map((i) => {
    const at = (i * (samples.length - 1)) / (n - 1), low = Math.floor(at);
    return mix(samples[low], samples[Math.min(low + 1, samples.length - 1)], at - low);
  });
}

// A pad over the bars of a signal. `samples()` are what it starts from; `at(point)` is the { place,
// value } under a hand; they stand side by side, or with `stacked` one below the other. `called` is
// what one is called, which may change.
export function samplePad(figure, area, options) {
  const { label, samples, at, stacked = false, called = () => "sample" } = options;
  const { state } = figure;
  let chosen = 0; // the sample that the keyboard means
  const put = (changes, live) => {
    const drawn = [...samples()];
    for (const [place, value] of changes) drawn[place] = clamp(Math.round(value * 20) / 20, -1, 1);
    if (!live) tellDrawn(drawn, figure.id); // others first: the address is that of the last change
    state.set({ signal: "drawn", samples: drawn }, { live });
  };
  const walk = (steps) => () => {
    chosen = clamp(chosen + steps, 0, samples().length - 1);
    figure.invalidate();
  };
  const change = (valueOf) => () => put([[chosen, valueOf(samples()[chosen])]], false);
  const by = (step) => change((value) => value + step), to = (value) => change(() => value);
  const root = handle(label, "fl-pad", stacked ? downwards(walk, by, to) : sideways(walk, by, to));
  for (const type of ["focus", "blur"]) root.addEventListener(type, figure.invalidate);
  pen(root, area, {
    scrolls: stacked, // bars that lie are drawn sideways
    at(point) {
      const under = at(point);
      chosen = under.place;
      return under;
    },
    draw: (changes) => put(changes, true),
    end() {
      tellDrawn(state.read().samples, figure.id);
      state.rest();
    },
  });
  return {
    root,
    focused: () => (isAt(root) ? chosen : null),
    show(values) {
      chosen = Math.min(chosen, values.length - 1);
      const value = values[chosen];
      const words = `${called()} ${chosen}: ${number(value)}`;
      root.setAttribute("aria-label", label.replace("sample", called()));
      setValue(root, { now: Number(value.toFixed(2)), min: -1, max: 1, text: words });
    },
  };
}

const sideways = (walk, by, to) => ({
  ArrowLeft: walk(-1),
  ArrowRight: walk(1),
  Home: walk(-64),
  End: walk(64),
  ArrowUp: by(0.1),
  ArrowDown: by(-0.1),
  PageUp: to(1),
  PageDown: to(-1),
});

const downwards = (walk, by, to) => ({
  ArrowUp: walk(-1),
  ArrowDown: walk(1),
  PageUp: walk(-64),
  PageDown: walk(64),
  ArrowLeft: by(-0.1),
  ArrowRight: by(0.1),
  Home: to(-1),
  End: to(1),
});
