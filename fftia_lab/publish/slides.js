// A chapter as slides: its title, its figures and questions, the answers, the headings between
// them, and what is settled. A slide is { at: where it stands on the page, host } or { at, words },
// and { at, host, scene } where words lead to a scene of a figure that stands before them.
(() => {
  const LEADS = 'a[href^="#"][href*="?"]';
  const CHAPTER = `.lab-widget, .lab-guess, .lab-answer, article section > h2, article ${LEADS}`;
  const LETTERS = 700; // on a slide; with more of them the last row could not read it
  const LINE = 60; // letters in the place of a line of output or half of a formula

  const blockWith = (...nodes) => {
    const block = document.createElement("div");
    block.className = "lab-slide";
    block.append(...nodes);
    return block;
  };
  const columnsOf = ({ textContent }) =>
    Math.max(...textContent.split("\n").map((line) => line.trimEnd().length));
  function copyOf(node) {
    const copy = node.cloneNode(true);
    const unseen = "button, .headerlink, .lab-beside, .cell_input, details, " +
      ".lab-widget, .lab-guess, .lab-plotly";
    for (const part of copy.querySelectorAll(unseen)) part.remove();
    for (const named of [copy, ...copy.querySelectorAll("[id]")]) named.removeAttribute("id");
    for (const output of copy.querySelectorAll("pre")) {
      output.style.setProperty("--lab-columns", columnsOf(output));
    }
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
  function heading(head, shown) {
    const said = opening(head);
    if (!said.length || !shown.some(({ at }) => head.parentElement.contains(at))) return [];
    return [{ at: head, words: () => blockWith(...[head, ...said].map(copyOf)) }];
  }

  function lengthOf(block) {
    const words = block.textContent.trim(),
      lines = block.querySelector("pre") ? words.split("\n") : [];
    const formulas = block.querySelectorAll("div.math, mjx-container[display]").length;
    return words && words.length + LINE * (lines.length + 2 * formulas);
  }

  // The blocks of a fold that a slide can show, in groups that stay together: what ends with a
  // colon and what it leads to. What leads to nothing is left out.
  function groupsOf(fold) {
    const groups = [];
    for (const block of fold.querySelectorAll(":scope > :not(summary)")) {
      const length = lengthOf(copyOf(block)), led = leadsOn(groups.at(-1)?.at(-1));
      if (length && led) groups.at(-1).push(block);
      else if (length) groups.push([block]);
      else if (led) groups.pop();
    }
    return groups;
  }

  // The words that ask what a field takes, with the heading if nothing else stands between.
  function questionOf(host) {
    const asked = host.closest(".cell")?.previousElementSibling ?? host.previousElementSibling;
    if (!asked?.matches("p")) return [];
    const head = asked.previousElementSibling;
    return (head?.matches("h2") ? [head, asked] : [asked]).map(copyOf);
  }

  // Of these words the question alone, which begins with “Guess”; else the name of the field.
  const GUESS = /\bGuess\b.*/s;
  function askedBy(host) {
    const said = host ? [...questionOf(host).at(-1)?.childNodes ?? []] : [];
    const first = said.findIndex(({ textContent }) => GUESS.test(textContent));
    const [begin, ...rest] = first < 0 ? [host?.dataset.name ?? ""] : said.slice(first);
    const block = document.createElement("p");
    block.className = "lab-asked";
    block.append(begin.data ? GUESS.exec(begin.data)[0] : begin, ...rest);
    return block;
  }

  // What stands behind a button, on as many slides as it needs, each below what was asked. Outputs
  // are bare numbers without it and without the words that follow.
  const isOutput = (block) => Boolean(block.querySelector("pre"));
  function answer(fold, question) {
    const slides = [], asked = askedBy(question), whole = LETTERS - lengthOf(asked);
    let room = 0;
    for (const group of groupsOf(fold)) {
      const length = group.reduce((sum, block) => sum + lengthOf(copyOf(block)), 0);
      const turn = room < length && !slides.at(-1)?.every(isOutput);
      if (turn) slides.push([]);
      room = (turn ? whole : room) - length;
      slides.at(-1).push(...group);
    }
    return slides.map((blocks) => ({
      at: fold,
      words: () => blockWith(askedBy(question), ...blocks.map(copyOf)),
    }));
  }

  function end(article) {
    const last = [...article.querySelectorAll("section > h2")].at(-1);
    const told = last?.textContent.startsWith("What is settled") ? next(last, "ul, ol") : null;
    return told ? [{ at: last, words: () => blockWith(copyOf(last), copyOf(told)) }] : [];
  }

  // A scene comes where words lead to it, after the answer in which they stand: so no figure tells
  // what is asked below it. A link that leads to no scene brings none.
  const stateOf = (host) => JSON.parse(host.querySelector("script").textContent).state;
  const inLink = (value) => typeof value === "object" ? JSON.stringify(value) : String(value);
  function sceneOf(link, hosts) {
    const [name, query] = decodeURI(link.getAttribute("href")).slice(1).split("?");
    const host = hosts.find(({ dataset }) => dataset.name === name);
    if (!host || !isAfter(link, host)) return null;
    const { scenes = [], ...opens } = stateOf(host), asked = new URLSearchParams(query);
    const scene = scenes.find(({ set }) =>
      [...Object.keys(set), ...asked.keys()].every((key) =>
        inLink(set[key] ?? opens[key]) === (asked.get(key) ?? inLink(opens[key]))
      )
    );
    return scene ? { at: link, host, scene, place: scenes.indexOf(scene) } : null;
  }
  // No state is linked twice on a page, so no scene is led to twice.
  function scenesLedTo(hosts) {
    const links = [...document.querySelectorAll(`article ${LEADS}:not(.lab-guess a)`)];
    return new Map(links.map((link) => [link, sceneOf(link, hosts)]).filter(([, one]) => one));
  }
  const isAfter = (link, host) =>
    host.compareDocumentPosition(link) & Node.DOCUMENT_POSITION_FOLLOWING;

  // All slides of the page. Nothing of a solution, of set-up or of how a figure is made.
  function slides(hosts) {
    const article = document.querySelector("article");
    const deck = hosts.filter((host) => host.matches(".lab-widget, .lab-guess"));
    const alone = (host) => ({ at: host, host });
    if (!article) return deck.map(alone);
    const led = scenesLedTo(deck.filter((host) => host.matches(".lab-widget")));
    const shown = [...deck.map(alone), ...led.values()];
    const within = (fold) =>
      [...led.values()].filter(({ at }) => fold.contains(at)).sort((a, b) => a.place - b.place);
    const asked = (fold) =>
      deck.findLast((host) => host.matches(".lab-guess") && isAfter(fold, host));
    const parts = [...article.querySelectorAll(CHAPTER)].flatMap((part) => {
      if (part.closest("details:not(.lab-answer)")) return [];
      if (part.localName === "h2") return heading(part, shown);
      if (part.matches(".lab-answer")) return [...answer(part, asked(part)), ...within(part)];
      if (!part.matches(LEADS)) return [alone(part)];
      return led.has(part) && !part.closest(".lab-answer") ? [led.get(part)] : [];
    });
    return [...title(article), ...parts, ...end(article)];
  }
  window.fftiaSlides = { slides, questionOf };
})();
