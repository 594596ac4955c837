// The page on paper: light and narrow, with every figure, and closed answers at the end.
(() => {
  const page = document.documentElement;
  const ANSWERS = ".lab-fold:not([open])";

  function block(name, label, kind) {
    const element = document.createElement(name);
    element.className = kind;
    if (label) element.textContent = label;
    return element;
  }

  // What a fold answers: the exercise that is named above it, or the section.
  function asked(fold) {
    for (let at = fold.previousElementSibling; at; at = at.previousElementSibling) {
      const name = at.matches("p") && at.firstChild.localName === "strong" && at.firstChild;
      if (name && /^\d/.test(name.textContent)) return name.textContent.replace(/\.$/, "");
    }
    const heading = fold.closest("section")?.querySelector("h1, h2, h3, h4").cloneNode(true);
    heading?.querySelector(".headerlink")?.remove();
    return heading?.textContent ?? "";
  }

  // A reader who prints wants to think: what she has opened stands where it was, what she has not
  // goes to the end, as in a printed book. Returns how it is undone.
  function answersToTheEnd() {
    const article = document.querySelector("article");
    const folds = [...article?.querySelectorAll(ANSWERS) ?? []].filter((fold) =>
      !fold.parentElement.closest(ANSWERS)
    );
    if (!folds.length) return () => {};
    const end = block("section", "", "lab-end");
    end.append(block("h2", "Answers", ""));
    const homes = folds.map((fold, i) => {
      const summary = fold.querySelector("summary"), said = summary.textContent;
      const name = `${fold.matches(".lab-answer") ? "Answer" : "Solution"} ${i + 1}`;
      const place = block("div", "", "lab-answer-at-end");
      place.append(block("h3", `${name}, to “${asked(fold)}”`, ""));
      place.append(...[...fold.childNodes].filter((node) => node !== summary));
      summary.textContent = `${name} is at the end.`;
      end.append(place);
      return () => {
        summary.textContent = said;
        fold.append(...[...place.childNodes].slice(1));
      };
    });
    article.append(end);
    return () => {
      for (const home of homes) home();
      end.remove();
    };
  }

  // A figure that plays is printed at rest, and goes on afterwards.
  function atRest() {
    const figures = [...document.querySelectorAll(".fl-figure")].map((root) => root.figure);
    return figures.map((figure) => figure?.pause()).filter(Boolean);
  }

  function toPaper() {
    const { theme } = page.dataset, home = answersToTheEnd(), goOn = atRest();
    page.dataset.theme = "light";
    page.classList.add("lab-paper");
    return () => {
      for (const play of goOn) play();
      if (theme) page.dataset.theme = theme;
      page.classList.remove("lab-paper");
      home();
    };
  }

  // `start` starts every figure, `redraw` draws those that have started, at once: printing waits
  // for no frame. A page may also be shown as paper without being printed, and then there is time.
  function begin(start, redraw) {
    let back = null;
    const print = () => {
      const started = start();
      if (!back) {
        back = toPaper();
        started.then(() => back && redraw());
      }
      redraw();
    };
    const screen = () => {
      back?.();
      back = null;
      redraw();
    };
    const media = matchMedia("print");
    media.addEventListener("change", ({ matches }) => (matches ? print() : screen()));
    addEventListener("beforeprint", print);
    addEventListener("afterprint", screen);
    if (media.matches) print();
  }
  window.fftiaPaper = { begin, asked };
})();
