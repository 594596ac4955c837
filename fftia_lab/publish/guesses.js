// What a reader has guessed: it opens the answer under the question, and the page remembers it.
(() => {
  const key = (host) => `fftia-lab:${location.pathname}#${host.dataset.name}`;

  // A browser may keep nothing, as of pages from disk; then a guess lasts as long as the page.
  function kept(host) {
    try {
      return localStorage.getItem(key(host)) ?? "";
    } catch {
      return "";
    }
  }
  function keep(host, said) {
    try {
      if (said) localStorage.setItem(key(host), said);
      else localStorage.removeItem(key(host));
    } catch {
      // see above
    }
  }

  // The fold after a question, if no other question comes first; a quiz carries its own answer.
  function answerTo(host) {
    if (host.querySelector(".fl-quiz")) return null;
    const parts = [...document.querySelectorAll("article :is(.lab-guess, .lab-answer)")];
    const next = parts[parts.indexOf(host) + 1];
    return next?.matches(".lab-answer") ? next : null;
  }

  addEventListener("fl-said", ({ target, detail: { said } }) => {
    const host = target.closest(".lab-guess"), answer = answerTo(host);
    keep(host, said);
    if (answer) answer.open = Boolean(said);
  });
  window.fftiaGuesses = { kept };
})();
