// Words in quotation marks that stand on a button of a figure lead to what the button shows.
(() => {
  const QUOTED = /“([^”]+)”/g;
  const OUTSIDE = ".fl-figure, .fl-asks, a, code, pre, button, summary";
  const inLink = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

  // The link that sets a figure: #butterfly?n=16&stage=3.
  function addressOf(name, state) {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) query.set(key, inLink(value));
    return `#${name}${query.size ? `?${query}` : ""}`;
  }

  // Label -> the figures that have it, in order, each with the address of its state.
  function labelsOf(hosts) {
    const found = new Map();
    for (const host of hosts.filter((host) => host.matches(".lab-widget"))) {
      const { scenes = [] } = JSON.parse(host.querySelector("script").textContent).state;
      for (const { label, set } of scenes) {
        const address = addressOf(host.dataset.name, set);
        found.set(label, [...(found.get(label) ?? []), { host, address }]);
      }
    }
    return found;
  }

  // The last figure before the words, or the first after them.
  function nearest(places, node) {
    const before = places.filter(({ host }) =>
      host.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING
    );
    return before.at(-1) ?? places[0];
  }

  function wordsIn(article) {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT), found = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.data.includes("“") && !node.parentElement.closest(OUTSIDE)) found.push(node);
    }
    return found;
  }

  function link(hosts) {
    const labels = labelsOf(hosts), article = document.querySelector("article");
    if (!labels.size || !article) return;
    for (const node of wordsIn(article)) {
      const pieces = node.data.split(QUOTED); // words, label, words, label …
      if (!pieces.some((piece, i) => i % 2 && labels.has(piece))) continue;
      node.replaceWith(...pieces.map((piece, i) => {
        if (!(i % 2)) return piece;
        if (!labels.has(piece)) return `“${piece}”`;
        const a = document.createElement("a");
        a.href = nearest(labels.get(piece), node).address;
        a.textContent = `“${piece}”`;
        return a;
      }));
    }
  }
  window.fftiaQuotes = { link, inLink, addressOf };
})();
