// Letters of drawings for the last row: one size for all, as large as they can be without touching
// each other more than they do on the page. Hands stay as large as on the page: see --fl-hand.
const SMALLEST = 13; // pixels in a layout: what most labels have there
const STEPS = 8;

// `wanted` is in pixels of the room, `scale` what the layout is multiplied by.
export function enlargeLetters(scaled, scale, wanted) {
  scaled.style.setProperty("--fl-hand", Math.max(1, 1 / scale));
  set(scaled, 0);
  const now = crowding(scaled), most = wanted / scale;
  for (let i = 0; i < STEPS; i++) {
    const size = most + (SMALLEST - most) * i / STEPS;
    if (size <= SMALLEST) break;
    set(scaled, size);
    if (crowding(scaled) <= now) return;
  }
  set(scaled, 0);
}

function set(scaled, size) {
  scaled.classList.toggle("fl-lettered", size > 0);
  if (size) scaled.style.setProperty("--fl-label", `${size}px`);
}

// How many labels touch another one or leave the room.
function crowding(scaled) {
  const room = scaled.parentElement.getBoundingClientRect();
  const boxes = [...scaled.querySelectorAll(".fl-drawing text")].filter(isSeen).map(inkOf);
  const left = boxes.filter((box) => box.left < room.left || box.right > room.right).length;
  return left + boxes.filter((a, i) => boxes.some((b, j) => i !== j && touch(a, b))).length;
}

const isSeen = (label) =>
  label.textContent.trim() && label.checkVisibility({ visibilityProperty: true });

// The box of a line of letters is higher than its letters.
function inkOf(label) {
  const { left, right, top, bottom, height } = label.getBoundingClientRect();
  return { left, right, top: top + 0.14 * height, bottom: bottom - 0.14 * height };
}

const touch = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
