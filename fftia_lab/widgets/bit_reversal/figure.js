// Cards dealt until one is left, the matrix of that order, and the walk through memory it costs.
import { binary, depthOf, lastDeal, lookAt, upTo } from "./model.js";
import { line, square } from "../kit/paths.js";
import { list, number } from "../kit/words.js";
import { listOf, oneOf, whole, wished } from "../kit/states.js";
import {
  choice,
  clamp,
  drag,
  handle,
  html,
  mountFigure,
  moveTo,
  press,
  reducedMotion,
  scenes,
  sentence,
  setValue,
  svg,
  timeline,
} from "../kit/kit.js";

const FIELDS = ["n", "deals", "rounds", "card", "guess", "reading"];
const DECKS = [8, 16, 32, 64];

// ---- state: what can be, and how to say it -----------------------------------------------------
const CHECKS = {
  n: oneOf(...DECKS),
  deals: Number.isFinite,
  rounds: oneOf(1, 2),
  card: (value) => value === -1 || whole(value),
  guess: listOf(whole, whole),
  reading: oneOf("dealt", "stockham"),
};

// A deck that was dealt out stays dealt out when its size changes.
function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.n !== state.n && !("deals" in patch) && state.deals === lastDeal(state)) {
    next.deals = lastDeal(next);
  }
  next.deals = clamp(next.deals, 0, lastDeal(next));
  next.card = Math.min(next.card, next.n - 1);
  if (Math.max(...next.guess) >= next.n) next.guess = [];
  return next;
}

const betting = (state, view) => state.rounds === 1 && state.deals < view.depth && state.card >= 0;
const shown = (value) => number(value, Number.isInteger(value) ? 0 : 1);

function lies(view, card) {
  const place = view.places[card];
  if (view.done === view.depth && place === card) {
    return `Card ${card} is back where it began: its address reads the same backwards. `;
  }
  if (view.done === view.depth) {
    return `Card ${card} lies at place ${place}, and card ${place} at place ${card}. `;
  }
  return `Card ${card} lies at place ${place}. `;
}

function describe({ card }, view) {
  const { n, depth, done, home, swaps, travel } = view;
  if (!done) return `Nothing is dealt yet: all ${n} cards lie where they began.`;
  if (done === 2 * depth) {
    return `Dealt twice, all ${n} cards lie where they began: an address reversed twice is the address.`;
  }
  const when = done > depth
    ? `Dealt again, after deal ${view.dealt} of ${depth}`
    : `After ${done} of ${depth} deals`;
  const which = done === depth && home.length <= 4 ? ` (${list(home)})` : "";
  const undo = swaps
    ? ` ${swaps} swaps would undo it. On average a card lies ${shown(travel)} places from home.`
    : "";
  return `${
    card < 0 ? "" : lies(view, card)
  }${when}, ${home.length} of the ${n} cards lie where they began${which}.${undo}`;
}

// ---- geometry ---------------------------------------------------------------------------------

const SPACING = { 3: 80, 4: 72, 5: 56, 6: 48 };

