// What is taken hold of: the chosen row, which a hand and the arrow keys move; rows and heads.
import { headAt, rowAt } from "./layout.js";
import { rowValue } from "./words.js";
import { focus } from "../kit/elements.js";
import { drag, handle, lay, pointIn, setValue, upAndDown } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";

const ALL = 1000, PAGE = 6; // more rows than there are; about a family

export function makeHands(figure, { area, root, place }) {
  const { state } = figure;
  const choose = (row, live = false) =>
    state.set({ method: figure.look().methods[row].name }, { live });
  const walk = (steps) => () => {
    const { chosen, methods } = figure.look();
    choose(clamp(chosen + steps, 0, methods.length - 1));
  };
  const row = handle("the chosen method", "fl-row", upAndDown(walk, PAGE, ALL));
  drag(row, area, {
    move: (points) => choose(rowAt(place(), points.at(-1)), true),
    end: state.rest,
  });
  root.addEventListener("click", (event) => {
    const point = pointIn(area, event), column = headAt(place(), point);
    if (column >= 0) {
      const { key } = figure.look().columns[column];
      return state.set({ [key]: !state.read()[key] });
    }
    choose(rowAt(place(), point));
    focus(row);
  });
  area.append(row);
  return {
    show(view) {
      const g = place(), at = g.places[view.chosen], last = view.methods.length;
      lay(row, { x: g.at(at), y: at.y - g.row / 2, width: g.wide, height: g.row });
      const text = rowValue(view, view.chosen);
      setValue(row, { now: view.chosen + 1, min: 1, max: last, text });
    },
  };
}
