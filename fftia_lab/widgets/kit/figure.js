// The frame of a figure: state → settle → view → draw, at most once a frame.
import { html } from "./elements.js";
import { rememberFolds } from "./folds.js";
import { enlargeLetters } from "./letters.js";
import { asked, followLinks } from "./links.js";
import { openStage } from "./stage.js";
import { makeState } from "./state.js";
import { makeTools } from "./tools.js";

// `kind` is { name, label, fields, answer, settle, build }. `build(figure)` makes the parts once
// and returns { view(state), draw(view, now) }; figure.wide is the width to draw for, figure.view
// what was drawn last, figure.look() the view of the present state, which may be ahead of it.
export function mountFigure({ model, el }, kind) {
  const { name, label, build } = kind, title = model.get("title");
  const root = html("div", {
    class: `fl-figure fl-${name}`,
    role: "group",
    "aria-label": title ? `${label}: ${title}` : label,
  });
  root.dataset.name = title || name; // in links
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the arrow keys
  root.addEventListener("keydown", (event) => event.stopPropagation());
  el.append(root);

  const endings = [], onEnd = (ending) => endings.push(ending);
  let watched = 0;
  const frames = makeFrames(root, () => {
    const now = state.read();
    figure.view = parts.view(now);
    parts.draw(figure.view, now);
    tools.show();
    watched ||= onEnd(watchVisibility(figure)); // before it is drawn it has no height to be seen of
  });
  const invalidate = () => figure.wide && frames.ask();
  const state = makeState(model, { answer: "bet", ...kind }, invalidate);
  const figure = { id: Symbol(name), root, model, state, invalidate, onEnd, wide: 0, view: null };
  const parts = build(figure);
  rememberFolds(root, el.closest(".lab-widget")?.dataset.name ?? `${name}/${title}`);
  figure.look = () => parts.view(state.read());
  root.figure = handleOf(figure, frames);
  root.stage = stageOf(figure);
  const tools = makeTools(figure, () => root.stage.enlarge());
  root.append(tools.root);
  root.figure.offerLink = tools.offerLink;
  followLinks(figure);
  onEnd(watchSize(figure));
  root.figure.fit(); // drawn at once where it has a place, so that it moves nothing below it
  return () => {
    frames.cancel();
    figure.wide = 0;
    state.release();
    for (const ending of endings) ending();
    root.remove();
  };
}

// Draws when asked, once a frame; a state that cannot be drawn says so, and the next one may be.
function makeFrames(root, draw) {
  const trouble = html("p", { class: "fl-wrong", role: "alert" });
  let frame = 0, ready = 0;
  function render() {
    frame = 0;
    const began = performance.now();
    try {
      draw();
      trouble.remove();
    } catch (error) {
      trouble.textContent = `This state cannot be drawn: ${error.message}`;
      root.append(trouble);
      console.error(error);
    }
    root.figure.cost = performance.now() - began; // milliseconds of the last drawing
    root.dataset.ready = ++ready;
  }
  return {
    ask: () => frame ||= requestAnimationFrame(render),
    cancel: () => cancelAnimationFrame(frame),
    now() { // what was asked for, without waiting
      if (!frame) return;
      cancelAnimationFrame(frame);
      render();
    },
  };
}

// What pages and tests take a figure by.
function handleOf(figure, frames) {
  const { root, state } = figure;
  const still = (act) => (patch) => {
    figure.decline?.();
    figure.stop?.();
    act(patch);
  };
  return {
    state: state.read,
    view: figure.look,
    named: state.named,
    asked: (query) => asked(query, state.read()),
    set: still(state.set),
    jump: still(state.jump),
    reset: still(state.reset),
    pause: () => figure.pause?.(), // for paper; calling what is returned plays on
    fit() { // to paper, which waits for no frame
      const { paddingLeft, paddingRight } = getComputedStyle(root);
      widen(figure, root.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight));
      frames.now();
    },
    letter: (scale, wanted) => enlargeLetters(root.parentElement, scale, wanted),
  };
}

// The figure for the whole room: stages first, then scenes, then what the page says comes `around`.
// The page may keep scenes back, which `waits(scene)` says, and show one of them later, alone.
function stageOf(figure) {
  const { root, scenes, state } = figure;
  const step = (direction) => figure.advance?.(direction) || scenes?.step(direction);
  const notes = () => scenes?.told() ?? "";
  return {
    open: openStage, // for words of the page, which has no module of its own
    enlarge({ scene, waits = () => false, ...around } = this.around?.() ?? {}) {
      figure.decline?.();
      if (scene) return openStage(root, { ...around, ended: borrowed(scene.set) });
      scenes?.keepBack(waits);
      return openStage(root, { step, notes, ...around });
    },
  };

  // What the figure showed before comes back afterwards.
  function borrowed(set) {
    const before = state.read();
    figure.stop?.();
    state.jump(set);
    return () => state.set(before);
  }
}

function widen(figure, width) {
  const wide = Math.round(width);
  if (!wide || wide === figure.wide) return;
  figure.wide = wide;
  figure.invalidate();
}

function watchSize(figure) {
  const sized = new ResizeObserver(([entry]) => widen(figure, entry.contentRect.width));
  sized.observe(figure.root);
  return () => sized.disconnect();
}

function watchVisibility(figure) {
  const tell = ([entry]) => figure.onVisible?.(entry.isIntersecting);
  const seen = new IntersectionObserver(tell, { threshold: 0.6 });
  seen.observe(figure.root);
  return () => seen.disconnect();
}
