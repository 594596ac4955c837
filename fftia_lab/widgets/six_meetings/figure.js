// The cover: one token's news in 64, six stages of meetings, and the matrix of who has heard whom.
import { coverDrawing } from "./drawing.js";
import { makeHands } from "./hands.js";
import {
  CARRIES,
  entering,
  FIELDS,
  isWave,
  LAST,
  makeView,
  N,
  samplesOf,
  settle,
} from "./model.js";
import { describe, longest, nextAct } from "./words.js";
import { press, scenes, sentence } from "../kit/controls.js";
import { html } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";
import { plural, range } from "../kit/numbers.js";
import { listenButton } from "../kit/sound.js";
import { timeline } from "../kit/time.js";
import { offerDrawn } from "../shared/offer.js";

const PITCH = 220; // periods of the wave in a second
const TIGHT = 600; // below, what stands beside the one button has a line of its own

function build(figure) {
  const { model, root } = figure, signals = model.get("signals");
  const drawing = coverDrawing(figure), area = html("div", { class: "fl-area" }, drawing.root);
  const time = timeline(figure, {
    field: "meeting",
    last: () => LAST,
    seconds: 0.8,
  });
  const hands = makeHands(figure, { area, drawing });
  const status = sentence(figure, longest()), links = scenes(figure);
  const acts = makeActs(figure, signals);
  const listen = makeListen(figure);
  const offer = offerDrawn(figure, () => samplesOf(figure.state.read(), signals));
  const more = html("div", { class: "fl-beside" }, ...listen.parts, acts.chapter, offer.root);
  links.root.prepend(acts.act, more);
  root.append(acts.carry, area, status.root, time.root, links.root);
  return {
    view: makeView(model),
    draw(view, now) {
      root.dataset.carry = now.carry;
      root.classList.toggle("fl-tight", figure.wide < TIGHT);
      drawing.draw(now, view, { focused: hands.focused(), playhead: listen.playhead() });
      area.style.height = `${drawing.place().height}px`;
      hands.show(now, view);
      listen.show(now, view);
      time.show(now);
      acts.show(now);
      offer.show();
      offer.root.hidden ||= now.carry === "news";
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
    else if (state.read().carry !== "news") enter(patch.carry);
    else state.set(patch);
  }, { class: "fl-button fl-act" });
  const carries = CARRIES.map(([carry, words]) => press(words, () => enter(carry)));
  const carry = html(
    "div",
    { class: "fl-head fl-carry", role: "group", "aria-label": "the wires carry" },
    html("span", { class: "fl-control", "aria-hidden": "true" }, "the wires carry"),
    ...carries,
  );
  const chapters = {
    attention: ["8", "Chapter 8: butterfly attention", model.get("chapter")],
    mixing: ["10", "Chapter 10: spectral mixing", model.get("mixing_chapter")],
  };
  const chapter = html("a", { class: "fl-chapter" });
  return {
    act,
    carry,
    chapter,
    show(now) {
      act.textContent = nextAct(now)[0];
      act.classList.toggle("fl-invites", now.carry === "news" && now.meeting === LAST);
      carries.forEach((button, i) =>
        button.setAttribute("aria-pressed", String(CARRIES[i][0] === now.carry))
      );
      const [number, words, href] = chapters[now.carry] ?? [];
      chapter.hidden = !href;
      if (!href || chapter.ariaLabel === words) return;
      chapter.textContent = `Chapter ${number}`;
      chapter.ariaLabel = words;
      chapter.href = href;
    },
  };
}

// A wave as a tone of a second: what goes in, and what learned numbers have made of it so far.
function makeListen(figure) {
  let playhead = null;
  const onProgress = (part) => {
    playhead = part;
    figure.invalidate();
  };
  const tone = (valuesOf) => () => {
    const x = valuesOf(figure.look()), peak = Math.max(1, ...x.map(Math.abs));
    return { samples: range(PITCH * N).map((i) => x[i % N] / peak), rate: PITCH * N };
  };
  const before = listenButton(figure, {
    label: "Listen",
    soundOf: tone(({ x, noisy }) => noisy ?? x),
    onProgress,
  });
  const after = listenButton(figure, {
    label: "",
    soundOf: tone(({ columns, done }) => columns[done].map(([re]) => re)),
    onProgress,
  });
  for (const [one, other] of [[before, after], [after, before]]) { // one at a time
    one.root.addEventListener("click", other.stop, { capture: true });
  }
  return {
    parts: [before.root, after.root],
    playhead: () => playhead,
    show(now, { done }) {
      const heard = { wave: isWave(now), mixing: now.carry === "mixing" };
      before.root.textContent = heard.mixing ? "Listen: noisy" : "Listen";
      after.root.textContent = `after ${done}`;
      after.root.ariaLabel = `Listen: after ${done} ${plural(done, "stage")}`;
      for (const [button, on] of [[before, heard.wave], [after, heard.mixing]]) {
        button.root.hidden = !on;
        if (!on) button.stop();
      }
    },
  };
}

function render({ model, el }) {
  const label = "Six meetings";
  return mountFigure({ model, el }, { name: "sixmeetings", label, fields: FIELDS, settle, build });
}

export default { render };
