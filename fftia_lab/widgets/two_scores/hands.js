// What is taken hold of in the figure of two scores: two keys, two questions, two dots of scores.
import { gripOf, heldAt, onItsLine, seenAt } from "./layout.js";
import { HIGH, LOW, PAIR, questionFor } from "./model.js";
import { scoreText, vectorText, WORDS } from "./words.js";
import { html } from "../kit/elements.js";
import { drag, handle, moveTo, pointIn, setValue } from "../kit/hands.js";

const LETTERS = ["a", "b"];
const STEP = 0.1, LEAP = 0.5; // of one key press
const replaced = (pair, token, value) => pair.map((old, i) => (i === token ? value : old));
const rounded = (digits) => (vector) => vector.map((part) => Number(part.toFixed(digits)));
const [hundredths, fine] = [rounded(2), rounded(4)]; // dots need more: their gate must stay

// `place()` says where everything stands, `act(patch, live)` changes the state.
export function makeHands(figure, { area, drawing, act }) {
  const context = { figure, area, act, place: drawing.place };
  const kinds = [makeKey, makeQuestion, makeDot];
  const hands = kinds.flatMap((make) => PAIR.map((token) => make(context, token)));
  area.append(...hands.map(({ root }) => root));
  drawing.root.addEventListener("click", (event) => press(context, hands, event));
  return { show: (now, view) => hands.forEach((hand) => hand.show(now, view)) };
}

// A press on a plane brings the nearest of its handles there.
function press({ area, place }, hands, event) {
  const point = pointIn(area, event), { vectors, scores } = place();
  const plane = [vectors, scores].find((one) => one.has(point));
  if (!plane) return;
  const far = ({ root }) => {
    const box = root.getBoundingClientRect();
    return Math.hypot(
      event.clientX - box.x - box.width / 2,
      event.clientY - box.y - box.height / 2,
    );
  };
  const mine = hands.filter((hand) => hand.onScores === (plane === scores));
  mine.sort((one, other) => far(one) - far(other))[0].put(point, false);
}

// A question is qₐ, a key kₐ, and the dot of both scores the token itself.
function glyph(symbol, token) {
  const letter = LETTERS[token], parts = symbol ? [symbol, html("sub", {}, letter)] : [letter];
  return html("span", { "aria-hidden": "true" }, ...parts);
}

// A handle of one token: `put(point, live)` takes it to a place of the area, `keys` walk.
function makeHandle({ figure, area }, token, { label, kind, symbol, keys, put, start }) {
  const name = `fl-${kind} fl-${kind}-${token}`, written = glyph(symbol, token);
  const root = handle(`${label} of ${WORDS[token]}: arrow keys move it`, name, keys);
  root.append(written);
  drag(root, area, {
    keepOffset: true,
    start,
    move: (points) => put(points.at(-1), true),
    end: figure.state.rest,
  });
  return root;
}

// Arrow keys for a place in a plane.
const arrows = (by) => ({
  ArrowRight: by(STEP, 0),
  ArrowLeft: by(-STEP, 0),
  ArrowUp: by(0, STEP),
  ArrowDown: by(0, -STEP),
});

// ---- questions and keys ------------------------------------------------------------------------
function makeVector(context, token, { field, vectorAt, ...kind }) {
  const { figure: { state }, act } = context;
  const to = (vector, live) => act({ [field]: replaced(state.read()[field], token, vector) }, live);
  const by = (right, up) => () => {
    const [x, y] = state.read()[field][token];
    to(fine([x + right, y + up]), false);
  };
  const put = (point, live) => to(hundredths(vectorAt(point)), live);
  const keys = { ...arrows(by), Home: () => to([0, 0], false) };
  return { root: makeHandle(context, token, { ...kind, keys, put }), put, onScores: false };
}

function showVector(root, [x, y], vector) {
  moveTo(root, x, y);
  setValue(root, { now: vector[0], min: LOW, max: HIGH, text: vectorText(vector) });
}

function makeKey(context, token) {
  const { place } = context, vectorAt = (point) => place().vectors.under(point);
  const kind = { field: "k", vectorAt, label: "key", kind: "key", symbol: "k" };
  const hand = makeVector(context, token, kind);
  return {
    ...hand,
    show({ k }) {
      showVector(hand.root, place().vectors.at(k[token]), k[token]);
    },
  };
}

function makeQuestion(context, token) {
  const { place } = context, vectorAt = (point) => heldAt(place(), point);
  const kind = { field: "q", vectorAt, label: "question", kind: "question", symbol: "q" };
  const hand = makeVector(context, token, kind);
  return {
    ...hand,
    show({ q }) {
      showVector(hand.root, gripOf(place(), q[token], token), q[token]);
    },
  };
}

// ---- the dots of the scores: the question follows them -----------------------------------------
function makeDot(context, token) {
  const { figure, act, place } = context, { state } = figure;
  const mine = () => figure.look().tokens[token];
  let line = 0; // the difference that it had when it was taken
  const to = (itself, partner, live) => {
    const { q, k } = state.read();
    const wanted = token ? [partner, itself] : [itself, partner];
    const question = fine(questionFor(q[token], k, wanted));
    act({ q: replaced(q, token, question) }, live);
  };
  const by = (right, up) => () => to(mine().itself + right, mine().partner + up, false);
  const put = (point, live) => {
    const scores = place().scores.under(point);
    to(...(live ? onItsLine(place(), scores, line) : scores), live);
  };
  const keys = { ...arrows(by), PageUp: by(LEAP, LEAP), PageDown: by(-LEAP, -LEAP) };
  const start = () => line = mine().difference;
  const root = makeHandle(context, token, { label: "scores", kind: "dot", keys, put, start });
  return {
    root,
    put,
    onScores: true,
    show(_, { tokens }) {
      const { low, high } = place().scores, { itself, partner } = tokens[token];
      const beyond = [itself, partner].some((score) => score < low || score > high);
      moveTo(root, ...seenAt(place(), tokens[token]));
      root.classList.toggle("fl-beyond", beyond);
      const now = Number(itself.toFixed(2)), text = scoreText(tokens[token]);
      setValue(root, { now, min: low, max: high, text });
    },
  };
}
