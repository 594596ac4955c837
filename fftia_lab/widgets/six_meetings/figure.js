// The cover: one token's news in 64, six meetings, and the matrix of who has heard whom.
import { coverDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import { CARRIES, entering, FIELDS, LAST, makeView, N, samplesOf, settle } from "./model.js";
import { describe, nextAct } from "./words.js";
import { choice, press, scenes, sentence } from "../kit/controls.js";
import { html } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { range } from "../kit/numbers.js";
import { listenButton } from "../kit/sound.js";
import { timeline } from "../kit/time.js";

const PITCH = 220; // periods of the wave in a second

function build(figure) {
  const { model, root } = figure, signals = model.get("signals");
  const drawing = coverDrawing(figure), area = html("div", { class: "fl-area" }, drawing.root);
  const time = timeline(figure, {
    field: "meeting",
    last: () => LAST,
    unit: "meeting",
    seconds: 0.8,
  });
  const hands = makeHands(figure, { area, drawing });
  const status = sentence(figure), links = scenes(figure), acts = makeActs(figure, signals);
  const listen = makeListen(figure, signals);
  links.root.prepend(...acts.parts, listen.root, acts.chapter);
  root.append(area, status.root, time.root, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      root.dataset.carry = now.carry;
      drawing.draw(now, view, { focused: hands.focused(), playhead: listen.playhead() });
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      listen.show(now);
      time.show(now);
      acts.show(now);
      status.say(describe(now, view));
      links.show();
    },
  };
}

// The one button, what the wires carry, and where it is told.
function makeActs(figure, signals) {
  const { model, state } = figure;
  const enter = (carry) => {
    figure.stop();
    state.set(entering(carry, state.read(), signals));
  };
  const act = press("", () => {
    figure.stop();
    const [, patch] = nextAct(state.read());
    if (!patch) state.reset();
    else if (patch.carry === "attention") enter(patch.carry);
    else state.set(patch);
  }, { class: "fl-button fl-act" });
  const carry = choice("the wires carry", CARRIES, enter), href = model.get("chapter");
  const chapter = html("a", { class: "fl-chapter", href }, "Butterfly attention, chapter 8");
  return {
    parts: [act, carry.root],
    chapter,
    show(now) {
      act.textContent = nextAct(now)[0];
      act.classList.toggle("fl-invites", now.carry === "news" && now.meeting === LAST);
      carry.show(now.carry);
      chapter.hidden = now.carry !== "attention" || !href;
    },
  };
}

// The wave as a tone of a second.
function makeListen(figure, signals) {
  let playhead = null;
  const button = listenButton(figure, {
    label: "Listen",
    soundOf() {
      const x = samplesOf(figure.state.read(), signals), peak = Math.max(1, ...x.map(Math.abs));
      return { samples: range(PITCH * N).map((i) => x[i % N] / peak), rate: PITCH * N };
    },
    onProgress(part) {
      playhead = part;
      figure.invalidate();
    },
  });
  return {
    root: button.root,
    playhead: () => playhead,
    show({ carry }) {
      button.root.hidden = carry !== "fft";
      if (carry !== "fft") button.stop();
    },
  };
}

function render({ model, el }) {
  const label = "Six meetings";
  return mountFigure({ model, el }, { name: "sixmeetings", label, fields: FIELDS, settle, build });
}

export default { render };
