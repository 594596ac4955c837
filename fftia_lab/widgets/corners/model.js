// Who keeps what is demanded, as plain data.
import { range } from "../kit/numbers.js";
import { oneOf, wished } from "../kit/state.js";

const KEYS = ["cost", "exact", "reach", "data", "causal", "length"];
export const FIELDS = [...KEYS, "method"];

const methodsOf = (model) => model.get("tables").methods;
const named = (value, model) => methodsOf(model).some(({ name }) => name === value);
const demanded = Object.fromEntries(KEYS.map((key) => [key, oneOf(true, false)]));
const CHECKS = { ...demanded, method: named };

// No demand hangs on another: a wish is the state that it asks for.
export const settle = (state, patch, model) => wished(state, patch, CHECKS, model);

// A method is out if it gives up what is demanded, and open if it leaves some of it unsaid.
function standing(cells, wanted) {
  const states = wanted.map((column) => cells[column][0]);
  if (states.includes("lost")) return "out";
  return states.includes("unsaid") ? "open" : "in";
}

export function makeView(model) {
  const { columns, methods } = model.get("tables");
  return (state) => {
    const wanted = range(KEYS.length).filter((column) => state[KEYS[column]]);
    const standings = methods.map(({ cells }) => standing(cells, wanted));
    const those = (what) => range(methods.length).filter((row) => standings[row] === what);
    return {
      columns,
      methods,
      wanted,
      standings,
      kept: those("in"),
      open: those("open"),
      chosen: methods.findIndex(({ name }) => name === state.method),
    };
  };
}
