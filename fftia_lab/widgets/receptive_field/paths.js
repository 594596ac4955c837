// Path data of one listener and one pair: the cone, what is told, what is under way, the path.
import { clamp, mix, range } from "../kit/numbers.js";
import { disc, line } from "../kit/paths.js";
import { ancestors, descendants } from "../shared/wiring.js";

// The part of a wire that news has come along.
const along = (g, stage, from, i, part) =>
  line(g.x(stage), g.y(from), g.x(stage + part), g.y(mix(from, i, part)));

// Where a token may have its news from in a stage: itself, or its partner.
const sources = ({ partners }, stage, i) => new Set([i, partners[stage][i]]);

export function conePaths(g, now, view) {
  const paths = { own: [], cross: [], known: [] };
  const holding = (rows, column) => [...rows].filter((i) => view.holds[column][i]);
  ancestors(view, view.done, now.token).forEach((all, column) => {
    for (const i of holding(all, column)) {
      paths.known.push(disc(g.x(column), g.y(i), g.radius + 0.6));
      if (!column) continue;
      const partner = view.partners[column - 1][i];
      if (view.holds[column - 1][i]) paths.own.push(g.wire(column - 1, i, i));
      if (partner !== i) paths.cross.push(g.wire(column - 1, partner, i));
    }
  });
  return paths;
}

// Whom the news of the chosen source has reached by now.
export function toldPaths(g, now, view) {
  if (now.source < 0) return { told: "" };
  const told = descendants(view, 0, [now.source]);
  const paths = range(view.done).flatMap((stage) =>
    [...told[stage + 1]].flatMap((i) =>
      [...sources(view, stage, i)].filter((from) => told[stage].has(from))
        .map((from) => g.wire(stage, from, i))
    )
  );
  return { told: paths };
}

export function travelPaths(g, now, view) {
  if (!view.part) return { travel: "" };
  const pairs = range(now.n).map((i) => [view.partners[view.done][i], i]);
  const radius = Math.min(3, g.dy / 4);
  const crossing = pairs.filter(([from, i]) => from !== i);
  return {
    travel: crossing.map(([from, i]) => disc(g.x(now.stage), g.y(mix(from, i, view.part)), radius)),
  };
}

// Every way from the source to the listener: what has been walked, and what lies ahead.
export function pairPaths(g, now, view) {
  const paths = { path: [], ahead: [] }, { route } = view;
  if (!route || route.meets < 0) return paths;
  for (const stage of range(view.depth)) {
    const part = clamp(now.stage - stage, 0, 1);
    for (const i of route.rows[stage + 1]) {
      for (const from of sources(view, stage, i)) {
        if (!route.rows[stage].includes(from)) continue;
        if (part) paths.path.push(along(g, stage, from, i, part));
        if (part < 1) paths.ahead.push(g.wire(stage, from, i));
      }
    }
  }
  return paths;
}
