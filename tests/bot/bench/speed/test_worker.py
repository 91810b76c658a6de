from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.bench.speed.contender import Question
from bot.bench.speed.worker import ContenderFailed, Open, Worker
from tests.bot.bench.speed.contenders import alike, broken, mortal, patient, place_in


@contextmanager
def working(opened: Open, folder: Path) -> Iterator[Worker]:
    worker = Worker("somebody", opened, place_in(folder))
    try:
        yield worker
    finally:
        worker.end()


def question(text: str) -> Question:
    return Question(text, "Design", 0)


def test_each_question_is_timed_in_the_process_that_answers(tmp_path: Path) -> None:
    with working(patient, tmp_path) as worker:
        worker.wait()
        batch = worker.ask("plain", [question("0.02"), question("0.5")])
        assert 0.02 <= batch.seconds[0] < 0.5 <= batch.seconds[1]
        assert batch.whole >= sum(batch.seconds)
        held = worker.memory()
        assert held is None or held > 10_000_000
        with pytest.raises(ContenderFailed, match="somebody cannot be measured: never heard of it"):
            worker.ask("plain", [question("unknown")])
        assert len(worker.ask("plain", [question("0")]).seconds) == 1, "it goes on after that"


def test_so_many_ask_at_once_as_are_to(tmp_path: Path) -> None:
    with working(alike, tmp_path) as worker:
        worker.wait()
        assert len(worker.ask("plain", [question("a")] * 4, at_once=2).seconds) == 4
        with pytest.raises(ContenderFailed, match="BrokenBarrierError"):
            worker.ask("plain", [question("a")], at_once=1)


def test_one_that_cannot_be_made_ready_says_why(tmp_path: Path) -> None:
    with (
        working(broken, tmp_path) as worker,
        pytest.raises(ContenderFailed, match=f"nothing is in {tmp_path.name}"),
    ):
        worker.wait()


def test_one_that_dies_says_how(tmp_path: Path) -> None:
    with working(mortal, tmp_path) as worker:
        worker.wait()
        with pytest.raises(ContenderFailed, match=r"ended while it was measured \(status 9\)"):
            worker.ask("plain", [question("a")])


def test_nothing_is_left_of_one_that_was_ended_at_work(tmp_path: Path) -> None:
    with working(patient, tmp_path) as worker:
        worker.wait()
        process = worker._process.pid
        assert process is not None
        worker._line.send(("ask", "plain", [question("60")], 1))
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)
