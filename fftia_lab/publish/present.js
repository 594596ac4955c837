// A chapter for the whole room: its slides one after the other, by a clicker.
(() => {
  let deck = [], mount = null;

  const nameOf = ({ at, host, scene }) =>
    scene?.label ?? host?.querySelector("[aria-label]")?.getAttribute("aria-label") ??
      (at.matches(".lab-answer") ? "the answer" : at.firstChild.textContent);

  // What comes before and after a slide, and the words that ask a question.
  function aroundSlide(slide) {
    const place = deck.indexOf(slide), { host, scene } = slide;
    return {
      name: nameOf(slide),
      back: slide.at.querySelector("summary") ?? slide.at,
      scene,
      enter: window.fftiaBack.enter,
      last: !deck[place + 1],
      waits: ({ label }) => deck.some((one) => one.host === host && one.scene?.label === label),
      lead: host?.matches(".lab-guess") ? window.fftiaSlides.questionOf(host) : [],
      place() {
        const next = deck[place + 1];
        return `${place + 1} of ${deck.length}${next ? `, then ${nameOf(next)}` : ""}`;
      },
      after(direction) {
        const next = deck[place + direction];
        if (next) show(next);
        return Boolean(next);
      },
    };
  }
  const around = (host) => aroundSlide(deck.find((slide) => slide.host === host && !slide.scene));

  // The page goes where the slide stands on it, and opens what it waits behind.
  async function show(slide) {
    const { at, host, words } = slide;
    window.fftiaBack.turn();
    const stage = await stageOf(host ?? firstHost());
    for (let fold = at; fold; fold = fold.parentElement) {
      if (fold.localName === "details") fold.open = true;
    }
    at.scrollIntoView({ block: "center", behavior: "instant" });
    if (host) stage?.enlarge(aroundSlide(slide));
    else stage?.open(words(), aroundSlide(slide));
  }
  const firstHost = () => deck.find((slide) => slide.host).host;

  async function stageOf(host) {
    await mount(host);
    return host.querySelector(".fl-figure, .fl-asks")?.stage;
  }

  function begin(hosts, mounting) {
    mount = mounting;
    deck = window.fftiaSlides.slides(hosts);
    window.fftiaBack.begin();
    const some = deck.some((slide) => slide.host);
    for (const button of document.querySelectorAll(".lab-present")) {
      button.hidden = !some;
      button.addEventListener("click", () => show(deck[0]));
    }
  }
  window.fftiaPresent = { around, begin };
})();
