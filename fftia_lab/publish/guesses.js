// What a reader has guessed: it opens the answer under the question, and the page remembers it.
(() => {
  // As it was written, and at READ as the question reads it, where that differs: 32 for 2^5.
  const READ = "=";
  const key = (host, as) => `fftia-lab:${location.pathname}#${host.dataset.name}${as}`;

  // A browser may keep nothing, as of pages from disk; then a guess lasts as long as the page.
  const said = new Map();
  function kept(host, as = "") {
    try {
      return said.get(key(host, as)) ?? localStorage.getItem(key(host, as)) ?? "";
    } catch {
      return "";
    }
  }
  function keep(host, as, guess) {
    said.set(key(host, as), guess);
    try {
      if (guess) localStorage.setItem(key(host, as), guess);
      else localStorage.removeItem(key(host, as));
    } catch {
      // see above
    }
  }

  // A figure may show a guess as its bet: { name, field, value }, the value of its opening state
  // where the guess is none that it can show.
  const stateOf = (host) => JSON.parse(host.querySelector("script").textContent).state;
  function ghostOf(host) {
    const [name, field, values] = stateOf(host).ghost ?? [];
    const guess = kept(host, READ) || kept(host);
    const alike = ([one]) => one === guess || Number(one) === Number(guess);
    return {
      name,
      field,
      value: Object.entries(values ?? {}).find(guess ? alike : () => false)?.[1],
    };
  }
  function openWith(host, state) {
    for (const question of document.querySelectorAll(".lab-guess")) {
      const { name, field, value } = ghostOf(question);
      if (name === host.dataset.name && value !== undefined) state[field] = value;
    }
  }
  function tellFigure(question) {
    const { name, field, value } = ghostOf(question);
    const host = document.querySelector(`.lab-widget[data-name="${name}"]`);
    const figure = host?.querySelector(".fl-figure")?.figure;
    figure?.set({ [field]: value ?? stateOf(host)[field] });
  }

  // The fold after a question, if no other question comes first; a quiz carries its own answer.
  function answerTo(host) {
    if (host.querySelector(".fl-quiz")) return null;
    const parts = [...document.querySelectorAll("article :is(.lab-guess, .lab-answer)")];
    const next = parts[parts.indexOf(host) + 1];
    return next?.matches(".lab-answer") ? next : null;
  }

  // An enlarged question stands elsewhere; where it was mounted stays in its place.
  addEventListener("fl-said", ({ detail }) => {
    const host = detail.home.closest(".lab-guess"), answer = answerTo(host);
    keep(host, "", detail.said);
    keep(host, READ, detail.read === detail.said ? "" : detail.read);
    if (answer) answer.open = Boolean(detail.said);
    tellFigure(host);
  });
  window.fftiaGuesses = { kept, openWith };
})();
