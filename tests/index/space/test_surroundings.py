"""What lies around a text, as one question and as many at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from index import courtesy
from index.space.sparse import is_off_the_map
from index.space.surroundings import BESIDE, Surroundings, surroundings
from index.store import Generation, Store
from tests.support.toy import ToyEmbedder

QUESTIONS = [
    "thick rope for towing",
    "light that warns ships",
    "where a ship is mended",
    "anchor and hawser",
    "roast chicken with lemon",
    "🙂",
]


@pytest.fixture
def generation(harbour_store: Store) -> Generation:
    return harbour_store.current()


@pytest.fixture
def points() -> NDArray[np.float32]:
    """Where the questions lie, `float32[q, d]`."""
    return ToyEmbedder().queries(QUESTIONS)


def around(generation: Generation, at: int, points: NDArray[np.float32]) -> Surroundings:
    return surroundings(generation, QUESTIONS[at], points[at], 10)


def test_it_is_what_is_near_and_whether_that_is_little(
    generation: Generation, points: NDArray[np.float32]
) -> None:
    all_of_them = [around(generation, at, points) for at in range(len(QUESTIONS))]
    assert [one.sparse for one in all_of_them] == [
        is_off_the_map(generation, question, point)
        for question, point in zip(QUESTIONS, points, strict=True)
    ]
    assert {len(one.found) for one in all_of_them} == {10}
    assert all_of_them[0].found[0].entry_id == "hawser"


@pytest.mark.parametrize(
    ("passages", "limit", "looked_at", "thoroughly"),
    [
        (10, 1, 42, 80),
        (10, 10, 42, 80),
        (10, 20, 84, 160),
        (55, 5, 51, 80),
        (900, 5, 80, 80),
        (900, 20, 160, 160),
    ],
)
def test_the_more_passages_an_entry_has_the_more_are_looked_at(
    passages: int, limit: int, looked_at: int, thoroughly: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = SimpleNamespace(passages=range(passages), ids=range(10))
    asked: list[int] = []

    def nearest(_: Generation, __: object, limit: int, **_within: object) -> list[object]:
        asked.append(limit)
        return []

    monkeypatch.setattr("index.space.surroundings.nearest_passages", nearest)
    monkeypatch.setattr("index.space.surroundings.is_off_the_map", lambda *_: False)
    monkeypatch.setattr("index.space.surroundings.fused", lambda *_, **__: [])
    for thorough in (False, True):
        surroundings(
            cast(Generation, generation),
            "?",
            np.zeros(8, dtype=np.float32),
            limit,
            thoroughly=thorough,
        )
    assert asked == [looked_at, thoroughly]


@pytest.mark.parametrize("sparse", [False, True])
def test_of_an_empty_place_more_is_looked_at(
    generation: Generation,
    points: NDArray[np.float32],
    sparse: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.space.surroundings.is_off_the_map", lambda *_: sparse)
    found = surroundings(generation, QUESTIONS[0], points[0], 2).found
    assert len(found) == (BESIDE if sparse else 2)
    assert found[:2] == around(generation, 0, points).found[:2]


def test_many_at_once_get_what_each_gets_alone(
    generation: Generation, points: NDArray[np.float32]
) -> None:
    alone = [around(generation, at, points) for at in range(len(QUESTIONS))]
    with ThreadPoolExecutor(8) as threads:
        at_once = list(
            threads.map(lambda at: around(generation, at % len(QUESTIONS), points), range(48))
        )
    assert at_once == alone * 8


def test_an_answer_that_waits_for_chroma_keeps_nobody_waiting(
    generation: Generation, points: NDArray[np.float32], monkeypatch: pytest.MonkeyPatch
) -> None:
    searching, go_on = threading.Event(), threading.Event()
    nearest = generation.vectors.nearest

    def slow(point: NDArray[np.float32], limit: int) -> object:
        searching.set()
        go_on.wait(5)
        return nearest(point, limit)

    monkeypatch.setattr(generation.vectors, "nearest", slow)
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(around, generation, 0, points)
        assert searching.wait(5)
        assert courtesy.turn.acquire(timeout=1)
        courtesy.turn.release()
        go_on.set()
        assert waiting.result().found


def test_answers_are_computed_one_after_the_other(
    generation: Generation, points: NDArray[np.float32]
) -> None:
    with ThreadPoolExecutor(1) as thread:
        with courtesy.turn:
            waiting = thread.submit(around, generation, 0, points)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
        assert waiting.result(timeout=5).found
