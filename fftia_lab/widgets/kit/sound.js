// Sound is the state: it plays what is drawn, only when asked, softly, for at most two seconds.
import { html } from "./elements.js";

const PEAK = 0.3, FADE = 0.03, LONGEST = 2;

// Samples (at most 1 in size) to a button that plays them; `soundOf()` returns { samples, rate }.
// `onProgress(part)` moves a playhead from 0 to 1 and gets null when the sound has ended.
export function listenButton(figure, { label, soundOf, onProgress }) {
  const button = html("button", {
    type: "button",
    class: "fl-button fl-listen",
    "aria-pressed": "false",
  }, label);
  let context = null, playing = null;

  function stop() {
    if (!playing) return;
    const { source, frame } = playing;
    playing = null;
    cancelAnimationFrame(frame);
    source.onended = null;
    source.stop();
    button.setAttribute("aria-pressed", "false");
    onProgress?.(null);
  }
  function start() {
    context ??= new AudioContext();
    context.resume();
    const { samples, rate } = soundOf(), seconds = Math.min(samples.length / rate, LONGEST);
    const buffer = context.createBuffer(1, samples.length, rate), gain = context.createGain();
    buffer.copyToChannel(Float32Array.from(samples), 0);
    const source = context.createBufferSource(), now = context.currentTime;
    source.buffer = buffer;
    source.connect(gain).connect(context.destination);
    gain.gain.setValueAtTime(0, now); // a ramp at both ends, so that nothing clicks
    gain.gain.linearRampToValueAtTime(PEAK, now + FADE);
    gain.gain.setValueAtTime(PEAK, now + seconds - FADE);
    gain.gain.linearRampToValueAtTime(0, now + seconds);
    source.start(now, 0, seconds);
    const mine = { source, frame: 0 };
    playing = mine;
    button.setAttribute("aria-pressed", "true");
    const began = performance.now();
    const tick = () => {
      if (playing !== mine) return;
      const part = (performance.now() - began) / (1000 * seconds);
      if (part >= 1) return stop();
      onProgress?.(part);
      mine.frame = requestAnimationFrame(tick);
    };
    source.onended = stop;
    tick();
  }
  button.addEventListener("click", () => (playing ? stop() : start()));
  figure.onEnd(() => {
    stop();
    context?.close();
  });
  return { root: button, stop };
}
