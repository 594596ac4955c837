"""Schedules by name, and from the JSON that they write."""

from __future__ import annotations

import json

from .base import Schedule
from .wirings import BenesSchedule, ButterflySchedule, PrefixSchedule, ShiftSchedule

SCHEDULES: dict[str, type[Schedule]] = {
    schedule.kind: schedule
    for schedule in (ButterflySchedule, ShiftSchedule, BenesSchedule, PrefixSchedule)
}


def schedule_from_json(text: str) -> Schedule:
    """Return the schedule that `Schedule.to_json` wrote.

    Raises:
        TypeError: if `text` is no text.
        ValueError: if it is not JSON, the kind is unknown, or the stored partners are not this
            schedule's.

    >>> schedule_from_json(ShiftSchedule(6, causal=True).to_json())
    ShiftSchedule(size=6, causal=True, padding='relay')
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be what Schedule.to_json wrote; got {text!r}")
    try:
        stored = json.loads(text)
    except json.JSONDecodeError as error:
        shown = text if len(text) < 40 else f"{text[:40]} …"
        raise ValueError(
            f"text must be JSON, as Schedule.to_json writes it; got {shown!r} ({error})"
        ) from None
    kind = stored.get("kind") if isinstance(stored, dict) else None
    if kind not in tuple(SCHEDULES):
        raise ValueError(f"unknown schedule kind {kind!r}; known: {', '.join(SCHEDULES)}")
    arguments = {
        k: v for k, v in stored.items() if k not in {"kind", "strides", "partners", "groups"}
    }
    try:
        schedule = SCHEDULES[kind](**arguments)
    except TypeError as error:
        raise ValueError(f"this is no stored {kind} schedule: {error}") from None
    # A stored partner takes a character at least: nothing is compared that cannot be there.
    if len(text) < schedule.size * schedule.depth or schedule.as_dict() != stored:
        raise ValueError(f"the stored wiring is not that of {schedule}; write it again")
    return schedule
