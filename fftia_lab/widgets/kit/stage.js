// One figure for the whole room: as large as it can be, and a clicker moves it.
import { press } from "./controls.js";
import { focus, html } from "./elements.js";
import { enlargeLetters } from "./letters.js";

const WIDTHS = [560, 620, 700, 800, 920, 1080]; // pixels that a figure may be laid out for
const FEW = [420, 480]; // and a question that has no drawing
const BESIDE = 300, GAP = 24; // and what stands beside it, see .fl-side: a gap and words
const LEAST = 15; // pixels of the words, before all is made larger
const LEGIBLE = 28; // pixels that letters shall have, where the room is one

// Show an element alone. `step(direction)` says whether there was a step left; if there was none,
// `after(direction)` is asked, and says whether something else took the room. `lead` are words
// above the element; `notes` and `place` say what is shown and what comes; `name` is what it is
// called, if it has no name; nothing comes after the `last`. `enter` is given what closes it, and
// returns what is done then; `ended` is told when it is over. The keyboard goes on in the element
// or, if nothing in it can be pressed, at `back`. Returns what closes it.
const silent = () => "", END = "This is the end.";
export function openStage(element, asked = {}) {
  const { step, after, last, enter, ended, back } = asked;
  const place = keepFree(element);
  const { dialog, scaled, panel, over, leave } = makeRoom(element, asked, { go, close });
  const lesson = tellTime(panel, asked);
  const keys = { PageDown: () => go(1), PageUp: () => go(-1), b: close, n: lesson.turn };
  const endings = [lesson.end, hear(keys)];

  function go(direction) {
    over.textContent = "";
    if (!step?.(direction)) {
      if (after?.(direction)) close();
      else over.textContent = direction > 0 ? END : "This is the beginning.";
    }
    lesson.write();
  }
  function close() {
    if (!dialog.isConnected) return;
    for (const end of endings) end();
    place.replaceWith(element);
    dialog.remove();
    ended?.();
    release?.();
    goOn(element.querySelector(".fl-tool:last-child") ?? toPress(element) ?? back);
  }
  dialog.addEventListener("close", close);
  dialog.showModal();
  const release = enter?.(close);
  if (last && !step) over.textContent = END;
  lesson.write();
  endings.push(keepFitted(scaled));
  focus(leave);
  return { close, fit: () => fit(scaled) };
}

// What stands where an element was, as high as it.
function keepFree(element) {
  const place = html("div", { class: "fl-kept-free" });
  place.style.height = `${element.offsetHeight}px`;
  element.replaceWith(place);
  return place;
}

function makeRoom(element, { name, lead = [] }, { go, close }) {
  const panel = html("p", { class: "fl-notes" });
  const over = html("p", { class: "fl-over", role: "status" }); // nothing comes after this
  const leave = press("Close", () => close(), { class: "fl-tool fl-leave" });
  const ways = [["‹", "back", -1], ["›", "on", 1]].map(([sign, words, direction]) =>
    press(sign, () => go(direction), { class: "fl-tool", "aria-label": words })
  );
  const scaled = html("div", { class: "fl-scaled" }, ...lead, element);
  const dialog = html(
    "dialog",
    { class: "fl-enlarged", "aria-label": name ?? element.getAttribute("aria-label") ?? "" },
    html("div", { class: "fl-hall" }, scaled),
    panel,
    over,
    html("div", { class: "fl-way" }, ...ways, leave),
  );
  document.body.append(dialog);
  return { dialog, scaled, panel, over, leave };
}

// The lesson's time and whether it is shown go on from figure to figure, whose modules know nothing
// of each other.
function tellTime(panel, { notes = silent, place = silent }) {
  const { dataset } = document.documentElement;
  const began = Number(dataset.flBegan ??= String(Date.now()));
  const write = () => panel.textContent = notesAt(Date.now() - began, notes(), place());
  const clock = setInterval(() => panel.hidden || write(), 1000);
  panel.hidden = !dataset.flNotes;
  function turn() {
    panel.hidden = !panel.hidden;
    if (panel.hidden) delete dataset.flNotes;
    else dataset.flNotes = "shown";
    write();
  }
  return { write, turn, end: () => clearInterval(clock) };
}

