// The frame of a question: its field, the reply, "Ask again". `makeField(say)` returns { root, first,
// show(said) }; `reply(said)` is what is answered, "" where nothing was guessed.
import { press } from "../kit/controls.js";
import { focus, html } from "../kit/elements.js";
import { openStage } from "../kit/stage.js";

export function mountQuestion({ model, el }, { label, makeField, reply }) {
  const root = html("div", { class: "fl-asks", role: "group", "aria-label": label });
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the keys
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const answer = html("p", { class: "fl-reply", role: "status" });
  const again = press("Ask again", () => say(""), { class: "fl-again" });
  const field = makeField(say);
  root.append(field.root, answer, again);
  root.stage = {
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
    answer.textContent = said ? reply(said) : "";
    again.hidden = !said;
  }
  model.on("change:said", show);
  show();
  return () => {
    model.off("change:said", show);
    field.end?.();
    root.remove();
  };
}