function measure(width, state) {
  const depth = depthOf(state.n),
    rows = lastDeal(state),
    wide = width >= 600,
    side = wide ? 204 : Math.min(168, width * 0.5);
  const table = wide ? width - side - 34 : width,
    dx = (table - 8) / state.n,
    x = (place) => 4 + dx * (place + 0.5);
  const numbered = dx >= 14, spelled = dx >= 17, digit = dx >= 26 ? 13 : 11;
  const tall = spelled ? 21 + digit * depth : numbered ? 22 : 14,
    head = numbered ? 6 : 22,
    gap = SPACING[depth] / (state.rounds === 2 ? 1.7 : 1);
  const y = (row) => head + tall / 2 + gap * row,
    foot = y(rows) + tall / 2,
    strip = { top: foot + 78, height: 66 };
  const bottom = strip.top + strip.height;
  const matrix = wide ? { x: table + 34, y: 26, size: side } : { x: 4, y: bottom + 40, size: side };
  const room = wide ? side : width - side - 30, tile = Math.min(30, room / depth);
  const braid = {
    x: wide ? matrix.x + (side - tile * depth) / 2 : side + 30 + (room - tile * depth) / 2,
    y: wide ? matrix.y + side + 46 : matrix.y + 22,
    tile,
    drop: 74,
  };
  return {
    width,
    wide,
    depth,
    rows,
    table,
    dx,
    x,
    y,
    gap,
    numbered,
    spelled,
    digit,
    tall,
    foot,
    strip,
    matrix,
    braid,
    card: Math.min(40, dx * (spelled ? 0.86 : 0.78)),
    cell: matrix.size / state.n,
    height: Math.max(bottom + 8, wide ? braid.y + braid.drop + 40 : matrix.y + matrix.size + 10),
    every: numbered ? 1 : state.n > 32 ? 8 : 4,
    across: (place) => matrix.x + (place + 0.5) * (matrix.size / state.n),
    down: (place) => matrix.y + (place + 0.5) * (matrix.size / state.n),
    address: (value) => bottom - ((value + 0.5) / state.n) * strip.height,
  };
}

const mix = (a, b, part) => a + (b - a) * part;

// A thread leaves a row straight down and arrives straight down; `part` of it is drawn.
function thread(x1, y1, x2, y2, part = 1) {
  const half = (y1 + y2) / 2, f = (value) => value.toFixed(1);
  if (part >= 1) {
    return `M${f(x1)} ${f(y1)}C${f(x1)} ${f(half)} ${f(x2)} ${f(half)} ${f(x2)} ${f(y2)}`;
  }
  const a = [x1, mix(y1, half, part)], b = [mix(x1, x2, part), half], c = [x2, mix(half, y2, part)];
  const d = [mix(a[0], b[0], part), mix(a[1], b[1], part)],
    e = [mix(b[0], c[0], part), mix(b[1], c[1], part)];
  return `M${f(x1)} ${f(y1)}C${
    [a, d, [mix(d[0], e[0], part), mix(d[1], e[1], part)]].map(([x, y]) => `${f(x)} ${f(y)}`).join(
      " ",
    )
  }`;
}
const along = (part) => part * part * (3 - 2 * part); // how far across a thread is after `part` of it
const below = (part) => 1.5 * part * (1 - part) + part ** 3;

const box = (x, y, wide, tall) =>
  `M${(x - wide / 2).toFixed(1)} ${(y - tall / 2).toFixed(1)}h${wide.toFixed(1)}v${
    tall.toFixed(1)
  }h${(-wide).toFixed(1)}z`;
const GLYPHS = ["M-2.4 0a2.4 3.7 0 1 0 4.8 0a2.4 3.7 0 1 0 -4.8 0", "M-2 -2.4L0.4 -3.9V3.9"]; // the digits 0 and 1

// ---- figure -----------------------------------------------------------------------------------

