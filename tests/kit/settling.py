"""A widget's state in Python: what it is, what a change makes of it, and when two are alike."""

import json
from urllib.parse import parse_qsl

import numpy as np


def state_of(widget):
    return {name: getattr(widget, name) for name in widget.STATE}


def changed(widget, patch):
    """The state after one change in Python."""
    with widget.hold_trait_notifications():
        for name, value in patch.items():
            setattr(widget, name, value)
    return state_of(widget)


def asked(query, state):
    """What a link asks of a figure in this state, read as the page reads it."""
    parts = parse_qsl(query, keep_blank_values=True, strict_parsing=True)
    return {k: v if isinstance(state[k], str) else json.loads(v) for k, v in parts}


def alike(one, other):
    """Equal, and drawn samples to the last digit that two ways of rounding share."""
    return all(
        np.allclose(one[k], other[k], rtol=0, atol=1e-12)
        if k == "samples" and len(one[k]) == len(other[k])
        else one[k] == other[k]
        for k in one
    )
