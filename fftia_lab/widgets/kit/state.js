// A figure's state: plain data, one wish at a time.

// ---- what a state may hold ---------------------------------------------------------------------
export const whole = (value) => Number.isInteger(value) && value >= 0;
export const oneOf = (...allowed) => (value) => allowed.includes(value);
export const listOf = (...checks) => (value) =>
  Array.isArray(value) &&
  (!value.length ||
    (value.length === checks.length && checks.every((check, i) => check(value[i]))));

// Return the state that a wish asks for, or throw a sentence: a link or a kernel may ask for
// anything. `checks` names every field.
export function wished(state, patch, checks, model) {
  for (const [name, value] of Object.entries(patch)) {
    if (!checks[name]?.(value, model)) {
      throw new Error(`${name} cannot be ${JSON.stringify(value)}`);
    }
  }
  return { ...state, ...patch };
}

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// A view that is made anew only when one of the fields that it depends on is another.
export function lastView(names, look) {
  let key = "", view = null;
  return (state) => {
    const now = JSON.stringify(names.map((name) => state[name]));
    if (now !== key) [key, view] = [now, look(state)];
    return view;
  };
}

// ---- traits as one plain state -----------------------------------------------------------------
// `settle(state, patch)` turns a wish into a state that can be: what the patch names is kept where
// it can be, and the rest follows. `answer` names the field of the bet. While something moves, the
// newest state waits in a draft: a kernel echoes what it was told a moment ago, and the echo must
// not undo what the hand has done since.
export function makeState(model, { fields, answer, settle }, changed) {
  let draft = null, timer = 0;
  const traits = () => Object.fromEntries(fields.map((name) => [name, model.get(name)]));
  const read = () => draft ?? settle(traits(), {}, model);
  const initial = structuredClone(read());
  const named = (patch) => settle(structuredClone(initial), patch, model);
  const heard = () => draft || changed();
  for (const name of fields) model.on(`change:${name}`, heard);

  function send() {
    clearTimeout(timer);
    timer = 0;
    const wanted = draft ?? {};
    draft = null;
    for (const [name, value] of Object.entries(wanted)) {
      if (fields.includes(name) && !same(model.get(name), value)) model.set(name, value);
    }
    model.save_changes();
  }
  function set(patch, { live = false } = {}) {
    draft = settle(read(), patch, model);
    if (!live) send();
    else if (!timer) timer = setTimeout(send, 100); // at most ten messages a second while moving
    changed();
  }
  // A scene or a link is a change of the opening state, so that it is the same whatever came
  // before it. Only a bet is not in its gift: it stays while its question does.
  function jump(patch) {
    const wanted = named(patch);
    if (!(answer in patch)) delete wanted[answer];
    set(wanted);
  }
  return {
    read,
    named,
    set,
    jump,
    rest: () => set({}), // what was live is sent
    reset: () => set(structuredClone(initial)),
    isInitial: () => same(read(), initial),
    // Whether it is what a link or a scene would make of it, whatever was bet.
    isAs: (patch) => same({ ...read(), [answer]: null }, { ...named(patch), [answer]: null }),
    release() {
      if (timer) send();
      for (const name of fields) model.off(`change:${name}`, heard);
    },
  };
}
