// A signal wound round a circle by a crank: its samples, their centre of mass, the spectrum it leaves.
import { range } from "../kit/complexes.js";
import { earned, LENGTHS, makeWinder, settle, shown, without } from "./model.js";
import {
  betPaths,
  betPlace,
  crankPaths,
  frame,
  markedPaths,
  massLabel,
  measure,
  scaleOf,
  seenPaths,
  signalPaths,
  ticks,
} from "./drawing.js";
import { describe, formula, isWhole, question, turns } from "./words.js";
import { scrub } from "../kit/strip.js";
import { sweep } from "../kit/sweep.js";
import { listenButton } from "../kit/sound.js";
import { number } from "../kit/words.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  moveTo,
  press,
  scenes,
  sentence,
  setValue,
  svg,
  toggle,
} from "../kit/kit.js";

const FIELDS = [
  "n",
  "signal",
  "tone",
  "samples",
  "window",
  "f",
  "seen",
  "mode",
  "copies",
  "ask",
  "bet",
];
const LAYERS = [
  "axes",
  "circle",
  "trail",
  "mirror",
  "hollow",
  "reached",
  "thread",
  "steps",
  "points",
  "arm",
  "lever",
  "mass",
  "truth",
  "guess",
  "raw",
  "again",
  "stems",
  "heads",
  "heard",
  "limit",
  "asked",
  "empty",
  "copies",
  "lines",
  "curve",
  "tops",
  "loud",
  "now",
  "knob",
  "marked",
  "playhead",
];
const RATE = 8000, SECONDS = 1.5; // samples a second, and how long a press is heard

// Whole k hold on to the crank, softly: nearby is there, and nothing in between is out of reach.
function softly(f, unitWide) {
  const whole = Math.round(f), zone = Math.min(0.2, 4 / unitWide), away = Math.abs(f - whole);
  if (away <= zone) return whole;
  return Math.round((whole + (Math.sign(f - whole) * 0.5 * (away - zone)) / (0.5 - zone)) * 100) /
    100;
}

