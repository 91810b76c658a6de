from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.bench.speed.building import built
from bot.bench.speed.chroma import fill, raw_chroma
from bot.bench.speed.contender import Question
from bot.indexing import Indexer
from index.store import Store
from tests.bot.bench.speed.contenders import place_in
from tests.bot.bench.speed.samples import RATES
from tests.bot.bench.speed.test_measuring import Steady
from tests.support.toy import ToyEmbedder


def ignore(*_: object) -> None:
    """Progress is told to nobody."""


def test_a_glossary_is_imported_indexed_and_kept_for_all(tmp_path: Path) -> None:
    place, toy, alone = place_in(tmp_path), ToyEmbedder(), Steady("model", 0.5)
    rates = built(place, 100, toy, alone, ignore)
    assert (rates.entries, rates.passages, rates.embedded) == (20, 100, 75)
    assert min(rates.reading, rates.indexing, rates.reindexing) > 0
    assert rates.alone == 200
    assert [at_once for at_once, _ in alone.heard] == [1, 1], "before and after"

    store = Store(place.data)
    assert not Indexer(store, toy).is_stale(), "no program brings the encyclopedia in"
    generation = store.current()
    assert [text.id for text in place.texts] == [passage.id for passage in generation.passages]
    np.testing.assert_array_equal(place.vectors, generation.matrix)
    store.close()

    fill(place, ignore)
    query = raw_chroma(place)
    question = Question("whatever", place.texts[0].category, 7)
    found = query["filtered"](question)()
    assert isinstance(found, dict)
    category = {text.id: text.category for text in place.texts}
    assert {category[one] for one in found["ids"][0]} == {question.category}

    embedded = toy.embedded
    assert built(place, 100, toy, alone, ignore) == rates
    fill(place, ignore)
    assert toy.embedded == embedded, "a second run finds it"


def test_what_an_earlier_run_had_embedded_gives_no_rate() -> None:
    assert RATES.share == pytest.approx(0.95)
    assert replace(RATES, embedded=5_000).share is None
