// Elements of a page and of a drawing.

const SVG = "http://www.w3.org/2000/svg";

export function html(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  setAll(element, attributes);
  element.append(...children);
  return element;
}

// An attribute that is as it was is left alone: set again it would be styled again.
export function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
  }
}

// A label in a drawing; `anchor` is its start, middle or end.
export const text = (x, y, anchor, content, className = "") =>
  svg("text", { x, y, "text-anchor": anchor, class: className }, content);

// A drawing that is told in words elsewhere: its layers from the lowest to the highest.
export const picture = (label, ...layers) =>
  svg("svg", { class: "fl-drawing", role: "img", "aria-label": label }, ...layers);

export function resize(drawing, { width, height }) {
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.style.height = `${height}px`;
}

// Layers of a drawing: each is one path, whatever it shows. `draw({ name: path data })` takes text
// or pieces of it; a layer that stays as it was costs nothing.
export function pathLayers(names, classOf = (name) => `fl-${name}`) {
  const paths = Object.fromEntries(
    names.map((name) => [name, svg("path", { class: classOf(name) })]),
  );
  const drawn = {};
  return {
    paths,
    all: Object.values(paths),
    draw(pieces) {
      for (const [name, piece] of Object.entries(pieces)) {
        const d = Array.isArray(piece) ? piece.join("") : piece;
        if (drawn[name] !== d) paths[name].setAttribute("d", drawn[name] = d);
      }
    },
  };
}

// Does a part of the work only when one of its causes is another one: `anew(part, causes, act)`.
export function onlyAnew() {
  const known = {};
  return (part, causes, act) => {
    const same = known[part]?.every((cause, i) => cause === causes[i]);
    known[part] = causes;
    if (!same) act();
  };
}

export const reducedMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const focus = (element) => element?.focus({ preventScroll: true });

// A line does not break within a complex number or a short sum, nor after a sign: a sign with what
// follows it, and a short word before it, are one.
const SIGN = "[−+·×=≈]", COMPLEX = String.raw`\(?−?[\d.]+ [+−] [\d.]+i\)?`;
const KEPT = new RegExp(
  String.raw`((?:(?<!\S)\S{1,6} )?${SIGN} (?:${COMPLEX}|\S*)|${COMPLEX}|\d bytes?\b)`,
);
export const unbroken = (words) =>
  words.split(KEPT).map((piece, i) => i % 2 ? html("span", { class: "fl-kept" }, piece) : piece)
    .filter(Boolean);

// Words that have roles. A piece is a text, or [role, text], where the text may be pieces again;
// "sup" and "sub" are written high and low.
export function phrase(pieces) {
  if (typeof pieces === "string") return unbroken(pieces);
  return pieces.flatMap((piece) => {
    if (!Array.isArray(piece)) return unbroken(piece);
    const [role, words] = piece, raised = role === "sup" || role === "sub";
    return raised ? html(role, {}, words) : html("span", { class: `fl-${role}` }, ...phrase(words));
  });
}
export const lines = (all) => all.map((pieces) => html("div", {}, ...phrase(pieces)));
