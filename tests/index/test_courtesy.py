from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from index import courtesy
from index.courtesy import answering, give_way, paced


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work waits long enough for a test to see it."""
    monkeypatch.setattr(courtesy, "PATIENCE", 200)
    monkeypatch.setattr(courtesy, "LONGEST", 0.01)
    yield
    assert courtesy._idle.is_set()


def seconds_to_give_way(worked: float = 0.01) -> float:
    """How long work waits that has gone on for so many seconds."""
    started = time.monotonic()
    courtesy._worked.since = started - worked
    give_way()
    return time.monotonic() - started


def test_nobody_waits_when_nobody_is_being_answered() -> None:
    assert seconds_to_give_way() < 0.05


def test_work_goes_on_when_the_last_answer_ends() -> None:
    began, ended = threading.Event(), threading.Event()

    def answer() -> None:
        with answering(), answering():
            began.set()
            time.sleep(0.3)
            ended.set()

    thread = threading.Thread(target=answer)
    thread.start()
    began.wait()
    assert 0.1 < seconds_to_give_way() < 1
    assert ended.is_set()
    thread.join()


def test_work_goes_on_while_answers_never_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courtesy, "PATIENCE", 6)
    with answering():
        assert 0.05 < seconds_to_give_way() < 0.5


def test_what_has_hardly_begun_does_not_wait() -> None:
    with answering():
        assert seconds_to_give_way(worked=0.0001) < 0.05


def test_paced_items_are_the_same_items() -> None:
    assert list(paced(range(5))) == [0, 1, 2, 3, 4]
    assert list(paced([])) == []
