// What all figures share: elements, state, hands, time. A figure adds its model and its drawing.

const SVG = "http://www.w3.org/2000/svg";

export function html(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// Traits as one plain state. `settle(state, patch)` turns a wish into a state that can be: what the
// patch names is kept where it can be, and the rest follows. `answer` names the field of the bet.
// While something moves, the newest state waits in a draft: a kernel echoes what it was told a
// moment ago, and the echo must not undo what the hand has done since.
function makeState(model, fields, answer, settle, changed) {
  let draft = null, timer = 0;
  const stored = () =>
    settle(Object.fromEntries(fields.map((name) => [name, model.get(name)])), {}, model);
  const read = () => draft ?? stored();
  const initial = structuredClone(stored());
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    const wanted = draft;
    draft = null;
    for (const name of fields) {
      if (wanted && !same(model.get(name), wanted[name])) model.set(name, wanted[name]);
    }
    model.save_changes();
  };
  const heard = () => {
    if (!draft) changed();
  };
  for (const name of fields) model.on(`change:${name}`, heard);
  const named = (patch) => settle(structuredClone(initial), patch, model);
  return {
    read,
    named,
    set(patch, { live = false } = {}) {
      draft = settle(read(), patch, model);
      if (!live) send();
      else if (!timer) timer = setTimeout(send, 100); // at most ten messages a second while moving
      changed();
    },
    isInitial: () => same(read(), initial),
    // A scene or a link is a change of the opening state, so that it is the same whatever came
    // before it. Only a bet is not in its gift: it stays while its question does.
    jump(patch) {
      const wanted = named(patch);
      if (!(answer in patch)) delete wanted[answer];
      this.set(wanted);
    },
    reset() {
      this.set(structuredClone(initial));
    },
    release() {
      if (timer) send();
      for (const name of fields) model.off(`change:${name}`, heard);
    },
  };
}

// The frame of a figure. `build(figure)` makes its parts once and returns
// { layout(width), draw(view, state), view(state) }; drawing happens at most once a frame.
export function mountFigure({ model, el }, { name, label, fields, answer = "bet", settle, build }) {
  const title = model.get("title");
  const root = html("div", {
    class: `fl-figure fl-${name}`,
    role: "group",
    "aria-label": title ? `${label}: ${title}` : label,
  });
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);

  const endings = [], trouble = html("p", { class: "fl-wrong", role: "alert" });
  let frame = 0, width = 0, ready = 0, parts = null;
  const invalidate = () => {
    if (!frame && width) frame = requestAnimationFrame(render);
  };
  const state = makeState(model, fields, answer, settle, invalidate);
  const figure = { root, model, state, invalidate, onEnd: (ending) => endings.push(ending) };

  function render() {
    frame = 0;
    const began = performance.now();
    try {
      const now = state.read();
      parts.draw(parts.view(now), now);
      trouble.remove();
    } catch (error) { // say so, and stay alive: the next state may be drawn
      trouble.textContent = `This state cannot be drawn: ${error.message}`;
      root.append(trouble);
      console.error(error);
    }
    root.figure.cost = performance.now() - began; // milliseconds of the last drawing
    root.dataset.ready = ++ready;
    if (ready === 1) seen.observe(root); // before the first drawing it has no height to be seen of
  }
  parts = build(figure);
  const size = (wide) => {
    if (!wide || wide === width) return;
    width = wide;
    parts.layout(width);
    invalidate();
  };
  const sized = new ResizeObserver(([entry]) => size(Math.round(entry.contentRect.width)));
  sized.observe(root);
  const seen = new IntersectionObserver(
    ([entry]) => figure.onVisible?.(entry.isIntersecting),
    { threshold: 0.6 },
  );
  const still = (act) => (patch) => {
    figure.decline?.();
    figure.stop?.();
    act.call(state, patch);
  };
  root.figure = {
    state: state.read,
    view: () => parts.view(state.read()),
    named: state.named,
    set: still(state.set),
    jump: still(state.jump),
    reset: still(state.reset),
    fit() { // to paper, which waits for no frame
      const { paddingLeft, paddingRight } = getComputedStyle(root);
      size(Math.round(root.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)));
      if (frame) {
        cancelAnimationFrame(frame);
        render();
      }
    },
  };

  return () => {
    cancelAnimationFrame(frame);
    width = 0;
    sized.disconnect();
    seen.disconnect();
    state.release();
    for (const ending of endings) ending();
    root.remove();
  };
}