function build(figure) {
  const { state, model } = figure, facts = model.get("facts");
  const layers = {};
  for (
    const name of [
      "quiet",
      "mate",
      "chosen",
      "slots",
      "guess",
      "truth",
      "frame",
      "diagonal",
      "cross",
      "dots",
      "dot",
      "reads",
      "marks",
      "mark",
      "tiles",
      "slide",
      "slide-zero",
      "slide-one",
    ]
  ) {
    layers[name] = svg("path", { class: `fl-${name}` });
  }
  const texts = svg("g"),
    faces = svg("g"),
    digits = svg("g"),
    tagText = svg("text", { "text-anchor": "middle" });
  const drawing = svg(
    "svg",
    {
      class: "fl-drawing",
      role: "img",
      "aria-label":
        "the dealt cards, the matrix of their order and the reads of memory; the state is told below",
    },
    ...Object.values(layers),
    texts,
  );
  const objects = svg(
    "svg",
    { class: "fl-objects", "aria-hidden": "true" },
    faces,
    digits,
    tagText,
  ); // what moves lies on top
  const area = html("div", { class: "fl-area" }, drawing, objects);
  const put = (name, d) => layers[name].setAttribute("d", d);

  let g = null, view = null, drawnFor = "", hover = -1, wide = 0, cards = [], tiles = [];
  const settled = () => state.read();
  const pick = (card) => state.set({ card });

  // hands: a card is chosen by pressing it; before the last deal it can be dragged to a guess
  const placeAt = (x) => clamp(Math.floor((x - 4) / g.dx), 0, view.n - 1);
  const xOf = (card) =>
    mix(g.x(view.places[card]), g.x(view.rows[view.end][card]), along(view.gone[card]));
  const yOf = (card) => g.y(view.done) + g.gap * below(view.gone[card]);
  const nearestCard = (x) =>
    upTo(view.n).reduce((
      best,
      card,
    ) => (Math.abs(xOf(card) - x) < Math.abs(xOf(best) - x) ? card : best));
  const step = (places) => () => {
    const { card } = settled(), now = lookAt(settled());
    pick(
      card < 0 ? now.cards[0] : now.cards[
        Math.abs(places) > 1
          ? clamp(now.places[card] + places, 0, now.n - 1)
          : (now.places[card] + places + now.n) % now.n
      ],
    );
  };
  const deck = handle("cards: arrow keys walk along the places", "fl-deck", {
    ArrowLeft: step(-1),
    ArrowRight: step(1),
    ArrowUp: step(-1),
    ArrowDown: step(1),
    Home: step(-64),
    End: step(64),
    PageUp: step(-64),
    PageDown: step(64),
    Enter: () => settled().card < 0 && step(0)(),
    Escape: () => state.set({ card: -1 }),
  });
  let pressed = null;
  drag(deck, area, {
    start: () => {
      pressed = null;
    },
    move: (points) => {
      const at = points.at(-1), now = settled();
      if (!pressed) {
        pressed = at;
        return state.set({ card: nearestCard(at.x) }, { live: true });
      }
      if (!betting(now, view)) return state.set({ card: nearestCard(at.x) }, { live: true });
      if (now.guess.length || Math.hypot(at.x - pressed.x, at.y - pressed.y) > 9) {
        state.set({ guess: [now.card, placeAt(at.x)] }, { live: true });
      }
    },
    end: () => state.set({}),
  });

  // hands: the guess is a tag under the places
  const guessAt = (place) => {
    const now = settled();
    if (betting(now, lookAt(now))) state.set({ guess: [now.card, clamp(place, 0, now.n - 1)] });
  };
  const guessed = () => {
    const { card, guess } = settled();
    return guess[0] === card ? guess[1] : lookAt(settled()).places[card];
  };
  const shift = (places) => () => guessAt(guessed() + places);
  const tag = handle("your guess: arrow keys move it along the places", "fl-tag", {
    ArrowLeft: shift(-1),
    ArrowRight: shift(1),
    ArrowDown: shift(-1),
    ArrowUp: shift(1),
    Home: shift(-64),
    End: shift(64),
    PageDown: shift(-8),
    PageUp: shift(8),
    Enter: shift(0),
    Escape: () => state.set({ guess: [] }),
  });
  drag(tag, area, {
    keepOffset: true,
    move: (points) => {
      const now = settled();
      if (betting(now, view)) {
        state.set({ guess: [now.card, placeAt(points.at(-1).x)] }, { live: true });
      }
    },
    end: () => state.set({}),
  });

  // hands: every view answers the pointer, in the drawing and over the handles
  const inside = (event) => {
    const frame = area.getBoundingClientRect();
    return { x: event.clientX - frame.left, y: event.clientY - frame.top };
  };
  const onSlots = ({ x, y }) =>
    x < g.table && y > g.y(g.rows) - g.tall / 2 && y < g.strip.top - 24 && betting(settled(), view);
  function cardAt({ x, y }) {
    const { matrix, strip } = g, column = Math.floor((x - matrix.x) / g.cell);
    if (x >= matrix.x && column < view.n && y >= matrix.y && y <= matrix.y + matrix.size) {
      return column;
    }
    if (x > g.table || y < 0) return -1;
    if (y >= strip.top && y <= strip.top + strip.height) {
      return settled().reading === "dealt" ? view.cards[placeAt(x)] : -1;
    }
    if (y > g.y(view.done) + g.tall / 2) {
      return view.part && y < g.y(view.done + 1) + g.tall / 2 ? nearestCard(x) : -1;
    }
    return view.rows[clamp(Math.round((y - g.y(0)) / g.gap), 0, view.done)].indexOf(placeAt(x));
  }
  area.addEventListener("pointermove", (event) => {
    const found = event.pointerType === "touch" || event.buttons ? -1 : cardAt(inside(event));
    if (found !== hover) {
      hover = found;
      figure.invalidate();
    }
    drawing.style.cursor = found >= 0 || onSlots(inside(event)) ? "pointer" : "";
  });
  area.addEventListener("pointerleave", () => {
    hover = -1;
    figure.invalidate();
  });
  drawing.addEventListener("click", (event) => {
    const at = inside(event), found = cardAt(at);
    if (onSlots(at)) {
      guessAt(placeAt(at.x));
      tag.focus({ preventScroll: true });
    } else if (found >= 0) {
      pick(found);
      deck.focus({ preventScroll: true });
    }
  });
  area.append(deck, tag);

  const controls = makeControls(state);
  const time = timeline(figure, {
    key: "deals",
    last: lastDeal,
    unit: "deal",
    names: (top) => upTo(top + 1).map((deal) => (top > 8 && deal % 2 ? "" : String(deal))),
    seconds: 1.5,
  });
  const status = sentence(figure),
    card = html("div", { class: "fl-card" }),
    bet = makeBet(figure),
    links = scenes(figure);
  figure.root.append(controls.root, area, time.root, status.root, card, bet.root, links.root);

  function structure(now) {
    const key = JSON.stringify([wide, now.n, now.rounds]);
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(wide, now);
    for (const sheet of [drawing, objects]) {
      sheet.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    }
    drawing.style.height = objects.style.height = area.style.height = `${g.height}px`;
    const { matrix, strip, braid } = g,
      middle = (frame) => [frame.x + frame.size / 2, frame.y + frame.size / 2];
    put(
      "frame",
      box(...middle(matrix), matrix.size, matrix.size) +
        box(g.table / 2, strip.top + strip.height / 2, g.table - 8, strip.height),
    );
    put("diagonal", line(matrix.x, matrix.y, matrix.x + matrix.size, matrix.y + matrix.size));
    const named = upTo(now.n).filter((place) => place % g.every === 0);
    const text = (x, y, anchor, content, className = "") =>
      svg("text", { x, y, "text-anchor": anchor, class: className }, content);
    texts.replaceChildren(
      ...named.map((place) => text(g.x(place), g.foot + 15, "middle", String(place))),
      ...named.map((place) =>
        text(
          g.x(place),
          g.y(0) + (g.spelled ? 15 - g.tall / 2 : g.numbered ? 4 : -g.tall / 2 - 6),
          "middle",
          String(place),
          "fl-home",
        )
      ),
      text(
        matrix.x,
        matrix.y - 8,
        "start",
        g.wide ? "columns: cards, rows: places" : "card →  place ↓",
      ),
      text(8, strip.top + 14, "start", String(now.n - 1)),
      text(g.table - 8, strip.top + strip.height - 5, "end", "0"),
      text(4, strip.top - 8, "start", "", "fl-caption"),
      text(braid.x, braid.y - 16, "start", "", "fl-from"),
      text(braid.x, braid.y + braid.drop + 26, "start", "", "fl-to"),
    );
    cards = upTo(now.n).map((i) => makeFace(i));
    faces.replaceChildren(...cards.map(({ root }) => root));
    tiles = upTo(g.depth).map(() => [svg("path"), svg("path")]);
    digits.replaceChildren(...tiles.flat());
  }

  function makeFace(i) {
    const own = g.spelled
      ? [...binary(i, g.depth)].map((digit) =>
        svg("path", { d: GLYPHS[digit], class: `fl-digit fl-digit-${digit}` })
      )
      : [];
    const name = g.numbered
      ? [svg("text", { y: g.spelled ? 15 - g.tall / 2 : 4, "text-anchor": "middle" }, String(i))]
      : [];
    const plate = svg("rect", {
      x: -g.card / 2,
      y: -g.tall / 2,
      width: g.card,
      height: g.tall,
      rx: Math.min(4, g.card / 4),
    });
    return { root: svg("g", {}, plate, ...name, ...own), own };
  }

  // Every card where it is, its digits in the order of its place: those already dealt come first.
  function drawCards(now) {
    const before = view.digits[view.done], after = view.digits[view.end], chosen = pointed(now);
    cards.forEach(({ root, own }, i) => {
      const gone = view.gone[i],
        order = gone ? after : before,
        count = view.dealt + (gone > 0),
        address = binary(i, g.depth);
      const side = count ? ` fl-side-${address[order[count - 1]]}` : "";
      root.setAttribute("class", `fl-face${side}${i === chosen ? " fl-on" : ""}`);
      root.setAttribute("transform", `translate(${xOf(i).toFixed(1)} ${yOf(i).toFixed(1)})`);
      own.forEach((glyph, digit) => {
        const from = before.indexOf(digit),
          to = after.indexOf(digit),
          at = mix(from, to, along(gone));
        const aside = to < from ? Math.sin(Math.PI * gone) * g.card * 0.28 : 0; // past the others, not through them
        glyph.setAttribute(
          "transform",
          `translate(${aside.toFixed(1)} ${
            (20 + g.digit / 2 - g.tall / 2 + g.digit * at).toFixed(1)
          })`,
        );
        glyph.classList.toggle("fl-dealt", order.indexOf(digit) < count);
      });
    });
  }

  const pointed = (now) => (hover >= 0 ? hover : now.card);
  const path = (i) => {
    let d = "";
    for (let row = 0; row < view.done; row++) {
      d += thread(g.x(view.rows[row][i]), g.y(row), g.x(view.rows[row + 1][i]), g.y(row + 1));
    }
    if (view.gone[i] > 0) {
      d += thread(
        g.x(view.places[i]),
        g.y(view.done),
        g.x(view.rows[view.end][i]),
        g.y(view.done + 1),
        view.gone[i],
      );
    }
    return d;
  };
  function drawThreads(now) {
    const chosen = pointed(now);
    put("quiet", upTo(view.n).map(path).join(""));
    put("chosen", chosen < 0 ? "" : path(chosen));
    const mate = chosen >= 0 && view.done === view.depth && !view.part
      ? view.places[chosen]
      : chosen;
    put("mate", mate === chosen ? "" : path(mate));
  }
  function drawBet(now) {
    const open = betting(now, view),
      held = now.rounds === 1 && now.guess.length > 0 && (!open || now.guess[0] === now.card);
    const [of, place] = held ? now.guess : [now.card, view.places[now.card] ?? 0],
      x = clamp(g.x(place), 16, g.table - 16),
      y = g.foot + 38;
    put(
      "slots",
      [0, g.rows].map((row) =>
        upTo(view.n).map((k) => box(g.x(k), g.y(row), g.card, g.tall)).join("")
      ).join(""),
    );
    put(
      "guess",
      held || open ? box(x, y, 30, 22) + line(g.x(place), y - 11, g.x(place), g.foot + 20) : "",
    );
    layers.guess.classList.toggle("fl-held", held);
    put(
      "truth",
      held && !open ? box(g.x(view.rows[g.depth][of]), g.y(g.depth), g.card + 8, g.tall + 8) : "",
    );
    tagText.textContent = held || open ? `${of}?` : "";
    tagText.setAttribute("transform", `translate(${x.toFixed(1)} ${(y + 4.5).toFixed(1)})`);
    if (!open && tag === document.activeElement) deck.focus({ preventScroll: true });
    tag.hidden = !open;
    moveTo(tag, x, y);
    setValue(tag, {
      now: place,
      min: 0,
      max: view.n - 1,
      text: held
        ? `card ${of} to place ${place}`
        : `no guess for card ${of} yet; arrow keys make one`,
    });
  }
  function drawMatrix(now) {
    const { matrix, cell } = g, chosen = pointed(now), r = Math.max(1.6, Math.min(5, cell * 0.46));
    const at = (i) => mix(view.places[i], view.rows[view.end][i], along(view.gone[i]));
    put("dots", upTo(view.n).map((i) => square(g.across(i), g.down(at(i)), r)).join(""));
    const here = chosen >= 0 && [g.across(chosen), g.down(at(chosen))];
    put(
      "cross",
      here
        ? line(here[0], matrix.y, here[0], matrix.y + matrix.size) +
          line(matrix.x, here[1], matrix.x + matrix.size, here[1])
        : "",
    );
    put("dot", here ? square(...here, r + 2.5) : "");
  }
  function drawReads(now) {
    const chosen = pointed(now), straight = now.reading === "stockham";
    const walks = straight
      ? view.reads.map((walk, h) =>
        walk.map((address, k) => [g.x(2 * k + h), g.address(address), address])
      )
      : [upTo(view.n).map((i) => [xOf(i), g.address(i), i]).sort((a, b) => a[0] - b[0])];
    const f = (value) => value.toFixed(1), r = view.n > 32 ? 1.4 : 2;
    put(
      "reads",
      walks.map((walk) => `M${walk.map(([x, y]) => `${f(x)} ${f(y)}`).join("L")}`).join(""),
    );
    put("marks", walks.flat().map(([x, y]) => square(x, y, r)).join(""));
    put(
      "mark",
      walks.flat().filter(([, , address]) => address === chosen).map(([x, y]) =>
        square(x, y, r + 3)
      ).join(""),
    );
    const wide_ = g.table > 380, hop = shown(view.hop);
    return straight
      ? (wide_
        ? "Reads of a Stockham stage: two at a time, each 1 address further on"
        : "Stockham reads two at a time, straight on")
      : (wide_
        ? `Addresses read, from left to right: each ${hop} from the one before, on average`
        : `Reads: each ${hop} from the one before`);
  }
  function drawBraid(now) {
    const chosen = pointed(now),
      { braid, depth } = g,
      part = chosen < 0 ? 0 : along(view.gone[chosen]);
    const x = (position) => braid.x + braid.tile * (position + 0.5),
      y = braid.y + braid.drop,
      address = chosen < 0 ? "" : binary(chosen, depth);
    const parts = { slide: "", "slide-zero": "", "slide-one": "" };
    tiles.forEach((pair, digit) => {
      const from = view.digits[view.done].indexOf(digit),
        to = view.digits[view.end].indexOf(digit),
        at = x(mix(from, to, part));
      const dealt = (part ? to : from) < view.dealt + (part > 0),
        name = !dealt ? "slide" : address[digit] === "1" ? "slide-one" : "slide-zero";
      parts[name] += address && thread(x(digit), braid.y + 11, at, y - 11);
      for (const glyph of pair) {
        glyph.setAttribute("d", address && GLYPHS[address[digit]]);
        glyph.setAttribute(
          "class",
          `fl-digit fl-digit-${address[digit]}${dealt ? " fl-dealt" : ""}`,
        );
      }
      pair[0].setAttribute("transform", `translate(${x(digit).toFixed(1)} ${braid.y}) scale(1.5)`);
      pair[1].setAttribute("transform", `translate(${at.toFixed(1)} ${y.toFixed(1)}) scale(1.5)`);
    });
    for (const [name, d] of Object.entries(parts)) put(name, d);
    put(
      "tiles",
      address &&
        upTo(depth).map((k) =>
          box(x(k), braid.y, braid.tile - 4, 22) + box(x(k), y, braid.tile - 4, 22)
        ).join(""),
    );
    return address;
  }
  function drawHandles(now) {
    const at = now.card < 0
      ? "no card chosen; Enter chooses one"
      : `card ${now.card}, ${binary(now.card, g.depth)}, at place ${view.places[now.card]}, ${
        binary(view.places[now.card], g.depth)
      }`;
    setValue(deck, {
      now: now.card < 0 ? 0 : view.places[now.card],
      min: 0,
      max: view.n - 1,
      text: at,
    });
    const tall = Math.max(28, g.tall);
    Object.assign(deck.style, {
      width: `${g.table}px`,
      height: `${tall}px`,
      transform: `translateY(${(g.y(now.deals) - tall / 2).toFixed(1)}px)`,
    });
  }

  return {
    layout: (width) => {
      wide = width;
    },
    view: lookAt,
    draw(latest, now) {
      view = latest;
      if (hover >= view.n) hover = -1;
      structure(now);
      const chosen = pointed(now),
        say = (name, text) => {
          const label = texts.querySelector(name);
          if (label.textContent !== text) label.textContent = text;
        };
      drawThreads(now);
      drawCards(now);
      drawBet(now);
      drawMatrix(now);
      drawHandles(now);
      say(".fl-caption", drawReads(now));
      const address = drawBraid(now);
      say(".fl-from", address && `card ${chosen} is ${address}`);
      say(".fl-to", address && `its place is ${view.places[chosen]}`);
      controls.show(now);
      time.show(now.deals, `${shown(Math.round(now.deals * 10) / 10)} of ${view.last} deals`);
      status.say(describe({ ...now, card: chosen }, view), describe(now, view));
      card.textContent = now.reading === "stockham" ? fact(facts) : "";
      bet.show(now, view);
      links.show();
    },
  };
}