function build(figure) {
  const { model, state } = figure, winder = makeWinder(model.get("signals"));
  const layers = Object.fromEntries(
    LAYERS.map((name) => [name, svg("path", { class: `fl-${name}` })]),
  );
  const texts = Object.fromEntries(
    ["plane", "signal", "spectrum", "limit", "tone", "mass", "asked"].map((
      name,
    ) => [name, svg("text", { class: `fl-label fl-label-${name}` })]),
  );
  const numbers = svg("g", { class: "fl-ticks" });
  const drawing = svg(
    "svg",
    {
      class: "fl-drawing",
      role: "img",
      "aria-label": "the wound signal, the signal and its spectrum; their state is told below",
    },
    ...Object.values(layers),
    numbers,
    ...Object.values(texts),
  );
  const area = html("div", { class: "fl-area" }, drawing);
  let g = null, view = null, wide = 0, drawnFor = "", marked = null, playing = null;
  const now = () => state.read(), seen = () => winder(now());
  const turn = (f, live) => state.set({ f }, { live });

  // hands: the crank stands where sample 1 points, so one turn of it is n turns of the record
  const step = (direction) => (event) => {
    figure.stop();
    const { f } = now(), next = direction > 0 ? Math.floor(f + 1e-9) + 1 : Math.ceil(f - 1e-9) - 1;
    turn(event.shiftKey ? Math.round((f + direction / 10) * 100) / 100 : next, false);
  };
  const leap = (part) => () => {
    figure.stop();
    turn(now().f + part * now().n, false);
  };
  const to = (end) => () => {
    figure.stop();
    turn(shown(now())[end], false);
  };
  const keys = {
    ArrowRight: step(1),
    ArrowUp: step(1),
    ArrowLeft: step(-1),
    ArrowDown: step(-1),
    PageUp: leap(1 / 8),
    PageDown: leap(-1 / 8),
    Home: to(0),
    End: to(1),
  };
  const crank = handle("crank: turns of the record, Shift for tenths", "fl-crank", keys);
  const angleAt = ({ x, y }) => Math.atan2(g.plane.y - y, x - g.plane.x) / (2 * Math.PI);
  const towards = (f, n, point) => {
    const ahead = -angleAt(point) - f / n;
    return f + n * (ahead - Math.round(ahead));
  };
  const around = (n) => (2 * Math.PI * g.plane.radius) / n; // pixels from one whole k to the next
  let turned = 0;
  drag(crank, area, {
    keepOffset: true,
    start: () => {
      figure.stop();
      turned = now().f;
    },
    move: (points) => {
      const { n } = now();
      for (const point of points) turned = towards(turned, n, point);
      turn(softly(turned, around(n)), true);
    },
    end: () => state.set({}),
  });

  // hands: the axis of the spectrum is the same crank, laid flat
  const axis = handle("axis of the spectrum: turns of the record", "fl-axis", keys);
  const onAxis = (x) => softly(clamp(g.turnsAt(x + g.left - 8), g.low, g.end), g.unitWide);
  scrub(axis, {
    move: (x) => {
      figure.stop();
      turn(onAxis(x), true);
    },
    end: () => state.set({}),
    tap: (x) => time.glide(Math.round(onAxis(x))),
  });

  // hands: the wave's own frequency, the samples, the guess
  const setTone = (tone, live) => state.set({ tone: Math.round(tone * 20) / 20 }, { live });
  const nudgeTone = (change) => () => setTone(now().tone + change, false);
  const tone = handle("cycles of the wave", "fl-tone", {
    ArrowRight: nudgeTone(0.1),
    ArrowUp: nudgeTone(0.1),
    ArrowLeft: nudgeTone(-0.1),
    ArrowDown: nudgeTone(-0.1),
    PageUp: nudgeTone(1),
    PageDown: nudgeTone(-1),
    Home: () => setTone(0, false),
    End: () => setTone(now().n / 2, false),
  });
  drag(tone, area, {
    keepOffset: true,
    move: (points) => setTone(softly(g.turnsAt(points.at(-1).x), g.unitWide), true),
    end: () => state.set({}),
  });

  let sample = 0; // the sample that the keyboard means
  const setSamples = (changes, live) => {
    const samples = [...seen().raw];
    for (const [j, value] of changes) samples[j] = clamp(Math.round(value * 20) / 20, -1, 1);
    state.set({ signal: "drawn", samples }, { live });
  };
  const change = (value) => () => setSamples([[sample, value(seen().raw[sample])]], false);
  const walk = (by) => () => {
    sample = clamp(sample + by, 0, now().n - 1);
    figure.invalidate();
  };
  const pad = handle("signal: left and right choose the sample, up and down change it", "fl-pad", {
    ArrowLeft: walk(-1),
    ArrowRight: walk(1),
    ArrowUp: change((value) => value + 0.1),
    ArrowDown: change((value) => value - 0.1),
    Home: walk(-64),
    End: walk(64),
    PageUp: change(() => 1),
    PageDown: change(() => -1),
  });
  for (const type of ["focus", "blur"]) pad.addEventListener(type, () => figure.invalidate());
  let last = null; // a fast stroke jumps over samples: they are filled in between
  drag(pad, area, {
    start: () => {
      last = null;
    },
    move: (points) => {
      const changes = [];
      for (const { x, y } of points) {
        const j = clamp(Math.floor((x - g.left) / g.signal.step), 0, now().n - 1),
          value = (g.signal.middle - y) / g.signal.reach;
        const from = last ?? { j, value }, steps = Math.max(1, Math.abs(j - from.j));
        for (let part = 1; part <= steps; part++) {
          changes.push([
            from.j + Math.round(((j - from.j) * part) / steps),
            from.value + ((value - from.value) * part) / steps,
          ]);
        }
        last = { j, value };
        sample = j;
      }
      setSamples(changes, true);
    },
    end: () => state.set({}),
  });

  const scaled = () => now().n * scaleOf(now(), view); // the plane shows means times this
  const betAt = ({ x, y }, live) => {
    const place = [
      (x - g.plane.x) / g.plane.radius / scaled(),
      (g.plane.y - y) / g.plane.radius / scaled(),
    ];
    state.set({ bet: place.map((part) => Math.round(clamp(part, -1, 1) * 100) / 100) }, { live });
  };
  const shift = (re, im) => () =>
    state.set({
      bet: [now().bet[0] + re, now().bet[1] + im].map((part) => Math.round(part * 100) / 100),
    });
  const guess = handle("your guess for the dot: arrow keys move it", "fl-guess-handle", {
    ArrowRight: shift(0.05, 0),
    ArrowLeft: shift(-0.05, 0),
    ArrowUp: shift(0, 0.05),
    ArrowDown: shift(0, -0.05),
  });
  drag(guess, area, {
    keepOffset: true,
    move: (points) => betAt(points.at(-1), true),
    end: () => state.set({}),
  });

  // hands: a tap on the circle turns the crank there, a tap inside answers the question or marks a sample
  const nearest = (point) => {
    const places = now().mode === "wound"
      ? view.points.map((value) => g.at(value))
      : view.walk.slice(1).map((sum) => g.at(sum, scaleOf(now(), view)));
    const far = places.map(([x, y]) => Math.hypot(x - point.x, y - point.y)),
      best = Math.min(...far);
    return best < 14 ? far.indexOf(best) : null;
  };
  const inside = (event) => {
    const box = area.getBoundingClientRect(),
      point = { x: event.clientX - box.left, y: event.clientY - box.top };
    return { point, part: Math.hypot(point.x - g.plane.x, point.y - g.plane.y) / g.plane.radius };
  };
  const mark = (j) => {
    if (j !== marked) {
      marked = j;
      figure.invalidate();
    }
  };
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const { point, part } = inside(event);
    if (!view.open) mark(part < 1.05 ? nearest(point) : null);
    drawing.style.cursor = part < 1.12 && (part > 0.88 || view.open) ? "pointer" : "";
  });
  drawing.addEventListener("pointerleave", () => mark(null));
  drawing.addEventListener("click", (event) => {
    const { point, part } = inside(event);
    if (part > 1.12) return;
    if (part > 0.88 && nearest(point) === null) {
      time.glide(Math.round(towards(now().f, now().n, point)));
    } else if (view.open) betAt(point, false);
    else mark(nearest(point));
  });
  area.append(pad, axis, tone, guess, crank);

  // hands: buttons
  const time = sweep(figure, { ends: shown });
  const heard = () => ({ k: ((Math.round(now().f) % now().n) + now().n) % now().n });
  const soundOf = (muted) => () => {
    const { x } = seen(),
      samples = muted ? without(x, heard().k) : x,
      loudest = Math.max(1, ...samples.map(Math.abs));
    const records = Math.ceil((SECONDS * RATE) / samples.length);
    playing = { samples, x: x.join(), part: 0 };
    return {
      samples: range(records).flatMap(() => samples.map((value) => value / loudest)),
      rate: RATE,
    };
  };
  const onProgress = (part) => {
    playing = part === null ? null : { ...playing, part };
    figure.invalidate();
  };
  const whole = listenButton(figure, { label: "Listen", soundOf: soundOf(false), onProgress });
  const muted = listenButton(figure, { label: "Without", soundOf: soundOf(true), onProgress });
  const pitch = html("span", { class: "fl-pitch" });
  const hands = html("div", { class: "fl-hands" }, time.root, whole.root, muted.root, pitch);
  hands.addEventListener("click", ({ target }) => {
    if (target === whole.root) muted.stop();
    if (target === muted.root) whole.stop();
  }, { capture: true }); // one at a time
  const controls = makeControls(figure, seen),
    status = sentence(figure),
    card = html("div", { class: "fl-card" }),
    bet = makeBet(state, time, guess),
    links = scenes(figure);
  figure.root.append(controls.root, area, hands, status.root, card, bet.root, links.root);

  function structure(latest) {
    const key = JSON.stringify([wide, latest.n, latest.copies]);
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(wide, latest);
    drawing.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    drawing.style.height = area.style.height = `${g.height}px`;
    draw(frame(g, latest));
    numbers.replaceChildren(
      ...ticks(g, latest).map((k) =>
        svg("text", { x: g.turnX(k), y: g.spectrum.base + 25, "text-anchor": "middle" }, turns(k))
      ),
    );
    put(texts.plane, g.plane.x - g.side / 2, 13);
    put(texts.signal, g.left, g.signal.top - 9);
    put(texts.spectrum, g.left, g.spectrum.top - 9);
    put(texts.limit, g.right, g.spectrum.top - 9, "end");
    const lie = (element, x, y, w, h) =>
      Object.assign(element.style, {
        left: `${x}px`,
        top: `${y}px`,
        width: `${w}px`,
        height: `${h}px`,
      });
    lie(pad, g.left, g.signal.top, g.signal.wide, g.signal.tall);
    lie(axis, g.left - 8, g.spectrum.top - 4, g.right - g.left + 16, g.spectrum.high + 32);
  }
  const put = (text, x, y, anchor = "start") => {
    for (
      const [name, value] of Object.entries({
        x: x.toFixed(1),
        y: y.toFixed(1),
        "text-anchor": anchor,
      })
    ) text.setAttribute(name, value);
  };
  function draw(paths) {
    for (const [name, d] of Object.entries(paths)) layers[name].setAttribute("d", d);
  }

  const drawn = {}; // what changes seldom is drawn when it has changed
  function anew(name, parts) {
    const same = drawn[name]?.every((part, i) => part === parts[i]);
    drawn[name] = parts;
    return !same;
  }

  function drawHandles(latest) {
    const { n, f } = latest,
      [x, y] = g.at([Math.cos((2 * Math.PI * f) / n), -Math.sin((2 * Math.PI * f) / n)]),
      [low, high] = shown(latest);
    moveTo(crank, x, y);
    const text = `${isWhole(f) ? "k" : "f"} = ${turns(f)}, the dot ${
      number(Math.hypot(...view.centre))
    } from the middle`;
    for (const hand of [crank, axis]) setValue(hand, { now: f, min: low, max: high, text });
    sample = Math.min(sample, n - 1);
    setValue(pad, {
      now: view.raw[sample],
      min: -1,
      max: 1,
      text: `sample ${sample}: ${number(view.raw[sample])}`,
    });
    const tuned = latest.signal === "tone", from = [[tone, !tuned], [guess, !latest.bet.length]];
    for (const [hand, hide] of from) {
      if (hide && hand === document.activeElement) crank.focus({ preventScroll: true });
      hand.hidden = hide;
    }
    texts.tone.textContent = tuned ? `the wave: ${number(latest.tone)} cycles` : "";
    if (tuned) {
      const at = g.turnX(latest.tone), flip = at > (g.left + g.right) / 2;
      moveTo(tone, at, g.toneRow);
      put(texts.tone, at + (flip ? -18 : 18), g.toneRow + 4, flip ? "end" : "start");
      setValue(tone, {
        now: latest.tone,
        min: 0,
        max: n / 2,
        text: `${number(latest.tone)} cycles`,
      });
    }
    if (latest.bet.length) {
      moveTo(guess, ...betPlace(g, latest, view));
      setValue(guess, {
        now: latest.bet[0],
        min: -1,
        max: 1,
        text: `${number(latest.bet[0])} right, ${number(latest.bet[1])} up`,
      });
    }
  }

  return {
    layout: (width) => {
      wide = width;
    },
    view: winder,
    draw(told, latest) {
      view = told;
      structure(latest);
      if (playing && playing.x !== view.x.join()) {
        whole.stop();
        muted.stop();
      }
      if (marked !== null && marked >= latest.n) marked = null;
      const chosen = document.activeElement === pad ? sample : marked;
      draw(anew("signal", [g, view.x, latest.window]) ? signalPaths(g, latest, view) : {});
      draw(
        anew("seen", [g, view.fine, ...latest.seen, latest.mode]) ? seenPaths(g, latest, view) : {},
      );
      draw(crankPaths(g, latest, view));
      draw(betPaths(g, latest, view));
      draw({
        marked: chosen === null ? "" : markedPaths(g, latest, view, chosen),
        ...soundPaths(g, playing),
      });
      texts.asked.textContent = view.open ? `k = ${latest.ask}?` : "";
      const beyond = g.turnX(latest.ask) > g.right - 60;
      put(
        texts.asked,
        g.turnX(latest.ask) + (beyond ? -6 : 6),
        g.spectrum.base - g.spectrum.high / 2,
        beyond ? "end" : "start",
      );
      put(texts.mass, ...massLabel(g, latest, view), "middle");
      texts.mass.textContent = latest.mode === "walk" ? "their sum" : "centre of mass";
      texts.plane.textContent = latest.mode === "walk"
        ? "the sum, tip to tail"
        : `wound ${turns(latest.f)} times round`;
      texts.signal.textContent = `the signal x, ${latest.n} samples: draw on it`;
      texts.limit.textContent = earned(latest) && view.above ? "filled: above 5 %" : "";
      texts.spectrum.textContent = `|X(${turns(latest.f)})| = ${number(Math.hypot(...view.total))}`;
      drawHandles(latest);
      controls.show(latest);
      time.show();
      const { k } = heard(), hertz = (k * RATE) / latest.n;
      muted.root.textContent = `Without k = ${k}`;
      pitch.textContent = `${RATE.toLocaleString("en")} samples a second: k = ${k} is ${
        Math.round(hertz > RATE / 2 ? RATE - hertz : hertz).toLocaleString("en")
      } Hz`;
      status.say(describe(latest, view));
      card.replaceChildren(...formula(latest, view, chosen));
      bet.show(latest, view);
      links.show();
    },
  };
}

