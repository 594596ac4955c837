// The frame of a question: its field, the reply, "Ask again". `makeField(say)` returns
// { root, first, show(said), end }; `reply(said)` is what a guess is answered, `readAs(said)` what
// a page may compare. A quiz, which no fold follows, carries its answer as `told`: before a clicker
// leaves it, it is shown.
import { linked } from "./words.js";
import { press } from "../kit/controls.js";
import { focus, html } from "../kit/elements.js";
import { openStage } from "../kit/stage.js";

const asWritten = (said) => said;
export function mountQuestion(
  { model, el },
  { label, makeField, reply, told, readAs = asWritten },
) {
  const root = html("div", { class: "fl-asks", role: "group", "aria-label": label });
  root.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the keys
  root.addEventListener("keydown", (event) => event.stopPropagation());
  const answer = html("p", { class: "fl-reply", role: "status" });
  const again = press("Ask again", () => say(""), {
    class: "fl-again",
    "aria-label": `Ask again: ${label}`,
  });
  const field = makeField(say);
  root.append(field.root, answer, again);
  root.stage = {
    open: openStage,
    enlarge(around = this.around?.()) {
      return openStage(root, { step: (direction) => direction > 0 && tell(), ...around });
    },
  };
  el.append(root);

  // Only a page has addresses: elsewhere the words of a link are words.
  function piece(one) {
    if (typeof one === "string") return one;
    const [words, href] = one, onPage = root.closest(".lab-guess");
    return onPage ? html("a", { href }, words) : words;
  }
  function say(said) {
    const inside = root.contains(document.activeElement);
    model.set("said", said);
    model.save_changes();
    show();
    const detail = { said, read: readAs(said), home: el };
    root.dispatchEvent(new CustomEvent("fl-said", { bubbles: true, detail }));
    if (inside) focus(said ? again : field.first);
  }
  function tell() {
    const waits = Boolean(told) && !model.get("said");
    if (waits) say(told);
    return waits;
  }
  function show() {
    const said = model.get("said");
    field.show(said);
    answer.replaceChildren(...linked(said ? reply(said) : "").map(piece));
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
