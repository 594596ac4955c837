// Words that set a figure: links such as #butterfly?stage=2&node=[2,5]. What such a link asks for,
// and who follows it in a notebook; on a page boot.js does, which also keeps the page's address.
import { html } from "./elements.js";

const NOTEBOOK = ".jp-Notebook, #notebook-container"; // JupyterLab's and the classic one

// Return the wish of a link, each value of the kind that the state has there; or throw a sentence.
export function asked(query, state) {
  const wanted = {};
  for (const [key, text] of new URLSearchParams(query)) {
    if (!Object.hasOwn(state, key)) {
      throw new Error(`this link asks for “${key}”, which the figure does not have`);
    }
    try {
      wanted[key] = typeof state[key] === "string" ? text : JSON.parse(text);
    } catch {
      throw new Error(`“${text}” is no value for ${key}`);
    }
  }
  return wanted;
}

// Follow the links of the notebook in which the figure stands. Several notebooks may be open in one
// window, and the second figure of a name is called name-2, as on a page.
export function followLinks({ root, onEnd }) {
  const trouble = html("p", { class: "fl-wrong", role: "alert" });
  function follow(event) {
    const link = event.target.closest?.('a[href^="#"]'), notebook = link?.closest(NOTEBOOK);
    const [name, ...rest] = link?.getAttribute("href").slice(1).split("?") ?? [];
    const query = rest.join("?");
    if (!query || !notebook?.contains(root) || name !== nameIn(notebook, root)) return;
    event.preventDefault();
    trouble.remove();
    try {
      root.figure.jump(asked(query, root.figure.state()));
    } catch (error) {
      trouble.textContent = `The link could not be followed: ${error.message}.`;
      root.prepend(trouble);
    }
    root.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("click", follow, { capture: true });
  onEnd(() => document.removeEventListener("click", follow, { capture: true }));
}

function nameIn(notebook, root) {
  const { name } = root.dataset;
  const same = [...notebook.querySelectorAll(".fl-figure")].filter((one) =>
    one.dataset.name === name
  );
  const index = same.indexOf(root);
  return index ? `${name}-${index + 1}` : name;
}
