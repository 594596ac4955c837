// The table drawn: a disc is kept, a ring given up, a dash not said; a cross is what puts it out.
import { measure } from "./layout.js";
import { html, pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { range } from "../kit/numbers.js";
import { disc, line, rectangle } from "../kit/paths.js";

const LAYERS = [
  "bands",
  "rule",
  "chosen",
  "out-kept",
  "out-lost",
  "kept",
  "lost",
  "unsaid",
  "cross",
];

export function cornersDrawing() {
  const layers = pathLayers(LAYERS), texts = svg("g", { "aria-hidden": "true" });
  const about = "a row for each method, a mark for each property; the state is told below";
  const root = picture(about, ...layers.all, texts);
  const area = html("div", { class: "fl-area" }, root);
  let g = null, drawnFor = 0, names = [], heads = [];

  function structure(view, width) {
    if (width === drawnFor) return;
    drawnFor = width;
    g = measure(width, view.methods);
    resize(root, g);
    area.style.height = `${g.height}px`;
    names = view.methods.map(({ name }, row) =>
      text(g.at(g.places[row]) + 8, g.places[row].y + 4.5, "start", name)
    );
    heads = range(g.lists).flatMap((list) =>
      view.columns.map(({ head }, column) =>
        text(g.mark(list, column), column % 2 ? 28 : 13, "middle", head)
      )
    );
    texts.replaceChildren(...names, ...heads);
  }
  return {
    area,
    root,
    place: () => g,
    draw(view, width) {
      structure(view, width);
      layers.draw({ ...markPaths(g, view), ...framePaths(g, view) });
      names.forEach((name, row) => name.setAttribute("class", `fl-${view.standings[row]}`));
      heads.forEach((head, at) =>
        head.setAttribute("class", view.wanted.includes(at % 6) ? "fl-in" : "fl-open")
      );
    },
  };
}

function framePaths(g, { wanted, chosen }) {
  const lists = range(g.lists), { y } = g.places[chosen], x = g.at(g.places[chosen]);
  return {
    bands: lists.flatMap((list) =>
      wanted.map((column) =>
        rectangle(g.mark(list, column) - g.apart / 2 + 1, 0, g.apart - 2, g.bottom[list])
      )
    ),
    rule: lists.map((list) => line(g.at({ list }), g.top, g.at({ list }) + g.wide, g.top)),
    chosen: rectangle(x, y - g.row / 2, g.wide, g.row),
  };
}

function markPaths(g, { methods, standings, wanted }) {
  const paths = { kept: "", lost: "", unsaid: "", cross: "", "out-kept": "", "out-lost": "" };
  methods.forEach(({ cells }, row) => {
    const out = standings[row] === "out", { list, y } = g.places[row];
    cells.forEach(([state], column) => {
      const x = g.mark(list, column);
      if (state === "unsaid") paths.unsaid += line(x - 3.5, y, x + 3.5, y);
      else if (state === "lost" && wanted.includes(column)) paths.cross += cross(x, y);
      else paths[out ? `out-${state}` : state] += disc(x, y, state === "kept" ? 5 : 4);
    });
  });
  return paths;
}

const cross = (x, y) => line(x - 4, y - 4, x + 4, y + 4) + line(x - 4, y + 4, x + 4, y - 4);
