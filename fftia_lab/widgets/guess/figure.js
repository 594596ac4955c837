// A question under the text that asks it. Who has guessed reads the reply, and the page opens the
// answer; "Ask again" forgets the guess.
import { understood } from "./model.js";
import { asks, HELP, replyTo } from "./words.js";
import { press } from "../kit/controls.js";
import { focus, html } from "../kit/elements.js";
import { openStage } from "../kit/stage.js";

const FIELDS = ["what", "among", "answer", "unit", "near", "tempting"];
let count = 0; // of the questions on this page: their fields need names of their own

function render({ model, el }) {
  const question = Object.fromEntries(FIELDS.map((name) => [name, model.get(name)]));
  const root = html("div", { class: "fl-asks", role: "group", "aria-label": asks(question) });
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the keys
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const reply = html("p", { class: "fl-reply", role: "status" });
  const again = press("Ask again", () => say(""), { class: "fl-again" });
  const field = question.among.length ? words(question, say) : amount(question, say);
  root.append(field.root, reply, again);
  root.stage = {
    open: openStage,
    enlarge() {
      return openStage(root, this.around?.());
    },
  };
  el.append(root);

  function say(said) {
    const inside = root.contains(document.activeElement);
    model.set("said", said);
    model.save_changes();
    show();
    root.dispatchEvent(new CustomEvent("fl-said", { bubbles: true, detail: { said } }));
    if (inside) focus(said ? again : field.first);
  }
  function show() {
    const said = model.get("said");
    field.show(said);
    reply.textContent = said ? replyTo(said, question) : "";
    again.hidden = !said;
  }
  model.on("change:said", show);
  show();
  return () => {
    model.off("change:said", show);
    root.remove();
  };
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
    html("button", { type: "submit" }, "Guess"),
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

// A few words: a button each.
function words(question, say) {
  const buttons = question.among.map((one) => press(one, () => say(one), { class: "fl-word" }));
  const root = html("div", { class: "fl-words" }, html("span", {}, question.what), ...buttons);
  return {
    root,
    first: buttons[0],
    show(said) {
      root.hidden = Boolean(said);
    },
  };
}

export default { render };
