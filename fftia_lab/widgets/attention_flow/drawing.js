// The drawing of the trained gates: ribbons as wide as their gates, letters, and two matrices.
import { range } from "../kit/complexes.js";
import { LETTERS, STAGES, TOKENS } from "./model.js";
import { disc, line, ribbon } from "../kit/paths.js";
import { svg } from "../kit/kit.js";

const WIDEST = 8, SHADES = [0.5, 0.12, 0.02]; // the share of what arrives, from which on a ribbon is that dark
const COLOURS = ["self", "partner"].flatMap((side) => SHADES.map((_, shade) => `${side}-${shade}`))
  .reverse();
const LAYERS = [
  "wires",
  "ribbons",
  ...COLOURS,
  "way",
  "chips",
  "nodes",
  "heard",
  "ring",
  "fields",
  "columns",
  "cells",
  "rows",
  "entries",
  "marks",
];

const box = (x, y, wide, tall) =>
  `M${x.toFixed(1)} ${y.toFixed(1)}h${wide.toFixed(1)}v${tall.toFixed(1)}h${(-wide).toFixed(1)}z`;
const written = (x, y, anchor, content, name = "") =>
  svg("text", { x, y, "text-anchor": anchor, class: name }, content);

export function placeFlow(width) {
  const narrow = width < 560, dy = 21, top = 32, tall = TOKENS * dy, said = narrow ? 13 : 15;
  const cell = narrow
      ? Math.floor(width - 2 * said - 8) / (2 * TOKENS)
      : (tall - 34) / (2 * TOKENS),
    side = TOKENS * cell;
  const first = narrow ? 60 : 70,
    last = narrow ? width - 18 : width - side - said - 48,
    gap = (last - first) / STAGES;
  const low = top + tall + 40, left = width - side - said;
  const product = narrow ? { x: 0, y: low } : { x: left, y: top },
    dense = narrow ? { x: side + said + 8, y: low } : { x: left, y: top + tall - side };
  const bottom = narrow ? low + side : top + tall;
  return {
    width,
    narrow,
    dy,
    top,
    first,
    last,
    gap,
    cell,
    side,
    product,
    dense,
    bottom,
    height: bottom + 24,
    x: (column) => first + gap * column,
    y: (row) => top + dy * (row + 0.5),
  };
}

// The row and the column of a matrix under a point, or null.
export function entryUnder(g, x, y) {
  for (const matrix of [g.product, g.dense]) {
    const row = Math.floor((y - matrix.y) / g.cell), column = Math.floor((x - matrix.x) / g.cell);
    if (Math.min(row, column) >= 0 && Math.max(row, column) < TOKENS) return [row, column];
  }
  return null;
}

