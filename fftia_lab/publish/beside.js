// A sentence sets a figure that is out of sight: a small copy of it stands beside the sentence.
// So it is with buttons of a figure that is higher than the window.
// It is a second view of the same widget, so it shows the same and its hands work.
(() => {
  const ROOM = { least: 270, most: 380, gap: 16 }; // pixels of a margin that can hold a copy
  // A phone on its side: the page has no contents at its left, and figures a width of their own.
  const LOW = matchMedia("(max-height: 500px) and (min-width: 640px) and (max-width: 959px)");
  const LETTERS = 11; // pixels that letters of its drawing shall have
  const LEAST = 140; // pixels of height without which a drawing shows nothing
  const ASKS = /[?&]ask=\w/; // words that say that the figure takes a bet
  const DRAWINGS = ":is(.fl-area, .fl-second)";
  const sum = (all, part) => all.reduce((whole, one) => whole + part(one), 0);
  let asked = null, standing = null, goOn = null, laidOut = null;

  // ---- which link, if any, wants a copy ---------------------------------------------------------
  const topOfPage = () =>
    document.querySelector(".bd-header-article")?.getBoundingClientRect().bottom ?? 0;

  // A sentence may be about any part of a drawing; who presses a control stands at its figure.
  const ENOUGH = { sentence: 0.6, control: 1 / 3 };
  function inSight(host, enough = ENOUGH.sentence) {
    if (!host.checkVisibility()) return false;
    const drawings = [...host.querySelectorAll(DRAWINGS)], above = topOfPage();
    const boxes = (drawings.length ? drawings : [host]).map((one) => one.getBoundingClientRect());
    const shown = sum(
      boxes,
      ({ top, bottom }) => Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, above)),
    );
    return shown >= enough * Math.min(sum(boxes, (box) => box.height), innerHeight - above);
  }

  function onScreen(link) {
    const { top, bottom } = link.getBoundingClientRect();
    return link.checkVisibility() && bottom > topOfPage() && top < innerHeight;
  }

  // The link that was pressed, or in an entry of the history that had a copy the one that is read.
  function pressed() {
    const link = asked;
    asked = null;
    return link?.hash === location.hash ? link : null;
  }
  function wanting(host, link) {
    if (!host || inSight(host)) return null;
    if (link || !history.state?.beside) return link;
    const links = [...document.querySelectorAll('article a[href^="#"]')];
    return links.find((one) => one.hash === location.hash && onScreen(one)) ?? null;
  }

  addEventListener("click", (event) => {
    const { target, button, altKey, ctrlKey, metaKey, shiftKey } = event;
    const link = target.closest?.('article a[href^="#"]:not(.fl-figure a)');
    if (!link || button || altKey || ctrlKey || metaKey || shiftKey) return;
    asked = link;
    if (link.hash !== location.hash) return;
    event.preventDefault(); // the address stays, so nobody would hear of it
    goOn?.();
  }, { capture: true });

  // ---- which control wants one ------------------------------------------------------------------
  const CONTROLS = ".lab-widget .fl-figure :is(button, select, input):not(.fl-tool, .fl-area *)";

  // After the figure has answered: its row stays where a button may go.
  function act({ target, type }) {
    const control = target.closest?.(CONTROLS);
    if (!control || (type === "click") !== (control.localName === "button")) return;
    const host = control.closest(".lab-widget");
    const row = [...host.querySelectorAll(".fl-figure > *")].find((one) => one.contains(control));
    if (row && standing?.host !== host && !inSight(host, ENOUGH.control)) open(host, row);
  }
  for (const type of ["click", "change"]) addEventListener(type, act);

  // ---- the copy ---------------------------------------------------------------------------------
  async function open(host, link) {
    close();
    const copy = document.createElement("aside");
    copy.className = "lab-beside fl-small";
    copy.classList.toggle("fl-asking", ASKS.test(link.hash));
    copy.append(button("Go to the figure", () => goTo(host)), button("Close", () => leave(), "×"));
    const after = link.closest("p, ul, ol, dl, table, .cell") ?? link;
    (host.contains(link) ? host : after).after(copy);
    const mine = standing = { copy, host, link, endings: [() => copy.remove()] };
    const unmount = await begun(mine);
    if (standing !== mine) return unmount?.();
    mine.endings.unshift(unmount);
    label(copy);
    watch(mine);
    place(mine);
    keep(!host.contains(link));
    window.fftiaHeard.say(
      docked(copy) && !atSide(copy)
        ? "A small copy of the figure stands at the bottom of the window."
        : "A small copy of the figure stands beside the text.",
    );
  }

  // A second view, or nothing where it cannot start.
  async function begun(mine) {
    try {
      return await mine.host.again(mine.copy);
    } catch (error) {
      console.error(error);
      if (standing === mine) close();
    }
  }

  function button(words, act, sign = words) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "fl-tool", textContent: sign });
    if (sign !== words) made.setAttribute("aria-label", words);
    made.addEventListener("click", act);
    return made;
  }

  function label(copy) {
    const root = copy.querySelector(".fl-figure");
    copy.setAttribute("aria-label", `Small copy: ${root.getAttribute("aria-label")}`);
    root.figure.set({}); // it has been moved by a sentence and needs no invitation
    // The figure itself says its sentence aloud; here it can be read.
    for (const spoken of root.querySelectorAll(".fl-spoken")) {
      spoken.setAttribute("aria-live", "off");
    }
  }

  function watch(mine) {
    const { copy, host, link, endings } = mine, again = () => place(mine);
    const grown = new ResizeObserver(() => { // its sentence, as a rule
      if (docked(copy)) dock(copy, link);
    });
    grown.observe(copy);
    const steps = { threshold: [0.3, 0.6, 0.9] };
    const seen = new IntersectionObserver(() => inSight(host) && close(), steps);
    seen.observe(host);
    const read = new IntersectionObserver(([{ isIntersecting }]) => {
      const held = copy.contains(document.activeElement);
      if (docked(copy) && !isIntersecting && !held) close();
    });
    read.observe(link);
    addEventListener("resize", again);
    endings.push(() => {
      for (const one of [grown, seen, read]) one.disconnect();
      removeEventListener("resize", again);
    });
  }
  const docked = (copy) => copy.classList.contains("lab-docked");
  const atSide = (copy) => copy.classList.contains("lab-side");

  function close() {
    if (!standing) return;
    const { copy, link, endings } = standing;
    standing = null;
    const end = () => endings.forEach((ending) => ending());
    if (atSide(copy)) stays(onScreen(link) ? link : window.fftiaPlace.read(), end);
    else end();
    dockOf(0);
    window.fftiaHeard.say("");
  }
  // Closed by hand: the entry of the history forgets it, and the focus goes back to the words.
  function leave() {
    const { copy, link } = standing;
    const back = link.matches("a") ? link : link.querySelector("button, select, input");
    if (copy.contains(document.activeElement)) back?.focus({ preventScroll: true });
    close();
    keep(false);
    window.fftiaHeard.say("The small copy is closed.");
  }
  const keep = (beside) => history.replaceState({ ...history.state, beside }, "");

  function goTo(host) {
    close();
    keep(false);
    window.fftiaPlace.show(host);
    const root = host.querySelector(".fl-figure");
    root.tabIndex = -1;
    root.focus({ preventScroll: true });
  }

  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !standing || document.querySelector("dialog[open]")) return;
    event.stopPropagation();
    leave();
  }, { capture: true });

  // ---- where it stands --------------------------------------------------------------------------
  function place({ copy, host, link }) {
    const margin = host.contains(link) ? null : marginAt(link), side = !margin && LOW.matches;
    stays(link, () => {
      copy.classList.toggle("lab-docked", !margin);
      copy.classList.toggle("lab-side", side);
      copy.style.cssText = margin ? `width: ${margin.width}px` : "";
      dockOf(0);
    });
    shrink(copy, side ? leftByWords : () => innerHeight * (margin ? 0.55 : 0.34));
    if (margin) inMargin(copy, between(link, margin.left));
    else dock(copy, link);
  }

  // The text becomes narrower, or as wide as before: what is read stays at its height.
  function stays(read, act) {
    const topOf = () => read?.getBoundingClientRect().top ?? 0, before = topOf();
    act();
    laidOut?.();
    scrollBy({ top: topOf() - before, behavior: "instant" });
  }

  // The margin right of the text, or null where there is none.
  function marginAt(link) {
    const page = document.querySelector(".bd-content")?.getBoundingClientRect();
    const column = link.closest("section")?.getBoundingClientRect();
    if (!page || !column) return null;
    const left = column.right + ROOM.gap, width = page.right - ROOM.gap - left;
    return width < ROOM.least ? null : { left, width: Math.min(width, ROOM.most) };
  }

  // What the margin leaves at the height of the words, between the figures that span it.
  function between(link, left) {
    const words = link.getBoundingClientRect().top, above = topOfPage() + 8;
    const wide = [...document.querySelectorAll(":is(.lab-widget, .lab-plotly)")]
      .map((host) => host.getBoundingClientRect()).filter((box) => box.right > left);
    const lower = Math.max(above, ...wide.map((box) => box.bottom + 16).filter((y) => y <= words));
    const upper = Math.min(innerHeight, ...wide.map((box) => box.top).filter((y) => y > words));
    return { left, words, above, lower, upper };
  }

  // All of it in the window, and smaller where it would cover a figure; it moves with the page.
  function inMargin(copy, { left, words, above, lower, upper }) {
    const over = copy.offsetHeight + 8 - (upper - lower), drawn = heightOf(copy);
    if (over > 0) shrink(copy, () => Math.max(LEAST, drawn - over));
    const from = copy.offsetParent.getBoundingClientRect(), height = copy.offsetHeight;
    const top = Math.max(above, Math.min(Math.max(lower, words - 12), upper - height - 8));
    copy.style.left = `${left - from.left}px`;
    copy.style.top = `${top - from.top}px`;
  }
  const heightOf = (copy) =>
    sum([...copy.querySelectorAll(DRAWINGS)], (one) => one.getBoundingClientRect().height);

  // Below the page, which makes room, or right of it where the window is low: what is read is seen.
  function dock(copy, link) {
    const height = atSide(copy) ? 0 : copy.offsetHeight,
      above = topOfPage() + 8,
      free = innerHeight - height - 12;
    dockOf(height);
    const whole = copy.previousElementSibling.getBoundingClientRect();
    const { top, bottom } = whole.height <= free - above ? whole : link.getBoundingClientRect();
    const covered = Math.min(bottom - free, top - above);
    if (covered > 0) scrollBy({ top: covered, behavior: "instant" });
  }
  function dockOf(height) {
    document.documentElement.style.scrollPaddingBottom = height ? `${height}px` : "";
    document.body.style.paddingBottom = height ? `${height}px` : "";
  }

  // The layout that can be shown largest: narrow layouts are high, and may have a second drawing
  // below the first; wide ones are low. Hands find their places by the scale, and the sentence
  // keeps its size.
  function shrink(copy, mostOf) {
    const root = copy.querySelector(".fl-figure");
    for (const one of root.querySelectorAll(DRAWINGS)) one.style.transform = "";
    root.style.width = "";
    root.figure.letter(1, 0);
    const room = root.clientWidth, most = mostOf(root);
    const tried = [1, 1.4, 1.6, 1.9, 2.4].map((times) => {
      const high = sum(layOut(root, times * room), (one) => one.offsetHeight);
      return { times, scale: Math.min(1 / times, most / high) };
    });
    const { times, scale } = tried.reduce((a, b) => b.scale > a.scale ? b : a);
    copy.style.setProperty("--lab-room", `${room}px`);
    for (const one of layOut(root, times * room)) {
      one.style.transformOrigin = "0 0";
      one.style.transform = `translateX(${(room - scale * times * room) / 2}px) scale(${scale})`;
      one.style.marginBottom = `${(scale - 1) * one.offsetHeight + 8}px`;
    }
    root.figure.letter(scale, LETTERS);
  }
  // How high a drawing may be in a copy as high as the window: its words and buttons need some.
  function leftByWords(root) {
    const drawn = sum([...root.querySelectorAll(DRAWINGS)], (one) => one.offsetHeight);
    return Math.max(innerHeight / 2, innerHeight - 58 - (root.offsetHeight - drawn));
  }
  function layOut(root, width) {
    root.style.width = `${width}px`;
    root.figure.fit();
    return [...root.querySelectorAll(DRAWINGS)].filter((one) => one.offsetHeight);
  }

  // `follow` a link; `reach` what scrolls, with the keyboard, in a page that is laid out anew.
  function begin(follow, reach) {
    goOn = follow;
    laidOut = reach;
  }
  window.fftiaBeside = { begin, pressed, wanting, open, close };
})();
