// The drawing of a product of factors: matrices, the numbers in them, and the way of one entry.
import { frame, glyphs, gridLines, KINDS, onTheWay } from "./glyphs.js";
import { cellBox, measure, middle } from "./layout.js";
import { chainText, reckoning, titleOf } from "./words.js";
import { onlyAnew, pathLayers, picture, resize, setAll, svg, text } from "../kit/elements.js";
import { range, times } from "../kit/numbers.js";
import { disc, line, rectangle } from "../kit/paths.js";

const OF_FACTORS = ["waiting", "acting"], OF_PRODUCT = ["product", "staying", "moving", "ghost"];
const NUMBERS = [...OF_FACTORS, ...OF_PRODUCT].flatMap((group) =>
  KINDS.map((kind) => `${group}-${kind}`)
);
const WAY = ["way-sort", "way-self", "way-partner"];
const UNDER = ["grid", "frames", "sort", "chosen", "tint-self", "tint-partner", "changed", ...WAY];
const OVER = ["lit-self", "lit-partner", "ring", "bars-factors", "bars-product", "truth", "guess"];
const classOf = (name) =>
  NUMBERS.includes(name) ? name.split("-").map((part) => `fl-${part}`).join(" ") : `fl-${name}`;

export function factorDrawing() {
  const layers = pathLayers([...UNDER, ...NUMBERS, ...OVER], classOf), texts = svg("g");
  const ends = ["start", "end"].map((anchor) => text(0, 0, anchor, "", "fl-title"));
  const truth = svg("tspan", { class: "fl-title" }), mine = svg("tspan", { class: "fl-guessed" });
  const guessed = svg("text", { "text-anchor": "end" }, truth, mine);
  const root = picture("factors and their product; its state is told below", ...layers.all);
  root.append(texts, guessed, ...ends);
  const anew = onlyAnew();
  let g = null, drawnFor = "";

  // What changes only when the reader does something.
  function structure(now, view, width, room) {
    const { n, done, stored, changed } = view, acting = now.stage > done;
    const key = String([width, room, n, now.weights, done, acting, stored, changed.length > 0]);
    if (key === drawnFor) return;
    drawnFor = key;
    root.dataset.weights = now.weights;
    g = measure(width, n, view.depth + Number(view.table.sort), view.depth, room);
    g.of = (stage) => g.grids[view.depth - 1 - stage]; // the last factor stands on the left
    resize(root, g);
    layers.draw(stillPaths(g, view));
    texts.replaceChildren(...factorTitles(g, view, acting), productTitle(g, now, view, acting));
    texts.append(...indices(g, view), ...counts(g, view));
  }
  return {
    root,
    place: () => g,
    draw(now, view, pointed, path, width, room) {
      structure(now, view, width, room);
      const [stage, row, column] = now.weight;
      const chosen = now.weight.length ? cellBox(g.of(stage), row, column, 4) : "";
      anew("factors", [g, view.stages, Math.ceil(now.stage)], () => {
        layers.draw(factorNumbers(g, now, view));
      });
      anew("product", [g, view.products, now.stage], () => {
        layers.draw(productNumbers(g, now, view));
      });
      layers.draw({ ...wayPaths(g, pointed, view, path), chosen });
      nameEnds(g, pointed, path, { ends, texts });
      const reckoned = reckoning(now, view), { x, y, side } = g.product;
      layers.draw(guessPaths(g.product, reckoned, view.n ** 2));
      truth.textContent = reckoned ? reckoned.truth : "";
      mine.textContent = reckoned ? `, you said ${reckoned.mine}` : "";
      setAll(guessed, { x: x + side, y: y - 22 });
    },
  };
}

// ---- what stays --------------------------------------------------------------------------------
function stillPaths(g, view) {
  const dot = Math.max(1.5, g.product.cell * 0.06), [stored, dense] = [view.stored, view.n ** 2];
  const last = g.grids.at(-1), largest = Math.max(stored, dense), thick = g.stacked ? 8 : 12;
  const bar = (y, count) => {
    const length = ((g.panel.width * count) / largest).toFixed(1);
    return `M${g.panel.x} ${y}h${length}v${thick}h-${length}z`;
  };
  const sorted = view.order.map((from, row) => disc(...middle(last, row, from), dot));
  return {
    frames: [...g.grids, g.product].map(frame),
    grid: gridLines(g.product, view.n),
    sort: view.table.sort ? sorted : "",
    "bars-factors": bar(g.bars[0], stored),
    "bars-product": bar(g.bars[1], dense),
  };
}

function factorTitles(g, { depth, done, table }, acting) {
  return g.grids.map(({ x, y, side }, place) => {
    const stage = depth - 1 - place, later = stage >= done + Number(acting); // P has stage -1
    const name = titleOf(stage, table);
    return text(x + side / 2, y - 7, "middle", name, later ? "fl-later" : "fl-title");
  });
}

function productTitle(g, now, view, acting) {
  const chain = chainText(view, view.done);
  const found = { twiddles: " = F", learned: " ≈ F" }[now.weights] ?? "";
  const equals = view.done < view.depth ? "" : view.changed.length && found ? " ≠ F" : found;
  const title = acting ? `${titleOf(view.done, view.table)} · (${chain})` : chain + equals;
  return text(g.product.x, g.product.y - 22, "start", title, "fl-title");
}

function indices({ product: { x, y, cell } }, { n }) {
  return range(n).filter((i) => i % (cell < 17 ? 4 : 1) === 0).flatMap((i) => [
    text(x - 5, y + cell * (i + 0.5) + 4, "end", String(i), "fl-row"),
    text(x + cell * (i + 0.5), y - 5, "middle", String(i), "fl-column"),
  ]);
}

