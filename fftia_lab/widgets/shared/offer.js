// A signal that was drawn in another figure, of this page or of one before, is offered, never
// forced: a button takes it. From then on a figure follows what is drawn there, until its own
// signal is changed.
import { resample } from "./samples.js";
import { press } from "../kit/controls.js";
import { lastDrawn, onDrawn } from "../kit/drawn.js";
import { focus } from "../kit/elements.js";
import { same } from "../kit/state.js";

const RULE =
  "drawn in another figure, here or in another chapter; a signal of another length is read along " +
  "straight lines between its samples, the first at the first and the last at the last";
const thousandth = (value) => Math.round(value * 1000) / 1000;

// `samples()` are those that the figure shows now.
export function offerDrawn(figure, samples) {
  const { state } = figure;
  let taken = null;
  const offered = () => {
    const drawn = lastDrawn();
    if (!drawn || drawn.from === figure.id) return null;
    const n = samples().length;
    return n === drawn.samples.length ? drawn.samples : resample(drawn.samples, n).map(thousandth);
  };
  const take = () => {
    figure.stop?.();
    taken = offered();
    state.set({ signal: "drawn", samples: taken });
  };
  const button = press("", take, { class: "fl-button fl-offer", title: RULE });
  figure.onEnd(onDrawn(() => {
    const follows = taken && offered() && same(taken, state.read().samples);
    if (follows) take();
    else figure.invalidate();
  }));
  return {
    root: button,
    show() {
      const found = offered(), hide = !found || same(found, samples());
      if (hide && button === document.activeElement) {
        focus(figure.root.querySelector(".fl-pad:not([hidden]), select"));
      }
      button.hidden = hide;
      if (hide) return;
      const from = lastDrawn().samples.length, to = found.length;
      button.textContent = from === to ? "your signal" : `your signal, ${from} → ${to} samples`;
    },
  };
}
