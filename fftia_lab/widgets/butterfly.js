// The butterfly network, live: a signal on the left, its stages, what came out on the right.
import { ancestors } from "./wiring.js";
import { drawnSamples, minus, range, size, unit } from "./complexes.js";
import { look, signalOf, wires } from "./network.js";
import { arrow, disc, line, square } from "./marks.js";
import { complex, degrees, list, number, sub } from "./words.js";
import { listOf, oneOf, whole, wished } from "./states.js";
import { choice, clamp, drag, handle, html, mountFigure, moveTo, press, scenes, sentence, setValue, svg, timeline, toggle } from "./kit.js";

const FIELDS = ["n", "schedule", "causal", "weights", "decimation", "stage", "signal", "samples", "node", "twist", "bet"];
const SIZES = [2, 4, 8, 16, 32, 64];

// ---- state: what can be, and how to say it -----------------------------------------------------
const CHECKS = {
  n: oneOf(...SIZES), schedule: oneOf("butterfly", "shift", "benes"), causal: oneOf(true, false), weights: oneOf("fft", "average"),
  decimation: oneOf("time", "frequency"), stage: Number.isFinite, node: listOf(whole, whole), twist: listOf(whole, whole, Number.isFinite),
  bet: oneOf(0, 1, ...SIZES), samples: (value) => Array.isArray(value) && value.every(Number.isFinite),
  signal: (value, model) => value === "drawn" || Object.hasOwn(model.get("signals"), value),
};

// A wish becomes a state that can be: the FFT needs the whole butterfly, a node needs a row.
function settle(state, patch, model) {
  const next = wished(state, patch, CHECKS, model);
  if (next.weights === "fft" && (next.schedule !== "butterfly" || next.causal)) {
    const asked = patch.weights === "fft" && !("schedule" in patch) && !("causal" in patch);
    if (asked) Object.assign(next, { schedule: "butterfly", causal: false });
    else next.weights = "average";
  }
  const rewired = ["n", "schedule", "causal", "weights", "decimation"].some((name) => next[name] !== state[name]);
  const { partners } = wires(next), depth = partners.length;
  if (rewired && !("stage" in patch) && state.stage === wires(state).partners.length) next.stage = depth;
  next.stage = clamp(next.stage, 0, depth);
  const [stage, low] = next.twist, lost = next.weights !== "fft" || !(partners[stage]?.[low] > low);
  if (next.twist.length && (lost || (rewired && !("twist" in patch)))) next.twist = [];
  if (next.node.length) next.node = [Math.min(next.node[0], depth), next.node[1] % next.n];
  if (!("bet" in patch) && JSON.stringify(next.node) !== JSON.stringify(state.node)) next.bet = 0;
  next.samples = drawnSamples(next, () => signalOf(state, model.get("signals")), next.n);
  return next;
}

// How many tokens everybody has heard when `stage` stages are complete: [fewest, most].
function heardByAll(view, stage) {
  const counts = range(view.n).map((row) => ancestors(view, stage, row)[0].size);
  return [Math.min(...counts), Math.max(...counts)];
}

function describe(state, view) {
  const [thing, things] = view.fft ? ["row", "samples"] : ["token", "tokens"], called = (i) => (view.fft ? `x${sub(i)}` : String(i));
  if (state.twist.length) return describeTwist(state, view);
  const done = Math.floor(state.stage + 1e-9);
  const count = !view.fft ? "" : ` At stage ${done}, ${(done * view.n) / 2} of ${(view.depth * view.n) / 2} multiplications are done; the definition needs ${(view.n ** 2).toLocaleString("en")}.`;
  if (state.node.length) {
    const [column, row] = state.node;
    return `After ${column} of ${view.depth} stages, ${thing} ${row} ${column > done ? "will have" : "has"} heard ${view.heard.length} of the ${view.n} ${things}: ${list(view.heard.map(called))}.${count}`;
  }
  const [fewest, most] = heardByAll(view, done);
  const heard = fewest === most ? `every ${thing} has heard ${most}` : `${thing}s have heard between ${fewest} and ${most}`;
  return `After ${done} of ${view.depth} stages, ${heard} of the ${view.n} ${things}.${count}`;
}

