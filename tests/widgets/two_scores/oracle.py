"""What the figure `twoscores` must show, by the NumPy reference and PyTorch's dense attention."""

import numpy as np
import torch
from torch.nn.functional import scaled_dot_product_attention

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.schedule import ButterflySchedule
from fftia_lab.widgets import TwoScores
from fftia_lab.widgets.two_scores.figure import HIGH, LOW, NUMBERS

WIDGET = TwoScores
PLACE = ("notebooks/07-attention-on-pairs", "twoscores")
BARE = {"q": [[-0.5, 2.0], [3.0, 1.0]], "k": [[1.0, 1.5], [2.0, -0.5]], "number": "b-gate"}
LARGEST = {"q": [[HIGH, HIGH], [LOW, HIGH]], "k": [[HIGH, LOW], [LOW, LOW]], "step": 0.5}
NUDGES = {
    ".fl-question-0": "ArrowUp",
    ".fl-question-1": "Home",
    ".fl-key-0": "ArrowLeft",
    ".fl-key-1": "ArrowDown",
    ".fl-dot-0": "PageUp",
    ".fl-dot-1": "ArrowRight",
}
HOSTILE = [
    "q=1",
    "q=[1,2]",
    "q=[[1,2]]",
    "q=[[1,2],[3]]",
    "q=[[1,2],[3,null]]",
    'q=[["1",2],[3,4]]',
    "k=[[1,2],[3,4],[5,6]]",
    "k={}",
    "step=NaN",
    "step=%22x%22",
    "number=c-gate",
    "number=constructor",
    "number=3",
    "scenes=[]",
]


def random_state(rng):
    """A state that can be, anywhere in the space of them."""

    def vectors():
        found = rng.uniform(LOW, HIGH, (2, 2)).round(2)
        found[rng.random(2) < 0.15] = 0
        return found.tolist()

    k = vectors()
    if rng.random() < 0.15:
        k[1] = list(k[0])
    step = float(rng.integers(0, 5)) / 4
    return {"q": vectors(), "k": k, "step": step, "number": str(rng.choice(["", *NUMBERS]))}


def met(state):
    """The scores of both tokens with both keys, and their gates by definition."""
    q, k = np.array(state["q"]), np.array(state["k"])
    # tokens whose vectors are the unit vectors: their projections are the matrices themselves
    tokens, w_q, w_k = (matrix[None, None] for matrix in (np.eye(2), q, k))
    _, gates = butterfly_attention(tokens, w_q, w_k, ButterflySchedule(2))
    return q @ k.T / np.sqrt(2), gates[0, 0, 0]


def dense(state):
    """What each token gives to both, by a program that never heard of pairs."""
    given = (np.array(one, dtype=float) for one in (state["q"], state["k"], np.eye(2)))
    q, k, values = map(torch.tensor, given)
    return scaled_dot_product_attention(q, k, values).numpy()


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    scores, gates = met(state)
    weights = dense(state)
    for token, shown in enumerate(view["tokens"]):
        itself, partner = scores[token, token], scores[token, 1 - token]
        gate = weights[token, 1 - token]
        assert abs(gates[token] - gate) < 1e-12
        wanted = [itself, partner, partner - itself, gate, state["step"] * gate]
        found = [shown[name] for name in ("itself", "partner", "difference", "gate", "gone")]
        np.testing.assert_allclose(found, wanted, atol=1e-9, rtol=0, err_msg=str(state))
