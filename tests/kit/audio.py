"""An AudioContext that plays nothing and writes down what it was asked to play."""

import numpy as np

STUB = """
window.audio = { contexts: 0, closed: 0, started: [], stopped: 0, last: null };
window.AudioContext = class {
  constructor() { audio.contexts++; this.currentTime = 5; this.destination = { out: true }; }
  resume() { return Promise.resolve(); }
  close() { audio.closed++; return Promise.resolve(); }
  createBuffer(channels, length, rate) {
    if (rate < 8000 || rate > 96000) throw new Error(`no buffer of ${rate} samples a second`);
    return { channels, length, rate, data: [], copyToChannel(data, channel) {
      if (data.length !== length || channel >= channels) throw new Error("does not fit");
      this.data = [...data];
    } };
  }
  createGain() {
    const ramp = [], gain = {
      setValueAtTime(value, time) { ramp.push(["set", value, time]); },
      linearRampToValueAtTime(value, time) { ramp.push(["ramp", value, time]); },
    };
    return { gain, ramp, connect(to) { this.to = to; return to; } };
  }
  createBufferSource() {
    return { buffer: null, onended: null, connect(to) { this.to = to; return to; },
      start(when, offset, duration) {
        audio.last = this;
        const { ramp, to } = this.to, { data, rate } = this.buffer;
        audio.started.push({ when, offset, duration, data, rate, ramp, heard: Boolean(to?.out) });
      },
      stop() { audio.stopped++; } };
  }
};
"""


class Audio:
    """What the stub has written down on a page."""

    def __init__(self, page):
        self.page = page

    def count(self, name):
        return self.page.evaluate(f"audio.{name}")

    @property
    def started(self):
        return self.page.evaluate("audio.started")

    def end(self):
        """Let the sound that plays reach its end."""
        self.page.evaluate("audio.last.onended()")


def level(ramp, time):
    """Return the gain at a time, from the list of what was asked for."""
    value, since = 0.0, None
    for kind, target, at in ramp:
        if at <= time:
            value, since = target, at
        elif kind == "ramp" and since is not None:
            return value + (target - value) * (time - since) / (at - since)
        else:
            break
    return value


def played(sound):
    """Return the samples as they leave the loudspeaker: the buffer times the gain, in time."""
    count = min(len(sound["data"]), round(sound["duration"] * sound["rate"]))
    times = sound["when"] + np.arange(count) / sound["rate"]
    gains = np.array([level(sound["ramp"], time) for time in times])
    return np.array(sound["data"][:count]) * gains
