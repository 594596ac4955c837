// Where the reader is: kept while figures above still grow, found again after Back or a reload.
(() => {
  // A place is a block of the page, where its top stands in the window, and which folds are open.
  const folds = () => [...document.querySelectorAll("article details:not(.fl-figure *)")];
  const blocks =
    () => [...document.querySelectorAll("article section > :not(section, .lab-beside)")];
  const topOf = (element) => element.getBoundingClientRect().top;

  const isInSight = (block) => block.getBoundingClientRect().bottom > 0;
  function here() {
    const all = blocks(), index = all.findIndex(isInSight);
    const open = folds().flatMap((fold, i) => (fold.open ? [i] : []));
    return index < 0 ? null : { index, top: Math.round(topOf(all[index])), open };
  }

  function go({ index, top, open }) {
    const all = folds();
    for (const i of open) if (all[i]) all[i].open = true;
    const block = blocks()[index];
    if (block) scrollBy({ top: topOf(block) - top, behavior: "instant" });
  }

  // All of a figure under the header, or its top where the window is too low for it.
  // It may wait in a fold, or in a fold of a fold.
  function show(figure) {
    for (let at = figure; at; at = at.parentElement) if (at.localName === "details") at.open = true;
    const { top, bottom, height } = figure.getBoundingClientRect();
    const header = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    const whole = height <= innerHeight - header;
    if (whole && top >= header && bottom <= innerHeight) return;
    figure.scrollIntoView({ block: whole ? "nearest" : "start", behavior: "instant" });
  }

  // What was begun in one entry of the history must not end in another.
  function sameEntry() {
    const address = location.href;
    return () => location.href === address;
  }

  // Until a promise is kept, whatever grows moves the reader along; her own hand ends that.
  let held = null;
  function hold(keep, until) {
    const inEntry = sameEntry();
    const mine = () => {
      if (inEntry()) keep();
    };
    held = mine;
    mine();
    until.then(() => {
      if (held !== mine) return;
      mine();
      held = null;
      if (inEntry()) remember();
    });
  }
  const grown = new ResizeObserver(() => held?.());
  const release = () => {
    held = null;
  };
  for (const type of ["wheel", "touchstart", "pointerdown", "keydown"]) {
    addEventListener(type, release, { capture: true, passive: true });
  }

  // The entry of the history knows the place: a new one has none, so its link is followed.
  const known = () => history.state?.place;
  function remember() {
    if (!held) history.replaceState({ ...history.state, place: here() }, "");
  }
  let timer = 0;
  function rememberSoon() {
    const inEntry = sameEntry();
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (inEntry()) remember();
    }, 150);
  }
  addEventListener("scroll", rememberSoon, { passive: true });
  addEventListener("toggle", rememberSoon, { capture: true });
  addEventListener("click", remember, { capture: true }); // it may lead away
  addEventListener("load", () => known() || remember()); // a script of Sphinx empties the entry

  const heading = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };
  // The page was opened, or its address has changed: go where the history or the link says.
  function arrive(figure, until) {
    const place = known(), target = heading();
    if (place) hold(() => go(place), until);
    else if (figure) hold(() => show(figure), until);
    else if (target) hold(() => target.scrollIntoView({ behavior: "instant" }), until);
    else remember();
  }
  // A new entry begins where the reader is.
  function stay(until) {
    const place = here();
    if (place) hold(() => go(place), until);
  }
  grown.observe(document.body);
  window.fftiaPlace = {
    arrive,
    stay,
    read: () => blocks().find(isInSight),
    show: (figure) => hold(() => show(figure), Promise.resolve()),
  };
})();
