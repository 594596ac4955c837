// Time is a number in the state. Playing only moves it; a new action finishes the old one at once.
import { html, reducedMotion } from "./elements.js";
import { clamp, inTime, mix, range, short, stopAfter, stopBefore } from "./numbers.js";
import { press } from "./controls.js";

const STEP_MILLISECONDS = 420;

// What moves one field of the state: `go` to a target, by a step or by playing; `stop`. A step that
// is ended is where it was going, playing that is ended rests where it is.
function motion(figure, field) {
  const { state } = figure;
  let moving = null;
  function stop() {
    if (!moving) return;
    cancelAnimationFrame(moving.frame);
    const { target, playing } = moving;
    moving = null;
    state.set(playing ? {} : { [field]: target });
    figure.invalidate();
  }
  // On paper it is where it was going; what is returned goes on from here.
  figure.pause = () => {
    if (!moving) return null;
    cancelAnimationFrame(moving.frame);
    const { target, playing, arrived, pace } = moving, all = state.read();
    const here = Object.fromEntries(figure.times.map((name) => [name, all[name]]));
    moving = null;
    state.set({ [field]: target });
    return () => {
      state.set(here, { live: true });
      go(target, pace * Math.abs(target - here[field]), { playing, arrived });
    };
  };
  function go(target, milliseconds, { playing = false, arrived } = {}) {
    stop();
    const from = state.read()[field], pace = milliseconds / Math.abs(target - from);
    const mine = { target, playing, arrived, pace, frame: 0 };
    const arrive = () => {
      moving = null;
      state.set({ [field]: target });
      arrived?.();
    };
    if (reducedMotion() || !milliseconds) return arrive();
    let began = null;
    const tick = (time) => {
      if (moving !== mine) return;
      began ??= time;
      const part = (time - began) / milliseconds, eased = playing ? part : 1 - (1 - part) ** 3;
      if (part >= 1) return arrive();
      state.set({ [field]: inTime(mix(from, target, eased)) }, { live: true });
      mine.frame = requestAnimationFrame(tick);
    };
    moving = mine;
    mine.frame = requestAnimationFrame(tick);
    figure.invalidate();
  }
  figure.stop = stop;
  figure.moving = () => moving !== null;
  figure.onEnd(() => {
    if (moving) cancelAnimationFrame(moving.frame);
    moving = null;
  });
  return { go, stop, isPlaying: () => Boolean(moving?.playing) };
}

// An invitation plays once, on screen, and the first touch ends it for good; `button` alone may be
// pressed to pause it. When nobody watches it waits, and the state is as it was found.
function inviteOnce(figure, button, { fields, begin }) {
  const { root, state, model } = figure;
  let invited = false, found = null;
  const decline = (event) => {
    if (event.key === "Tab") return; // who passes by takes nothing in hand
    invited = true;
    if (found && !button.contains(event.target)) figure.stop();
    found = null;
  };
  for (const type of ["pointerdown", "keydown"]) {
    root.addEventListener(type, decline, { capture: true });
  }
  figure.onVisible = (visible) => {
    if (!visible) {
      const before = figure.moving() ? found : null;
      figure.stop();
      if (before) {
        state.set(before);
        invited = false;
      }
      found = null;
    } else if (!invited && model.get("autoplay") && !reducedMotion()) {
      invited = true;
      const now = state.read();
      found = Object.fromEntries(fields.map((field) => [field, now[field]]));
      begin();
    }
  };
  figure.decline = () => {
    invited = true;
    if (!found) return;
    figure.stop();
    state.set(found);
    found = null;
  };
}

