"""The cover: 64 tokens, six meetings, and what they reach.

A reader expects 63 handshakes, or a hub, before everyone knows; six meetings do it. Then the future
is forbidden, most of the past is lost as well, and another wiring gives it back.
"""

from __future__ import annotations

import re
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import traitlets

from ...signals import PRESETS
from ..kit.bundle import bundle, style
from ..kit.fields import Real, Whole
from ..kit.figure import Figure, Wish
from ..shared.samples import checked_samples, drawn_samples
from ..shared.tables import schedules, signal_tables
from ..shared.trained import denoisers

TOKENS, MEETINGS = 64, 6
EVERYONE = "f" * (TOKENS // 4)
NOISE, NOISE_SEED = 0.3, 7  # its root mean square; nothing was trained on it


@cache
def mixing_tables() -> dict[str, Any]:
    """Return {"noise", "learned"}: 64 samples, and "wiring/causal" -> blocks and what they leave.

    >>> sorted(mixing_tables()["learned"])
    ['butterfly/0', 'butterfly/1', 'shift/0', 'shift/1']
    """
    noise = np.random.default_rng(NOISE_SEED).normal(scale=NOISE, size=TOKENS).round(3)
    ends = f"/{TOKENS}"
    learned = {key[: -len(ends)]: one for key, one in denoisers().items() if key.endswith(ends)}
    return {"noise": noise.tolist(), "learned": learned}


class SixMeetings(Figure):
    """News on its way through 64 tokens, and the matrix of who has heard whom.

    Bad values raise `traitlets.TraitError` with what was given and what is wanted.

    >>> SixMeetings(wiring="shift", causal=True, token=9)
    SixMeetings(causal=True, token=9, wiring='shift')
    """

    _esm = bundle(__file__, schedules("butterfly/64/0/0", "butterfly/64/1/0", "shift/64"))
    _css = style(__file__)
    STATE = ("wiring", "causal", "meeting", "token", "painted", "carry", "signal", "samples")

    wiring = traitlets.Enum(
        ["butterfly", "shift"], "butterfly", help="who meets whom, a name of fftia_lab.schedule"
    ).tag(sync=True)
    causal = traitlets.Bool(False, help="nobody hears a later token").tag(sync=True)
    meeting = Real(0, MEETINGS, float(MEETINGS), "meetings completed, fractions on the way")
    token = Whole(0, TOKENS - 1, 21, "whose news is followed")
    painted = traitlets.Unicode(
        "0" * 16,
        help="whose news the matrix shows besides: 64 bits as 16 hex digits, token 0 last",
    ).tag(sync=True)
    carry = traitlets.Enum(
        ["news", "fft", "attention", "mixing"], "news", help="what the wires carry"
    ).tag(sync=True)
    signal = traitlets.Enum(
        [*PRESETS, "drawn"], "two waves", help="the wave that is carried: a preset, or drawn"
    ).tag(sync=True)
    samples = traitlets.List(
        traitlets.CFloat(),
        help='the drawn signal, 64 values from -1 to 1; [] unless signal="drawn"',
    ).tag(sync=True)
    signals = traitlets.Dict(help="preset name -> its 64 samples in a list; made by Python").tag(
        sync=True
    )
    tables = traitlets.Dict(
        help="noise, and the learned numbers of every wiring that clean it; made by Python"
    ).tag(sync=True)

    chapter = traitlets.Unicode(
        "", help="address of the chapter on attention, for a link; none if empty"
    ).tag(sync=True)
    mixing_chapter = traitlets.Unicode(
        "", help="address of the chapter on mixing, for a link; none if empty"
    ).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        values.setdefault("signals", signal_tables((TOKENS,)))
        values.setdefault("tables", mixing_tables())
        if "samples" in values:
            values.setdefault("signal", "drawn")
        super().__init__(**values)

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """A preset has no drawn samples; a drawn signal starts as the one that was there."""
        now.samples = drawn_samples(now, lambda: old.samples or now.signals[old.signal][0], TOKENS)

    @traitlets.validate("painted")
    def _valid_painted(self, proposal: dict[str, Any]) -> str:
        if not re.fullmatch("[0-9a-f]{16}", proposal["value"]):
            raise traitlets.TraitError(
                f"painted must be 16 hex digits, such as {EVERYONE!r}; got {proposal['value']!r}"
            )
        return str(proposal["value"])

    @traitlets.validate("carry", "wiring", "causal")
    def _valid_carry(self, proposal: dict[str, Any]) -> Any:
        now = {name: getattr(self, name) for name in ("carry", "wiring", "causal")}
        now[proposal["trait"].name] = proposal["value"]
        if now["carry"] == "fft" and (now["wiring"] != "butterfly" or now["causal"]):
            raise traitlets.TraitError(
                "the FFT needs the whole butterfly: use wiring='butterfly' and causal=False, "
                "or another value of carry"
            )
        return proposal["value"]

    @traitlets.validate("chapter", "mixing_chapter")
    def _valid_chapter(self, proposal: dict[str, Any]) -> str:
        address, name = str(proposal["value"]), proposal["trait"].name
        scheme = re.match(r"\s*([^/?#]*):", address)  # what a browser takes for one
        if scheme and scheme[1].strip().lower() not in ("http", "https"):
            raise traitlets.TraitError(
                f"{name} must be a relative address, or one of http or https; got {address!r}"
            )
        return address

    @traitlets.validate("samples")
    def _valid_samples(self, proposal: dict[str, Any]) -> list[float]:
        return checked_samples(proposal["value"], self.signal, TOKENS)
