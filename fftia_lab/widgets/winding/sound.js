// What is heard: the samples over and over, whole or without the wave that the crank stands at.
import { without } from "./model.js";
import { pitchText } from "./words.js";
import { html } from "../kit/elements.js";
import { range } from "../kit/numbers.js";
import { listenButton } from "../kit/sound.js";

const RATE = 8000, SECONDS = 1.5; // samples a second, and how long a press is heard

const waveAt = ({ f, n }) => ((Math.round(f) % n) + n) % n;

export function makeSound(figure) {
  let playing = null;
  const soundOf = (muted) => () => {
    const { x } = figure.look(), now = figure.state.read();
    const samples = muted ? without(x, waveAt(now)) : x;
    const loudest = Math.max(1, ...samples.map(Math.abs));
    const records = range(Math.ceil((SECONDS * RATE) / samples.length));
    playing = { samples, x: x.join(), part: 0 };
    return { samples: records.flatMap(() => samples.map((value) => value / loudest)), rate: RATE };
  };
  const onProgress = (part) => {
    playing = part === null ? null : { ...playing, part };
    figure.invalidate();
  };
  const whole = listenButton(figure, { label: "Listen", soundOf: soundOf(false), onProgress });
  const muted = listenButton(figure, { label: "Without", soundOf: soundOf(true), onProgress });
  for (const [one, other] of [[whole, muted], [muted, whole]]) { // one at a time
    one.root.addEventListener("click", other.stop, { capture: true });
  }
  const pitch = html("span", { class: "fl-pitch" });
  return {
    listen: whole.root,
    without: muted.root,
    pitch,
    playing: () => playing,
    show(now, view) {
      if (playing && playing.x !== view.x.join()) { // another signal than the one that is heard
        whole.stop();
        muted.stop();
      }
      const k = waveAt(now);
      muted.root.textContent = `Without k = ${k}`;
      pitch.textContent = pitchText(k, now.n, RATE);
    },
  };
}