// The bar under a figure: play, one step back and on, a slider with its whole stops. `field` is
// moved, `last(state)` is its end, `names(end)` the words under the stops, `unit` what one is
// called.
export function timeline(figure, { field, last, names, unit = "stage", seconds = 1.1 }) {
  const { state } = figure, { go, stop, isPlaying } = motion(figure, field);
  figure.times = [field]; // of the state, what time moves
  const now = () => state.read()[field], end = () => last(state.read());
  const step = (direction) => {
    stop();
    const target = direction > 0 ? stopAfter(now()) : stopBefore(now());
    go(clamp(target, 0, end()), STEP_MILLISECONDS);
  };
  const onward = () => {
    if (now() >= end()) return;
    const target = Math.min(end(), stopAfter(now())),
      arrived = reducedMotion() ? undefined : onward;
    go(target, 1000 * seconds * (target - now()), { playing: true, arrived });
  };
  figure.play = () => {
    stop();
    if (now() >= end()) state.set({ [field]: 0 });
    onward();
  };
  // One stop on or back for who has a clicker; false at the end.
  figure.advance = (direction) => {
    if (direction > 0 ? now() >= end() : now() <= 0) return false;
    step(direction);
    return true;
  };
  const play = press("Play", () => (isPlaying() ? stop() : figure.play()), {
    class: "fl-button fl-play",
  });
  const back = press("‹", () => step(-1), { "aria-label": `one ${unit} back` });
  const forth = press("›", () => step(1), { "aria-label": `one ${unit} on` });
  const track = makeTrack(figure, { field, step, play, unit });
  inviteOnce(figure, play, { fields: [field], begin: figure.play });
  return {
    root: html("div", { class: "fl-timeline" }, play, back, track.root, forth),
    show(state) {
      const value = state[field], top = last(state);
      track.show(value, top, names?.(top) ?? range(top + 1).map(String));
      play.textContent = isPlaying() ? "Pause" : "Play";
      back.setAttribute("aria-disabled", value <= 0); // not `disabled`: that would drop the focus
      forth.setAttribute("aria-disabled", value >= top);
    },
  };
}

const near = (value) =>
  Math.abs(value - Math.round(value)) < 0.04 ? Math.round(value) : inTime(value);

function makeTrack(figure, { field, step, play, unit }) {
  const { state } = figure;
  const slider = html("input", { type: "range", min: "0", step: "any", class: "fl-range" });
  const stops = html("div", { class: "fl-stops", "aria-hidden": "true" });
  slider.setAttribute("aria-label", unit);
  slider.addEventListener("input", () => {
    figure.stop();
    state.set({ [field]: near(+slider.value) }, { live: true });
  });
  slider.addEventListener("change", state.rest);
  slider.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    if (event.key in steps) step(steps[event.key]);
    else if (event.key === " ") play.click();
    else return;
    event.preventDefault();
  });
  let named = "";
  return {
    root: html("div", { class: "fl-track" }, slider, stops),
    show(value, top, names) {
      slider.max = String(top);
      if (document.activeElement !== slider || +slider.value !== value) {
        slider.value = String(value);
      }
      if (!figure.moving() || Number.isInteger(value)) {
        const tenths = Math.round(value * 10) / 10;
        slider.setAttribute("aria-valuetext", `${short(tenths)} of ${top} ${unit}s`);
      }
      if (names.join("|") === named) return;
      named = names.join("|");
      stops.replaceChildren(...names.map((name) => html("span", {}, name)));
    },
  };
}

// A crank turned by the figure: to a place, on to the end, or once as an invitation. `ends(state)`
// are the lowest and the highest f of the way, which `seen` remembers.
export function sweep(figure, { ends, seconds = 8, invitation = 4.5 }) {
  const { state } = figure, { go, stop, isPlaying } = motion(figure, "f");
  figure.times = ["f", "seen"];
  function play() {
    stop();
    const now = state.read(), [low, high] = ends(now);
    if (now.f >= high) state.set({ f: low, seen: [low, low] });
    const { f } = state.read();
    go(high, (1000 * seconds * (high - f)) / (high - low), { playing: true });
  }
  // The invitation earns once more what the figure opens with.
  function begin() {
    const { f, seen } = state.read(), [low] = seen;
    if (f <= low) return;
    state.set({ f: low, seen: [low, low] }, { live: true });
    go(f, 1000 * invitation, { playing: true, arrived: () => state.set({ f, seen }) });
  }
  figure.advance = (direction) => {
    const { f } = state.read(), [low, high] = ends(state.read());
    if (direction > 0 ? f >= high : f <= low) return false;
    const next = direction > 0 ? stopAfter(f) : stopBefore(f);
    go(clamp(next, low, high), STEP_MILLISECONDS);
    return true;
  };
  const button = press("Turn", () => (isPlaying() ? stop() : play()), {
    class: "fl-button fl-play",
  });
  inviteOnce(figure, button, { fields: ["f", "seen"], begin });
  return {
    root: button,
    turnTo: (f) => go(f, STEP_MILLISECONDS),
    show: () => button.textContent = isPlaying() ? "Pause" : "Turn",
  };
}
