// What moves as an object: cards with their digits, and the digits of the chosen one below them.
import { along, cardPlace, thread } from "./paths.js";
import { setAll, svg, text } from "../kit/elements.js";
import { binary, mix, range } from "../kit/numbers.js";
import { around, fixed } from "../kit/paths.js";

// The digits 0 and 1.
const GLYPHS = ["M-2.4 0a2.4 3.7 0 1 0 4.8 0a2.4 3.7 0 1 0 -4.8 0", "M-2 -2.4L0.4 -3.9V3.9"];

export function makeFaces() {
  const root = svg("g");
  let cards = [];
  return {
    root,
    structure(g, n) {
      cards = range(n).map((i) => makeFace(g, i));
      root.replaceChildren(...cards.map((card) => card.root));
    },
    show: (g, view, chosen) => cards.forEach((card, i) => showFace(g, view, card, i, i === chosen)),
  };
}

function makeFace(g, i) {
  const own = g.spelled ? [...binary(i, g.depth)].map(makeDigit) : [];
  const middle = g.spelled ? 15 - g.tall / 2 : 4;
  const name = g.numbered ? [text(0, middle, "middle", String(i))] : [];
  const size = { x: -g.card / 2, y: -g.tall / 2, width: g.card, height: g.tall };
  const plate = svg("rect", { ...size, rx: Math.min(4, g.card / 4) });
  return { root: svg("g", {}, plate, ...name, ...own), own };
}

const makeDigit = (digit) => svg("path", { d: GLYPHS[digit], class: `fl-digit fl-digit-${digit}` });

const movedTo = (x, y) => `translate(${fixed(x)} ${fixed(y)})`;

// The digits stand in the order of the card's place: those already dealt come first.
function showFace(g, view, { root, own }, i, chosen) {
  const before = view.digits[view.done], after = view.digits[view.end], gone = view.gone[i];
  const order = gone ? after : before, count = view.dealt + Number(gone > 0);
  const side = count ? ` fl-side-${binary(i, g.depth)[order[count - 1]]}` : "";
  const transform = movedTo(...cardPlace(g, view, i));
  setAll(root, { class: `fl-face${side}${chosen ? " fl-on" : ""}`, transform });
  own.forEach((glyph, digit) => {
    const from = before.indexOf(digit), to = after.indexOf(digit), at = mix(from, to, along(gone));
    // past the others, not through them
    const aside = to < from ? Math.sin(Math.PI * gone) * g.card * 0.28 : 0;
    const down = 20 + g.digit / 2 - g.tall / 2 + g.digit * at;
    glyph.setAttribute("transform", movedTo(aside, down));
    glyph.classList.toggle("fl-dealt", order.indexOf(digit) < count);
  });
}

// The address of the chosen card, and how its digits slide into that of its place.
export function makeBraid() {
  const root = svg("g");
  let tiles = [];
  return {
    root,
    structure({ depth }) {
      tiles = range(depth).map(() => [svg("path"), svg("path")]);
      root.replaceChildren(...tiles.flat());
    },
    show(g, view, chosen) { // returns the path data beside the digits
      const paths = { slide: "", "slide-zero": "", "slide-one": "", tiles: "" };
      if (chosen < 0) {
        for (const glyph of tiles.flat()) glyph.setAttribute("d", "");
        return paths;
      }
      tiles.forEach((pair, digit) => {
        const { name, d } = showDigit(g, view, pair, { chosen, digit });
        paths[name] += d;
      });
      const { braid: { y, tile, drop } } = g;
      const plates = (level) => range(g.depth).map((k) => around(xOf(g, k), level, tile - 4, 22));
      paths.tiles = [...plates(y), ...plates(y + drop)].join("");
      return paths;
    },
  };
}

const xOf = ({ braid: { x, tile } }, position) => x + tile * (position + 0.5);

function showDigit(g, view, pair, { chosen, digit }) {
  const { braid: { y, drop }, depth } = g, part = along(view.gone[chosen]), low = y + drop;
  const [from, to] = [view.done, view.end].map((row) => view.digits[row].indexOf(digit));
  const at = xOf(g, mix(from, to, part)), value = binary(chosen, depth)[digit];
  const dealt = (part ? to : from) < view.dealt + Number(part > 0);
  const name = !dealt ? "slide" : value === "1" ? "slide-one" : "slide-zero";
  const look = `fl-digit fl-digit-${value}${dealt ? " fl-dealt" : ""}`;
  const places = [[xOf(g, digit), y], [at, low]];
  pair.forEach((glyph, i) => {
    const transform = `${movedTo(...places[i])} scale(1.5)`;
    setAll(glyph, { d: GLYPHS[value], class: look, transform });
  });
  return { name, d: thread(xOf(g, digit), y + 11, at, low - 11) };
}
