"""Asks all contenders of one size in turn, so that whatever slows the machine down slows each."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.terminal.progress import Report
from tests.benchmarks.speed.contender import Contender, Question, Way
from tests.benchmarks.speed.times import Batch, Times

TURN = 20  # questions that a contender is asked before the next one is
PEERS_TURN = 5  # of them; some peers are slow


@dataclass(frozen=True, slots=True)
class Asked:
    """How one contender answers: in `milliseconds` from question to answer, and so many answers
    `per_second`, the median of several batches where several ask `at_once`. Where requests are
    acknowledged first, `acknowledged` says when; `lost` are those without an answer."""

    contender: str
    way: Way
    at_once: int
    milliseconds: Times
    per_second: float
    acknowledged: Times | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is asked: `turns` of 20 questions one after another, and `batches` of so many
    questions at once by how many ask together."""

    turns: int
    batches: int
    at_once: dict[int, int]

    @property
    def questions(self) -> int:
        """How many different questions that takes: those with a filter are others, so that nobody
        knows a text from before."""
        return self.turns * 2 * TURN + self.batches * sum(self.at_once.values())


WHOLE = Amount(turns=20, batches=3, at_once={8: 160, 32: 320})
QUICK = Amount(turns=3, batches=1, at_once={8: 40, 32: 80})


def measure(
    peers: Sequence[tuple[Contender, Way]],
    alone: Sequence[tuple[Contender, Way]],
    together: Sequence[tuple[Contender, Way]],
    questions: Sequence[Question],
    amount: Amount,
    report: Report,
) -> list[Asked]:
    """Asks those of `alone` one question after another, the `peers` every fourth of them, and those
    of `together` also several at once; all of them the same questions, of which none comes
    twice."""
    waiting = iter(questions)
    batches: defaultdict[tuple[str, Way, int], list[Batch]] = defaultdict(list)

    def ask(contender: Contender, way: Way, part: Sequence[Question], at_once: int = 1) -> None:
        batches[contender.name, way, at_once].append(contender.ask(way, part, at_once))

    asked = 0
    for at_once, count in _turns(amount):
        plain = list(islice(waiting, count))
        for contender, way in together:
            ask(contender, way, plain, at_once)
        if at_once == 1:
            filtered = list(islice(waiting, count))
            for contender, way in alone:
                ask(contender, way, filtered if way == "filtered" else plain)
            for contender, way in peers:
                ask(contender, way, (filtered if way == "filtered" else plain)[:PEERS_TURN])
        asked += count * (2 if at_once == 1 else 1)
        report("Asking", asked, amount.questions)
    return [_asked(*key, several) for key, several in batches.items()]


def _turns(amount: Amount) -> Iterator[tuple[int, int]]:
    """How many ask at once, and how many questions, turn by turn. Those of several at once come
    between the others."""
    between = [turn for _ in range(amount.batches) for turn in amount.at_once.items()]
    for turn in range(amount.turns):
        yield 1, TURN
        yield from between[turn :: amount.turns]


def _asked(name: str, way: Way, at_once: int, batches: Sequence[Batch]) -> Asked:
    seconds = [second for batch in batches for second in batch.seconds]
    acknowledged = [second for batch in batches for second in batch.acknowledged or ()]
    rates = [len(batch.seconds) / batch.whole for batch in batches]
    return Asked(
        contender=name,
        way=way,
        at_once=at_once,
        milliseconds=Times.of(seconds),
        per_second=round(statistics.median(rates), 1),
        acknowledged=Times.of(acknowledged) if acknowledged else None,
        lost=sum(batch.lost for batch in batches),
    )
