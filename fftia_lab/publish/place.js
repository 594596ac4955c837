// Where the reader is: kept while figures above still grow, found again after Back or a reload.
(() => {
  // A place is a block of the page and where its top stands in the window.
  const blocks = () => [...document.querySelectorAll("article section > :not(section)")];
  const topOf = (element) => element.getBoundingClientRect().top;

  function here() {
    const all = blocks();
    const index = all.findIndex((block) => block.getBoundingClientRect().bottom > 0);
    return index < 0 ? null : [index, Math.round(topOf(all[index]))];
  }

  function go([index, top]) {
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

  // Until a promise is kept, whatever grows moves the reader along; her own hand ends that.
  let held = null;
  function hold(keep, until) {
    held = keep;
    keep();
    until.then(() => { if (held === keep) { keep(); held = null; remember(); } });
  }
  const grown = new ResizeObserver(() => held?.());
  const release = () => { held = null; };
  for (const type of ["wheel", "touchstart", "pointerdown", "keydown"])
    addEventListener(type, release, { capture: true, passive: true });

  // The entry of the history knows the place: a new one has none, so its link is followed.
  const known = () => history.state?.place;
  function remember() {
    if (!held) history.replaceState({ ...history.state, place: here() }, "");
  }
  let timer = 0;
  addEventListener("scroll", () => {
    const address = location.href; // of another entry this is not the place
    clearTimeout(timer);
    timer = setTimeout(() => { if (location.href === address) remember(); }, 150);
  }, { passive: true });

  const heading = () => {
    try { return document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return null; }
  };
  // The page was opened, or its address has changed: go where the history or the link says.
  function arrive(figure, until) {
    const place = known(), target = heading();
    if (place) hold(() => go(place), until);
    else if (figure) hold(() => show(figure), until);
    else if (target) hold(() => target.scrollIntoView({ behavior: "instant" }), until);
    else remember();
  }
  grown.observe(document.body);
  window.fftiaPlace = { arrive };
})();