function describeTwist(state, view) {
  const [stage, low, turn] = state.twist;
  const broken = view.wrong.length
    ? `${view.wrong.length} of ${view.n} outputs are wrong: ${list(view.wrong.map((k) => `X${sub(k)}`))}.` : "No output is wrong.";
  const guess = state.bet ? ` You said ${state.bet}.` : "";
  return `The twiddle of rows ${low} and ${view.partners[stage][low]} in stage ${stage + 1} is turned by ${degrees(turn)}. ${broken}${guess}`;
}

// ---- geometry ---------------------------------------------------------------------------------

const ROW = { 2: 64, 4: 54, 8: 42, 16: 28, 32: 16, 64: 10 };

function measure(width, state, depth) {
  const narrow = width < 480, dy = ROW[state.n], top = 34, labels = narrow ? 22 : 34, margin = narrow ? 8 : 14;
  const pad = narrow ? 38 : 96, sort = state.weights === "fft" ? (narrow ? 18 : 64) : margin;
  const before = state.decimation === "time" ? sort : margin, after = state.decimation === "time" ? margin : sort;
  const first = pad + labels + before, last = width - pad - labels - after, gap = (last - first) / Math.max(depth, 1);
  return {
    width, narrow, dy, pad, labels, first, last, gap, height: top + dy * (state.n - 1) + 30,
    radius: Math.max(2, Math.min(narrow ? 10 : 13, dy * 0.4, gap * 0.3)), x: (column) => first + gap * column, y: (row) => top + dy * row,
    left: pad + labels - 4, right: width - pad - labels + 4, every: state.n > 32 ? 8 : state.n > 16 ? 4 : 1,
  };
}

function joints(g, stage, rows, partners) { // wires into `rows` of column stage + 1
  let own = "", cross = "";
  const x1 = g.x(stage) + g.radius, x2 = g.x(stage + 1) - g.radius;
  for (const i of rows) {
    const partner = partners[stage][i];
    own += line(x1, g.y(i), x2, g.y(i));
    if (partner !== i) cross += line(x1, g.y(partner), x2, g.y(i));
  }
  return [own, cross];
}

// Where the twiddle of a pair sits: before the crossing in time, after it in frequency.
function twiddlePlace(g, state, { stage, high }) {
  return { x: g.x(stage) + g.gap * (state.decimation === "time" ? 0.26 : 0.74), y: g.y(high) };
}

// ---- figure -----------------------------------------------------------------------------------

