// What is heard: the input or the output, its samples over and over.
import { range } from "../kit/numbers.js";
import { listenButton } from "../kit/sound.js";

const RATE = 8000, SECONDS = 1.5; // samples a second, and how long a press is heard

export function makeSound(figure) {
  let playing = null;
  const samplesOf = ({ x, y }, out) => (out ? y : x);
  const soundOf = (out) => () => {
    const samples = samplesOf(figure.look(), out), loudest = Math.max(1, ...samples.map(Math.abs));
    const records = range(Math.ceil((SECONDS * RATE) / samples.length));
    playing = { out, samples: samples.join(), part: 0 };
    return { samples: records.flatMap(() => samples.map((value) => value / loudest)), rate: RATE };
  };
  const onProgress = (part) => {
    playing = part === null ? null : { ...playing, part };
    figure.invalidate();
  };
  const input = listenButton(figure, { label: "Hear input", soundOf: soundOf(false), onProgress });
  const output = listenButton(figure, { label: "Hear output", soundOf: soundOf(true), onProgress });
  for (const [one, other] of [[input, output], [output, input]]) { // one at a time
    one.root.addEventListener("click", other.stop, { capture: true });
  }
  return {
    parts: [input.root, output.root],
    playing: () => playing,
    show(view) { // another signal than the one that is heard, or an answer that waits
      const stale = playing && playing.samples !== samplesOf(view, playing.out).join();
      if (stale || view.hidden) {
        input.stop();
        output.stop();
      }
      output.root.hidden = view.hidden;
    },
  };
}
