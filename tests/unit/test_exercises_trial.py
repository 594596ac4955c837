"""Whatever a reader's function does, a checker answers, and leaves the machine as it was."""

import itertools
import signal
import sys
import threading
from functools import partial

import numpy as np
import pytest
import torch
from unit.exercise_answers import CHECKERS, SOLUTIONS

from fftia_lab.exercises import (
    Verdict,
    _trial,
    check_count,
    check_dft,
    check_fft,
    check_gates_for,
    check_past_mean,
    check_reach,
    check_wiring,
)

every_checker = pytest.mark.parametrize("name", CHECKERS)


def test_every_checker_has_a_solution():
    assert set(SOLUTIONS) == set(CHECKERS)


# ---- what is no answer -----------------------------------------------------------------------


class Unreadable:
    def __array__(self, *_, **__):
        raise RuntimeError("not for you")

    def __iter__(self):
        raise LookupError("nor one by one")


def failing(*_):
    yield 1
    raise ValueError("halfway")


JUNK = {
    "nothing": None,
    "text": "spectrum",
    "text of a number": "3.0",
    "bytes": b"3",
    "a ragged list": [[1.0, 2.0], [3.0]],
    "a ragged list of lists": [[[1], [1, 2]], [[1]], [[2]]],
    "an empty list": [],
    "an empty array": np.zeros((0, 0)),
    "nan": float("nan"),
    "infinity": np.inf,
    "a complex number": 3 + 1e-9j,
    "a NumPy complex number": np.complex128(3 + 1j),
    "a large integer": 10**400,
    "a dictionary": {0: 1},
    "a set": {1, 2},
    "an object": object(),
    "a function": len,
    "a class": int,
    "an exception": ValueError("here"),
    "missing entries": [None] * 8,
    "objects": np.array([object()] * 8),
    "texts": np.array(["1"] * 8),
    "dates": np.array(["2026-11-24"], dtype="datetime64[D]"),
    "a tensor": torch.zeros(3),
    "a tensor with a gradient": torch.zeros(8, requires_grad=True),
    "bfloat16": torch.zeros(8, dtype=torch.bfloat16),
    "no memory at all": torch.zeros(8, device="meta"),
    "nans": np.full((8, 8), np.nan),
    "unreadable": Unreadable(),
    "a verdict": Verdict(True, "It is right because I say so."),
    "list of nothing": [[]],
    "a list of texts": ["stage"] * 3,
}


@every_checker
@pytest.mark.parametrize("kind", JUNK)
def test_junk_gets_a_verdict(name, kind):
    verdict = CHECKERS[name](lambda *_: JUNK[kind])
    assert isinstance(verdict, Verdict) and not verdict
    assert 10 < len(verdict.message) < 400


STRANGE = {
    "no call": lambda *_: failing(),
    "endless items": lambda *_: itertools.count(),
    "endless calls": lambda *given: STRANGE["endless calls"](*given),
    "too few": lambda: 1,
    "no memory": lambda *_: np.zeros(10**15),
    "its own failure": lambda *_: (_ for _ in ()).throw(Silent()),
    "the end of a generator": lambda *_: next(iter(())),
    "an exit": lambda *_: sys.exit("bye"),
}