function build(figure) {
  const { model, state } = figure, signals = model.get("signals");
  const path = (className) => svg("path", { class: className });
  const layers = {};
  for (const name of ["quiet", "sort", "own", "cross", "broken", "marks", "shell", "empty", "ghost", "arrows", "arriving", "travel-own", "travel-cross", "bars", "bar-on", "bars-right", "bars-ghost", "bars-wrong", "crosses", "dial", "dial-arm", "ring"])
    layers[name] = path(`fl-${name}`);
  const texts = svg("g", { class: "fl-texts" });
  const drawing = svg("svg", { class: "fl-drawing", role: "img", "aria-label": "wiring diagram; its state is told below" }, ...Object.values(layers), texts, layers.dial, layers["dial-arm"]);
  const area = html("div", { class: "fl-area" }, drawing);

  let g = null, view = null, drawnFor = "", hover = null, padRow = 0;
  const settled = () => state.read();
  const seen = () => look(settled(), signals); // hands act on the state, which may be ahead of the drawing
  const pin = (column, row) => state.set({ node: [column, row] });

  // hands: the signal is drawn on its own bars
  const setSamples = (changes, live) => {
    const samples = [...seen().x];
    for (const [row, value] of changes) samples[row] = clamp(Math.round(value * 20) / 20, -1, 1);
    state.set({ signal: "drawn", samples }, { live });
  };
  const setSample = (value) => () => setSamples([[padRow, value]], false);
  const nudge = (change) => () => setSamples([[padRow, seen().x[padRow] + change]], false);
  const walk = (change) => () => { padRow = clamp(padRow + change, 0, settled().n - 1); figure.invalidate(); };
  const pad = handle("signal: up and down choose the sample, left and right change it", "fl-pad", {
    ArrowUp: walk(-1), ArrowDown: walk(1), ArrowLeft: nudge(-0.1), ArrowRight: nudge(0.1),
    Home: setSample(-1), End: setSample(1), PageUp: walk(-64), PageDown: walk(64),
  });
  for (const type of ["focus", "blur"]) pad.addEventListener(type, () => figure.invalidate());
  let last = null; // a fast stroke jumps over rows: they are filled in between
  drag(pad, area, {
    start: () => { last = null; },
    move: (points) => {
      const changes = [];
      for (const { x, y } of points) {
        const row = clamp(Math.round((y - g.y(0)) / g.dy), 0, settled().n - 1), value = (2 * x) / g.pad - 1;
        const from = last ?? { row, value }, steps = Math.max(1, Math.abs(row - from.row));
        for (let step = 1; step <= steps; step++)
          changes.push([Math.round(from.row + ((row - from.row) * step) / steps), from.value + ((value - from.value) * step) / steps]);
        last = { row, value };
        padRow = row;
      }
      setSamples(changes, true);
    },
    end: () => state.set({}),
  });

  // hands: a node is chosen by pointing, kept by pressing, walked with the arrows
  const nearest = (event) => {
    const box = area.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const column = Math.round((x - g.first) / g.gap), row = Math.round((y - g.y(0)) / g.dy);
    const inside = column >= 0 && column <= view.depth && row >= 0 && row < view.n && Math.abs(x - g.x(column)) < Math.max(16, g.radius * 1.8);
    return inside ? [column, row] : null;
  };
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const found = nearest(event);
    if (String(found) !== String(hover)) { hover = found; figure.invalidate(); }
    drawing.style.cursor = found ? "pointer" : "";
  });
  drawing.addEventListener("pointerleave", () => { hover = null; figure.invalidate(); });
  drawing.addEventListener("click", (event) => {
    if (turnByTap(event)) return;
    const found = nearest(event) ?? nearestTwiddle(event);
    if (found) { pin(...found); cursor.focus({ preventScroll: true }); }
  });
  function nearestTwiddle(event) {
    const box = area.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    const found = view.pairs.find((pair) => {
      const place = twiddlePlace(g, settled(), pair);
      return Math.hypot(place.x - x, place.y - y) < Math.max(12, g.dy / 2);
    });
    return found ? [found.stage + 1, found.high] : null;
  }
  const go = (columns, rows) => () => {
    const { node, n } = settled(), { depth } = seen(), [column, row] = node.length ? node : [depth, 0];
    pin(clamp(column + columns, 0, depth), Math.abs(rows) > 1 ? clamp(row + rows, 0, n - 1) : (row + rows + n) % n);
  };
  const cursor = handle("chosen node: arrow keys walk", "fl-cursor", {
    ArrowLeft: go(-1, 0), ArrowRight: go(1, 0), ArrowUp: go(0, -1), ArrowDown: go(0, 1),
    Home: go(-64, 0), End: go(64, 0), PageUp: go(0, -64), PageDown: go(0, 64),
    Enter: go(0, 0), Escape: () => state.set({ node: [] }),
  });
  cursor.addEventListener("click", () => { if (!settled().node.length) go(0, 0)(); });

  // hands: the twiddle of the chosen pair is a dial
  const turnBy = (turns) => () => turnTo((seen().pair?.extra ?? 0) + turns, false);
  const turnTo = (extra, live) => {
    const { pair } = seen();
    if (!pair) return; // the node was let go of in the meantime
    const { stage, low } = pair;
    let turn = extra - Math.round(extra);
    turn = Math.round(turn * 72) / 72; // steps of five degrees
    state.set({ twist: turn ? [stage, low, turn] : [] }, { live });
  };
  const dial = handle("twiddle", "fl-dial-handle", {
    ArrowUp: turnBy(5 / 360), ArrowRight: turnBy(5 / 360), ArrowDown: turnBy(-5 / 360), ArrowLeft: turnBy(-5 / 360),
    PageUp: turnBy(45 / 360), PageDown: turnBy(-45 / 360), Home: () => turnTo(0, false), End: () => turnTo(0.5, false), Escape: () => turnTo(0, false),
  });
  drag(dial, area, {
    keepOffset: true,
    move: (points) => turnTowards(points.at(-1), true),
    end: () => state.set({}),
  });
  const turnTowards = ({ x, y }, live) => {
    if (!view.pair) return;
    const centre = dialCentre();
    turnTo(Math.atan2(centre.y - y, x - centre.x) / (2 * Math.PI) - view.pair.turns, live);
  };
  function turnByTap(event) { // the ring answers a tap, for hands that cannot drag
    if (!view.pair) return false;
    const box = area.getBoundingClientRect(), at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const centre = dialCentre(), inside = Math.hypot(at.x - centre.x, at.y - centre.y) <= dialRadius() + 6;
    if (inside) turnTowards(at, false);
    return inside;
  }
  const dialRadius = () => clamp(g.gap / 2 - g.radius - 5, 16, 27);
  const dialCentre = () => ({ x: g.x(view.pair.stage) + g.gap / 2, y: clamp(g.y(view.pair.high), dialRadius() + 6, g.height - dialRadius() - 6) });

  area.append(pad, cursor, dial);
  const controls = makeControls(state, signals);
  const time = timeline(figure, {
    key: "stage", last: (now) => wires(now).partners.length,
    names: (top) => range(top + 1).map((stop) => (stop ? String(stop) : "in")),
  });
  const status = sentence(figure), card = html("div", { class: "fl-card" }), bet = makeBet(state), links = scenes(figure);
  figure.root.append(controls.root, area, time.root, status.root, card, bet.root, links.root);

  let wide = 0;
  const layout = (width) => { wide = width; };

  function structure(now) {
    const key = JSON.stringify([wide, now.n, now.schedule, now.causal, now.weights, now.decimation]);
    if (key === drawnFor) return;
    drawnFor = key;
    g = measure(wide, now, view.depth);
    drawing.setAttribute("viewBox", `0 0 ${g.width} ${g.height}`);
    drawing.style.height = area.style.height = `${g.height}px`;
    const all = range(now.n), put = (name, d) => layers[name].setAttribute("d", d);
    put("quiet", range(view.depth).map((stage) => joints(g, stage, all, view.partners).join("")).join(""));
    const before = g.left + 4, after = g.right - 4;
    layers.quiet.style.strokeOpacity = now.n > 16 ? 0.55 : 1; // crowded wires must not turn into a wall
    put("sort", all.map((row) => line(before, g.y(view.inOrder[row]), g.x(0) - g.radius, g.y(row))
      + line(g.x(view.depth) + g.radius, g.y(row), after, g.y(view.outOrder[row]))).join(""));
    const marks = view.pairs.map((pair) => twiddlePlace(g, now, pair)).map(({ x, y }) => square(x, y, Math.min(5, g.dy * 0.3)));
    put("marks", marks.join(""));
    texts.replaceChildren(...labels(now));
    Object.assign(pad.style, { left: "0px", top: `${g.y(0) - g.dy / 2}px`, width: `${g.pad}px`, height: `${g.dy * now.n}px` });
  }

  function labels(now) {
    const text = (x, y, anchor, content, className = "") => svg("text", { x, y, "text-anchor": anchor, class: className }, content);
    const rows = range(now.n).filter((row) => row % g.every === 0);
    const stride = (stage) => (g.gap > 74 ? `stride ${view.strides[stage]}` : String(view.strides[stage]));
    const angles = now.n <= 8 && g.gap > 74 ? view.pairs : [];
    return [
      ...rows.map((row) => text(g.left, g.y(row) + 4, "end", view.fft ? `x${sub(row)}` : String(row), "fl-label")),
      ...rows.map((row) => text(g.right, g.y(row) + 4, "start", view.fft ? `X${sub(row)}` : String(row), "fl-label")),
      ...range(view.depth).map((stage) => text(g.x(stage) + g.gap / 2, 14, "middle", stride(stage), "fl-stride")),
      ...angles.map((pair) => {
        const { x, y } = twiddlePlace(g, now, pair);
        return text(x, y - 8, "middle", degrees(pair.turns), "fl-angle");
      }),
    ];
  }

  function drawValues(now) {
    const done = Math.floor(now.stage + 1e-9), part = now.stage - done, all = range(now.n);
    const shells = [], empties = [], arrows = [], arriving = [], ghosts = [];
    for (let column = 0; column <= view.depth; column++) {
      const largest = Math.max(1e-12, ...view.truth[column].map(size));
      for (const row of all) {
        const x = g.x(column), y = g.y(row), value = view.columns[column][row], true_ = view.truth[column][row];
        (column <= done ? shells : empties).push(disc(x, y, g.radius));
        if (column > done + 1 || (column === done + 1 && !part)) continue;
        const length = g.radius * 1.15 * (size(value) / largest);
        (column <= done ? arrows : arriving).push(arrow(x, y, value, Math.min(length, g.radius * 1.6)));
        if (column <= done && size(minus(value, true_)) > 1e-9 * largest) ghosts.push(arrow(x, y, true_, g.radius * 1.15 * (size(true_) / largest)));
      }
    }
    const put = (name, parts) => layers[name].setAttribute("d", parts.join(""));
    put("shell", shells); put("empty", empties); put("arrows", arrows); put("arriving", arriving); put("ghost", ghosts);
    layers.arriving.style.opacity = part * part;
    const own = [], cross = [], r = Math.max(1.6, Math.min(4, g.dy / 7));
    if (part) for (const row of all) {
      const partner = view.partners[done][row], x = g.x(done) + g.gap * part;
      own.push(disc(x, g.y(row), r));
      if (partner !== row) cross.push(square(x, g.y(partner) + (g.y(row) - g.y(partner)) * part, r * 1.3));
    }
    put("travel-own", own); put("travel-cross", cross);
  }

  function drawBars(now) {
    const middle = g.pad / 2, reach = middle - 3, thick = Math.max(1.5, Math.min(9, g.dy * 0.4)) / 2;
    const bar = (x0, x1, y) => `M${x0.toFixed(1)} ${(y - thick).toFixed(1)}H${x1.toFixed(1)}v${(2 * thick).toFixed(1)}H${x0.toFixed(1)}z`;
    const on = document.activeElement === pad ? g.y(padRow) : null, tall = Math.max(thick + 3, g.dy / 2 - 1);
    layers["bar-on"].setAttribute("d", on === null ? "" : `M2 ${on - tall}H${g.pad - 2}v${2 * tall}H2z`);
    layers.bars.setAttribute("d", range(now.n).map((k) => bar(middle, middle + (view.x[k] || 0.01) * reach, g.y(k))).join("") + line(middle, g.y(0) - g.dy / 2, middle, g.y(now.n - 1) + g.dy / 2));
    const shown = now.stage >= view.depth, start = view.fft ? g.width - g.pad + 4 : g.width - g.pad / 2, wide_ = view.fft ? g.pad - 8 : reach;
    const length = (value) => (view.fft ? size(value) / view.scale : value[0]) * wide_;
    const clip = (value) => clamp(length(value) || 0.5, -wide_, wide_);
    const bars = (ks, values) => ks.map((k) => bar(start, start + clip(values[k]), g.y(k))).join("");
    const wrong = new Set(view.wrong), all = range(now.n);
    layers["bars-right"].setAttribute("d", (shown ? bars(all.filter((k) => !wrong.has(k)), view.outputs) : "") + line(start, g.y(0) - g.dy / 2, start, g.y(now.n - 1) + g.dy / 2));
    layers["bars-wrong"].setAttribute("d", shown ? bars(view.wrong, view.outputs) : "");
    layers["bars-ghost"].setAttribute("d", shown ? bars(view.wrong, view.right) : "");
    const c = Math.min(4, g.dy * 0.3), at = g.right - 10;
    layers.crosses.setAttribute("d", shown ? view.wrong.map((k) => line(at - c, g.y(k) - c, at + c, g.y(k) + c) + line(at - c, g.y(k) + c, at + c, g.y(k) - c)).join("") : "");
  }

  function drawCone(now) {
    const chosen = hover ?? (now.node.length ? now.node : null), own = [], cross = [], broken = [];
    const done = Math.floor(now.stage + 1e-9), part = now.stage - done;
    if (chosen) {
      const cone = ancestors(view, ...chosen);
      for (let stage = 0; stage < chosen[0]; stage++) { const [o, c] = joints(g, stage, cone[stage + 1], view.partners); own.push(o); cross.push(c); }
    } else if (part) { const [o, c] = joints(g, done, range(now.n), view.partners); own.push(o); cross.push(c); }
    if (view.broken) for (let stage = now.twist[0] + 1; stage < view.depth; stage++)
      for (const i of view.broken[stage + 1]) {
        const partner = view.partners[stage][i], x1 = g.x(stage) + g.radius, x2 = g.x(stage + 1) - g.radius;
        for (const from of [i, partner]) if (view.broken[stage].has(from)) broken.push(line(x1, g.y(from), x2, g.y(i)));
      }
    layers.own.setAttribute("d", own.join(""));
    layers.cross.setAttribute("d", cross.join(""));
    layers.broken.setAttribute("d", broken.join(""));
    layers.ring.setAttribute("d", chosen ? disc(g.x(chosen[0]), g.y(chosen[1]), g.radius + 4) : "");
  }

  function drawHandles(now) {
    const [column, row] = now.node.length ? now.node : [view.depth, 0];
    moveTo(cursor, g.x(column), g.y(row));
    const value = view.columns[column][row];
    setValue(cursor, { now: row, min: 0, max: now.n - 1, text: now.node.length
      ? `stage ${column}, row ${row}: value ${complex(value)}; has heard ${view.heard.length} of ${now.n}: ${list(view.heard)}` : "no node chosen; Enter chooses one" });
    padRow = Math.min(padRow, now.n - 1);
    setValue(pad, { now: number(view.x[padRow]).replace("−", "-"), min: -1, max: 1, text: `sample ${padRow}: ${number(view.x[padRow])}` });
    if (!view.pair && dial === document.activeElement) cursor.focus({ preventScroll: true });
    dial.hidden = !view.pair;
    for (const name of ["dial", "dial-arm"]) layers[name].style.display = view.pair ? "" : "none";
    if (!view.pair) return;
    const centre = dialCentre(), r = dialRadius(), w = unit(view.pair.turns + view.pair.extra), right = unit(view.pair.turns);
    layers.dial.setAttribute("d", disc(centre.x, centre.y, r) + line(centre.x, centre.y, centre.x + right[0] * r, centre.y - right[1] * r));
    layers["dial-arm"].setAttribute("d", line(centre.x, centre.y, centre.x + w[0] * r, centre.y - w[1] * r));
    moveTo(dial, centre.x + w[0] * r, centre.y - w[1] * r);
    dial.setAttribute("aria-label", `twiddle of rows ${view.pair.low} and ${view.pair.high}, stage ${view.pair.stage + 1}`);
    const angle = Math.round((view.pair.turns + view.pair.extra) * 360);
    setValue(dial, { now: angle, min: -360, max: 360, text: `${angle}°; right is ${Math.round(view.pair.turns * 360)}°` });
  }

  return {
    layout,
    view: (now) => look(now, signals),
    draw(latest, now) {
      view = latest;
      if (hover && (hover[0] > view.depth || hover[1] >= view.n)) hover = null;
      structure(now);
      drawBars(now); drawValues(now); drawCone(now); drawHandles(now);
      const pointed = hover ? { ...now, node: hover } : now; // what the hand points at is told as well
      controls.show(now);
      time.show(now.stage, `${number(now.stage, Number.isInteger(now.stage) ? 0 : 1)} of ${view.depth} stages`);
      const told = hover ? look(pointed, signals) : view;
      status.say(describe(pointed, told), describe(now, view));
      card.replaceChildren(...formula(pointed, told));
      bet.show(now, view);
      links.show();
    },
  };
}

