"""The cover's figure as tests see it: on a page of its own, its strip, its bars, its sounds."""

import re

import numpy as np
from kit.bare import as_in_the_book
from kit.figures import INTRO, STILL, FigureOnPage

from fftia_lab.widgets import SixMeetings

WIDTHS = (360, 1000)

RECORDER = """
window.sounds = [];
window.AudioContext = class {
  constructor() { this.currentTime = 0; this.destination = {}; }
  resume() {} close() { window.sounds.push('closed'); }
  createBuffer(channels, length, rate) {
    return { rate, copyToChannel(data) { this.data = [...data]; } };
  }
  createGain() {
    const set = value => window.sounds.push({ gain: value });
    return { gain: { setValueAtTime: set, linearRampToValueAtTime: set }, connect: x => x };
  }
  createBufferSource() {
    return { connect: x => x, stop() { window.sounds.push('stopped'); },
      start(at, from, seconds) { window.sounds.push({ ...this.buffer, seconds }); } };
  }
};
"""


def opening(bare, site):
    """A fixture: cover(width=360) -> (tab, figure), the cover on a page of its own."""

    def opened(width=1000, **context):
        widget = as_in_the_book(site, INTRO, "sixmeetings", SixMeetings)
        size = {"width": width, "height": 740}
        tab = bare(widget, viewport=size, **{**STILL, **context})
        return tab, FigureOnPage(tab.page, "sixmeetings")

    return opened


def strip_point(figure, token, high=None):
    """Where a token stands on its strip, in page coordinates; `high` is the value drawn there."""
    part = ".fl-pad" if high is not None else ".fl-cursor"
    box = figure.root.locator(part).bounding_box()
    narrow = box["width"] > box["height"]
    along = (token + 0.5) / 64
    if narrow:
        level = 0.5 if high is None else (1 - high) / 2
        return box["x"] + along * box["width"], box["y"] + level * box["height"]
    level = 0.7 if high is None else (1 + high) / 2
    return box["x"] + level * box["width"], box["y"] + along * box["height"]


def bars_of(figure, layer):
    """How far the bars of a layer reach from their axis, to the right or down, a number each."""
    path = figure.root.locator(f".fl-{layer}").get_attribute("d")
    found = np.array(re.findall(r"M([-.\d]+) ([-.\d]+)h([.\d]+)v([.\d]+)h", path), dtype=float)
    thick = found[:, 3].max() - found[:, 3].min() < 0.2  # all alike: they lie, and reach sideways
    start, wide = (found[:, 0], found[:, 2]) if thick else (found[:, 1], found[:, 3])
    axis = np.median(np.concatenate([start, start + wide]).round())
    ends = np.where(np.abs(start - axis) < 1.5, start + wide, start) - axis
    return ends if thick else -ends
