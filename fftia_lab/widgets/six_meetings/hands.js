// What is taken hold of on the cover: the tokens, waved along, and the bars of the wave.
import { tokenUnder } from "./layout.js";
import { isWave, LAST, N, samplesOf, withToken } from "./model.js";
import { followedWords } from "./words.js";
import { between, handle, lay, pen, pointIn, setValue } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";
import { samplePad } from "../shared/samples.js";

const RING = 14; // pixels by which the ring reaches behind the strip

export function makeHands(figure, { area, drawing }) {
  const { state, model } = figure, place = drawing.place;
  const tokenAt = ({ x, y }) => clamp(Math.floor(place().back(x, y).u / place().du), 0, N - 1);
  const follow = followIn(figure);
  const cursor = makeCursor({ figure, area, follow, tokenAt });
  const pad = samplePad(figure, area, {
    label: "wave: left and right choose the sample, up and down change it",
    samples: () => samplesOf(state.read(), model.get("signals")),
    at(point) {
      const { narrow, strip } = place(), level = (2 * place().back(point.x, point.y).v) / strip;
      return { place: tokenAt(point), value: narrow ? 1 - level : level - 1 };
    },
  });
  area.append(cursor, pad.root);
  wave(figure, { area, drawing, follow });
  return {
    focused: pad.focused,
    show(now, view) {
      const { narrow, along, strip } = place(), [x, y] = place().place(0, 0);
      const over = { x, y, width: narrow ? along : strip, height: narrow ? strip : along };
      lay(pad.root, over);
      lay(cursor, { ...over, ...(narrow ? { height: strip + RING } : { width: strip + RING }) });
      cursor.style.touchAction = narrow ? "pan-y" : "none"; // across: wave; up and down: scroll
      cursor.hidden = isWave(now);
      pad.root.hidden = !isWave(now);
      if (isWave(now)) return pad.show(view.x);
      setValue(cursor, { now: now.token, min: 0, max: N - 1, text: followedWords(now, view) });
    },
  };
}

// Tokens are followed, and what they tell is painted; a new action ends the old.
const followIn = (figure) => (tokens, live) => {
  const { state } = figure, { painted, meeting } = state.read();
  const patch = { token: tokens.at(-1), painted: tokens.reduce(withToken, painted) };
  if (figure.moving() || !Number.isInteger(meeting)) {
    figure.stop();
    patch.meeting = LAST;
  }
  state.set(patch, { live });
};

function makeCursor({ figure: { state }, area, follow, tokenAt }) {
  const walk = (change) => () => follow([clamp(state.read().token + change, 0, N - 1)], false);
  const cursor = handle("token whose news is followed", "fl-cursor", {
    ArrowRight: walk(1),
    ArrowDown: walk(1),
    ArrowLeft: walk(-1),
    ArrowUp: walk(-1),
    PageDown: walk(8),
    PageUp: walk(-8),
    Home: walk(-N),
    End: walk(N),
  });
  pen(cursor, area, {
    at: (point) => ({ place: tokenAt(point), value: 0 }),
    draw: (told) => follow(told.map(([token]) => token), true),
    end: state.rest,
  });
  return cursor;
}

// A mouse waves without being pressed: along the tokens all that it passes, in the matrix one.
function wave(figure, { area, drawing, follow }) {
  const { state } = figure;
  let last = null;
  const under = (event) => tokenUnder(drawing.place(), pointIn(area, event));
  const idle = () => isWave(state.read());
  area.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons || idle()) return;
    const { inMatrix, token } = under(event);
    if (token < 0 || token === last) return;
    follow(last === null || inMatrix ? [token] : passed(last, token), true);
    last = inMatrix ? null : token;
    figure.decline();
  });
  area.addEventListener("pointerleave", () => {
    if (last !== null) state.rest();
    last = null;
  });
  drawing.root.addEventListener("click", (event) => {
    const { token } = under(event);
    if (token >= 0 && !idle()) follow([token], false);
  });
}

const passed = (from, to) =>
  between({ place: from, value: 0 }, { place: to, value: 0 }).map(([token]) => token);
