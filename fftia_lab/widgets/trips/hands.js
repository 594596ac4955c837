// What is taken hold of in the figure of trips: the number of samples, on its ruler.
import { LEAST, MOST } from "./model.js";
import { sizeText } from "./words.js";
import { drag, handle, moveTo, pointIn, setValue } from "../kit/hands.js";
import { clamp } from "../kit/numbers.js";

const NEAR = 16; // pixels from the ruler that still belong to it

// `drawing.place()` says where everything stands, `act(patch, live)` changes the state.
export function makeHands({ state }, { area, drawing, act }) {
  const place = drawing.place, bits = () => Math.log2(state.read().n);
  const to = (bit, live = false) => act({ n: 2 ** clamp(bit, LEAST, MOST) }, live);
  const by = (far) => () => to(bits() + far);
  const root = handle("number of samples", "fl-size fl-bar", {
    ArrowRight: by(1),
    ArrowUp: by(1),
    ArrowLeft: by(-1),
    ArrowDown: by(-1),
    Home: () => to(LEAST),
    End: () => to(MOST),
  });
  drag(root, area, {
    keepOffset: true,
    move: (points) => to(place().bits(points.at(-1).x), true),
    end: state.rest,
  });
  drawing.root.addEventListener("click", (event) => {
    const { x, y } = pointIn(area, event), g = place();
    if (x >= g.left - NEAR && Math.abs(y - g.axis) <= NEAR) to(g.bits(x));
  });
  area.append(root);
  return {
    show(now, view) {
      moveTo(root, place().x(Math.log2(now.n)), place().axis);
      const text = sizeText(now, view);
      setValue(root, { now: now.n, min: 2 ** LEAST, max: 2 ** MOST, text });
    },
  };
}
