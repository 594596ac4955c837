// What a reader has unfolded stays so when its figure is shown anew, as JupyterLab does when a cell
// is scrolled away and back: while the page lives, in a record on the page itself.
const RECORD = Symbol.for("fftia-lab.folds");

export function rememberFolds(root, name) {
  const unfolded = globalThis[RECORD] ??= new Set();
  [...root.querySelectorAll("details")].forEach((fold, i) => {
    const key = `${name}/${i}`;
    fold.open ||= unfolded.has(key);
    fold.addEventListener("toggle", () => unfolded[fold.open ? "add" : "delete"](key));
  });
}