function counts(g, { stored, n, multiplications }) {
  const dense = n ** 2;
  const words = g.stacked ? [`${stored} numbers in the factors, ${dense} in the product`] : [
    `factors: ${stored} numbers, ${multiplications} multiplications`,
    `product: ${dense} numbers, ${dense} multiplications`,
  ];
  return words.map((line, i) => text(g.panel.x, g.bars[i] - 6, "start", line, "fl-count"));
}

// ---- numbers -----------------------------------------------------------------------------------
const setsOf = (groups, view) =>
  Object.fromEntries(groups.map((group) => [group, glyphs(view.nature)]));
const pathsOf = (sets) =>
  Object.fromEntries(
    Object.entries(sets).flatMap(([group, set]) =>
      KINDS.map((kind) => [`${group}-${kind}`, set.path(kind)])
    ),
  );

function factorNumbers(g, now, view) {
  const sets = setsOf(OF_FACTORS, view);
  view.stages.forEach((rows, stage) =>
    rows.forEach(([own, other], row) => {
      const grid = g.of(stage), set = sets[stage < now.stage ? "acting" : "waiting"];
      set.add(...middle(grid, row, row), grid.cell, own);
      set.add(...middle(grid, row, view.partners[stage][row]), grid.cell, other);
    })
  );
  return pathsOf(sets);
}

function productNumbers(g, now, view) {
  const sets = setsOf(OF_PRODUCT, view);
  if (now.stage > view.done) fillMoving(g, now.stage - view.done, view, sets);
  else fillProduct(g, view, sets);
  const changed = view.changed.map(([row, column]) => cellBox(g.product, row, column, -2));
  return { ...pathsOf(sets), changed };
}

function fillProduct(g, { products, untouched, changed, done }, { product, ghost }) {
  const put = (set, row, column, value) =>
    set.add(...middle(g.product, row, column), g.product.cell, value);
  products[done].forEach((values, row) =>
    values.forEach((value, column) => put(product, row, column, value))
  );
  for (const [row, column] of changed) put(ghost, row, column, untouched[done][row][column]);
}

// A factor multiplies: of every entry one copy stays, weighed, and one goes to the partner's row.
function fillMoving(g, part, { done, nature, products, partners, stages }, { staying, moving }) {
  const { cell } = g.product, eased = part * part * (3 - 2 * part);
  products[done].forEach((values, row) => {
    const to = partners[done][row], [, goal] = middle(g.product, to, 0);
    const own = onTheWay(stages[done][row][0], eased, nature);
    const other = onTheWay(stages[done][to][1], eased, nature);
    values.forEach((value, column) => {
      const [x, y] = middle(g.product, row, column);
      staying.add(x, y, cell, times(value, own));
      moving.add(x, y + (goal - y) * eased, cell, times(value, other));
    });
  });
}

// Along the edge of the product: so many of all its entries, and the guess as a ghost.
function guessPaths({ x, y, side }, reckoned, all) {
  if (!reckoned) return { truth: "", guess: "" };
  const long = (count) => Math.max(2, (side * count) / all), down = y + side + 3;
  return {
    truth: rectangle(x, down + 0.5, long(reckoned.truth), 4),
    guess: rectangle(x, down - 1, long(reckoned.mine), 7),
  };
}

// ---- the way through the factors: along a row, and up or down where a partner is met ------------
function wayPaths(g, { entry }, view, path) {
  const names = [...WAY, "lit-self", "lit-partner"];
  const parts = Object.fromEntries(names.map((name) => [name, ""]));
  path?.sides.forEach((side, stage) => {
    const name = side ? "partner" : "self", from = path.rows[stage], to = path.rows[stage + 1];
    parts[`way-${name}`] += through(g.of(stage), from, to);
    parts[`lit-${name}`] += cellBox(g.of(stage), to, from, 1);
  });
  if (path && view.table.sort) {
    const grid = g.grids.at(-1), [first] = path.rows, column = entry[1];
    parts["way-sort"] = through(grid, column, first) + cellBox(grid, first, column, 1);
  }
  const tints = { "tint-self": parts["lit-self"], "tint-partner": parts["lit-partner"] };
  return { ...parts, ...tints, ring: entry.length ? cellBox(g.product, ...entry) : "" };
}

function through(grid, from, to) {
  const [x, y] = middle(grid, from, from), [, y2] = middle(grid, to, from), half = grid.gap / 2;
  const arrives = line(grid.x + grid.side + half, y, x, y);
  return arrives + line(x, y, x, y2) + line(x, y2, grid.x - half, y2);
}

// Numbers at the ends of the way: the column that it comes from, the row that it leads to.
function nameEnds(g, { entry: [row, column] }, path, { ends: [start, end], texts }) {
  const first = g.grids.at(-1), last = path?.sides.length ? g.of(path.sides.length - 1) : null;
  const level = (grid, place) => middle(grid, place ?? 0, 0)[1] - 5;
  start.textContent = path ? column : "";
  setAll(start, { x: first.x + first.side + 7, y: level(first, column) });
  end.textContent = last ? row : "";
  setAll(end, { x: (last ?? first).x - 7, y: level(last ?? first, row) });
  for (const [name, place] of [["row", row], ["column", column]]) {
    for (const index of texts.querySelectorAll(`.fl-${name}`)) {
      index.classList.toggle("fl-title", index.textContent === String(place));
    }
  }
}
