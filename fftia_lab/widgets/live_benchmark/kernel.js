// A kernel behind the page, if there is one: it measures when it is asked, and tells how far it is.
import { press } from "../kit/controls.js";
import { thousands } from "../kit/numbers.js";

const MEASURE = "Measure in Python";
const NEXT = { running: ["Pause", "pause"], paused: ["Go on", "go"] };

// Buttons that stay hidden until a kernel has answered.
export function kernelEngine({ figure, tell, suite }) {
  const { model } = figure;
  let said = null; // what the kernel answered, to this page
  const first = press(MEASURE, () => {
    const [, ask] = NEXT[said.state] ?? [MEASURE, "run"];
    model.send({ ask, suite: suite() });
  });
  const stop = press("Stop Python", () => model.send({ ask: "stop" }));
  const hear = () => {
    said = model.get("asked");
    const words = wordsOf(said);
    if (words) tell(words, partOf(said));
    figure.invalidate();
  };
  model.on("change:asked", hear);
  figure.onEnd(() => model.off("change:asked", hear));
  try {
    model.send({ ask: "hello" });
  } catch {
    // a page from a server or from disk has nobody to ask
  }
  return {
    roots: [first, stop],
    show() {
      first.hidden = !said;
      stop.hidden = !(said?.state in NEXT);
      first.textContent = NEXT[said?.state]?.[0] ?? MEASURE;
    },
  };
}

function wordsOf({ state, suite, device, done = 0, cases, left, note }) {
  const of = cases ? ` of ${thousands(cases)}` : "",
    time = left ? `, about ${Math.ceil(left)} s left` : "";
  const count = `${thousands(done)}${of} ${done === 1 && !cases ? "case" : "cases"}${time}`;
  return {
    running: `Python measures ${suite} on ${device}: ${count}.`,
    paused: `Python waits in the middle of ${suite}.`,
    done: `Python has measured ${suite} on ${device}.`,
    stopped: `Python has stopped. What it measured stays.`,
    failed: `Python could not measure ${suite}: ${note}.`,
  }[state] ?? "";
}

const partOf = ({ state, done, cases }) => {
  if (!(state in NEXT)) return null;
  return cases ? done / cases : -1;
};
