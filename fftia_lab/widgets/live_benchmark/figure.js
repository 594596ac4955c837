// Benchmarks on one pair of axes: what was recorded, and what the reader measures over it.
import { benchmarkDrawing } from "./drawing.js";
import { sizeHand } from "./hands.js";
import { FIELDS, makeView, settle } from "./model.js";
import { describe, deviceText, legend, pageText } from "./words.js";
import { workbench } from "./workbench.js";
import { choice, makeControls, scenes, sentence } from "../kit/controls.js";
import { html, lines } from "../kit/elements.js";
import { mountFigure } from "../kit/figure.js";

function build(figure) {
  const { model, root } = figure, drawing = benchmarkDrawing(), head = makeHead(figure);
  const area = html("div", { class: "fl-area" }, drawing.root);
  const hand = sizeHand(figure, { area, drawing }), bench = workbench(figure);
  const key = html("div", { class: "fl-key" }), card = html("div", { class: "fl-card" });
  const status = sentence(figure), links = scenes(figure);
  root.append(head.root, area, key, bench.root, status.root, card, links.root);
  model.on("change:measured", figure.invalidate);
  figure.onEnd(() => model.off("change:measured", figure.invalidate));
  return {
    view: makeView(model),
    draw(view, now) {
      drawing.draw(now, view, figure.wide);
      area.style.height = `${drawing.place().height}px`;
      hand.show(view);
      head.show(now, view);
      key.replaceChildren(...lines(legend(view)));
      bench.show(view);
      status.say(describe(now, view));
      card.textContent = pageText(view);
      links.show();
    },
  };
}

function makeHead({ state, model }) {
  const { boards, runs } = model.get("tables");
  const set = (name, kind = String) => (value) => state.set({ [name]: kind(value) });
  const parts = {
    series: choice("measured", Object.keys(boards).map((key) => [key, key]), set("series")),
    rival: choice("compare", [], set("rival")),
    quantity: choice("show", [["time", "time"], ["ratio", "ratio"]], set("quantity")),
    run: choice("recorded on", [], set("run", Number)),
  };
  const controls = makeControls(parts);
  let offered = "";
  return {
    root: controls.root,
    show(now, { rival }) {
      if (offered !== now.series) {
        offered = now.series;
        const board = boards[offered];
        parts.rival.offer(board.rivals.map((name) => [name, name]));
        parts.run.offer(board.runs.map((run, i) => [i, deviceText(runs[run].device)]));
      }
      const { runs: there } = boards[now.series];
      controls.show({ ...now, rival, run: Math.min(now.run, there.length - 1) });
      parts.run.root.hidden = there.length < 2;
    },
  };
}

function render({ model, el }) {
  const label = "Benchmarks, recorded and measured here";
  return mountFigure({ model, el }, {
    name: "livebenchmark",
    label,
    fields: FIELDS,
    settle,
    build,
  });
}

export default { render };