// One hand for everything that is dragged: mouse, pen and touch, one pointer at a time.
// `move` gets the points {x, y} inside `area` since it was last called, oldest first.
export function drag(handle, area, { start, move, end, keepOffset = false }) {
  let pointer = null, offset = { x: 0, y: 0 };
  const where = (event) => {
    const box = area.getBoundingClientRect();
    return { x: event.clientX - box.left - offset.x, y: event.clientY - box.top - offset.y };
  };
  handle.style.touchAction = "none";
  handle.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button || (event.ctrlKey && event.pointerType === "mouse")) {
      return;
    }
    pointer = event.pointerId;
    handle.setPointerCapture(pointer);
    const box = handle.getBoundingClientRect();
    offset = keepOffset
      ? { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 }
      : { x: 0, y: 0 };
    start?.();
    if (!keepOffset) move([where(event)]);
    event.preventDefault();
    handle.focus({ preventScroll: true });
  });
  handle.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    move((events.length ? events : [event]).map(where));
  });
  const stop = () => {
    if (pointer !== null) {
      pointer = null;
      end?.();
    }
  };
  for (const type of ["pointerup", "pointercancel", "lostpointercapture"]) {
    handle.addEventListener(type, (event) => {
      if (event.pointerId === pointer) stop();
    });
  }
  handle.addEventListener("keydown", (event) => {
    if (event.key === "Escape") stop();
  });
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

export function moveTo(element, x, y) {
  element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
}

export function setValue(handle, { now, min, max, text }) {
  const values = {
    "aria-valuenow": now,
    "aria-valuemin": min,
    "aria-valuemax": max,
    "aria-valuetext": text,
  };
  for (const [name, value] of Object.entries(values)) {
    if (handle.getAttribute(name) !== String(value)) handle.setAttribute(name, value);
  }
}

export function choice(label, options, onChange) {
  const select = html(
    "select",
    {},
    ...options.map(([value, text]) => html("option", { value: String(value) }, text)),
  );
  select.addEventListener("change", () => onChange(select.value));
  return {
    root: html("label", { class: "fl-control" }, html("span", {}, label), select),
    show: (value) => {
      select.value = String(value);
    },
  };
}

export function toggle(label, onChange) {
  const box = html("input", { type: "checkbox" });
  box.addEventListener("change", () => onChange(box.checked));
  return {
    root: html("label", { class: "fl-control" }, box, html("span", {}, label)),
    show: (value) => {
      box.checked = value;
    },
  };
}

export function press(text, onPress, properties = {}) {
  const button = html("button", { type: "button", class: "fl-button", ...properties }, text);
  button.addEventListener("click", onPress);
  return button;
}

// Links from words to states: a row of short sentences, and "reset" once something has changed.
export function scenes(figure) {
  const list = figure.model.get("scenes") ?? [];
  const row = html("div", { class: "fl-scenes" });
  for (const { label, set } of list) {
    row.append(press(label, () => {
      figure.stop?.();
      figure.state.jump(set);
    }, { class: "fl-scene" }));
  }
  const reset = press("Reset", () => {
    figure.stop?.();
    figure.state.reset();
  }, { class: "fl-button fl-reset" });
  row.append(reset);
  return {
    root: row,
    show() {
      const hide = figure.state.isInitial();
      if (hide && reset === document.activeElement) {
        figure.root.querySelector("button, select")?.focus({ preventScroll: true });
      }
      reset.hidden = hide;
    },
  };
}

