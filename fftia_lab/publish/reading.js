// How far a reader has come: a quiet mark beside each page in the table of contents. It is kept in
// her browser alone, for this book alone; a browser that keeps nothing shows no marks.
(() => {
  const REST = 600; // milliseconds on one spot; what only flies by is not read
  const book = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const key = `fftia-lab:read:${book.pathname}`;
  const nav = document.querySelector(".bd-docs-nav");
  const pageOf = (address) => address.pathname.slice(book.pathname.length);
  const here = pageOf(location);

  // Page -> { of: how many sections it has, read: { section: which of its two ends was seen } }.
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      return {};
    }
  }
  function keep(pages) {
    try {
      if (pages) localStorage.setItem(key, JSON.stringify(pages));
      else localStorage.removeItem(key);
    } catch {
      // then it is forgotten
    }
  }

  // A section is read when both its heading and the last of its own blocks have rested in sight.
  const BOTH = 3;
  const sections = [...document.querySelectorAll("article section[id]")].map((section) => {
    const own = [...section.children].filter((child) => child.localName !== "section");
    return { id: section.id, ends: [own[0], own.at(-1)] };
  });
  const inSight = (end, edge) => {
    const at = end?.getBoundingClientRect()[edge];
    return at >= -2 && at <= innerHeight + 2; // places are no whole pixels
  };

  function look() {
    if (document.visibilityState !== "visible" || document.querySelector("dialog[open]")) return;
    const pages = kept(), read = { ...pages[here]?.read };
    for (const { id, ends: [first, last] } of sections) {
      const seen = (inSight(first, "top") ? 1 : 0) | (inSight(last, "bottom") ? 2 : 0);
      if (seen) read[id] |= seen;
    }
    const known = Object.fromEntries(
      sections.filter(({ id }) => read[id]).map(({ id }) => [id, read[id]]),
    );
    const now = { of: sections.length, read: known };
    if (JSON.stringify(now) === JSON.stringify(pages[here])) return;
    keep({ ...pages, [here]: now });
    mark();
  }

  let timer = 0;
  function lookSoon() {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  }

  function element(name, kind, text = "") {
    const made = document.createElement(name);
    made.className = kind;
    made.textContent = text;
    return made;
  }

  function mark() {
    const pages = kept();
    for (const old of nav.querySelectorAll(".lab-read")) old.remove();
    for (const link of nav.querySelectorAll("a.reference.internal")) {
      const { of = 0, read = {} } = pages[pageOf(new URL(link.href))] ?? {};
      const done = Object.values(read).filter((ends) => ends === BOTH).length;
      if (!done || !of) continue;
      const sign = element("span", "lab-read");
      sign.style.setProperty("--read", done / of);
      sign.title = done === of ? "read" : `${done} of ${of} sections read`;
      sign.append(element("span", "visually-hidden", ` (${sign.title})`));
      link.append(sign);
    }
    forget.hidden = !nav.querySelector(".lab-read");
  }

  const forget = element("button", "lab-forget", "Forget what I have read");
  forget.type = "button";
  forget.addEventListener("click", () => {
    keep(null);
    mark();
    nav.querySelector("a").focus();
  });

  if (!nav) return; // a page without a table of contents has no place for marks
  nav.append(forget);
  mark();
  addEventListener("storage", mark);
  if (!sections.length) return;
  for (const type of ["scroll", "resize", "load", "visibilitychange"]) {
    addEventListener(type, lookSoon, { passive: true, capture: true });
  }
  lookSoon();
})();