class Silent(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@every_checker
@pytest.mark.parametrize("kind", STRANGE)
def test_strange_functions_get_a_verdict(name, kind):
    verdict = CHECKERS[name](STRANGE[kind])
    assert isinstance(verdict, Verdict) and not verdict
    assert 10 < len(verdict.message) < 600


@every_checker
@pytest.mark.parametrize("given", [None, 3, np.zeros(8)], ids=["None", "number", "array"])
def test_the_answer_instead_of_the_function(name, given):
    verdict = CHECKERS[name](given)
    assert not verdict and "without brackets" in verdict.message


# ---- what it was given -----------------------------------------------------------------------

TAKES_ONLY_NUMBERS = {
    "check_alias",
    "check_count",
    "check_held",
    "check_mean_stages",
    "check_meeting",
    "check_pair_of",
    "check_wiring",
}
TAKES_DATA = sorted(
    set(CHECKERS) - TAKES_ONLY_NUMBERS - {"check_past_mean", "check_fair", "check_seconds"}
)


def spoil(one):
    """Change what a function was given, by an operation that it might well do."""
    if isinstance(one, list):
        one.pop() if isinstance(one[-1], np.ndarray) else one.reverse()
    elif isinstance(one, np.ndarray) and one.dtype == bool:
        np.logical_not(one, out=one)
    elif isinstance(one, np.ndarray):
        one[...] = one[::-1] + 1


def copied(one):
    if isinstance(one, list):
        return [copied(item) for item in one]
    return one.copy() if isinstance(one, np.ndarray) else one


@pytest.mark.parametrize("which", [0, 1, 2, 3])
@pytest.mark.parametrize("name", TAKES_DATA)
def test_a_changed_input_is_never_right(name, which):
    """Also not one that is changed after the answer was made."""
    spoilt = []

    def changing(*given):
        answer = SOLUTIONS[name](*(copied(one) for one in given))
        if which < len(given) and isinstance(given[which], (list, np.ndarray)):
            spoilt.append(spoil(given[which]))
        return answer

    verdict = CHECKERS[name](changing)
    assert bool(verdict) == (not spoilt)
    if spoilt:
        assert "It changed its input" in verdict.message and "work on a copy" in verdict.message


def test_a_changed_input_has_its_name():
    def my_gates(order):
        gates = SOLUTIONS["check_gates_for"](order)
        order.sort()
        return gates

    assert "It changed its input order: work on a copy." in check_gates_for(my_gates).message


@pytest.mark.parametrize("length", [0, 1, 7])
def test_a_list_of_partners_may_get_shorter_or_longer(length):
    def resizing(partners):
        found = SOLUTIONS["check_reach"](partners)
        partners[:] = (partners * 7)[:length]
        return found

    assert "It changed its input partners" in check_reach(resizing).message
    ragged = check_reach(lambda partners: [[True] * (i + 1) for i in range(len(partners[0]))])
    assert "rows differ in length" in ragged.message


# ---- where it stopped ------------------------------------------------------------------------


def helper(samples):
    return samples[99]


def my_dft(samples):
    spectrum = samples + 0
    return helper(spectrum)


def test_an_exception_keeps_its_line_and_its_input():
    line = helper.__code__.co_firstlineno + 1
    message = check_dft(my_dft).message
    assert message.startswith(
        f"It stopped with IndexError in line {line}, `return samples[99]`: index 99 is out of"
    )
    assert message.endswith("It was given samples of shape (8,), complex128.")


def test_the_line_is_the_readers_where_numpy_stops():
    def my_mean(n):
        return np.eye(n).reshape(3, 3)

    message = check_past_mean(my_mean).message
    assert "`return np.eye(n).reshape(3, 3)`: cannot reshape" in message
    assert message.endswith("It was given n = 8.")


def test_inputs_in_short():
    assert check_count(lambda n, base: 1 / 0).message.endswith("It was given n = 1024; base = 8.")
    gates = check_gates_for(lambda order: 1 / 0).message
    assert gates.endswith("It was given order = [1, 2, 3, 4, 5, 6, 7, 0].")
    reach = check_reach(lambda partners: 1 / 0).message
    assert reach.endswith("It was given partners, a list of 3.")
    partly = check_fft(partial(lambda sign, samples: 1 / 0, 1)).message
    assert "ZeroDivisionError" in partly and "samples of shape (8,)" in partly


def test_a_message_without_words_ends_well():
    def my_dft(samples):
        raise NotImplementedError

    assert "It stopped with NotImplementedError in line" in check_dft(my_dft).message
    assert "`raise NotImplementedError`. It was" in check_dft(my_dft).message


def test_an_exit_is_named():
    def my_dft(samples):
        sys.exit(1)

    message = check_dft(my_dft).message
    assert "It ended the program" in message and "`sys.exit(1)`" in message
    with pytest.raises(KeyboardInterrupt):
        check_dft(lambda samples: (_ for _ in ()).throw(KeyboardInterrupt))


# ---- how long it takes -----------------------------------------------------------------------


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(_trial, "LIMIT", 0.2)


@every_checker
def test_an_endless_loop_ends(hurried, name):
    def endless(*given):
        while given:
            try:
                pass
            except Exception:
                pass

    message = CHECKERS[name](endless).message
    assert "It had not ended after 0.2 seconds in line" in message
    assert "It was given" in message or name in ("check_fair", "check_seconds")


def test_an_endless_loop_has_its_line(hurried):
    def my_dft(samples):
        while True:
            samples = samples + 0

    assert "in line" in check_dft(my_dft).message


def test_an_endless_list_ends(hurried):
    def stages(length):
        while True:
            yield list(range(length))

    assert not check_wiring(stages)


def test_an_alarm_that_a_callback_swallows_rings_again(hurried):
    """What is raised while something is collected is only reported, and the answer goes on."""
    lost = []

    class Slow:
        def __del__(self):
            try:
                while not lost:
                    sum(range(100))
            except BaseException as error:  # as Python does around a callback of its collector
                lost.append(error)

    def my_dft(samples):
        Slow()
        return sum(1 for _ in range(100_000_000))  # seconds, and an end if no alarm is heard

    assert "had not ended" in check_dft(my_dft).message
    assert len(lost) == 1, "the first alarm was swallowed"


def test_the_alarm_is_put_back():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(1))
    try:
        mine = signal.getsignal(signal.SIGALRM)
        signal.setitimer(signal.ITIMER_REAL, 60, 30)
        assert check_dft(np.fft.fft) and not check_dft(lambda samples: 1 / 0)
        assert signal.getsignal(signal.SIGALRM) is mine
        left, again = signal.setitimer(signal.ITIMER_REAL, 0)
        assert 30 < left < 60 and again == 30 and not rung
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert check_dft(np.fft.fft)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0), "no alarm is left behind"


def test_it_works_in_another_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(check_dft(np.fft.fft)))
    thread.start()
    thread.join()
    assert found[0]
