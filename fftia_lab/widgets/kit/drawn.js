// The signal that a reader drew last, for all figures of a page and for the pages that follow. Each
// figure is a module of its own with its own copy of this one, so that they meet on the page
// itself: a record and an event there. Pages meet in the storage of the tab, which ends with it;
// where that is refused, as some browsers do from disk, a signal stays on its page.
import { clamp } from "./numbers.js";
import { same } from "./state.js";

const RECORD = Symbol.for("fftia-lab.drawn"), EVENT = "fftia-lab.drawn";
const SHORTEST = 2, LONGEST = 1024; // samples of a signal that another page may leave

// `from` is the id of the figure in which it was drawn.
export function tellDrawn(samples, from) {
  globalThis[RECORD] = { samples: [...samples], from };
  keep(samples);
  globalThis.dispatchEvent(new Event(EVENT));
}

// { samples, from }, or null while nothing was drawn; `from` is null if it was on another page.
export function lastDrawn() {
  if (globalThis[RECORD] === undefined) globalThis[RECORD] = kept();
  return globalThis[RECORD];
}

// Calls when something was drawn, wherever on the page, or on another one before the reader came
// back to this; returns how to end it.
export function onDrawn(heard) {
  globalThis.addEventListener(EVENT, heard);
  globalThis.addEventListener("pageshow", catchUp);
  return () => {
    globalThis.removeEventListener(EVENT, heard);
    globalThis.removeEventListener("pageshow", catchUp);
  };
}

// A page that comes back as it was left has missed what was drawn since.
function catchUp({ persisted }) {
  const found = persisted ? kept() : null;
  if (!found || same(found.samples, globalThis[RECORD]?.samples)) return;
  globalThis[RECORD] = found;
  globalThis.dispatchEvent(new Event(EVENT));
}

// ---- from page to page -------------------------------------------------------------------------
// Each book has its own place, by the address of its first page.
function place() {
  const root = globalThis.document?.documentElement.dataset.content_root ?? ".";
  const { pathname } = globalThis.location ? new URL(root, globalThis.location.href) : {};
  return `fftia-lab.drawn ${pathname ?? ""}`;
}

function keep(samples) {
  try {
    globalThis.sessionStorage.setItem(place(), JSON.stringify(samples));
  } catch { /* refused, or full: the page has it */ }
}

function kept() {
  try {
    const samples = JSON.parse(globalThis.sessionStorage.getItem(place()));
    return isSignal(samples) ? { samples: samples.map(inside), from: null } : null;
  } catch {
    return null; // refused, or no JSON
  }
}

// Whatever else shares the storage may have written there.
const isSignal = (value) =>
  Array.isArray(value) && value.length >= SHORTEST && value.length <= LONGEST &&
  value.every(Number.isFinite);
const inside = (value) => clamp(value, -1, 1);
