// A trained layer at work: carry the flag elsewhere, change a letter, and follow the gates.
import { range } from "../kit/complexes.js";
import { attend, LETTERS, STAGES, TOKENS } from "./model.js";
import { describeFlow, entryWords, letterOf, percent } from "./words.js";
import { GUESSES, makeBet, secondOf } from "./bet.js";
import { entryUnder, flowDrawing } from "./drawing.js";
import { oneOf, whole, wished } from "../kit/states.js";
import { number } from "../kit/words.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  moveTo,
  scenes,
  sentence,
  setValue,
  timeline,
} from "../kit/kit.js";

const FIELDS = ["letters", "flags", "stage", "token", "source", "bet"];

// ---- state -------------------------------------------------------------------------------------
const isToken = (value) => whole(value) && value < TOKENS;
const CHECKS = {
  letters: (value) =>
    typeof value === "string" && value.length === TOKENS &&
    [...value].every((letter) => LETTERS.includes(letter)),
  flags: (value) =>
    Array.isArray(value) && value.length <= 2 && value.every(isToken) &&
    new Set(value).size === value.length,
  stage: Number.isFinite,
  token: isToken,
  source: (value) => value === -1 || isToken(value),
  bet: oneOf(0, ...GUESSES),
};

function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  next.stage = clamp(next.stage, 0, STAGES);
  return next;
}

