// The signal that a reader drew last, for all figures of a page. Each figure is a module of its own
// with its own copy of this one, so that they meet on the page itself: a record and an event there.
const RECORD = Symbol.for("fftia-lab.drawn"), EVENT = "fftia-lab.drawn";

// `from` is the id of the figure in which it was drawn.
export function tellDrawn(samples, from) {
  globalThis[RECORD] = { samples: [...samples], from };
  globalThis.dispatchEvent(new Event(EVENT));
}

// { samples, from }, or null while nothing was drawn.
export const lastDrawn = () => globalThis[RECORD] ?? null;

// Calls when something was drawn, wherever on the page; returns how to end it.
export function onDrawn(heard) {
  globalThis.addEventListener(EVENT, heard);
  return () => globalThis.removeEventListener(EVENT, heard);
}
