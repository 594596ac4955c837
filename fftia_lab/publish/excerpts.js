// Under each page that the search finds: the sentence in which the words stand, and its section.
// The texts come as a script, for a page from disk may not fetch others.
(() => {
  const stemmer = new globalThis.Stemmer(), stems = new Map();
  const AROUND = 90; // letters before and after the word
  const WORD = /[\p{L}\p{N}_]+/gu;

  function stemOf(word) {
    if (!stems.has(word)) stems.set(word, stemmer.stemWord(word));
    return stems.get(word);
  }
  // Says of words whether they start with what was asked for, or one of them does: "peek" in
  // "no_peek".
  const parted = (words) => " " + words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  globalThis.fftiaStarts = (asked) => {
    const starts = asked.map(parted);
    return (words) => starts.some((start) => parted(words).includes(start));
  };
  // Finds where in a text which of the words stand that were asked for. As pages are found: words
  // of one stem, or words that start with what was asked for.
  function finder(query) {
    const terms = globalThis.splitQuery(query.toLowerCase()), roots = terms.map(stemOf);
    const starts = terms.map((term) => globalThis.fftiaStarts([term]));
    const fits = (word) => roots.findIndex((root, i) => stemOf(word) === root || starts[i](word));
    return (text) =>
      [...text.matchAll(WORD)].flatMap(({ 0: word, index }) => {
        const term = fits(word.toLowerCase());
        return term < 0 ? [] : [{ term, start: index, end: index + word.length }];
      });
  }
  // Says of pages whether a word of theirs starts so.
  globalThis.fftiaHolding = (start) => {
    const hits = finder(start);
    return (name) => globalThis.fftiaTexts[name]?.some(([, , text]) => hits(text).length > 0);
  };
  const different = (found) => new Set(found.map(({ term }) => term)).size;

  // The section that holds most of the words, of equals the first; or the one that was found.
  function best(page, within, hits) {
    const only = page.filter(([anchor]) => anchor === within);
    let chosen = null;
    for (const [anchor, heading, text] of only.length ? only : page) {
      const found = hits(text), worth = different(found);
      if (worth > (chosen?.worth ?? 0)) chosen = { anchor, heading, text, found, worth };
    }
    return chosen;
  }

  function cut({ text, found }) {
    const first = found[0], from = text.lastIndexOf(" ", Math.max(0, first.start - AROUND)) + 1;
    const space = text.indexOf(" ", first.end + AROUND), to = space < 0 ? text.length : space;
    const said = [from > 0 ? "… " : ""];
    let at = from;
    for (const { start, end } of found) {
      if (start < at || end > to) continue;
      const word = document.createElement("mark");
      word.textContent = text.slice(start, end);
      said.push(text.slice(at, start), word);
      at = end;
    }
    return [...said, text.slice(at, to), to < text.length ? " …" : ""];
  }

  function excerpt(link, hits) {
    const [address] = link.getAttribute("href").split(/[?#]/), anchor = link.hash.slice(1);
    const name = address.replace(/\.html$/, ""), page = globalThis.fftiaTexts[name];
    if (!page?.length) return null; // a page without a section has no words to show
    const shown = document.createElement("p"), chosen = best(page, anchor, hits);
    shown.className = "lab-excerpt";
    if (chosen) {
      const section = document.createElement("a");
      section.href = `${address}#${chosen.anchor}`;
      section.textContent = chosen.heading;
      if (chosen.heading !== link.textContent) shown.append(section, ": ");
      shown.append(...cut(chosen));
    } else {
      const folded = globalThis.fftiaFolded.includes(name) &&
        !page.some(([, heading]) => hits(heading).length);
      shown.append(
        folded ? "Behind a button of this page." : page[0][2].slice(0, 2 * AROUND) + " …",
      );
    }
    return shown;
  }

  // Puts them into a list of results.
  globalThis.fftiaExcerpts = (query, list) => {
    const hits = finder(query), shown = new Set();
    for (const link of list.querySelectorAll("li > a:first-child")) {
      const found = excerpt(link, hits);
      if (found && !shown.has(found.textContent)) link.parentElement.append(found);
      shown.add(found?.textContent); // a page may be found twice, by its words and by its index
    }
  };
})();
