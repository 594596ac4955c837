// A chapter as slides: its title, its figures and questions, the answers, the headings between
// them, and what is settled. A slide is { at: where it stands on the page, host } or { at, words }.
(() => {
  const CHAPTER = ".lab-widget, .lab-guess, .lab-answer, article section > h2";
  const LETTERS = 700; // on a slide; with more of them the last row could not read it
  const LINE = 60; // letters in the place of a line of output or half of a formula

  const blockWith = (...nodes) => {
    const block = document.createElement("div");
    block.className = "lab-slide";
    block.append(...nodes);
    return block;
  };
  function copyOf(node) {
    const copy = node.cloneNode(true);
    const unseen = "button, .headerlink, .lab-beside, .cell_input, details, " +
      ".lab-widget, .lab-guess, .lab-plotly";
    for (const part of copy.querySelectorAll(unseen)) part.remove();
    for (const named of [copy, ...copy.querySelectorAll("[id]")]) named.removeAttribute("id");
    return copy;
  }
  const next = (element, selector) => {
    let found = element.nextElementSibling;
    while (found && !found.matches(selector)) found = found.nextElementSibling;
    return found;
  };

  function title(article) {
    const head = article.querySelector("h1"), text = head && next(head, "p:not(.lab-run)");
    const section = (words) => blockWith(...words.map(copyOf));
    return head ? [{ at: head, words: () => section(text ? [head, text] : [head]) }] : [];
  }

  // What a section says before it shows or asks something: a question stands with its field, and
  // where code would follow a colon nothing does here.
  function opening(head) {
    const said = [], asked = ".lab-guess, .cell:has(.lab-guess)";
    let room = LETTERS;
    for (let text = head.nextElementSibling; text?.matches("p"); text = text.nextElementSibling) {
      room -= lengthOf(copyOf(text));
      if (text.nextElementSibling?.matches(asked) || (said.length && room < 0)) break;
      said.push(text);
    }
    return leadsOn(said.at(-1)) ? said.slice(0, -1) : said;
  }
  const leadsOn = (block) => block?.textContent.trim().endsWith(":");

  // A heading is worth a slide if something is said below it and figures or questions follow.
  function heading(head, deck) {
    const said = opening(head);
    if (!said.length || !deck.some((one) => head.parentElement.contains(one))) return [];
    return [{ at: head, words: () => blockWith(...[head, ...said].map(copyOf)) }];
  }

  function lengthOf(block) {
    const words = block.textContent.trim(),
      lines = block.querySelector("pre") ? words.split("\n") : [];
    const formulas = block.querySelectorAll("div.math, mjx-container[display]").length;
    return words && words.length + LINE * (lines.length + 2 * formulas);
  }

  // What stands behind a button, on as many slides as it needs.
  function answer(fold) {
    const slides = [];
    let room = 0;
    for (const block of fold.querySelectorAll(":scope > :not(summary)")) {
      const length = lengthOf(copyOf(block)), after = block.nextElementSibling;
      if (!length || (leadsOn(block) && after && !lengthOf(copyOf(after)))) continue;
      if (room < length) slides.push([]);
      room = (room < length ? LETTERS : room) - length;
      slides.at(-1).push(block);
    }
    return slides.map((blocks) => ({ at: fold, words: () => blockWith(...blocks.map(copyOf)) }));
  }

  function end(article) {
    const last = [...article.querySelectorAll("section > h2")].at(-1);
    const told = last?.textContent.startsWith("What is settled") ? next(last, "ul, ol") : null;
    return told ? [{ at: last, words: () => blockWith(copyOf(last), copyOf(told)) }] : [];
  }

  // All slides of the page. Nothing of a solution, of set-up or of how a figure is made.
  function slides(hosts) {
    const article = document.querySelector("article");
    const deck = hosts.filter((host) => host.matches(".lab-widget, .lab-guess"));
    const alone = (host) => ({ at: host, host });
    if (!article) return deck.map(alone);
    const parts = [...article.querySelectorAll(CHAPTER)].flatMap((part) => {
      if (part.closest("details:not(.lab-answer)")) return [];
      if (part.localName === "h2") return heading(part, deck);
      return part.matches(".lab-answer") ? answer(part) : [alone(part)];
    });
    return [...title(article), ...parts, ...end(article)];
  }
  window.fftiaSlides = { slides };
})();