// Time is a number in the state. Playing only moves it; a new action finishes the old one at once.
// `last(state)` is its end, `names(end)` the words under the whole stops, `unit` what one of them is.
export function timeline(figure, { key, last, names, unit = "stage", seconds = 1.1 }) {
  const { state } = figure;
  const STEP_MILLISECONDS = 420;
  let moving = null, invited = false, inviting = false, resting = 0;
  const now = () => state.read()[key];
  const end = () => last(state.read());
  const range = html("input", { type: "range", min: "0", step: "any", class: "fl-range" });
  const play = press("Play", () => (moving?.playing ? stop() : start()), {
    class: "fl-button fl-play",
  });
  const back = press("‹", () => step(-1), { "aria-label": `one ${unit} back` });
  const forth = press("›", () => step(1), { "aria-label": `one ${unit} on` });
  const stops = html("div", { class: "fl-stops", "aria-hidden": "true" });

  function glide(target, milliseconds, playing, onArrive) {
    const from = now();
    if (reducedMotion()) {
      state.set({ [key]: target });
      return onArrive?.();
    }
    let began = null;
    const move = { playing, target, id: 0 };
    moving = move;
    const tick = (time) => {
      if (moving !== move) return;
      began ??= time;
      const part = Math.min(1, (time - began) / milliseconds);
      const eased = playing ? part : 1 - (1 - part) ** 3;
      const value = part < 1 ? from + (target - from) * eased : target;
      state.set({ [key]: value }, { live: part < 1 });
      if (part < 1) move.id = requestAnimationFrame(tick);
      else {
        moving = null;
        figure.invalidate();
        if (onArrive) onArrive();
        else inviting = false;
      }
    };
    move.id = requestAnimationFrame(tick);
    figure.invalidate();
  }
  function stop() {
    inviting = false;
    if (!moving) return;
    cancelAnimationFrame(moving.id);
    const { target, playing } = moving;
    moving = null;
    state.set(playing ? {} : { [key]: target });
    figure.invalidate();
  }
  function step(direction) {
    stop();
    const target = direction > 0 ? Math.floor(now() + 1e-9) + 1 : Math.ceil(now() - 1e-9) - 1;
    glide(clamp(target, 0, end()), STEP_MILLISECONDS, false);
  }
  function start() {
    stop();
    if (now() >= end()) state.set({ [key]: 0 });
    const onward = () => {
      if (now() >= end()) return;
      const target = Math.min(end(), Math.floor(now() + 1e-9) + 1);
      glide(target, 1000 * seconds * (target - now()), true, reducedMotion() ? undefined : onward);
    };
    onward();
  }
  range.addEventListener("input", () => {
    stop();
    state.set({ [key]: near(+range.value) }, { live: true });
  });
  range.addEventListener("change", () => state.set({}));
  const near = (value) => (Math.abs(value - Math.round(value)) < 0.04 ? Math.round(value) : value);
  range.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
    if (event.key in steps) step(steps[event.key]);
    else if (event.key === " ") play.click();
    else return;
    event.preventDefault();
  });
  // An invitation plays once, on screen, and the first touch ends it for good.
  const decline = (event) => {
    invited = true;
    if (inviting && !play.contains(event.target)) stop();
  };
  figure.root.addEventListener("pointerdown", decline, { capture: true });
  figure.root.addEventListener("keydown", decline, { capture: true });
  figure.onVisible = (visible) => {
    if (!visible) { // nobody watches: rest, and leave an unfinished invitation as it was found
      const unfinished = inviting;
      if (moving) stop();
      if (unfinished) state.set({ [key]: resting });
      return;
    }
    if (invited || !figure.model.get("autoplay") || reducedMotion()) return;
    invited = true;
    resting = now();
    start();
    inviting = Boolean(moving);
  };
  figure.stop = stop;
  figure.moving = () => moving !== null;
  figure.play = start;
  figure.decline = () => {
    invited = true;
  };
  figure.onEnd(() => {
    if (moving) cancelAnimationFrame(moving.id);
    moving = null;
  });
  let drawn = "";
  return {
    root: html(
      "div",
      { class: "fl-timeline" },
      play,
      back,
      html("div", { class: "fl-track" }, range, stops),
      forth,
    ),
    show(value, words) {
      const top = end();
      range.max = String(top);
      if (document.activeElement !== range || +range.value !== value) range.value = String(value);
      range.setAttribute("aria-label", unit);
      if (!moving || Number.isInteger(value)) range.setAttribute("aria-valuetext", words);
      play.textContent = moving?.playing ? "Pause" : "Play";
      back.setAttribute("aria-disabled", value <= 0); // not `disabled`: that would drop the focus
      forth.setAttribute("aria-disabled", value >= top);
      const wanted = names(top).join("|");
      if (wanted !== drawn) {
        drawn = wanted;
        stops.replaceChildren(...names(top).map((word) => html("span", {}, word)));
      }
    },
  };
}

// One sentence that says what the figure shows: at once to the eye, at rest to the ear.
export function sentence(figure) {
  const seen = html("p", { class: "fl-status", "aria-hidden": "true" });
  const spoken = html("output", { class: "fl-spoken", role: "status" });
  let timer = 0;
  figure.onEnd(() => clearTimeout(timer));
  return {
    root: html("div", {}, seen, spoken),
    say(text, aloud = text) {
      if (seen.textContent !== text) seen.textContent = text;
      clearTimeout(timer);
      if (spoken.textContent !== aloud) {
        timer = setTimeout(() => {
          spoken.textContent = aloud;
        }, 400);
      }
    },
  };
}
