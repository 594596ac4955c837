// What a state may hold. A link or a kernel may ask for anything; what cannot be is refused in words.

export const whole = (value) => Number.isInteger(value) && value >= 0;
export const oneOf = (...allowed) => (value) => allowed.includes(value);
export const listOf = (...checks) => (value) =>
  Array.isArray(value) &&
  (!value.length ||
    (value.length === checks.length && checks.every((check, i) => check(value[i]))));

// Return the state that a wish asks for, or throw a sentence; `checks` names every field.
export function wished(state, patch, checks, model) {
  for (const [name, value] of Object.entries(patch)) {
    if (!checks[name]?.(value, model)) {
      throw new Error(`${name} cannot be ${JSON.stringify(value)}`);
    }
  }
  return { ...state, ...patch };
}
