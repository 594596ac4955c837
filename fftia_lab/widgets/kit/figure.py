"""What every figure is in Python: strict arguments, a state that settles, a repr that stays."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import anywidget
import numpy as np
import traitlets


def plain(value: Any) -> Any:
    """Return a number of NumPy as Python's, which JSON and every version of traitlets know."""
    return value.item() if isinstance(value, np.generic) else value


class Wish(SimpleNamespace):
    """A state in the making: what was named stays as it is, the rest can be set."""

    def __init__(self, state: dict[str, Any], named: dict[str, Any]) -> None:
        super().__init__(**state | named)
        self.__dict__["named"] = frozenset(named)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.named:
            super().__setattr__(name, value)


class Figure(anywidget.AnyWidget):
    """A widget whose front end computes everything that it shows.

    After each change the rest of the state follows at once, as in the front end: `follow` is its
    `settle`, and tests compare the two. What was named is kept as it is, or refused.

    Unknown arguments are refused, and the repr is the same in every run, so that saved
    notebooks do not change when they are run again.
    """

    STATE: tuple[str, ...] = ()  # the traits that readers change, as FIELDS in the front end

    autoplay = traitlets.Bool(
        False, help="play once when first seen, unless motion is reduced"
    ).tag(sync=True)
    scenes = traitlets.List(
        traitlets.Dict(),
        help='states worth seeing, as buttons: [{"label": text, "set": {trait: value}}]',
    ).tag(sync=True)
    title = traitlets.Unicode(
        "", help="name of this instance in deep links; the class's if empty"
    ).tag(sync=True)

    def __init__(self, **values: Any) -> None:
        own = sorted(self.own_traits())
        for name in values:
            if name not in own:
                raise TypeError(
                    f"{type(self).__name__} has no argument {name!r}; it takes {', '.join(own)}"
                )
        values = {name: plain(value) for name, value in values.items()}
        self._named: set[str] = set()
        checked = {name: self._of_its_kind(name, value) for name, value in values.items()}
        super().__init__(**values, **self._following(self._own_values(), checked))
        self._named.clear()

    def follow(self, old: SimpleNamespace, now: Wish) -> None:
        """Set in `now` what follows from what was named; `old` is the state before."""

    def _of_its_kind(self, name: str, value: Any) -> Any:
        """Return a value as its trait keeps it, before values are checked against each other."""
        trait = self.class_traits()[name]
        return trait.validate(self, value) if hasattr(trait, "validate") else value

    def _own_values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.own_traits()}

    def _following(self, old: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
        """Return what else changes when `named` is set in the state `old`."""
        now = Wish(old, named)
        self.follow(SimpleNamespace(**old), now)
        unnamed = [name for name in self.STATE if name not in named]
        return {name: getattr(now, name) for name in unnamed if getattr(now, name) != old[name]}

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Take what is set inside as one change: then the rest follows, and all is checked."""
        if self._cross_validation_lock:  # inside of another change
            yield
            return
        old = self._own_values()
        with self.hold_sync(), super().hold_trait_notifications():
            try:
                yield
            finally:
                named, self._named = self._named, set()
            now = self._own_values()
            wish = {name: now[name] for name in now if name in named or now[name] != old[name]}
            for name, value in self._following(old, wish).items():
                self.set_trait(name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.STATE:
            super().__setattr__(name, value)
            return
        with self.hold_trait_notifications():
            self._named.add(name)
            super().__setattr__(name, plain(value))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a front end sends as it is: it has settled already."""
        self._named.update(self.STATE)
        super().set_state(sync_data)

    @traitlets.validate("scenes")
    def _valid_scenes(self, proposal: dict[str, Any]) -> list[dict[str, Any]]:
        scenes: list[dict[str, Any]] = proposal["value"]
        for scene in scenes:
            if set(scene) != {"label", "set"} or not set(scene["set"]) <= self.own_traits():
                raise traitlets.TraitError(
                    f'a scene is {{"label": text, "set": {{trait: value}}}}; got {scene}'
                )
        return scenes

    @classmethod
    def own_traits(cls) -> set[str]:
        """Return the names of the traits that a figure adds to a bare widget."""
        return set(cls.class_trait_names()) - set(anywidget.AnyWidget.class_trait_names())

    def _shown_in_repr(self) -> set[str]:
        return self.own_traits() - {"scenes", "signals", "tables"}

    def __repr__(self) -> str:
        defaults = self.trait_defaults()
        shown = {
            name: getattr(self, name)
            for name in sorted(self._shown_in_repr())
            if getattr(self, name) != defaults[name]
        }
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in shown.items())})"
