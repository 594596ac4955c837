// Controls beside a drawing: choices, buttons, scenes, the sentence, the bet.
import { focus, html, unbroken } from "./elements.js";
import { walkOf } from "./walk.js";

// `spoken` is a label for the ear where the one that is seen is a letter; it begins with it.
export function choice(label, options, onChange, spoken = "") {
  const select = html("select", spoken ? { "aria-label": spoken } : {});
  const offer = (items) =>
    select.replaceChildren(
      ...items.map(([value, words]) => html("option", { value: String(value) }, words)),
    );
  offer(options);
  select.addEventListener("change", () => onChange(select.value));
  return {
    root: html("label", { class: "fl-control" }, html("span", {}, label), select),
    offer,
    show: (value) => select.value = String(value),
  };
}

export function toggle(label, onChange) {
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => onChange(box.checked));
  return {
    root: html("label", { class: "fl-control" }, box, html("span", {}, label)),
    show: (value) => box.checked = value,
  };
}

export function press(words, onPress, properties = {}) {
  const button = html("button", { type: "button", class: "fl-button", ...properties }, words);
  button.addEventListener("click", onPress);
  return button;
}

export const row = (...parts) => html("div", { class: "fl-controls" }, ...parts);
export const fold = (words, ...parts) =>
  html("details", { class: "fl-more" }, html("summary", {}, words), ...parts);

// The head of a figure: controls named as the fields that they set. At most three are seen; the
// others wait under "more", and `besides` what else may be pressed there.
export function makeControls(parts, { more = [], besides = [] } = {}) {
  const rootsOf = (names) => names.map((name) => parts[name].root);
  const shown = row(...rootsOf(Object.keys(parts).filter((name) => !more.includes(name))));
  return {
    parts,
    root: html(
      "div",
      { class: "fl-head" },
      shown,
      ...(more.length ? [moreControls(row(...rootsOf(more), ...besides))] : []),
    ),
    show(now) {
      for (const [name, part] of Object.entries(parts)) part.show(now[name]);
    },
  };
}

function moreControls(controls) {
  const root = fold("more", controls);
  root.firstElementChild.setAttribute("aria-label", "more controls");
  return root;
}

// Links from words to states: a row of short sentences, and "reset" once something has changed.
export function scenes(figure) {
  const { model, root, state } = figure;
  const still = (act) => () => {
    figure.stop?.();
    act();
  };
  const all = model.get("scenes") ?? [];
  const links = all.map(({ label, set }) =>
    press(label, still(() => state.jump(set)), { class: "fl-scene" })
  );
  figure.scenes = walkOf(
    state,
    (now) => Object.fromEntries((figure.times ?? []).map((name) => [name, now[name]])),
    all,
    (scene) => still(() => scene ? state.jump(scene.set) : state.reset())(),
  );
  const reset = press("Reset", still(state.reset), { class: "fl-button fl-reset" });
  return {
    root: html("div", { class: "fl-scenes" }, ...links, reset),
    show() {
      const hide = state.isInitial();
      if (hide && reset === document.activeElement) focus(root.querySelector("button, select"));
      reset.hidden = hide;
    },
  };
}

// One sentence that says what the figure shows: at once to the eye, at rest to the ear. It has room
// for the `longest`, which lie under it unseen, so that none moves what stands below.
export function sentence(figure, longest = []) {
  const seen = html("p", { class: "fl-status", "aria-hidden": "true" });
  const spoken = html("output", { class: "fl-spoken", role: "status" });
  const rooms = longest.map((words) =>
    html("p", { class: "fl-room", "aria-hidden": "true" }, ...unbroken(words))
  );
  let timer = 0;
  figure.onEnd(() => clearTimeout(timer));
  return {
    root: html("div", longest.length ? { class: "fl-roomy" } : {}, seen, ...rooms, spoken),
    say(words, aloud = words) {
      if (seen.textContent !== words) seen.replaceChildren(...unbroken(words));
      clearTimeout(timer);
      if (spoken.textContent !== aloud) timer = setTimeout(() => spoken.textContent = aloud, 400);
    },
  };
}

// One tap of prediction: a question and its answers; never scored, never in the way. `show` takes
// { question, answers: [{ words, act, chosen }], after }, or null for no bet. New answers are made
// only when their words change, and the focus stays among them, or goes to `after`.
export function betRow(label) {
  const question = html("span");
  const answers = html("span", { class: "fl-answers", role: "group", "aria-label": label });
  const root = html("div", { class: "fl-bet" }, question, answers);
  let offered = "";
  const offer = (wanted, after) => {
    const inside = answers.contains(document.activeElement);
    answers.replaceChildren(...wanted.map(answerButton));
    const next = '[aria-pressed="true"]';
    if (inside) focus(answers.querySelector(next) ?? answers.querySelector("button") ?? after);
  };
  return {
    root,
    show(bet) {
      root.hidden = !bet;
      if (!bet) return;
      if (question.textContent !== bet.question) {
        question.replaceChildren(...unbroken(bet.question));
      }
      answers.hidden = !bet.answers.length;
      const key = JSON.stringify(bet.answers);
      if (key !== offered) offer(bet.answers, bet.after);
      offered = key;
    },
  };
}

function answerButton({ words, act, chosen }) {
  const pressed = chosen === undefined ? {} : { "aria-pressed": String(chosen) };
  return press(words, act, pressed);
}
