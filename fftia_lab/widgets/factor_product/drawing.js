// The drawing of a product of factors: matrices, the numbers in them, and the way of one entry.
import { cellBox, frame, glyphs, gridLines, towards } from "./glyphs.js";
import { chainText, titleOf } from "./words.js";
import { middle, placeFactors } from "./layout.js";
import { disc, line } from "../kit/paths.js";
import { range } from "../kit/complexes.js";
import { svg } from "../kit/kit.js";

const GROUPS = ["waiting", "acting", "product", "staying", "moving", "ghost"],
  KINDS = ["disc", "hand", "full", "hollow"];
const UNDER = [
  "grid",
  "frames",
  "sort",
  "chosen",
  "tint-self",
  "tint-partner",
  "changed",
  "way-sort",
  "way-self",
  "way-partner",
];
const OVER = ["lit-self", "lit-partner", "ring", "bars-factors", "bars-product"];

const written = (x, y, anchor, content, name = "") =>
  svg("text", { x, y, "text-anchor": anchor, class: `fl-${name}` }, content);

export function factorDrawing() {
  const layers = {},
    add = (name, classes) => {
      layers[name] = svg("path", { class: classes });
    };
  for (const name of UNDER) add(name, `fl-${name}`);
  for (const group of GROUPS) {
    for (const kind of KINDS) add(`${group}-${kind}`, `fl-${group} fl-${kind}`);
  }
  for (const name of OVER) add(name, `fl-${name}`);
  const put = (name, d) => layers[name].setAttribute("d", d);
  const texts = svg("g"),
    ends = ["start", "end"].map((anchor) => written(0, 0, anchor, "", "title"));
  const root = svg(
    "svg",
    {
      class: "fl-drawing",
      role: "img",
      "aria-label": "factors and their product; its state is told below",
    },
    ...Object.values(layers),
    texts,
    ...ends,
  );
  let g = null, view = null, drawnFor = "";
  const gridOf = (stage) => g.grids[view.depth - 1 - stage]; // the last factor stands on the left

  // What changes only when the reader does something; numbers are restyled at every frame.
  function structure(now, width) {
    const { table, depth, n } = view, acting = now.stage > view.done;
    const key = JSON.stringify([
      width,
      n,
      now.weights,
      view.done,
      acting,
      view.stored,
      view.changed.length > 0,
    ]);
    if (key === drawnFor) return;
    drawnFor = key;
    root.dataset.weights = now.weights;
    g = placeFactors(width, n, depth + Number(table.sort), depth);
    root.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    root.style.height = `${g.height}px`;
    put("frames", [...g.grids, g.product].map(frame).join(""));
    put("grid", gridLines(g.product, n));
    const dot = Math.max(1.5, g.product.cell * 0.06);
    put(
      "sort",
      table.sort
        ? view.order.map((from, row) => disc(...middle(g.grids.at(-1), row, from), dot)).join("")
        : "",
    );
    texts.replaceChildren(
      ...factorTitles(acting),
      productTitle(now, acting),
      ...indices(),
      ...counts(),
    );
    drawBars();
  }

  function factorTitles(acting) {
    return g.grids.map((grid, place) => {
      const stage = view.depth - 1 - place, later = stage >= view.done + Number(acting); // P has stage -1
      return written(
        grid.x + grid.side / 2,
        grid.y - 7,
        "middle",
        titleOf(stage, view.table),
        later ? "later" : "title",
      );
    });
  }

  function productTitle(now, acting) {
    const chain = chainText(view, view.done),
      whole = view.done === view.depth && now.weights === "twiddles";
    const equals = whole ? (view.changed.length ? " ≠ F" : " = F") : "";
    const title = acting ? `${titleOf(view.done, view.table)} · (${chain})` : chain + equals;
    return written(g.product.x, g.product.y - 22, "start", title, "title");
  }

  function indices() {
    const { x, y, cell } = g.product,
      shown = range(view.n).filter((i) => i % (cell < 17 ? 4 : 1) === 0);
    return shown.flatMap((i) => [
      written(x - 5, y + cell * (i + 0.5) + 4, "end", String(i), "row"),
      written(x + cell * (i + 0.5), y - 5, "middle", String(i), "column"),
    ]);
  }

  function counts() {
    const dense = view.n ** 2,
      lines = g.stacked ? [`${view.stored} numbers in the factors, ${dense} in the product`] : [
        `factors: ${view.stored} numbers, ${view.multiplications} multiplications`,
        `product: ${dense} numbers, ${dense} multiplications`,
      ];
    return lines.map((words, i) => written(g.panel.x, g.bars[i] - 6, "start", words, "count"));
  }

  function drawBars() {
    const largest = Math.max(view.stored, view.n ** 2), thick = g.stacked ? 8 : 12;
    const bar = (y, count) => {
      const length = ((g.panel.width * count) / largest).toFixed(1);
      return `M${g.panel.x} ${y}h${length}v${thick}h-${length}z`;
    };
    put("bars-factors", bar(g.bars[0], view.stored));
    put("bars-product", bar(g.bars[1], view.n ** 2));
  }

  function drawNumbers(now) {
    const sets = Object.fromEntries(GROUPS.map((group) => [group, glyphs(view.nature)]));
    view.stages.forEach((rows, stage) =>
      rows.forEach(([own, other], row) => {
        const grid = gridOf(stage), group = sets[stage < now.stage ? "acting" : "waiting"];
        group.add(...middle(grid, row, row), grid.cell, own);
        group.add(...middle(grid, row, view.partners[stage][row]), grid.cell, other);
      })
    );
    if (now.stage > view.done) fillMoving(now.stage - view.done, sets);
    else fillProduct(sets);
    for (const group of GROUPS) {
      for (const kind of KINDS) put(`${group}-${kind}`, sets[group].path(kind));
    }
    put(
      "changed",
      view.changed.map(([row, column]) =>
        cellBox(...middle(g.product, row, column), g.product.cell - 2)
      ).join(""),
    );
  }

  function fillProduct({ product, ghost }) {
    const { cell } = g.product;
    view.products[view.done].forEach((values, row) =>
      values.forEach((value, column) => product.add(...middle(g.product, row, column), cell, value))
    );
    for (const [row, column] of view.changed) {
      ghost.add(...middle(g.product, row, column), cell, view.untouched[view.done][row][column]);
    }
  }

  // A factor multiplies: of every entry one copy stays, weighed, and one goes to the partner's row.
  function fillMoving(part, { staying, moving }) {
    const { done, nature } = view, { cell } = g.product, eased = part * part * (3 - 2 * part);
    view.products[done].forEach((values, row) => {
      const to = view.partners[done][row],
        [own] = view.stages[done][row],
        [, other] = view.stages[done][to];
      values.forEach((value, column) => {
        const [x, y] = middle(g.product, row, column), [, goal] = middle(g.product, to, column);
        staying.add(x, y, cell, towards(value, own, eased, nature));
        moving.add(x, y + (goal - y) * eased, cell, towards(value, other, eased, nature));
      });
    });
  }

  // The way through the factors: along a row, and up or down a column where a partner is met.
  function drawWay({ entry }, path) {
    const parts = {
      "way-self": "",
      "way-partner": "",
      "lit-self": "",
      "lit-partner": "",
      "way-sort": "",
    };
    path?.sides.forEach((side, stage) => {
      const name = side ? "partner" : "self", from = path.rows[stage], to = path.rows[stage + 1];
      parts[`way-${name}`] += through(gridOf(stage), from, to);
      parts[`lit-${name}`] += litCell(gridOf(stage), to, from);
    });
    if (path && view.table.sort) {
      parts["way-sort"] = through(g.grids.at(-1), entry[1], path.rows[0]) +
        litCell(g.grids.at(-1), path.rows[0], entry[1]);
    }
    for (const [name, d] of Object.entries(parts)) put(name, d);
    for (const name of ["self", "partner"]) put(`tint-${name}`, parts[`lit-${name}`]);
    put("ring", entry.length ? cellBox(...middle(g.product, ...entry), g.product.cell) : "");
    drawEnds(entry, path);
  }
  const litCell = (grid, row, column) => cellBox(...middle(grid, row, column), grid.cell + 1);
  function through(grid, from, to) {
    const [x, y] = middle(grid, from, from), [, y2] = middle(grid, to, from), half = grid.gap / 2;
    return line(grid.x + grid.side + half, y, x, y) + line(x, y, x, y2) +
      line(x, y2, grid.x - half, y2);
  }

  // Numbers at the ends of the way: the column that it comes from, the row that it leads to.
  function drawEnds([row, column], path) {
    const first = g.grids.at(-1), last = path?.sides.length ? gridOf(path.sides.length - 1) : null;
    label(
      ends[0],
      path ? column : "",
      first.x + first.side + 7,
      middle(first, column ?? 0, 0)[1] - 5,
    );
    label(
      ends[1],
      last ? row : "",
      (last ?? first).x - 7,
      middle(last ?? first, row ?? 0, 0)[1] - 5,
    );
    for (const [name, place] of [["row", row], ["column", column]]) {
      for (const index of texts.querySelectorAll(`.fl-${name}`)) {
        index.classList.toggle("fl-title", index.textContent === String(place));
      }
    }
  }
  function label(text, content, x, y) {
    text.textContent = content;
    text.setAttribute("x", x);
    text.setAttribute("y", y);
  }

  return {
    root,
    gridOf,
    place: () => g,
    draw(now, latest, pointed, path, width) {
      view = latest;
      structure(now, width);
      drawNumbers(now);
      drawWay(pointed, path);
      put(
        "chosen",
        now.weight.length
          ? cellBox(
            ...middle(gridOf(now.weight[0]), now.weight[1], now.weight[2]),
            gridOf(0).cell + 4,
          )
          : "",
      );
    },
  };
}