// The chosen node's own sum, in symbols and then in numbers.
function formula(now, view) {
  if (!now.node.length || !now.node[0]) return [];
  const [column, row] = now.node, stage = column - 1, partner = view.partners[stage][row];
  const before = view.columns[stage], out = complex(view.columns[column][row]);
  const role = (name, text) => html("span", { class: `fl-${name}` }, text);
  const own = (text) => role("self", text), other = (text) => role("partner", text);
  if (!view.fft) {
    if (partner === row) return [`token ${row} meets nobody in stage ${column} and keeps `, own(out)];
    return ["own half + partner’s half: ½ · ", own(complex(before[row])), " + ½ · ", other(complex(before[partner])), ` = ${out}`];
  }
  const { low, high, turns, extra } = view.pair, w = complex(unit(turns + extra)), isLow = row === low;
  const a = (text) => (isLow ? own(text) : other(text)), b = (text) => (isLow ? other(text) : own(text));
  const [A, B, sign] = [complex(before[low]), complex(before[high]), isLow ? "+" : "−"];
  if (now.decimation === "time") return [a("a"), ` ${sign} `, role("twiddle", "w"), " ", b("b"), " = ", a(`(${A})`), ` ${sign} `, role("twiddle", `(${w})`), " · ", b(`(${B})`), ` = ${out}`];
  if (isLow) return [a("a"), " + ", b("b"), " = ", a(`(${A})`), " + ", b(`(${B})`), ` = ${out}`];
  return ["(", a("a"), " − ", b("b"), ") ", role("twiddle", "w"), " = (", a(A), " − (", b(B), ")) · ", role("twiddle", `(${w})`), ` = ${out}`];
}