export function flowDrawing() {
  const layers = {},
    labels = svg("g"),
    letters = svg("g", { class: "fl-letters" }),
    said = svg("g", { class: "fl-says" });
  for (const name of LAYERS) layers[name] = svg("path", { class: `fl-${name}` });
  const root = svg(
    "svg",
    {
      class: "fl-drawing",
      role: "img",
      "aria-label":
        "the gates of a trained layer, and two matrices of who listens to whom; told below",
    },
    ...Object.values(layers),
    labels,
    letters,
    said,
  );
  const put = (name, parts) => layers[name].setAttribute("d", parts.join(""));
  let g = null, drawnFor = 0;

  function structure(view, width) {
    if (width === drawnFor) return;
    drawnFor = width;
    g = placeFlow(width);
    root.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    root.style.height = `${g.height}px`;
    put(
      "wires",
      ends(view).flatMap(([stage, i, from]) => line(g.x(stage), g.y(from), g.x(stage + 1), g.y(i))),
    );
    put("chips", range(TOKENS).map((i) => box(g.x(0) - 10, g.y(i) - 9.5, 20, 19)));
    put("fields", [g.product, g.dense].map(({ x, y }) => box(x, y, g.side, g.side)));
    labels.replaceChildren(...titles(view));
    letters.replaceChildren(
      ...range(STAGES + 1).flatMap((column) =>
        range(TOKENS).map((i) => written(g.x(column), g.y(i) + 4.5, "middle", ""))
      ),
    );
    said.style.fontSize = `${Math.min(10, g.cell)}px`;
    said.replaceChildren(
      ...[g.product, g.dense].flatMap(({ x, y }) =>
        range(TOKENS).map((i) =>
          written(x + g.side + 8, y + (i + 0.5) * g.cell + 3.4, "middle", "")
        )
      ),
    );
  }
  const ends = (view) =>
    range(STAGES).flatMap((stage) =>
      range(TOKENS).flatMap((i) => [[stage, i, i], [stage, i, view.partners[stage][i]]])
    );

  function titles(view) {
    const rows = range(TOKENS).map((i) => written(g.x(0) - 17, g.y(i) + 4, "end", String(i)));
    const strides = view.strides.map((stride, stage) =>
      written(g.x(stage + 0.5), 18, "middle", g.narrow ? String(stride) : `stride ${stride}`)
    );
    const axes = g.narrow ? [g.width / 2, "middle"] : [g.width, "end"];
    return [
      ...rows,
      ...strides,
      ...(g.narrow ? [written(g.x(0.5) - 12, 18, "end", "stride")] : []),
      written(g.product.x, g.product.y - 14, "start", "the gates multiplied", "fl-title"),
      written(g.dense.x, g.dense.y - 14, "start", "dense attention", "fl-title"),
      written(axes[0], g.bottom + 18, axes[1], "row: who listens · column: to whom"),
    ];
  }

  function drawRibbons(now, view) {
    const quiet = [], lit = Object.fromEntries(COLOURS.map((name) => [name, []]));
    for (const [stage, i, from] of ends(view)) {
      const part = Math.min(1, now.stage - stage),
        gate = view.gates[stage][i],
        weight = from === i ? 1 - gate : gate;
      if (part <= 0) continue;
      const shape = ribbon(g.x(stage), g.y(from), g.x(stage + 1), g.y(i), WIDEST * weight, part);
      const arrives = stage < view.done ? view.arrives[stage + 1][i] * weight : 0,
        shade = SHADES.findIndex((least) => arrives >= least);
      if (shade < 0) quiet.push(shape);
      else lit[`${from === i ? "self" : "partner"}-${shade}`].push(shape);
    }
    put("ribbons", quiet);
    for (const name of COLOURS) put(name, lit[name]);
    const { rows } = view.way ?? { rows: [] };
    put(
      "way",
      now.source < 0
        ? []
        : rows.slice(1).map((row, stage) =>
          line(g.x(stage), g.y(rows[stage]), g.x(stage + 1), g.y(row))
        ),
    );
  }

  function drawTokens(now, view) {
    const plain = [], heard = [];
    [...letters.children].forEach((text, at) => {
      const column = Math.floor(at / TOKENS),
        i = at % TOKENS,
        said = view.says[column][i],
        reached = column <= view.done;
      const flagged = reached &&
        now.flags.reduce((sum, place) => sum + view.products[column][i][place], 0) > 0.5;
      if (column) (flagged ? heard : plain).push(disc(g.x(column), g.y(i), reached ? 9 : 3));
      else if (flagged) heard.push(box(g.x(0) - 10, g.y(i) - 9.5, 20, 19));
      text.textContent = !column ? now.letters[i] : reached ? LETTERS[said.letter] : "";
      text.setAttribute("class", !column || said.share > 0.5 ? "fl-sure" : "fl-unsure");
    });
    put("nodes", plain);
    put("heard", heard);
    put("ring", [disc(g.x(now.stage), g.y(now.token), 13)]);
  }

  function drawMatrices(now, view) {
    const cells = [], both = [[g.product, view.shown], [g.dense, view.dense.matrix]];
    for (const [{ x, y }, matrix] of both) {
      matrix.forEach((row, i) =>
        row.forEach((weight, j) => {
          const half = (g.cell / 2) * 0.96 * Math.sqrt(weight);
          if (half > 0.3) {
            cells.push(
              box(x + (j + 0.5) * g.cell - half, y + (i + 0.5) * g.cell - half, 2 * half, 2 * half),
            );
          }
        })
      );
    }
    put("cells", cells);
    const each = (shape) => both.map(([{ x, y }]) => shape(x, y));
    put(
      "columns",
      now.flags.flatMap((place) => each((x, y) => box(x + place * g.cell, y, g.cell, g.side))),
    );
    put(
      "marks",
      now.flags.flatMap((place) =>
        each((x, y) =>
          `M${(x + (place + 0.5) * g.cell - 1.5).toFixed(1)} ${y - 1}v-8l6 2.5l-6 2.5z`
        )
      ),
    );
    put("rows", each((x, y) => box(x - 1, y + now.token * g.cell - 1, g.side + 2, g.cell + 2)));
    put(
      "entries",
      each((x, y) =>
        disc(x + (view.source + 0.5) * g.cell, y + (now.token + 0.5) * g.cell, g.cell * 0.72)
      ),
    );
    [...said.children].forEach((text, at) => {
      const found = at < TOKENS ? view.says[view.done][at] : view.dense.says[at - TOKENS];
      text.textContent = at < TOKENS && !view.done ? "" : LETTERS[found.letter];
      text.setAttribute("class", found.share > 0.5 ? "fl-sure" : "fl-unsure");
    });
  }

  return {
    root,
    place: () => g,
    draw(now, view, width) {
      structure(view, width);
      drawRibbons(now, view);
      drawTokens(now, view);
      drawMatrices(now, view);
    },
  };
}
