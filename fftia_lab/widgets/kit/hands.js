// Hands: what is taken hold of, pointed at, scrubbed and drawn on; by mouse, pen, touch and keys.
import { html, setAll } from "./elements.js";
import { mix, range } from "./numbers.js";

// A point of the page in the pixels of an element, which may be shown larger than it was laid out.
export function pointIn(element, { clientX, clientY }) {
  const box = element.getBoundingClientRect(), scale = enlargedBy(element, box);
  return { x: (clientX - box.left) / scale, y: (clientY - box.top) / scale };
}

const enlargedBy = ({ offsetWidth, parentElement }, { width }) =>
  offsetWidth === undefined
    ? enlargedBy(parentElement, parentElement.getBoundingClientRect())
    : width / offsetWidth || 1;

const isPress = (event) => !event.button && !(event.ctrlKey && event.pointerType === "mouse");

// One hand for everything that is dragged, one pointer at a time. `move` gets the points inside
// `area` since it was last called, oldest first. With `keepOffset` the handle stays under the hand
// as it was taken; without, it leaps to the hand. With `scrolls` a finger that goes up or down
// scrolls the page: it takes hold once it has gone sideways, or as a tap.
const MEANT = 4; // pixels sideways from which on a press is meant as a stroke
export function drag(handle, area, { start, move, end, keepOffset = false, scrolls = false }) {
  let pointer = null, offset = { x: 0, y: 0 }, waiting = [];
  const where = (event) => {
    const { x, y } = pointIn(area, event);
    return { x: x - offset.x, y: y - offset.y };
  };
  const stop = () => {
    if (pointer === null) return;
    const held = !waiting.length;
    pointer = null;
    waiting = [];
    if (held) end?.();
  };
  function take(points) {
    waiting = [];
    underHand.add(handle);
    handle.focus({ preventScroll: true });
    start?.();
    if (!keepOffset) move(points);
  }
  handle.style.touchAction = scrolls ? "pan-y" : "none";
  handle.addEventListener("pointerdown", (event) => {
    if (pointer !== null || !isPress(event)) return;
    pointer = event.pointerId;
    handle.setPointerCapture(pointer);
    offset = keepOffset ? fromMiddle(handle, event) : { x: 0, y: 0 };
    if (scrolls && event.pointerType !== "mouse") waiting = [where(event)];
    else take([where(event)]);
    event.preventDefault();
  });
  handle.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    const points = (events.length ? events : [event]).map(where);
    if (!waiting.length) return move(points);
    waiting.push(...points);
    if (isSideways(waiting[0], points.at(-1))) take(waiting);
  });
  onRelease(handle, (event) => {
    if (event.pointerId !== pointer) return;
    if (event.type === "pointerup" && waiting.length) take(waiting);
    stop();
  });
  handle.addEventListener("keydown", (event) => event.key === "Escape" && stop());
  for (const type of ["keydown", "blur"]) {
    handle.addEventListener(type, () => underHand.delete(handle));
  }
}

// Whether keys move a handle: then the drawing marks what they mean. A hand sees where it is.
const underHand = new WeakSet();
export const isAt = (handle) => handle === document.activeElement && !underHand.has(handle);

const isSideways = (from, to) => Math.abs(to.x - from.x) > Math.max(MEANT, Math.abs(to.y - from.y));

function fromMiddle(handle, event) {
  const { offsetWidth, offsetHeight } = handle, { x, y } = pointIn(handle, event);
  return { x: x - offsetWidth / 2, y: y - offsetHeight / 2 };
}

function onRelease(element, released) {
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    element.addEventListener(type, released);
  }
}

// A strip that a hand scrubs sideways, while a finger on it still scrolls the page up and down.
// `move(x)` gets places inside it while a stroke lasts, `end()` its end; `tap(x)` a press alone.
export function scrub(strip, { move, end, tap }) {
  let pointer = null, began = 0, stroke = false;
  const finish = () => {
    pointer = null;
    if (stroke) end();
    stroke = false;
  };
  strip.style.touchAction = "pan-y";
  strip.addEventListener("pointerdown", (event) => {
    if (pointer !== null || !isPress(event)) return;
    pointer = event.pointerId;
    began = pointIn(strip, event).x;
    strip.setPointerCapture(pointer);
    event.preventDefault();
    strip.focus({ preventScroll: true });
  });
  strip.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const { x } = pointIn(strip, event);
    stroke ||= Math.abs(x - began) > MEANT;
    if (stroke) move(x);
  });
  onRelease(strip, (event) => {
    if (event.pointerId !== pointer) return;
    const tapped = event.type === "pointerup" && !stroke;
    finish();
    if (tapped) tap(began);
  });
  strip.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && pointer !== null) finish();
  });
}

// A stroke along a row of places; a fast one jumps over some, and they are filled in between.
// `at(point)` is { place, value }; `draw` gets [[place, value], …], oldest first. `scrolls` as in
// `drag`.
export function pen(pad, area, { at, draw, end, scrolls }) {
  let last = null;
  drag(pad, area, {
    scrolls,
    start: () => last = null,
    move: (points) =>
      draw(points.flatMap((point) => {
        const to = at(point), from = last ?? to;
        last = to;
        return between(from, to);
      })),
    end,
  });
}

// The places after one up to another, each with its value on the straight way.
export function between(from, to) {
  const steps = Math.max(1, Math.abs(to.place - from.place));
  return range(steps).map((step) => {
    const part = (step + 1) / steps;
    return [Math.round(mix(from.place, to.place, part)), mix(from.value, to.value, part)];
  });
}

// What a mouse points at: `find(point, event)` names it or returns null, `show` is told of changes.
// A finger does not point, it presses.
export function pointing(drawing, area, { find, show }) {
  let last = null;
  const tell = (found) => {
    if (String(found) === String(last)) return;
    last = found;
    show(found);
  };
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "touch") tell(find(pointIn(area, event), event));
  });
  drawing.addEventListener("pointerleave", () => tell(null));
}

// A handle: a real button over the drawing, so that it has a hit box, a focus ring and a value.
export function handle(label, className, keys) {
  const button = html("button", {
    type: "button",
    class: `fl-handle ${className}`,
    role: "slider",
    "aria-label": label,
  });
  button.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (!action || event.altKey || event.ctrlKey || event.metaKey) return;
    action(event);
    event.preventDefault();
  });
  return button;
}

// Keys that walk along one line; `walk(steps)` returns what a key does.
export const upAndDown = (walk, page, all) => ({
  ArrowUp: walk(-1),
  ArrowDown: walk(1),
  PageUp: walk(-page),
  PageDown: walk(page),
  Home: walk(-all),
  End: walk(all),
});

export function moveTo(element, x, y) {
  element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
}

// Lays an element over a rectangle of the drawing.
export function lay(element, { x, y, width, height }) {
  const pixels = { left: x, top: y, width, height };
  for (const [name, value] of Object.entries(pixels)) element.style[name] = `${value}px`;
}

export function setValue(handle, { now, min, max, text }) {
  setAll(handle, {
    "aria-valuenow": now,
    "aria-valuemin": min,
    "aria-valuemax": max,
    "aria-valuetext": text,
  });
}
