// What every figure can do besides: a link to its state, its drawing as a file, the whole room.
import { press } from "./controls.js";
import { html } from "./elements.js";
import { still } from "./still.js";

// Buttons on the lower edge, where they take no room from the figure. `link` is there once a page
// offers an address for the state.
export function makeTools(figure, enlarge) {
  const { root } = figure, named = root.getAttribute("aria-label");
  const label = (words) => `${words}: ${named}`;
  const tool = (words, act) => press(words, act, { class: "fl-tool", "aria-label": label(words) });
  const link = tool("Copy link", () => copy(address()));
  const save = tool("Save SVG", () => download(root));
  const large = tool("Enlarge", enlarge);
  let address = null;
  link.hidden = true;
  const said = html("span", { class: "fl-spoken", "aria-live": "polite" });
  const call = (words) => {
    link.textContent = words;
    link.setAttribute("aria-label", label(words));
  };
  async function copy(text) {
    let words = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      history.replaceState(history.state, "", text);
      words = "In the address bar"; // where no script may copy
    }
    call(said.textContent = words);
  }
  return {
    root: html("div", { class: "fl-tools" }, said, link, save, large),
    offerLink(given) {
      address = given;
      link.hidden = false;
    },
    show() {
      if (link.textContent !== "Copy link") call("Copy link");
      save.hidden = !root.querySelector("svg.fl-drawing");
    },
  };
}

function download(root) {
  const words = root.querySelector(".fl-status")?.textContent ?? root.getAttribute("aria-label");
  const blob = new Blob([still(root, words)], { type: "image/svg+xml" });
  const address = URL.createObjectURL(blob);
  const name = root.className.match(/fl-(?!figure)(\w+)/)[1];
  html("a", { href: address, download: `${name}.svg` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}
