// What is heard of a page and not seen: what buttons that look alike belong to, and what has
// happened. A list of buttons reads "Show" ten times; each is called what it shows.
(() => {
  const said = document.createElement("output");
  said.className = "lab-said";
  const say = (words) => said.textContent = words;

  // The question that a fold answers, or the exercise or section that it stands in.
  const QUESTION = ".lab-guess, .lab-answer, article :is(h1, h2, h3)";
  function asked(fold) {
    const parts = [...document.querySelectorAll(QUESTION)].filter((part) => !part.contains(fold));
    const before = parts.findLast((part) =>
      part.compareDocumentPosition(fold) & Node.DOCUMENT_POSITION_FOLLOWING
    );
    return fold.matches(".lab-answer") && before?.dataset.name || window.fftiaPaper.asked(fold);
  }

  function nameFold(summary) {
    const words = summary.textContent.trim(), fold = summary.parentElement;
    const shown = fold.matches(".lab-answer") ? `${words} the answer` : words;
    return `${shown}: ${asked(fold)}`;
  }
  function nameCode(button) {
    const lines = button.previousElementSibling.textContent.split("\n");
    return `Copy to clipboard: ${lines.find((line) => line.trim())?.trim() ?? ""}`;
  }

  // Two of one name are numbered.
  function name(elements, nameOf) {
    const counts = new Map();
    for (const element of elements) {
      const words = nameOf(element), count = (counts.get(words) ?? 0) + 1;
      counts.set(words, count);
      element.setAttribute("aria-label", count > 1 ? `${words} (${count})` : words);
    }
  }
  const all = (selector) => document.querySelectorAll(selector);
  const FOLDS = "article details:is(.lab-fold, .hide) > summary";

  // On a phone the contents are a dialog of the theme, which forgets where the keyboard was.
  function returnFromContents() {
    let opener = null;
    addEventListener("click", ({ target }) => {
      opener = target.closest?.(".primary-toggle, .secondary-toggle") ?? opener;
    }, { capture: true });
    addEventListener("close", ({ target }) => {
      const lost = target.contains(document.activeElement) ||
        document.activeElement === document.body;
      if (opener && target.matches("dialog[id*=sidebar]") && lost) focusWithoutTip(opener);
    }, { capture: true });
  }
  // Focus that comes back asks for no name: the theme's tooltip would stand there until it goes.
  function focusWithoutTip(button) {
    const tip = window.bootstrap?.Tooltip.getInstance(button);
    tip?.hide();
    tip?.disable();
    button.focus({ preventScroll: true });
    button.addEventListener("blur", () => tip?.enable(), { once: true });
  }

  // An answer that is open can be hidden, and its button says so.
  function sayWhatItDoes({ target: fold }) {
    if (!fold.matches(".lab-answer")) return;
    const [button] = fold.children, [was, is] = fold.open ? ["Show", "Hide"] : ["Hide", "Show"];
    const heard = button.getAttribute("aria-label");
    button.textContent = button.textContent.replace(was, is);
    button.setAttribute("aria-label", heard.replace(was, is));
  }

  function begin() {
    returnFromContents();
    document.body.append(said);
    name(all(FOLDS), nameFold);
    addEventListener("toggle", sayWhatItDoes, { capture: true });
    addEventListener("load", nameCopies); // another script makes them once the page is read
  }
  function nameCopies() {
    name(all(".copybtn"), nameCode);
    const told = new MutationObserver(([{ target, oldValue }]) => {
      const { tooltip } = target.dataset;
      if (oldValue && tooltip !== "Copy") say(tooltip);
    });
    for (const button of all(".copybtn")) {
      told.observe(button, { attributeFilter: ["data-tooltip"], attributeOldValue: true });
    }
  }
  window.fftiaHeard = { begin, say };
})();
