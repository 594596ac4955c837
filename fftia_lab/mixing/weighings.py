"""What the three weighings can and cannot do: the FFT's, attention's and learned ones.

One network, a butterfly of radix 2, carries each. Every answer here is measured by a test,
tests/unit/test_three_weighings.py, which holds one probe a row and compares all three cells.
"""

from __future__ import annotations

from typing import NamedTuple

YES, NO = "yes", "no"


class Row(NamedTuple):
    """One question to the three weighings.

    Args:
        key: the row's name, for links and tests.
        question: in words.
        fixed: the answer of the FFT's twiddles, for N samples.
        asked: that of butterfly attention, whose tokens are asked: a softmax on each pair.
        learned: that of free blocks, `LearnedButterfly`.
        tested: what the test does.
    """

    key: str
    question: str
    fixed: str
    asked: str
    learned: str
    tested: str

    @property
    def answers(self) -> tuple[str, str, str]:
        """The three answers, in that order."""
        return self.fixed, self.asked, self.learned


ROWS = (
    Row(
        "wiring",
        "Is the pattern of every stage the schedule's?",
        *(YES, YES, YES),
        "the entries of each stage's matrix that are not 0, against who meets on one schedule",
    ),
    Row(
        "dft",
        "Can it be the DFT, samples sorted by reversed bits?",
        *(YES, NO, YES),
        "against scipy.linalg.dft; no matrix without negative entries comes within half its norm",
    ),
    Row(
        "data",
        "Do the weights depend on the data?",
        *(NO, YES, NO),
        "whether the answer to a sum is the sum of the answers",
    ),
    Row(
        "lookup",
        "Can tokens be picked by what they hold?",
        *(NO, YES, NO),
        "all places take the token with the largest key, and a pair sorts itself; the best linear "
        "map is left with more than half of the signal",
    ),
    Row(
        "shift",
        "Can it move all tokens on by a fixed number of places?",
        *(NO, "if tokens tell their places", YES),
        "weights built for every shift of 8 places, against numpy.roll",
    ),
    Row(
        "commutes",
        "Does a shifted input give the shifted output?",
        *(NO, NO, "if its blocks are a circulant's"),
        "every shift around, before against after",
    ),
    Row(
        "flips",
        "Do flipped binary digits of all places come out flipped?",
        *(NO, YES, "if each stage is one block (a b; b a)"),
        "i XOR t for every t, before against after",
    ),
    Row(
        "lengths",
        "Does a network of radix 2 take any length?",
        *(NO, YES, NO),
        "5 tokens, alone and as part of 8 with a mask, or the error that refuses them",
    ),
    Row(
        "serves",
        "Do the weights for N serve 2N?",
        *("yes, but for one new stage", "yes, but for one new stage", NO),
        "the first stages at 16 places against those at 8",
    ),
    Row(
        "causal",
        "Can it leave the future out, and how much of the past with it, at 32 places?",
        *(NO, "yes; 243 of 528 pairs stay", "yes; 243 of 528 pairs stay"),
        "entries of the matrix that are not 0: none above the diagonal, and how many on and below",
    ),
    Row(
        "average",
        "Is every output an average, weights not negative and of sum 1?",
        *(NO, YES, "if its blocks are averages"),
        "rows of the matrix",
    ),
    Row(
        "undone",
        "Can it always be undone?",
        *(YES, NO, NO),
        "the smallest singular value: of the DFT √N, of all gates at one half and of blocks 0",
    ),
    Row(
        "energy",
        "Does the energy stay, up to a constant?",
        *(YES, NO, "at the start, until it learns"),
        "singular values: all alike or not",
    ),
    Row(
        "numbers",
        "How many numbers are learned, for heads of d channels?",
        *("0", "2 d² a stage and head", "4 a pair: 2 N log2 N"),
        "by counting parameters at 8 and 16 places",
    ),
    Row(
        "freedom",
        "In how many directions can the matrix move?",
        *("0", "N log2 N", "N (log2 N + 1)"),
        "rank of the Jacobian of all entries by gates or blocks, at 4, 8 and 16 places",
    ),
)


def three_weighings() -> tuple[Row, ...]:
    """Return the table: a row a question, three answers each, and how each row was tested.

    >>> [row.answers for row in three_weighings() if row.key == "data"]
    [('no', 'yes', 'no')]
    """
    return ROWS


def weighings_table() -> str:
    """Return the table as Markdown, for a page or a notebook.

    >>> print(weighings_table().splitlines()[0])
    | question | fixed: the FFT | asked for: attention | learned: free blocks |
    """
    lines = [
        "| question | fixed: the FFT | asked for: attention | learned: free blocks |",
        "| --- | --- | --- | --- |",
        *(f"| {row.question} | {' | '.join(row.answers)} |" for row in ROWS),
    ]
    return "\n".join(lines)
