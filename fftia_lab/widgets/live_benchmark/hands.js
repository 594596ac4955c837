// What is taken hold of in the figure of benchmarks: the size that the sentence is about.
import { sizeUnder, stepped } from "./layout.js";
import { sizeText } from "./words.js";
import { drag, handle, moveTo, pointIn, setValue } from "../kit/hands.js";

export function sizeHand(figure, { area, drawing }) {
  const { state } = figure, board = () => figure.look().board.sizes;
  const to = (n, live = false) => state.set({ n }, { live });
  const by = (steps) => () => to(stepped(board(), figure.look().n, steps));
  const under = (point) => sizeUnder({ ...drawing.place(), sizes: board() }, point);
  const root = handle("the size N", "fl-size", {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    Home: () => to(board()[0]),
    End: () => to(board().at(-1)),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => to(under(points.at(-1)), true),
    end: state.rest,
  });
  drawing.root.addEventListener("click", (event) => to(under(pointIn(area, event))));
  area.append(root);
  return {
    root,
    show(view) {
      const g = drawing.place(), { sizes } = view.board;
      moveTo(root, g.x(view.n), g.bottom + 18);
      const [min, max] = [sizes[0], sizes.at(-1)];
      setValue(root, { now: view.n, min, max, text: sizeText(view) });
    },
  };
}
