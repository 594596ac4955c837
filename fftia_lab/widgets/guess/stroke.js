// A question that is answered by a curve: drawn over the axes, kept as a ghost beside the true one.
import { compared, DRAW, missingText } from "./compared.js";
import { curveIn, filled, isWhole, written } from "./curve.js";
import { mountQuestion } from "./frame.js";
import { makePlot } from "./plot.js";
import { press, row } from "../kit/controls.js";
import { html } from "../kit/elements.js";

const FIELDS = ["what", "across", "up", "log", "x", "low", "high", "curves", "given"];
const JUDGED = ["tempting", "near"];

function render(host) {
  const names = [...FIELDS, ...JUDGED];
  const question = Object.fromEntries(names.map((name) => [name, host.model.get(name)]));
  return mountQuestion(host, {
    label: `${question.what}: ${DRAW}`,
    makeField: (say) => curveField(question, say),
    reply: (said) => compared(said, question),
  });
}

function curveField(question, say) {
  const empty = () => question.x.map(() => null);
  let values = empty();
  const help = html("p", { class: "fl-help", role: "status" });
  const plot = makePlot(question, (changes) => {
    for (const [place, value] of changes) values[place] = value;
    help.textContent = "";
    plot.show(filled(values, question), false);
  });
  const done = press("That is my guess", () => {
    const whole = filled(values, question);
    help.textContent = isWhole(whole) ? "" : missingText(values, question);
    if (isWhole(whole)) say(written(whole));
  });
  const clear = press("Clear", () => {
    values = empty();
    plot.show(values, false);
  });
  const buttons = row(done, clear);
  const root = html(
    "div",
    { class: "fl-stroke" },
    html("p", { class: "fl-what" }, `${question.what}: ${DRAW}`),
    plot.root,
    buttons,
    help,
  );
  return {
    root,
    first: plot.pad,
    end: plot.end,
    show(said) {
      const drawn = curveIn(said, question);
      values = drawn ?? empty();
      root.hidden = Boolean(said) && !drawn; // drawn over other axes: it can only be asked again
      buttons.hidden = Boolean(said);
      plot.show(values, Boolean(drawn));
    },
  };
}

export default { render };