// One tap of prediction before the twiddle is touched; never scored, never in the way.
function makeBet(state) {
  const question = html("span"), answers = html("span", { class: "fl-answers", role: "group", "aria-label": "how many outputs will change" });
  const root = html("div", { class: "fl-bet" }, question, answers);
  let drawn = "";
  return {
    root,
    show(now, view) {
      root.hidden = !view.pair;
      if (!view.pair) return;
      question.textContent = now.bet ? `Your guess: ${now.bet} of ${now.n}. Now turn the dial, or press an arrow key on it.` : "Before you turn this twiddle: how many outputs will change?";
      const wanted = `${now.n}/${now.bet}`;
      if (wanted === drawn) return;
      drawn = wanted;
      const counts = range(Math.log2(now.n) + 1).map((power) => 2 ** power);
      const pressed = answers.contains(document.activeElement);
      answers.replaceChildren(...counts.map((count) => press(String(count), () => state.set({ bet: count }), { class: "fl-button", "aria-pressed": String(count === now.bet) })));
      if (pressed) answers.querySelector('[aria-pressed="true"]')?.focus();
    },
  };
}

function makeControls(state, signals) {
  const set = (name) => (value) => state.set({ [name]: value });
  const parts = {
    n: choice("N", SIZES.map((n) => [n, n]), (value) => state.set({ n: Number(value) })),
    signal: choice("signal", [...Object.keys(signals), "drawn"].map((name) => [name, name]), (name) => {
      const now = state.read();
      state.set(name === "drawn" ? { signal: name, samples: [...look(now, signals).x] } : { signal: name });
    }),
    schedule: choice("wiring", [["butterfly", "butterfly"], ["shift", "shift"], ["benes", "Beneš"]], set("schedule")),
    weights: choice("each meeting", [["fft", "FFT: ± and a twiddle"], ["average", "takes the mean of two"]], set("weights")),
    decimation: choice("decimation", [["time", "in time"], ["frequency", "in frequency"]], set("decimation")),
    causal: toggle("never hear a later one", set("causal")),
  };
  const first = html("div", { class: "fl-controls" }, parts.n.root, parts.signal.root, parts.schedule.root);
  const more = html("details", { class: "fl-more" }, html("summary", {}, "more"), html("div", { class: "fl-controls" }, parts.weights.root, parts.decimation.root, parts.causal.root));
  return {
    root: html("div", { class: "fl-head" }, first, more),
    show(now) {
      for (const [name, part] of Object.entries(parts)) part.show(now[name]);
      parts.decimation.root.hidden = now.weights !== "fft";
    },
  };
}

function render({ model, el }) {
  return mountFigure({ model, el }, { name: "butterfly", label: "The butterfly network", fields: FIELDS, settle, build });
}

export default { render };
