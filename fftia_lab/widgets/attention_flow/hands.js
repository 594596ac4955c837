// What is taken hold of in the figure of the trained gates: flags, letters, a listener, an entry.
import { LETTERS, STAGES, TOKENS } from "./model.js";
import { letterOf } from "./words.js";
import { entryUnder } from "./layout.js";
import { drag, handle, lay, moveTo, pointIn, setValue } from "../kit/hands.js";
import { clamp, percent, stopAfter, stopBefore } from "../kit/numbers.js";

const inside = (token) => clamp(token, 0, TOKENS - 1);
const VALUES = { min: 0, max: TOKENS - 1 };

// `drawing.place()` says where everything stands, `act(patch, live)` changes the state.
export function makeHands(figure, { area, drawing, act }) {
  const context = {
    figure,
    area,
    act,
    place: drawing.place,
    rowAt: (y) => inside(Math.floor((y - drawing.place().top) / drawing.place().dy)),
    columnAt(x) {
      const { first, gap } = drawing.place();
      return clamp(Math.round((x - first) / gap), 0, STAGES);
    },
  };
  const hands = [makeLetters(context), makeFlag(context, 0), makeFlag(context, 1)];
  hands.push(makeListener(context), makeEntry(context));
  area.append(...hands.map(({ root }) => root));
  drawing.root.addEventListener("click", (event) => pressDrawing(context, event));
  return { show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

function pressDrawing({ area, act, place, rowAt, columnAt }, event) {
  const { x, y } = pointIn(area, event), g = place(), entry = entryUnder(g, x, y);
  const among = x > g.x(0.5) && x < g.last + 20 && y > g.top && y < g.y(TOKENS - 0.5);
  if (entry) act({ token: entry[0], source: entry[1] });
  else if (among) act({ token: rowAt(y), stage: columnAt(x), source: -1 });
}

// A flag is carried up and down; where the other one stands it leaps.
function makeFlag({ figure: { state }, area, act, place, rowAt }, which) {
  const carry = (to) => {
    const { flags } = state.read();
    if (to < 0 || to >= TOKENS || flags.includes(to)) return;
    act({ flags: flags.map((at, i) => (i === which ? to : at)) }, true);
  };
  const walk = (change) => () => {
    const { flags } = state.read(), beside = flags[which] + change;
    carry(flags.includes(beside) ? beside + change : beside);
    state.rest();
  };
  const leap = (to) => () => {
    carry(state.read().flags[1 - which] === to ? to + (to ? -1 : 1) : to);
    state.rest();
  };
  const keys = { ArrowUp: walk(-1), ArrowDown: walk(1), Home: leap(0), End: leap(TOKENS - 1) };
  const name = which ? "the second flag" : "the flag";
  const root = handle(`${name}: up and down carry it`, "fl-flag", keys);
  drag(root, area, {
    keepOffset: true,
    move: (points) => carry(rowAt(points.at(-1).y)),
    end: state.rest,
  });
  return {
    root,
    show({ flags, letters }) {
      const token = flags[which];
      root.hidden = token === undefined;
      if (root.hidden) return;
      moveTo(root, place().first - 47, place().y(token));
      const words = `token ${token} carries it, letter ${letters[token]}`;
      setValue(root, { now: token, ...VALUES, text: words });
    },
  };
}

// A letter is pressed for the next one, or typed.
function makeLetters({ figure, area, act, place, rowAt }) {
  const { state } = figure;
  let cursor = 0;
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
    cursor = inside(cursor + change);
    figure.invalidate();
  };
  const root = handle(
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
      ...typed((letter) => write(cursor, letter)),
    },
  );
  root.addEventListener("click", (event) => {
    if (!event.detail) return; // a key, answered above
    cursor = rowAt(pointIn(area, event).y);
    turn(1)();
  });
  for (const type of ["focus", "blur"]) root.addEventListener(type, figure.invalidate);
  return {
    root,
    show({ letters }) {
      const { first, top, dy } = place();
      lay(root, { x: first - 14, y: top, width: 28, height: TOKENS * dy });
      root.style.setProperty("--row", `${(cursor * dy).toFixed(1)}px`);
      root.style.setProperty("--tall", `${dy}px`);
      root.classList.toggle("fl-writing", document.activeElement === root);
      setValue(root, {
        now: cursor,
        ...VALUES,
        text: `token ${cursor}: letter ${letters[cursor]}`,
      });
    },
  };
}

function typed(write) {
  const keys = [...LETTERS].flatMap((letter) =>
    [letter, letter.toLowerCase()].map((key) => [key, () => write(letter)])
  );
  return Object.fromEntries(keys);
}

// Who listens is dragged along the tokens and through the stages.
function makeListener({ figure: { state }, area, act, place, rowAt, columnAt }) {
  const listen = (change) => () => act({ token: inside(state.read().token + change) });
  const step = (to) => () => act({ stage: to(state.read().stage) });
  const name = "who listens: up and down choose the token, left and right the stage";
  const root = handle(name, "fl-listener", {
    ArrowUp: listen(-1),
    ArrowDown: listen(1),
    Home: listen(-TOKENS),
    End: listen(TOKENS),
    ArrowLeft: step(stopBefore),
    ArrowRight: step(stopAfter),
  });
  drag(root, area, {
    keepOffset: true,
    move(points) {
      const { x, y } = points.at(-1);
      act({ token: rowAt(y), stage: columnAt(x) }, true);
    },
    end: state.rest,
  });
  return {
    root,
    show({ stage, token }, { done, says }) {
      moveTo(root, place().x(stage), place().y(token));
      const said = done ? `, says ${letterOf(says[done][token])}` : "";
      const words = `token ${token}, after ${done} of ${STAGES} stages${said}`;
      setValue(root, { now: token, ...VALUES, text: words });
    },
  };
}

function makeEntry({ figure, act, place }) {
  const aim = (down, right) => () => {
    const { token } = figure.state.read(), { source } = figure.look();
    act({ token: inside(token + down), source: inside(source + right) });
  };
  const name = "entry of the product: arrow keys walk, Escape goes back to the largest";
  const root = handle(name, "fl-entry", {
    ArrowUp: aim(-1, 0),
    ArrowDown: aim(1, 0),
    ArrowLeft: aim(0, -1),
    ArrowRight: aim(0, 1),
    Home: aim(0, -TOKENS),
    End: aim(0, TOKENS),
    Escape: () => act({ source: -1 }),
  });
  return {
    root,
    show({ token }, { source, product }) {
      const { product: { x, y }, cell } = place(), weight = percent(product[token][source]);
      moveTo(root, x + (source + 0.5) * cell, y + (token + 0.5) * cell);
      const words = `token ${token} listens to token ${source} for ${weight}`;
      setValue(root, { now: source, ...VALUES, text: words });
    },
  };
}
