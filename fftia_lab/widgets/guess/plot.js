// The picture of a question that takes a curve: axes, what is given, what is drawn, what is true.
import { amount, measure, upwards } from "./axes.js";
import { pictureText, pointText } from "./compared.js";
import { namesOf } from "./names.js";
import { layersOf } from "./sheet.js";
import { html, pathLayers, picture, resize, svg, text } from "../kit/elements.js";
import { handle, isAt, lay, pen, setValue } from "../kit/hands.js";
import { clamp, thousands } from "../kit/numbers.js";

const LAYERS = ["rows", "ticks", "cursor", "given", "others", "ghost", "true", "drawn", "points"];
const STEP = 1 / 40, PAGE = 1 / 5; // of the axis, for the keyboard

// `draw(changes)` gets [[place, value], …] from the hand.
export function makePlot(question, draw) {
  const layers = pathLayers(LAYERS), labels = svg("g"), names = svg("g", { class: "fl-names" });
  const drawing = picture("", ...layers.all, labels, names);
  const area = html("div", { class: "fl-area" }, drawing);
  const pad = makePad(question, area, draw, () => redraw());
  area.append(pad.root);
  let values = question.x.map(() => null), told = false, g = null;

  const wordsOf = () =>
    namesOf(g, question, values, told).map(([name, layer, x, y]) =>
      text(x, y, "end", name, `fl-name-${layer}`)
    );
  const invitation = () => {
    const empty = !told && values.every((value) => value === null);
    const [x, y] = [(g.left + g.right) / 2, g.bottom - 12];
    return empty ? [text(x, y, "middle", "draw here")] : [];
  };
  function redraw() {
    if (!g) return;
    drawing.setAttribute("aria-label", pictureText(question, told ? values : null));
    layers.draw(layersOf(g, question, values, told, pad.focused()));
    names.replaceChildren(...invitation(), ...wordsOf());
    pad.show(values, told);
  }
  const sized = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.round(contentRect.width);
    if (!width || width === g?.width) return;
    g = measure(width, question);
    pad.g = g;
    resize(drawing, g);
    labels.replaceChildren(...labelsOf(g, question));
    lay(pad.root, { x: g.left, y: g.top, width: g.right - g.left, height: g.bottom - g.top });
    redraw();
  });
  sized.observe(area);
  return {
    root: area,
    pad: pad.root,
    end: () => sized.disconnect(),
    show(now, isTold) {
      [values, told] = [now, isTold];
      redraw();
    },
  };
}

// The pad over the axes: a pen for hands, a point that walks for keys.
function makePad(question, area, draw, changed) {
  const { x } = question, up = upwards(question);
  let chosen = 0, values = [];
  const walk = (steps) => () => {
    chosen = clamp(chosen + steps, 0, x.length - 1);
    changed();
  };
  // What a key starts from where nothing was drawn: the nearest place before, else the middle.
  const before = () => values.slice(0, chosen + 1).findLast((value) => value !== null);
  const by = (step) => () => {
    const from = before() === undefined ? 0.5 : up.part(before());
    draw([[chosen, up.value(clamp(from + step, 0, 1))]]);
  };
  const root = handle("", "fl-pad", {
    ArrowLeft: walk(-1),
    ArrowRight: walk(1),
    Home: walk(-x.length),
    End: walk(x.length),
    ArrowUp: by(STEP),
    ArrowDown: by(-STEP),
    PageUp: by(PAGE),
    PageDown: by(-PAGE),
  });
  root.setAttribute("aria-label", `${question.up[0]}, a curve over ${question.across[0]}`);
  for (const type of ["focus", "blur"]) root.addEventListener(type, changed);
  const pad = {
    root,
    g: null,
    focused: () => isAt(root) ? chosen : null,
    show(now, told) {
      values = now;
      root.hidden = told;
      const value = values[chosen], part = value === null ? 0 : up.part(value);
      const words = pointText(chosen, value, question);
      setValue(root, { now: Math.round(100 * part), min: 0, max: 100, text: words });
    },
  };
  pen(root, area, {
    at(point) {
      const { place, part } = pad.g.at(point);
      chosen = place;
      return { place, value: part };
    },
    draw: (changes) => draw(changes.map(([place, part]) => [place, up.value(part)])),
  });
  return pad;
}

function labelsOf(g, { across: [along, unit], up: [upper, unitUp] }) {
  const middle = (g.left + g.right) / 2;
  return [
    ...g.columns.map((value) =>
      text(g.x(value), g.bottom + 18, "middle", unit ? `${value} ${unit}` : thousands(value))
    ),
    ...g.rows.map((value) => text(g.left - 8, g.y(value) + 4, "end", amount(value, unitUp))),
    text(middle, g.bottom + 38, "middle", along),
    text(g.left - 8, 12, "start", upper),
  ];
}