// The page's own: Tab past the last control leaves the dialog for nothing that could hear.
function hear(keys) {
  const heard = (event) => {
    const { key } = event, act = keys[key.length > 1 ? key : key.toLowerCase()];
    if (event.target.matches?.("input:not([type=range])") && key.length === 1) return;
    if (!act || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  document.addEventListener("keydown", heard, { capture: true });
  return () => document.removeEventListener("keydown", heard, { capture: true });
}

// As large as it can be, in every window and with every sentence.
function keepFitted(scaled) {
  const again = () => fit(scaled);
  again();
  addEventListener("resize", again);
  const grown = new ResizeObserver(() => requestAnimationFrame(() => overflows(scaled) && again()));
  for (const part of [scaled, ...scaled.querySelectorAll(".fl-status")]) grown.observe(part);
  return () => {
    grown.disconnect();
    removeEventListener("resize", again);
  };
}

const toPress = (element) =>
  [...element.querySelectorAll("input, button")].find((one) => one.checkVisibility());

// From here the next Tab leads on; a heading takes the focus only for that.
function goOn(element) {
  if (element?.tabIndex === -1) element.setAttribute("tabindex", "-1");
  focus(element);
}

function notesAt(milliseconds, ...words) {
  const seconds = Math.floor(milliseconds / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return `${time} ${words.filter(Boolean).join("; ")}`;
}

// The layout that can be shown largest: a wide one is low, a narrow one is high, and the words may
// stand beside the drawing or below it. Then the words are made large enough for the last row.
function fit(scaled) {
  const room = scaled.parentElement.getBoundingClientRect();
  for (const name of ["--fl-letters", "--fl-words"]) scaled.style.removeProperty(name);
  scaled.classList.remove("fl-lettered");
  const narrow = room.width < WIDTHS[0], asks = scaled.querySelector(".fl-asks");
  const few = asks && !asks.querySelector(".fl-drawing") ? FEW : [];
  const widths = narrow ? [room.width] : [...few, ...WIDTHS];
  const phone = Math.min(room.width, room.height) < WIDTHS[0]; // held in a hand
  const legible = phone ? LEGIBLE / 2 : LEGIBLE;
  const tried = (narrow ? [false] : [false, true]).flatMap((side) =>
    widths.map((width) => tryOut(scaled, room, width, side))
  );
  const best = tried.reduce((a, b) => b.scale > a.scale ? b : a),
    beside = widen(scaled, room, best);
  let letters = legible / best.scale, scale;
  do {
    letters = Math.max(LEAST, letters);
    scaled.style.setProperty("--fl-letters", `${letters}px`);
    ({ scale } = tryOut(scaled, room, best.width, best.side));
    letters *= 0.9;
  } while (letters > LEAST && crowded(scaled));
  scaled.style.transform = `scale(${scale})`;
  scaled.style.left = `${(room.width - scale * (best.width + beside)) / 2}px`;
  scaled.style.top = `${asks ? Math.max(0, room.height - scale * scaled.scrollHeight) / 3 : 0}px`;
  enlargeLetters(scaled, scale, legible);
}

// Words beside a drawing that a phone shows smaller take what room is left there, up to what they
// have on the page. Returns what stands beside the drawing, in its own pixels.
function widen(scaled, room, { width, side, scale }) {
  if (!side) return 0;
  const free = Math.max(BESIDE, room.width / scale - width);
  const beside = Math.min(free, BESIDE * Math.max(1, 1 / scale));
  scaled.style.setProperty("--fl-words", `${beside - GAP}px`);
  return beside;
}

// Beside a low drawing the words come down as far as the timeline under them.
function crowded(scaled) {
  const [words, line] = [".fl-status", ".fl-timeline"].map((part) => scaled.querySelector(part));
  if (!words || !line || !scaled.classList.contains("fl-side")) return false;
  const [said, moved] = [words.parentElement, line].map((part) => part.getBoundingClientRect());
  return said.bottom > moved.top && said.top < moved.bottom;
}

// A longer sentence may need more room than the one before it.
function overflows(scaled) {
  const scale = Number(/scale\(([\d.]+)\)/.exec(scaled.style.transform)[1]);
  return scaled.offsetTop + scale * scaled.scrollHeight > scaled.parentElement.clientHeight + 2;
}

function tryOut(scaled, room, width, side) {
  layOut(scaled, width, side);
  const { scrollHeight } = scaled, { height } = scaled.getBoundingClientRect(); // one is rounded
  const high = Math.max(scrollHeight, height);
  const scale = Math.min(room.width / wholeOf({ width, side }), room.height / high);
  return { scale, width, side };
}

const wholeOf = ({ width, side }) => width + (side ? BESIDE : 0);

function layOut(scaled, width, side) {
  scaled.classList.toggle("fl-side", side);
  scaled.style.transform = "none";
  scaled.style.width = `${width}px`;
  for (const root of scaled.querySelectorAll(".fl-figure")) root.figure.fit();
}
