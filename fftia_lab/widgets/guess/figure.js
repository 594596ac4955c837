// A question under the text that asks it. Who has guessed reads the reply, and the page opens the
// answer; "Ask again" forgets the guess.
import { mountQuestion } from "./frame.js";
import { read, understood } from "./model.js";
import { asks, HELP, replyTo } from "./words.js";
import { press } from "../kit/controls.js";
import { html } from "../kit/elements.js";

const FIELDS = ["what", "among", "answer", "unit", "near", "tempting", "why"];
let count = 0; // of the questions on this page: their fields need names of their own

function render(host) {
  const question = Object.fromEntries(FIELDS.map((name) => [name, host.model.get(name)]));
  const makeField = (say) => question.among.length ? words(question, say) : amount(question, say);
  const reply = (said) => replyTo(said, question);
  const told = question.why && question.answer;
  return mountQuestion(host, {
    label: asks(question),
    makeField,
    reply,
    told,
    readAs: (said) => read(said, question),
  });
}

// A number: a field and a button.
function amount(question, say) {
  const name = `fl-asks-${++count}`;
  const input = html("input", { id: name, type: "text", inputmode: "text", autocomplete: "off" });
  const help = html("p", { class: "fl-help", id: `${name}-help`, role: "status" });
  const root = html(
    "form",
    {},
    html("label", { for: name }, question.what),
    input,
    html("span", {}, question.unit),
    html("button", { type: "submit", "aria-label": `Guess: ${asks(question)}` }, "Guess"),
    help,
  );
  input.setAttribute("aria-describedby", help.id);
  root.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = input.value.trim();
    const fits = understood(said, question);
    help.textContent = fits ? "" : HELP;
    input.setAttribute("aria-invalid", String(!fits));
    if (fits) say(said);
  });
  return {
    root,
    first: input,
    show(said) {
      root.hidden = Boolean(said);
      input.value = said;
    },
  };
}

// A few words: a button each. A question with its own answer stands here alone and stays.
function words(question, say) {
  const buttons = question.among.map((one) => press(one, () => say(one), { class: "fl-word" }));
  const alone = Boolean(question.why), offered = html("div", { class: "fl-words" }, ...buttons);
  const asked = html(alone ? "p" : "span", { class: "fl-what" }, question.what);
  if (!alone) offered.prepend(asked);
  return {
    root: alone ? html("div", { class: "fl-quiz" }, asked, offered) : offered,
    first: buttons[0],
    show(said) {
      offered.hidden = Boolean(said);
    },
  };
}

export default { render };
