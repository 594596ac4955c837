// A chapter for the whole room: its figures and questions one after the other, by a clicker.
(() => {
  let deck = [], mount = null;
  const CHAPTER = ".lab-widget, .lab-guess";

  // What comes before and after a figure, and the words that ask a question. What waits behind a
  // button is passed over until somebody has opened it.
  function around(host) {
    return {
      lead: host.matches(".lab-guess") ? questionOf(host) : [],
      after(direction) {
        const shown = deck.filter((one) => one === host || !one.closest("details:not([open])"));
        const next = shown[shown.indexOf(host) + direction];
        if (!next) return false;
        show(next);
        return true;
      },
    };
  }

  function questionOf(host) {
    const asked = host.closest(".cell")?.previousElementSibling ?? host.previousElementSibling;
    return asked?.matches("p") ? [asked.cloneNode(true)] : [];
  }

  async function show(host) {
    await mount(host);
    host.scrollIntoView({ block: "center", behavior: "instant" });
    host.querySelector(".fl-figure, .fl-asks")?.stage.enlarge();
  }

  function begin(hosts, mounting) {
    mount = mounting;
    deck = hosts.filter((host) => host.matches(CHAPTER));
    for (const button of document.querySelectorAll(".lab-present")) {
      button.hidden = !deck.length;
      button.addEventListener("click", () => show(deck[0]));
    }
  }
  window.fftiaPresent = { around, begin };
})();
