// Brings figures to life on a page with no kernel, over HTTP and from disk alike.
// A classic script: module scripts are blocked on file:// pages, Blob imports are not.
(() => {
  const here = new URL("./", document.currentScript.src);
  const sources = new Map(), files = new Map(), waiting = new Map();
  window.fftiaLab = {
    register(name, esm, css) {
      sources.set(name, { esm, css });
    },
    file(name, text) {
      files.set(name, text);
    },
  };

  function script(path) {
    if (!waiting.has(path)) {
      waiting.set(
        path,
        new Promise((done, failed) => {
          const element = document.createElement("script");
          element.src = new URL(path, here).href;
          element.onload = done;
          element.onerror = () => failed(new Error(`${path} is missing from the site`));
          document.head.append(element);
        }),
      );
    }
    return waiting.get(path);
  }

  const loaded = new Map();
  async function moduleOf(name) {
    await script(`modules/${name}`);
    if (!loaded.has(name)) {
      const { esm, css } = sources.get(name), style = document.createElement("style");
      style.textContent = css;
      document.head.append(style);
      const address = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      loaded.set(name, import(address).then((module) => module.default ?? module));
    }
    return loaded.get(name);
  }

  // ---- the widget contract with no kernel behind it: get, set, save_changes, on, off ----------
  class StaticModel {
    constructor(state) {
      this.state = state;
      this.listeners = new Map();
    }
    get(key) {
      return this.state[key];
    }
    set(key, value) {
      if (typeof key === "object") {
        for (const [k, v] of Object.entries(key)) this.set(k, v);
        return;
      }
      if (this.state[key] === value) return;
      this.state[key] = value;
      this.emit(`change:${key}`, value);
      this.emit("change", value);
    }
    save_changes() {
      this.emit("saved");
    }
    on(names, listener) {
      for (const name of names.split(" ")) {
        this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(listener));
      }
    }
    off(name, listener) {
      if (!name) this.listeners.clear();
      else if (listener) this.listeners.get(name)?.delete(listener);
      else this.listeners.delete(name);
    }
    emit(name, value) {
      for (const listener of [...(this.listeners.get(name) ?? [])]) {
        listener({ model: this, value }, value);
      }
    }
    send() {
      throw new Error("this page has no kernel to send a message to");
    }
  }

  function bytes(text) {
    const raw = atob(text), view = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) view[i] = raw.charCodeAt(i);
    return new DataView(view.buffer);
  }

  async function mountWidget(host) {
    const saved = JSON.parse(host.querySelector("script").textContent);
    for (const { path, data } of saved.buffers) {
      const owner = path.slice(0, -1).reduce((value, key) => value[key], saved.state);
      owner[path.at(-1)] = bytes(data);
    }
    let widget = await moduleOf(host.dataset.module);
    if (typeof widget === "function") widget = await widget();
    if (host.matches(".lab-guess")) saved.state.said = window.fftiaGuesses.kept(host);
    else window.fftiaGuesses.openWith(host, saved.state);
    const model = new StaticModel(saved.state), el = document.createElement("div");
    const experimental = { invoke: () => Promise.reject(new Error("this page has no kernel")) };
    host.append(el);
    await widget.initialize?.({ model, experimental });
    host.unmount = await widget.render({ model, el, experimental });
    host.again = (el) => widget.render({ model, el, experimental }); // a second view of the same
    const { stage } = el.firstElementChild ?? {};
    if (stage) stage.around = () => window.fftiaPresent.around(host);
    deepLink(host, model, el);
  }

  // ---- deep links: #butterfly?n=16&stage=3 sets the figure, touching the figure sets the link --
  const { inLink, addressOf } = window.fftiaQuotes;
  const plain = (text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };
  const hash = () => {
    const [target, ...query] = location.hash.slice(1).split("?");
    return { target: plain(target), query: query.join("?") };
  };

  // What the address asks of a figure, if it asks anything.
  function readLink(name, figure) {
    const { target, query } = hash();
    return target === name && query ? figure.asked(query) : null;
  }

  // A link names what does not follow from the rest of it.
  function wordsFor(figure) {
    const now = figure.state(), words = {};
    for (;;) {
      const given = figure.named(words), unlike = (key) => inLink(given[key]) !== inLink(now[key]);
      const missing = Object.keys(now).filter((key) => !(key in words) && unlike(key));
      if (!missing.length) return words;
      for (const key of missing) words[key] = now[key];
    }
  }

  const links = new Map(); // name -> what to do when the address changes
  let writing = 0; // the page has one address: who was touched last writes it
  function deepLink(host, model, el) {
    const name = host.dataset.name, figure = el.firstElementChild?.figure;
    if (!figure) return; // a widget without the kit has no links
    figure.offerLink(() => `${location.href.split("#")[0]}${fragment()}`);
    const fragment = () => addressOf(name, wordsFor(figure));
    const note = document.createElement("p");
    note.className = "lab-note";
    note.setAttribute("role", "alert");
    let touched = false, linked = false;
    links.set(name, () => {
      touched = false; // what an address sets is no news for the address
      note.remove();
      try {
        const wanted = readLink(name, figure);
        if (wanted) figure.jump(wanted);
        else if (linked) figure.reset(); // back to where the link was followed from
        linked = Boolean(wanted);
      } catch (error) {
        note.textContent = `The link could not be followed: ${error.message}.`;
        host.prepend(note);
      }
    });
    for (const type of ["pointerdown", "keydown"]) {
      host.addEventListener(type, () => {
        touched = true;
      }, { capture: true });
    }
    model.on("saved", () => {
      if (!touched) return;
      note.remove();
      clearTimeout(writing);
      const address = location.hash;
      writing = setTimeout(() => {
        if (location.hash !== address) return; // a link was followed and not yet heard of
        const link = fragment();
        history.replaceState(
          history.state,
          "",
          `${location.pathname}${location.search}${link}`,
        );
        linked = link.includes("?");
      }, 250);
    });
    links.get(name)();
  }

  const linked = () =>
    [...document.querySelectorAll(".lab-widget")].find((host) =>
      host.dataset.name === hash().target
    );

  // A link of the text sets its figure and moves nobody: who cannot see the figure sees a copy.
  async function follow() {
    const host = linked(), { fftiaPlace: place, fftiaBeside: beside } = window;
    const ready = host ? mount(host).then(drawing) : drawing(), link = host && beside.pressed();
    beside.close();
    clearTimeout(writing);
    for (const update of links.values()) update();
    if (link) place.stay(ready);
    else place.arrive(host, ready);
    const here = location.href;
    await ready;
    const words = host?.again && location.href === here && beside.wanting(host, link);
    if (words) beside.open(host, words);
  }

  // ---- plotly: one copy a page, loaded when a figure comes near; colours follow the theme -------
  const dark = () => document.documentElement.dataset.theme === "dark";
  const recolour = new Map();
  for (const group of Object.values(window.fftiaPalette.colours)) {
    for (const colour of Object.values(group)) {
      recolour.set(colour.light.toLowerCase(), colour.dark);
    }
  }

  function themed(value) {
    if (typeof value === "string") {
      return dark() ? recolour.get(value.toLowerCase()) ?? value : value;
    }
    if (Array.isArray(value)) return value.map(themed);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, themed(inner)]));
    }
    return value;
  }

  const drawn = new Map();
  async function mountPlot(host) {
    const figure = JSON.parse(host.querySelector("script").textContent);
    await script("plotly.min.js");
    const el = document.createElement("div");
    host.append(el);
    drawn.set(el, figure);
    await draw(el, figure);
  }
  const draw = (el, { data, layout }) =>
    window.Plotly.react(el, themed(data), themed(layout), {
      responsive: true,
      displayModeBar: false,
    });

  // ---- names in code have the colour that the figures give them ---------------------------------
  function colourCode() {
    for (const word of document.querySelectorAll(".highlight .n")) {
      const role = window.fftiaPalette.code[word.textContent];
      if (role) word.classList.add(`fl-${role}`);
    }
  }

  // What is wider than the page scrolls; then the keyboard must be able to reach it. The theme
  // sees to code and outputs as well, but not when the fold opens in which they had no width.
  const SCROLLERS = 'mjx-container[display="true"], .highlight pre, .cell_output .output';
  function reachScrollers() {
    for (const part of document.querySelectorAll(SCROLLERS)) {
      if (part.scrollWidth > part.clientWidth) part.setAttribute("tabindex", "0");
      else if (part.localName === "mjx-container") part.removeAttribute("tabindex");
    }
  }

  const mounts = new Map();
  function mount(host) {
    if (!mounts.has(host)) mounts.set(host, begin(host));
    return mounts.get(host);
  }

  async function begin(host) {
    host.dataset.mounted = "starting";
    try {
      await (host.classList.contains("lab-plotly") ? mountPlot(host) : mountWidget(host));
      host.dataset.mounted = "ok";
    } catch (error) {
      host.dataset.mounted = "error";
      const note = document.createElement("p");
      note.className = "lab-note";
      note.textContent = `This figure could not start: ${error.message}`;
      host.append(note);
      console.error(error);
    }
  }

  // On a file:// page a browser shows a notebook's text instead of saving it; of a Blob it saves.
  async function save(link) {
    const name = decodeURIComponent(link.pathname.split("/").at(-1));
    await script(`${link.href}.js`);
    const type = "application/x-ipynb+json", copy = document.createElement("a");
    copy.href = URL.createObjectURL(new Blob([files.get(name)], { type }));
    copy.download = name;
    copy.click();
    setTimeout(() => URL.revokeObjectURL(copy.href), 60000);
  }

  function saveFromDisk() {
    if (location.protocol !== "file:") return;
    for (const link of document.querySelectorAll('a[download][href$=".ipynb"]')) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        save(link).catch(() => location.assign(link.href));
      });
    }
  }

  // A figure is measured in one frame and drawn in the next.
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  async function drawing() {
    for (let i = 0; i < 3; i++) await frame();
  }

  // Paper cannot wait, and a place cannot be kept, until a figure that was never near has started:
  // when the page is there, the rest start one by one while nothing else is to do.
  const idle = () => new Promise((done) => (window.requestIdleCallback ?? setTimeout)(done));
  async function mountRest(hosts) {
    if (document.readyState !== "complete") {
      await new Promise((done) => addEventListener("load", done));
    }
    for (const host of hosts) {
      await idle();
      await mount(host);
    }
    await window.MathJax?.startup?.promise;
    await drawing();
  }

  // A plot that was drawn in a closed fold knows no width; and paper must not wait for a frame.
  function redraw(within) {
    for (const [el, figure] of drawn) {
      if (within.contains(el) && el.checkVisibility()) {
        draw(el, figure).then(() => window.Plotly.relayout(el, { autosize: true }));
      }
    }
    for (const root of within.querySelectorAll(".fl-figure")) root.figure?.fit?.();
  }

  function start() {
    const hosts = [...document.querySelectorAll(".lab-widget, .lab-guess, .lab-plotly")];
    const names = new Map();
    for (const host of hosts) {
      if (host.dataset.name) {
        const count = (names.get(host.dataset.name) ?? 0) + 1;
        names.set(host.dataset.name, count);
        if (count > 1) host.dataset.name += `-${count}`;
      }
    }
    for (const host of hosts) { // what is printed instead of a figure says where it is
      const name = host.dataset.name ? `#${encodeURIComponent(host.dataset.name)}` : "";
      host.dataset.address = `${location.href.split("#")[0]}${name}`;
    }
    const near = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) {
          near.unobserve(entry.target);
          mount(entry.target);
        }
      }
    }, { rootMargin: "700px" });
    for (const host of hosts) near.observe(host);
    const target = linked();
    if (target) mount(target);
    window.fftiaHeard.begin();
    window.fftiaPresent.begin(hosts, mount);
    window.fftiaQuotes.link(hosts);
    window.fftiaBeside.begin(follow, reachScrollers);
    window.fftiaPlace.arrive(target, mountRest(hosts));
    new MutationObserver(() => {
      for (const [el, figure] of drawn) draw(el, figure);
    })
      .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
    colourCode();
    saveFromDisk();
    window.fftiaPaper.begin(() => Promise.all(hosts.map(mount)), () => redraw(document));
    addEventListener("toggle", ({ target }) => redraw(target), { capture: true });
    addEventListener("hashchange", follow);
    addEventListener("resize", reachScrollers);
    addEventListener("toggle", reachScrollers, true);
    addEventListener("load", () => window.MathJax?.startup?.promise.then(reachScrollers));
  }
  start();
})();