// What sorting costs a deck too long to draw; Python has counted.
function fact({ n, travel, hop }) {
  return `Of ${
    n.toLocaleString("en")
  } cards dealt like these, one lies ${travel} places from home on average, and is read ${hop} addresses from the one before.`;
}

// A bet before the deals, its answer after them, and the same deals once more; never scored.
function makeBet(figure) {
  const { state } = figure, words = html("span");
  const again = press("Deal the deck again", () => {
    state.set({ rounds: 2 });
    if (reducedMotion()) state.set({ deals: lastDeal(state.read()) });
    else figure.play();
  });
  return {
    root: html("div", { class: "fl-bet" }, words, again),
    show(now, view) {
      const [of, place] = now.guess,
        open = now.rounds === 1 && now.deals < view.depth,
        mine = now.guess.length > 0 && (!open || of === now.card);
      const ask = now.card < 0
        ? `Choose a card. Where will it lie after all ${view.depth} deals?`
        : mine
        ? `You say that card ${of} will lie at place ${place}. Now press Play.`
        : `Where will card ${now.card} lie after all ${view.depth} deals? Drag it to a place, or tap the place.`;
      const answer = mine && now.rounds === 1
        ? `You said place ${place}; card ${of} lies at place ${view.rows[view.depth][of]}.`
        : "";
      words.textContent = open ? ask : answer;
      words.hidden = !words.textContent;
      again.hidden = open || now.rounds === 2;
    },
  };
}

function makeControls(state) {
  const parts = {
    n: choice("cards", DECKS.map((n) => [n, n]), (value) => state.set({ n: Number(value) })),
    rounds: choice(
      "the deck is dealt",
      [[1, "once"], [2, "twice"]],
      (value) => state.set({ rounds: Number(value) }),
    ),
    reading: choice("memory is read", [["dealt", "as the cards lie"], [
      "stockham",
      "in Stockham’s order",
    ]], (reading) => state.set({ reading })),
  };
  return {
    root: html(
      "div",
      { class: "fl-head" },
      html("div", { class: "fl-controls" }, ...Object.values(parts).map((part) => part.root)),
    ),
    show(now) {
      for (const [name, part] of Object.entries(parts)) part.show(now[name]);
    },
  };
}

function render({ model, el }) {
  const name = "bitreversal", label = "Cards dealt until one is left";
  return mountFigure({ model, el }, {
    name,
    label,
    fields: FIELDS,
    answer: "guess",
    settle,
    build,
  });
}

export default { render };
