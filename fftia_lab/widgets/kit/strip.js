// A strip that a hand scrubs sideways, while a finger on it still scrolls the page up and down.

const MEANT = 4; // pixels sideways from which on a press is a stroke and no tap

// `move(x)` gets places inside `strip` while a stroke lasts, `end()` its end; `tap(x)` a press alone.
export function scrub(strip, { move, end, tap }) {
  let pointer = null, began = 0, stroke = false;
  const where = (event) => event.clientX - strip.getBoundingClientRect().left;
  const finish = () => {
    pointer = null;
    if (stroke) end();
    stroke = false;
  };
  strip.style.touchAction = "pan-y";
  strip.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button || (event.ctrlKey && event.pointerType === "mouse")) {
      return;
    }
    pointer = event.pointerId;
    began = where(event);
    strip.setPointerCapture(pointer);
    event.preventDefault();
    strip.focus({ preventScroll: true });
  });
  strip.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    stroke ||= Math.abs(where(event) - began) > MEANT;
    if (stroke) move(where(event));
  });
  strip.addEventListener("pointerup", (event) => {
    if (event.pointerId !== pointer) return;
    const tapped = !stroke;
    finish();
    if (tapped) tap(began);
  });
  for (const type of ["pointercancel", "lostpointercapture"]) {
    strip.addEventListener(type, (event) => {
      if (event.pointerId === pointer) finish();
    });
  }
  strip.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && pointer !== null) finish();
  });
}
