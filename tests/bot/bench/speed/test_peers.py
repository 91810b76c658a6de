from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.bench.speed.contender import Question
from bot.bench.speed.peers import semantic_search, txtai
from bot.bench.speed.place import Place, Text
from tests.bot.bench.speed.contenders import place_in

TEXTS = [Text("buoy", "a floating mark", "Design"), Text("keel", "a timber", "Law")]
QUESTION = Question("what marks the channel for ships", "Law", 0)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Two texts of which the first lies where the question does."""
    from bot.bench.speed.bare import load
    from index.weights import find_weights

    place = place_in(tmp_path)
    model = load(find_weights(place.model.name).folder)
    point = np.asarray(model.encode([QUESTION.text], normalize_embeddings=True))
    vectors = np.concatenate([point, -point])
    place.keep(TEXTS, vectors, point)
    return place


@pytest.mark.model
def test_semantic_search_finds_and_filters(place: Place) -> None:
    ways = semantic_search(place)
    found: Any = ways["plain"](QUESTION)()
    assert [hit["corpus_id"] for hit in found[0]] == [0, 1]
    assert found[0][0]["score"] == pytest.approx(1, abs=1e-4)
    filtered: Any = ways["filtered"](QUESTION)()
    assert [round(hit["score"]) for hit in filtered[0]] == [-1]


@pytest.mark.model
def test_txtai_finds_by_itself(place: Place) -> None:
    pytest.importorskip("txtai")
    found: Any = txtai(place)["plain"](QUESTION)()
    assert found[0][0] == "buoy"
    assert found[0][1] == pytest.approx(1, abs=1e-4)
