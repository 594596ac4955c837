// Where a reader measures: this page's GPU, a kernel behind the page, a file to save and to load.
import { withRun } from "./curves.js";
import { openDevice, whyNot } from "./device.js";
import { kernelEngine } from "./kernel.js";
import { measureSuite } from "./measuring.js";
import { parse } from "./record.js";
import { press, row } from "../kit/controls.js";
import { html } from "../kit/elements.js";
import { percent, plural } from "../kit/numbers.js";

const HERE = "Measure on this page's GPU", STOP = "Stop";

export function workbench(figure) {
  const { model } = figure, note = html("p", { class: "fl-note", role: "status" });
  const bar = html("progress", { class: "fl-progress", "aria-label": "how far the run is" });
  const keep = (record) => {
    model.set("measured", withRun(model.get("measured"), record));
    model.save_changes();
    figure.invalidate();
  };
  // `part` is from 0 to 1, -1 where nobody knows, null where nothing goes on.
  const tell = (words, part = null) => {
    note.textContent = words;
    bar.hidden = part === null;
    if (part < 0) bar.removeAttribute("value");
    else bar.value = part ?? 0;
  };
  const suite = () => figure.look().board.suite;
  const page = pageEngine({ figure, keep, tell, suite });
  const python = kernelEngine({ figure, tell, suite });
  const files = fileButtons({ keep, tell, suite, model });
  tell(whyNot());
  return {
    root: html(
      "div",
      { class: "fl-bench" },
      row(page.root, ...python.roots, ...files.roots),
      bar,
      note,
    ),
    show(view) {
      page.show(view);
      python.show();
      files.show();
    },
  };
}

// ---- this page's GPU ---------------------------------------------------------------------------
function pageEngine({ figure, keep, tell, suite }) {
  const { model } = figure,
    settings = () => ({
      lengths: model.get("lengths"),
      rounds: model.get("rounds"),
    });
  let running = null;
  const root = press(HERE, () => running ? running.abort() : begin());

  async function begin() {
    const name = suite(), { page } = figure.look();
    if (!page) return;
    if (!page.here) figure.state.set({ series: page.key }); // where its points will be seen
    running = new AbortController();
    figure.invalidate();
    const { signal } = running;
    try {
      tell(await measured(name, signal));
    } catch (error) {
      tell(error.message);
    }
    running = null;
    figure.invalidate();
  }

  async function measured(name, signal) {
    tell("Asking for the GPU", 0);
    const opened = await openDevice();
    try {
      const before = unfinished(model.get("measured"), name, opened.name);
      let last = null;
      const hear = (record, words, part) => {
        if (record.entries.length && record !== last) keep(last = record);
        tell(`${record.device.name}: ${words}, ${percent(part)}`, part);
      };
      const record = await measureSuite(opened, name, {
        ...settings(),
        tell: hear,
        signal,
        before,
      });
      if (record.entries.length) keep(record);
      return endText(record);
    } finally {
      opened.device.destroy();
    }
  }
  figure.onEnd(() => running?.abort());
  return {
    root,
    show({ page }) {
      root.textContent = running ? STOP : HERE;
      root.setAttribute("aria-disabled", String(!running && !page));
    },
  };
}

// A run of this device that was stopped goes on.
const unfinished = (all, suite, device) =>
  all.findLast((one) =>
    one.name === suite && !one.complete && one.device.kind === "webgpu" &&
    one.device.name.startsWith(device)
  );

function endText({ complete, skipped, device, entries }) {
  if (!complete) return `Stopped. What was measured on ${device.name} stays; press again to go on.`;
  const sizes = new Set(entries.map(({ shape }) => shape.at(-1))).size;
  const why = skipped.length ? ` Longer ones were left out: ${skipped[0].why}.` : "";
  return `Measured ${sizes} ${plural(sizes, "size")} on ${device.name}.${why}`;
}

// ---- files -------------------------------------------------------------------------------------
function fileButtons({ keep, tell, suite, model }) {
  const newest = () => model.get("measured").findLast(({ name }) => name === suite());
  const save = press("Save the run", () => newest() && download(newest()));
  const input = html("input", { type: "file", accept: ".json,application/json" });
  input.className = "fl-file";
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (file) load(file.name, await file.text());
  });
  function load(name, written) {
    try {
      const record = parse(written), boards = Object.values(model.get("tables").boards);
      if (!boards.some((board) => board.suite === record.name)) {
        throw new Error(`This is a run of “${record.name}”, which this figure does not show.`);
      }
      keep(record);
      tell(`Loaded ${name}: ${record.name} on ${record.device.name}.`);
    } catch (error) {
      tell(error.message);
    }
  }
  const label = html(
    "label",
    { class: "fl-button fl-load" },
    input,
    html("span", {}, "Load a run"),
  );
  return {
    roots: [save, label],
    show: () => save.setAttribute("aria-disabled", String(!newest())),
  };
}

function download(record) {
  const blob = new Blob([`${JSON.stringify(record, null, 1)}\n`], { type: "application/json" });
  const address = URL.createObjectURL(blob);
  html("a", { href: address, download: `${record.name}-${record.device.kind}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
