from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.benchmarks.speed.contender import Question, Way
from tests.benchmarks.speed.measuring import PEERS_TURN, TURN, Amount, measure
from tests.benchmarks.speed.times import Batch, Times

AMOUNT = Amount(turns=2, batches=2, at_once={8: 16, 32: 64})


class Steady:
    """Answers in the same time always, and keeps what it was asked."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.heard: list[tuple[int, list[object]]] = []
        self._seconds = seconds

    def ask(self, way: Way, questions: Sequence[object], at_once: int = 1) -> Batch:
        self.heard.append((at_once, list(questions)))
        seconds = [self._seconds] * len(questions)
        return Batch(seconds, sum(seconds) / at_once, acknowledged=[0.001], lost=1)

    def memory(self) -> int | None:
        return None


def questions(count: int) -> list[Question]:
    return [Question(f"question {row}", "Design", row) for row in range(count)]


def test_all_are_asked_the_same_questions_and_none_twice() -> None:
    ours, part, peer = Steady("ours", 0.01), Steady("part", 0.01), Steady("peer", 0.02)
    asked = questions(AMOUNT.questions)
    told: list[tuple[str, int, int]] = []
    measure(
        [(peer, "plain")],
        [(part, "filtered")],
        [(ours, "plain")],
        asked,
        AMOUNT,
        lambda *step: told.append(step),
    )
    heard = [question for some in (ours, part) for _, half in some.heard for question in half]
    assert len(heard) == len(asked)
    assert all(question in heard for question in asked), "no question comes twice"
    one_by_one = [some for at_once, some in ours.heard if at_once == 1]
    assert [len(some) for _, some in part.heard] == [len(some) for some in one_by_one]
    assert [len(some) for some in one_by_one] == [TURN, TURN]
    assert [some for _, some in peer.heard] == [some[:PEERS_TURN] for some in one_by_one]
    assert sorted(at_once for at_once, _ in ours.heard) == [1, 1, 8, 8, 32, 32]
    assert told[-1] == ("Asking", AMOUNT.questions, AMOUNT.questions)
    assert len(told) == 6


def test_what_is_asked_is_told_by_contender_way_and_number() -> None:
    ours = Steady("ours", 0.01)
    found = measure(
        [], [(ours, "filtered")], [(ours, "plain")], questions(400), AMOUNT, lambda *_: None
    )
    rates = {(one.way, one.at_once): one.per_second for one in found}
    assert rates == {
        ("filtered", 1): 100,
        ("plain", 1): 100,
        ("plain", 8): 800,
        ("plain", 32): 3_200,
    }
    one = next(one for one in found if one.at_once == 32)
    assert one.milliseconds == Times(10, 10, 10, 10, 128)
    assert one.acknowledged == Times(1, 1, 1, 1, 2)
    assert one.lost == 2


def test_a_spread_is_told_in_milliseconds() -> None:
    times = Times.of([number / 1_000 for number in range(101)])
    assert times == Times(50, 5, 95, 99, 101)
    with pytest.raises(ValueError, match="no times"):
        Times.of([])
