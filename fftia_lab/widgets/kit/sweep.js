// The crank turned by the figure: to a place, on to the end, or once as an invitation.
import { press, reducedMotion } from "./kit.js";

const GLIDE_MILLISECONDS = 420, END_SECONDS = 8, INVITATION_SECONDS = 4.5;

// `ends(state)` are the lowest and the highest f of the way. A new action finishes the old at once.
export function sweep(figure, { ends }) {
  const { state } = figure;
  let moving = null, invited = false, resting = null;
  const button = press("Turn", () => (moving?.playing ? stop() : play()), {
    class: "fl-button fl-play",
  });

  function go(target, milliseconds, playing, arrived) {
    stop();
    if (reducedMotion()) {
      state.set({ f: target });
      return;
    }
    const from = state.read().f, mine = { target, playing, frame: 0 };
    let began = null;
    moving = mine;
    const tick = (time) => {
      if (moving !== mine) return;
      began ??= time;
      const part = milliseconds ? Math.min(1, (time - began) / milliseconds) : 1;
      const eased = playing ? part : 1 - (1 - part) ** 3;
      if (part === 1) {
        moving = null;
        resting = null;
      }
      state.set({ f: part < 1 ? from + (target - from) * eased : target }, { live: part < 1 });
      if (part < 1) mine.frame = requestAnimationFrame(tick);
      else arrived?.();
    };
    mine.frame = requestAnimationFrame(tick);
    figure.invalidate();
  }
  function stop() {
    if (!moving) return;
    cancelAnimationFrame(moving.frame);
    const { target, playing } = moving;
    moving = resting = null;
    state.set(playing ? {} : { f: target });
    figure.invalidate();
  }
  function play() {
    const now = state.read(), [low, high] = ends(now);
    if (now.f >= high) state.set({ f: low, seen: [low, low] });
    const { f } = state.read();
    go(high, (1000 * END_SECONDS * (high - f)) / (high - low), true);
  }
  // The invitation earns once more, on screen, what the figure opens with; any touch ends it.
  function invite() {
    const start = state.read(), [low] = start.seen;
    if (start.f <= low) return;
    state.set({ f: low, seen: [low, low] }, { live: true });
    go(start.f, 1000 * INVITATION_SECONDS, true, () => state.set(start));
    resting = start;
  }
  const decline = (event) => {
    invited = true;
    if (resting && !button.contains(event.target)) stop();
  };
  figure.root.addEventListener("pointerdown", decline, { capture: true });
  figure.root.addEventListener("keydown", decline, { capture: true });
  figure.onVisible = (visible) => {
    if (!visible) { // nobody watches: rest, and keep an unfinished invitation for when someone does
      const found = resting;
      stop();
      if (found) {
        state.set(found);
        invited = false;
      }
    } else if (!invited && figure.model.get("autoplay") && !reducedMotion()) {
      invited = true;
      invite();
    }
  };
  figure.stop = stop;
  figure.decline = () => {
    invited = true;
  };
  figure.onEnd(() => {
    if (moving) cancelAnimationFrame(moving.frame);
    moving = null;
  });
  return {
    root: button,
    stop,
    glide: (target) => go(target, GLIDE_MILLISECONDS, false),
    show() {
      button.textContent = moving?.playing ? "Pause" : "Turn";
    },
  };
}
