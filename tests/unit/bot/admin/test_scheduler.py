"""Automatic reindexing: on a schedule, and when a source changes."""

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.admin import scheduler
from bot.admin.scheduler import ReindexScheduler
from bot.commands.spec import Request
from bot.config import Settings
from bot.identity import User
from bot.replies.base import Problem
from index.errors import LedgerError

TIMEOUT_S = 10
BUSY = Problem(code="store_busy", message="The index is already being built by ada.")
HELD = Problem(code="removal_held", message="terms would lose 3 of its 3 entries.")
PAUSED = Problem(code="paused", message="Nothing is reindexed by itself.")


class Reindexes:
    """Stands in for AdminService: records who reindexes, and returns the next item in `answers`."""

    def __init__(self, *paths: Path) -> None:
        self.paths: list[Any] = [list(paths)]  # watched paths, one list per call
        self.answers: list[Any] = []
        self.done: queue.Queue[str] = queue.Queue()
        self.told: list[Problem] = []
        self.notify_held = self.told.append

    def watched_paths(self) -> list[Path]:
        paths = self.paths.pop(0) if len(self.paths) > 1 else self.paths[0]
        if isinstance(paths, Exception):
            raise paths
        return list(paths)

    def answer(self, request: Request, actor: User) -> Any:
        assert (request.verb, actor.admin, actor.automatic) == ("reindex", True, True)
        self.done.put(actor.id)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def next(self, seconds: float = TIMEOUT_S) -> str:
        return self.done.get(timeout=seconds)

    def is_idle(self, seconds: float = 0.5) -> bool:
        """Whether no reindex starts for `seconds`."""
        try:
            self.done.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Yield a function that starts schedulers with short intervals; stop them after the test."""
    started = []
    monkeypatch.setattr(scheduler, "DEBOUNCE_MS", 50)
    monkeypatch.setattr(scheduler, "SOURCES_CHECK_MS", 100)
    monkeypatch.setattr(scheduler, "WATCH_RETRY_S", 0.05)
    monkeypatch.setattr(scheduler, "BUSY_RETRY_S", 0.05)

    def start(reindexes: Reindexes, **settings: Any) -> ReindexScheduler:
        made = ReindexScheduler(Settings(**settings), reindexes)  # type: ignore[arg-type]
        started.append(made)
        made.start()
        return made

    yield start
    for made in started:
        made.stop()


def test_scheduled_reindexing_continues_until_it_is_stopped(running: Any) -> None:
    asked_for_nothing = Reindexes()
    running(asked_for_nothing)
    reindexes = Reindexes()
    keeping = running(reindexes, reindex_every=0.02)
    assert [reindexes.next() for _ in range(3)] == ["schedule"] * 3
    keeping.stop()
    while not reindexes.is_idle(0.2):
        pass
    assert asked_for_nothing.is_idle(0)


@pytest.mark.parametrize("answer", [PAUSED, RuntimeError("no"), LedgerError("no")], ids=repr)
def test_scheduled_reindexing_continues_after_a_failure(running: Any, answer: Any) -> None:
    reindexes = Reindexes()
    reindexes.answers = [answer]
    running(reindexes, reindex_every=0.02)
    assert [reindexes.next() for _ in range(2)] == ["schedule"] * 2


def test_a_reindex_is_retried_while_another_build_runs(running: Any, tmp_path: Path) -> None:
    reindexes = Reindexes(tmp_path)
    reindexes.answers = [BUSY, BUSY]
    running(reindexes, watch=True)
    assert [reindexes.next() for _ in range(3)] == ["watch"] * 3
    assert reindexes.is_idle()


def test_admins_are_told_once_that_a_removal_is_held_back(running: Any) -> None:
    reindexes = Reindexes()
    reindexes.answers = [HELD, HELD, None, PAUSED, HELD]
    running(reindexes, reindex_every=0.02)
    assert [reindexes.next() for _ in range(6)] == ["schedule"] * 6
    assert reindexes.told == [HELD, HELD], "once each time"


def test_changes_made_before_and_while_watching_are_indexed(
    running: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "DEBOUNCE_MS", 300)  # longer than any pause between two writes
    reindexes = Reindexes(tmp_path)
    running(reindexes, watch=True)
    assert reindexes.next() == "watch"
    assert reindexes.is_idle()
    for number in range(3):  # changes in quick succession count as one
        (tmp_path / f"{number}.md").write_text("x")
    assert reindexes.next() == "watch"
    assert reindexes.is_idle()
    (tmp_path / "1.md").unlink()
    assert reindexes.next() == "watch"


def test_a_file_is_still_watched_after_it_is_replaced(running: Any, tmp_path: Path) -> None:
    file = tmp_path / "words.csv"
    file.write_text("a")
    reindexes = Reindexes(file)
    running(reindexes, watch=True)
    assert reindexes.next() == "watch"
    for text in ("b", "c"):
        (tmp_path / "new").write_text(text)
        (tmp_path / "new").replace(file)
        assert reindexes.next() == "watch"
        while not reindexes.is_idle():  # a restarted watch reindexes once
            pass


def test_a_source_created_later_is_watched(running: Any, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    reindexes = Reindexes()
    reindexes.paths = [[], LedgerError("busy"), [first], [first], [first, second]]
    running(reindexes, watch=True)
    assert reindexes.next() == "watch"
    assert reindexes.next() == "watch", "the watch restarted with both paths"
    assert reindexes.is_idle()
    (second / "a.md").write_text("x")
    assert reindexes.next() == "watch"