// What is heard, over the stems, and how far the playing has come.
function soundPaths(g, playing) {
  if (!playing) return { heard: "", playhead: "" };
  const { middle, reach, top, tall, wide } = g.signal, x = g.left + wide * playing.part;
  const heard = playing.samples.map((value, j) =>
    `${j ? "L" : "M"}${g.sampleX(j).toFixed(1)} ${(middle - value * reach).toFixed(1)}`
  ).join("");
  return { heard, playhead: `M${x.toFixed(1)} ${top}v${tall}` };
}

// One tap of prediction before the crank comes there; never scored, never in the way.
function makeBet(state, time, guess) {
  const words = html("span");
  const place = press("Place a guess", () => {
    state.set({ bet: [0, 0] });
    requestAnimationFrame(() => requestAnimationFrame(() => guess.focus({ preventScroll: true })));
  });
  const go = press("Turn there", () => time.glide(state.read().ask));
  const root = html("div", { class: "fl-bet" }, words, place, go);
  return {
    root,
    show(now, view) {
      root.hidden = !view.open && !now.bet.length;
      if (root.hidden) return;
      words.textContent = question(now, view);
      place.hidden = !view.open;
      go.hidden = view.open || view.off !== null;
    },
  };
}

function makeControls({ model, state }, seen) {
  const set = (name) => (value) => state.set({ [name]: value });
  const whole = (name) => (value) => state.set({ [name]: Number(value) });
  const parts = {
    n: choice("N", LENGTHS.map((n) => [n, n]), whole("n")),
    signal: choice(
      "signal",
      ["tone", ...Object.keys(model.get("signals")), "drawn"].map((name) => [name, name]),
      (name) =>
        state.set(name === "drawn" ? { signal: name, samples: [...seen().raw] } : { signal: name }),
    ),
    mode: choice("show", [["wound", "wound samples"], ["walk", "sum, tip to tail"]], set("mode")),
    window: choice(
      "window",
      [["none", "none"], ["hann", "Hann: fade in, fade out"]],
      set("window"),
    ),
    copies: toggle("show what repeats", set("copies")),
    ask: choice("ask about", [
      [-1, "nothing"],
      ...range(LENGTHS.at(-1) / 2 + 1).map((k) => [k, `k = ${k}`]),
    ], whole("ask")),
  };
  const row = (...names) =>
    html("div", { class: "fl-controls" }, ...names.map((name) => parts[name].root));
  const more = html(
    "details",
    { class: "fl-more" },
    html("summary", {}, "more"),
    row("window", "copies", "ask"),
  );
  return {
    root: html("div", { class: "fl-head" }, row("n", "signal", "mode"), more),
    show(now) {
      for (const [name, part] of Object.entries(parts)) part.show(now[name]);
    },
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, {
    name: "winding",
    label: "A signal wound round a circle",
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
