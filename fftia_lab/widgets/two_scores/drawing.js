// The drawing of two scores: questions and keys, the plane of scores, the step between two tokens.
import { measure } from "./layout.js";
import { dot, PAIR } from "./model.js";
import { pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { number, range } from "../kit/numbers.js";
import { arrow, disc, line, rectangle } from "../kit/paths.js";

const GATES = [0.1, 0.25, 0.5, 0.75, 0.9];
const STILL = ["grid", "axes", "fields", "equal", "half", "track"];
const MOVING = ["between", "feet", "same-0", "same-1", "stem-0", "stem-1", "arrow-0", "arrow-1"];
const STEPS = ["gone-0", "gone-1", "at-0", "at-1"];
const oddsOf = (gate) => Math.log(gate / (1 - gate)); // the difference of scores that makes a gate

export function scoresDrawing() {
  const layers = pathLayers([...STILL, ...MOVING, ...STEPS]), labels = svg("g");
  const parts = PAIR.map(() => text(0, 0, "middle", "", "fl-part"));
  const about = "questions and keys, their scores, and the step that each of two tokens takes; " +
    "told below";
  const root = picture(about, ...layers.all, labels, ...parts);
  let g = null;
  function structure(width) {
    if (g?.width === width) return;
    g = measure(width);
    resize(root, g);
    layers.draw(stillPaths(g));
    labels.replaceChildren(...titles(g));
  }
  return {
    root,
    place: () => g,
    draw(now, view, width, told) {
      structure(width);
      layers.draw({ ...vectorPaths(g, now), ...linePaths(g, view), ...stepPaths(g, view) });
      layers.draw({ feet: told ? feet(g, now, told) : "" });
      PAIR.forEach((token) => {
        parts[token].textContent = number(view.tokens[token].gone);
        parts[token].setAttribute("x", placeOf(g, view, token).toFixed(1));
        parts[token].setAttribute("y", String(g.line.y + (token ? 24 : -14)));
      });
    },
  };
}

// ---- what changes with the width only ----------------------------------------------------------
function stillPaths(g) {
  const planes = [g.vectors, g.scores];
  return {
    grid: planes.flatMap(gridOf),
    axes: planes.flatMap((plane) => [
      line(...plane.at([plane.low, 0]), ...plane.at([plane.high, 0])),
      line(...plane.at([0, plane.low]), ...plane.at([0, plane.high])),
    ]),
    fields: planes.map(({ x, y, side }) => rectangle(x, y, side, side)),
    equal: GATES.filter((gate) => gate !== 0.5).map((gate) => parallel(g, oddsOf(gate))),
    half: parallel(g, 0),
    track: line(g.line.from, g.line.y, g.line.to, g.line.y),
  };
}

function gridOf(plane) {
  const { low, high, at } = plane, first = Math.ceil(low);
  return range(Math.floor(high) - first + 1).map((i) => first + i).flatMap((k) => [
    line(...at([low, k]), ...at([high, k])),
    line(...at([k, low]), ...at([k, high])),
  ]);
}

// All pairs of scores with this difference, as far as the plane shows them.
function parallel({ scores: { low, high, at } }, difference) {
  const first = Math.max(low, low - difference), last = Math.min(high, high - difference);
  if (first >= last) return "";
  return line(...at([first, first + difference]), ...at([last, last + difference]));
}

function titles({ vectors, scores, line: track }) {
  const named = ({ x, y, side }, across, up) => [
    text(x, y - 10, "start", up),
    text(x + side, y + side + 16, "end", across),
  ];
  const ends = [text(track.from - 12, track.y + 4, "end", "bank", "fl-name-0")];
  ends.push(text(track.to + 12, track.y + 4, "start", "river", "fl-name-1"));
  return [
    ...named(vectors, "water", "money"),
    ...named(scores, "fits itself", "fits partner"),
    ...GATES.map((gate) => gateLabel(scores, gate)),
    text(scores.at([scores.high - oddsOf(0.9), 0])[0] - 16, scores.y - 8, "end", "gives"),
    ...ends,
  ];
}

function gateLabel({ low, high, at }, gate) {
  const difference = oddsOf(gate), [x, y] = at([high - Math.max(0, difference), high]);
  if (difference > low && difference < 0) {
    return text(x + 6, at([high, high + difference])[1] + 5, "start", String(gate), "fl-label");
  }
  return text(x + (difference ? 0 : 6), y - 8, "middle", String(gate), "fl-label");
}

// ---- what moves with the state -----------------------------------------------------------------
function vectorPaths({ vectors }, { q, k }) {
  const [x, y] = vectors.at([0, 0]);
  const pieces = PAIR.flatMap((token) => {
    const tip = vectors.at(q[token]), [across, up] = q[token];
    const shaft = line(x, y, ...tip), long = Math.hypot(tip[0] - x, tip[1] - y);
    const head = arrow(...tip, [across, up], Math.min(5, long));
    return [[`stem-${token}`, line(x, y, ...vectors.at(k[token]))], [
      `arrow-${token}`,
      shaft + head,
    ]];
  });
  const between = line(...vectors.at(k[0]), ...vectors.at(k[1]));
  return { ...Object.fromEntries(pieces), between };
}

// Through each dot the line of all scores with its gate.
const linePaths = (g, { tokens }) =>
  Object.fromEntries(
    tokens.map(({ difference }, token) => [`same-${token}`, parallel(g, difference)]),
  );

function placeOf({ line: { from, to } }, { tokens }, token) {
  const gone = (to - from) * tokens[token].gone;
  return token ? to - gone : from + gone;
}

function stepPaths(g, view) {
  const { y, from, to } = g.line, starts = [from, to];
  return Object.fromEntries(PAIR.flatMap((token) => {
    const x = placeOf(g, view, token), aside = token ? 3 : -3;
    return [
      [`gone-${token}`, line(starts[token], y + aside, x, y + aside)],
      [`at-${token}`, disc(x, y, 7)],
    ];
  }));
}

// A score is seen along the question: how far the key reaches on its line. Both keys for a
// difference and a gate.
function feet({ vectors }, { q, k }, { token, kind }) {
  const question = q[token], long = dot(question, question);
  if (!long) return "";
  const meant = { itself: [token], partner: [1 - token] }[kind] ?? PAIR;
  const places = meant.map((j) => {
    const part = dot(k[j], question) / long;
    return vectors.at(question.map((value) => part * value));
  });
  const drops = meant.map((j, i) => line(...vectors.at(k[j]), ...places[i]));
  const [x, y] = meant.length > 1 ? places[1] : vectors.at([0, 0]);
  return [...drops, line(x, y, ...places[0]), ...places.map((place) => disc(...place, 2.5))];
}
