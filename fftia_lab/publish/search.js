// The page of the search answers while one types. Sphinx finds the pages, from an index that comes
// as a script; here they are shown, counted and said aloud. The field keeps the focus.
(() => {
  const REST = 200; // milliseconds after a key; a word that is being typed is no question
  const PARTS = ["alltitles", "terms", "titleterms"]; // of the index; the book has no others
  const field = document.querySelector(".bd-search-container input[name=q]");
  const status = document.createElement("p"), list = document.createElement("ul");
  status.className = "search-summary";
  status.setAttribute("role", "status");
  list.className = "search";
  field.placeholder = field.ariaLabel = "Search this book"; // here nobody has to press Enter
  document.getElementById("search-results").append(status, list);

  function summary(query, count) {
    if (count) return `${count} ${count > 1 ? "results" : "result"} for “${query}”.`;
    const several = globalThis.splitQuery(query).length > 1 ? "all the words of " : "";
    return `No page of this book has ${several}“${query}”.`;
  }

  // Sphinx also finds what stands inside of a word, "tagon" in "octagon": it is not shown that.
  function find(parsed) {
    const [query, terms] = parsed, starts = globalThis.fftiaStarts([query, ...terms]);
    const index = Search._index, fitting = { ...index };
    for (const part of PARTS) {
      const words = Object.entries(index[part]).filter(([word]) => starts(word));
      fitting[part] = Object.fromEntries(words);
    }
    Object.assign(fitting.terms, typed(index, terms));
    Search._index = fitting;
    const found = Search._performSearch(...parsed);
    Search._index = index;
    return found;
  }

  // The index has stems, "recurs"; "recursi", on the way to "recursion", is looked up in the texts.
  function typed(index, terms) {
    const known = Object.keys(index.terms);
    const longer = [...terms].filter((term) => !known.some((word) => word.startsWith(term)));
    return Object.fromEntries(longer.map((term) => {
      const holding = globalThis.fftiaHolding(term);
      return [term, index.docnames.flatMap((name, place) => holding(name) ? [place] : [])];
    }));
  }

  function show(query) {
    const parsed = Search._parseQuery(query), [, terms, , marked] = parsed;
    const found = find(parsed);
    list.replaceChildren();
    for (const one of found.reverse()) _displayItem(one, terms, marked);
    globalThis.fftiaExcerpts(query, list);
    status.textContent = summary(query, found.length);
  }

  function clear() {
    list.replaceChildren();
    status.textContent = "";
    localStorage.removeItem("sphinx_highlight_terms"); // or the next page would mark them
  }

  Search.output = list;
  Search.query = show; // when the index has come
  Search.performSearch = (query) => {
    if (Search.hasIndex()) return show(query);
    status.textContent = "Searching …";
    Search.deferQuery(query);
  };

  // The address is that of what is shown, so that it can be copied and Back returns to it.
  let timer = 0;
  function ask() {
    clearTimeout(timer);
    const query = field.value.trim(), address = new URL(location.href);
    if (query === (address.searchParams.get("q") ?? "")) return;
    if (query) address.searchParams.set("q", query);
    else address.searchParams.delete("q");
    history.replaceState(history.state, "", address);
    if (query) Search.performSearch(query);
    else clear();
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, REST);
  });
  field.form.addEventListener("submit", (event) => {
    event.preventDefault(); // the answer is there, or comes at once
    ask();
  });
})();
