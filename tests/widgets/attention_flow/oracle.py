"""What the figure `attentionflow` must show, computed by the NumPy reference on the record."""

import numpy as np

from fftia_lab.attention.reference import butterfly_attention
from fftia_lab.learn.record import recorded_flow, weights_of
from fftia_lab.schedule import ButterflySchedule
from fftia_lab.widgets import AttentionFlow

WIDGET = AttentionFlow
PLACE = ("notebooks/08-butterfly-attention", "attentionflow")
BARE = {"flags": [2, 13], "token": 9, "source": 3}
LARGEST = {"letters": "ABCDEFABCDEFABCD", "flags": [0, 15], "stage": 4.0, "token": 7, "source": 8}
NUDGES = {
    ".fl-listener": "ArrowUp",
    ".fl-flag": "ArrowDown",
    ".fl-letter": "ArrowRight",
    ".fl-entry": "ArrowRight",
}
HOSTILE = [
    "letters=ABC",
    "letters=ABCDEFABCDEFABCG",
    "letters=abcdefabcdefabcd",
    "letters=12",
    "flags=5",
    "flags=[16]",
    "flags=[-1]",
    "flags=[1.5]",
    "flags=[1,1]",
    "flags=[1,2,3]",
    "stage=NaN",
    "stage=%22x%22",
    "token=16",
    "token=-1",
    "source=-2",
    "source=16",
    "source=0.5",
    "bet=5",
    "bet=[1]",
    "tables={}",
    "autoplay=true",
]
LETTERS, SCHEDULE = "ABCDEF", ButterflySchedule(16)
MODELS = {kind: weights_of(model) for kind, model in recorded_flow()["models"].items()}


def tokens_of(state, weights):
    """The vectors of the tokens: letter, place, and the flag where it is carried."""
    x = weights["letters"][[LETTERS.index(letter) for letter in state["letters"]]]
    x = x + weights["places"]
    x[state["flags"]] += weights["flag"]
    return x


def says(x, heard, weights):
    """The shares of the letters that every token would say."""
    scores = (x + heard @ weights["w_out"]) @ weights["readout"]
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def butterfly(state):
    """Values before and after every stage, gates and running products, by the reference."""
    weights = MODELS["butterfly"]
    x = tokens_of(state, weights)
    one = {name: weights[name].reshape(1, 1, 8, 8) for name in ("w_q", "w_k")}
    last, gates = butterfly_attention(x[None, None], one["w_q"], one["w_k"], SCHEDULE)
    gates, values, products, own = gates[:, 0, 0], [x], [np.eye(16)], np.arange(16)
    for stage, gate in enumerate(gates):
        factor = np.zeros((16, 16))
        factor[own, own], factor[own, SCHEDULE.partners(stage)] = 1 - gate, gate
        values.append(factor @ values[-1])
        products.append(factor @ products[-1])
    np.testing.assert_allclose(values[-1], last[0, 0], atol=1e-12)
    return values, gates, products


def dense(state):
    """The matrix of softmax attention, and what comes out of it."""
    weights = MODELS["dense"]
    x = tokens_of(state, weights)
    scores = (x @ weights["w_q"]) @ (x @ weights["w_k"]).T / np.sqrt(8)
    matrix = np.exp(scores - scores.max(axis=1, keepdims=True))
    matrix /= matrix.sum(axis=1, keepdims=True)
    return matrix, says(x, matrix @ x, weights)


def random_state(rng):
    """A state that can be, anywhere in the space of them."""
    return {
        "letters": "".join(rng.choice(list(LETTERS), 16)),
        "flags": rng.choice(16, size=int(rng.integers(0, 3)), replace=False).tolist(),
        "stage": float(rng.integers(0, 17)) / 4,
        "token": int(rng.integers(16)),
        "source": int(rng.integers(-1, 16)),
        "bet": int(rng.integers(0, 5)),
    }


def near(found, wanted):
    np.testing.assert_allclose(np.array(found), wanted, atol=1e-6, rtol=0)


def check_said(shown, shares):
    """Assert the letter of the largest share, where there is no tie."""
    near([one["share"] for one in shown], shares.max(axis=1))
    for one, row in zip(shown, shares, strict=True):
        assert row[one["letter"]] > row.max() - 1e-6


def check(state, view):
    """Assert that a view is what Python computes for the state."""
    values, gates, products = butterfly(state)
    done, part = int(state["stage"] + 1e-9), state["stage"] % 1
    assert (view["done"], view["part"]) == (done, part)
    for name, wanted in (("values", values), ("gates", gates), ("products", products)):
        near(view[name], wanted)
    near(view["product"], products[done])
    after = products[min(done + 1, 4)]
    near(view["shown"], products[done] + part * (after - products[done]))
    for heard, shown in zip(values, view["says"], strict=True):
        check_said(shown, says(values[0], heard, MODELS["butterfly"]))
    matrix, shares = dense(state)
    near(view["dense"]["matrix"], matrix)
    check_said(view["dense"]["says"], shares)
    flagged = products[done][:, state["flags"]].sum(axis=1)
    near(view["flagged"], flagged)
    assert view["heard"] == (flagged > 0.5).sum()
    check_way(state, view, products[done])


def check_way(state, view, product):
    """Assert that the entry explained is the product of the weights on its way, and the flow."""
    row, source = product[state["token"]], view["source"]
    assert source == state["source"] if state["source"] >= 0 else row[source] > row.max() - 1e-9
    near(view["arrives"][0], row)
    for column in view["arrives"]:
        assert abs(sum(column) - 1) < 1e-9, "everything that arrives passes every column"
    if view["way"] is None:
        assert row[source] == 0
        return
    near(np.prod(view["way"]["weights"]), row[source])
    for stage, (before, after) in enumerate(
        zip(view["way"]["rows"], view["way"]["rows"][1:], strict=False)
    ):
        partner = SCHEDULE.partners(stage)[after]
        assert before == (partner if view["way"]["crosses"][stage] else after)