// ---- figure ------------------------------------------------------------------------------------
function build(figure) {
  const { model, state } = figure, tables = model.get("tables"), drawing = flowDrawing();
  const area = html("div", { class: "fl-area" }, drawing.root),
    card = html("div", { class: "fl-card" });
  let view = null, wide = 0, cursor = 0;
  const place = () => drawing.place(),
    act = (patch, live = false) => {
      figure.stop();
      state.set(patch, { live });
    };
  const rowAt = (y) => clamp(Math.floor((y - place().top) / place().dy), 0, TOKENS - 1);
  const columnAt = (x) => clamp(Math.round((x - place().first) / place().gap), 0, STAGES);

  // hands: a flag is carried up and down; where the other one stands it leaps
  const carry = (which, to) => {
    const { flags } = state.read();
    if (to >= 0 && to < TOKENS && !flags.includes(to)) {
      act({ flags: flags.map((place, i) => (i === which ? to : place)) }, true);
    }
  };
  const flagHand = (which) => {
    const walk = (change) => () => {
      const { flags } = state.read(), beside = flags[which] + change;
      carry(which, flags.includes(beside) ? beside + change : beside);
      state.set({});
    };
    const leap = (to) => () => {
      const step = to ? -1 : 1;
      carry(which, state.read().flags[1 - which] === to ? to + step : to);
      state.set({});
    };
    const hand = handle(
      which ? "the second flag: up and down carry it" : "the flag: up and down carry it",
      "fl-flag",
      { ArrowUp: walk(-1), ArrowDown: walk(1), Home: leap(0), End: leap(TOKENS - 1) },
    );
    drag(hand, area, {
      keepOffset: true,
      move: (points) => carry(which, rowAt(points.at(-1).y)),
      end: () => state.set({}),
    });
    return hand;
  };
  const flagHands = [flagHand(0), flagHand(1)];

  // hands: a letter is pressed for the next one, or typed
  const write = (i, letter) => {
    const { letters } = state.read();
    cursor = i;
    act({ letters: letters.slice(0, i) + letter + letters.slice(i + 1) });
  };
  const turn = (change) => () => {
    const at = LETTERS.indexOf(state.read().letters[cursor]);
    write(cursor, LETTERS[(at + change + LETTERS.length) % LETTERS.length]);
  };
  const choose = (change) => () => {
    cursor = clamp(cursor + change, 0, TOKENS - 1);
    figure.invalidate();
  };
  const typed = Object.fromEntries(
    [...LETTERS].flatMap((letter) =>
      [letter, letter.toLowerCase()].map((key) => [key, () => write(cursor, letter)])
    ),
  );
  const letterHand = handle(
    "letters: up and down choose the token, A to F write its letter",
    "fl-letter",
    {
      ArrowUp: choose(-1),
      ArrowDown: choose(1),
      Home: choose(-TOKENS),
      End: choose(TOKENS),
      ArrowRight: turn(1),
      ArrowLeft: turn(-1),
      Enter: turn(1),
      " ": turn(1),
      ...typed,
    },
  );
  letterHand.addEventListener("click", (event) => {
    if (!event.detail) return; // a key, answered above
    cursor = rowAt(event.clientY - area.getBoundingClientRect().top);
    turn(1)();
  });
  for (const type of ["focus", "blur"]) {
    letterHand.addEventListener(type, () => figure.invalidate());
  }

  // hands: who listens, dragged along the tokens and through the stages; an entry of the product
  const listen = (change) => () =>
    act({ token: clamp(state.read().token + change, 0, TOKENS - 1) });
  const step = (change) => () => {
    const { stage } = state.read();
    act({ stage: change > 0 ? Math.floor(stage + 1e-9) + 1 : Math.ceil(stage - 1e-9) - 1 });
  };
  const listener = handle(
    "who listens: up and down choose the token, left and right the stage",
    "fl-listener",
    {
      ArrowUp: listen(-1),
      ArrowDown: listen(1),
      Home: listen(-TOKENS),
      End: listen(TOKENS),
      ArrowLeft: step(-1),
      ArrowRight: step(1),
    },
  );
  drag(listener, area, {
    keepOffset: true,
    move: (points) => {
      const { x, y } = points.at(-1);
      act({ token: rowAt(y), stage: columnAt(x) }, true);
    },
    end: () => state.set({}),
  });
  const aim = (down, right) => () => {
    const now = state.read(), { source } = attend(now, tables);
    act({
      token: clamp(now.token + down, 0, TOKENS - 1),
      source: clamp(source + right, 0, TOKENS - 1),
    });
  };
  const entry = handle(
    "entry of the product: arrow keys walk, Escape goes back to the largest",
    "fl-entry",
    {
      ArrowUp: aim(-1, 0),
      ArrowDown: aim(1, 0),
      ArrowLeft: aim(0, -1),
      ArrowRight: aim(0, 1),
      Home: aim(0, -TOKENS),
      End: aim(0, TOKENS),
      Escape: () => act({ source: -1 }),
    },
  );
  area.append(letterHand, ...flagHands, listener, entry);
  drawing.root.addEventListener("click", (event) => {
    const corner = area.getBoundingClientRect(),
      x = event.clientX - corner.left,
      y = event.clientY - corner.top,
      g = place(),
      found = entryUnder(g, x, y);
    if (found) act({ token: found[0], source: found[1] });
    else if (x > g.x(0.5) && x < g.last + 20 && y > g.top && y < g.y(TOKENS - 0.5)) {
      act({ token: rowAt(y), stage: columnAt(x), source: -1 });
    }
  });

  const controls = makeControls(state, act, tables);
  const time = timeline(figure, {
    key: "stage",
    last: () => STAGES,
    names: (top) => range(top + 1).map(String),
    seconds: 1.4,
  });
  const status = sentence(figure), bet = makeBet(figure, act), links = scenes(figure);
  figure.root.append(
    controls.root,
    area,
    time.root,
    status.root,
    card,
    bet.root,
    controls.note,
    links.root,
  );

  function drawHands(now) {
    const g = place(), inside = document.activeElement === letterHand;
    flagHands.forEach((hand, which) => {
      const token = now.flags[which];
      hand.hidden = token === undefined;
      if (hand.hidden) return;
      moveTo(hand, g.first - 47, g.y(token));
      setValue(hand, {
        now: token,
        min: 0,
        max: TOKENS - 1,
        text: `token ${token} carries it, letter ${now.letters[token]}`,
      });
    });
    Object.assign(letterHand.style, {
      left: `${g.first - 14}px`,
      top: `${g.top}px`,
      height: `${TOKENS * g.dy}px`,
      width: "28px",
    });
    letterHand.style.setProperty("--row", `${(cursor * g.dy).toFixed(1)}px`);
    letterHand.style.setProperty("--tall", `${g.dy}px`);
    letterHand.classList.toggle("fl-writing", inside);
    setValue(letterHand, {
      now: cursor,
      min: 0,
      max: TOKENS - 1,
      text: `token ${cursor}: letter ${now.letters[cursor]}`,
    });
    moveTo(listener, g.x(now.stage), g.y(now.token));
    const says = view.done ? `, says ${letterOf(view.says[view.done][now.token])}` : "";
    setValue(listener, {
      now: now.token,
      min: 0,
      max: TOKENS - 1,
      text: `token ${now.token}, after ${view.done} of ${STAGES} stages${says}`,
    });
    moveTo(
      entry,
      g.product.x + (view.source + 0.5) * g.cell,
      g.product.y + (now.token + 0.5) * g.cell,
    );
    setValue(entry, {
      now: view.source,
      min: 0,
      max: TOKENS - 1,
      text: `token ${now.token} listens to token ${view.source} for ${
        percent(view.product[now.token][view.source])
      }`,
    });
  }

  return {
    layout: (width) => {
      wide = width;
    },
    view: (now) => attend(now, tables),
    draw(latest, now) {
      view = latest;
      drawing.draw(now, view, wide);
      area.style.height = `${place().height}px`;
      drawHands(now);
      controls.show(now);
      time.show(
        now.stage,
        `${number(now.stage, Number.isInteger(now.stage) ? 0 : 1)} of ${STAGES} stages`,
      );
      status.say(describeFlow(now, view));
      card.replaceChildren(...entryWords(now, view));
      bet.show(now, view);
      links.show();
    },
  };
}

// How many flags there are.
function makeControls(state, act, tables) {
  const flags = choice("flags", [[1, "one"], [2, "two"], [0, "none"]], (value) => {
    const { flags: now } = state.read(), [first = 5] = now, second = now[1] ?? secondOf(first);
    act({ flags: [first, second].slice(0, Number(value)) });
  });
  return {
    root: html(
      "div",
      { class: "fl-head" },
      html(
        "div",
        { class: "fl-controls" },
        flags.root,
        html(
          "span",
          { class: "fl-hint" },
          "Carry the flag, press a letter, choose who listens. Circles: what a token would say by then.",
        ),
      ),
    ),
    note: html(
      "details",
      { class: "fl-more" },
      html("summary", {}, "how both were trained"),
      html("p", { class: "fl-note" }, tables.note),
    ),
    show(now) {
      flags.show(now.flags.length);
    },
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, {
    name: "attentionflow",
    label: "Who carries the flag",
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
