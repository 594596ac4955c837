// The way of a clicker through a figure, after its stages: scene by scene, the figure as it opened
// before them. What a link or a hand has set is no place of this way and stays; then there are
// stages alone. A scene that is a stage of one before it has been seen already.
import { same } from "./state.js";

// `times(state)` are the fields that the bar of time moves. `go(scene)` shows a scene, or what the
// figure opened with for null. Who presents may keep scenes back: `open(scene)`.
export function walkOf({ isAs, named, read }, times, all, go) {
  const places = [null, ...all];
  let at = 0, open = () => true;

  const isAt = (scene) => isAs({ ...scene?.set, ...times(read()) });
  const stateAt = (scene) => named(scene?.set ?? {});
  function isStageOf(earlier, scene) {
    const later = times(stateAt(scene)), [from = 0] = Object.values(times(stateAt(earlier)));
    const [to = 0] = Object.values(later), isStop = to > from && Number.isInteger(to);
    return (to === from || isStop) && same(named({ ...earlier?.set, ...later }), stateAt(scene));
  }
  const isShown = (i) => !i || open(places[i]);
  const isNew = (i) =>
    isShown(i) && !places.slice(0, i).some((one, j) => isShown(j) && isStageOf(one, places[i]));

  // Where the figure is: the place it was led to, or one that a button leads to; -1 if elsewhere.
  function here() {
    if (!isAt(places[at])) at = Math.max(0, places.findIndex(isAt));
    return isAt(places[at]) ? at : -1;
  }
  function next(direction) {
    const from = here();
    if (from < 0) return -1;
    let to = from + direction;
    while (places[to] !== undefined && !isNew(to)) to += direction;
    return places[to] === undefined ? -1 : to;
  }
  return {
    keepBack: (waits) => open = (scene) => !waits(scene),
    step(direction) {
      const to = next(direction);
      if (to < 0) return false;
      at = to;
      go(places[to]);
      return true;
    },
    told() {
      const after = places[next(1)]?.label;
      return [places[here()]?.label, after && `next: ${after}`].filter(Boolean).join("; ");
    },
  };
}
