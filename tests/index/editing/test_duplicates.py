"""Whether a new entry says what another says: paraphrased definitions, and merely related ones.

`pairs.jsonl` has fifty definitions of the bundled encyclopedia in other words and under another
name, and fifty entries with the entry nearest to each. Every other pair of each kind was looked at
when the rule was made; the others were not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.editing.duplicates import duplicates, overlap, score
from index.embedder import SentenceEmbedder, embed_documents
from index.entry import Entry, passages_of
from index.reindex import Content, reindex
from index.store import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

PAIRS = Path(__file__).with_name("pairs.jsonl")


def found(
    generation: Generation, embedder: SentenceEmbedder | ToyEmbedder, entry: Entry
) -> list[str]:
    point = embed_documents(embedder, [next(passages_of(entry)).embedded])[0]
    return [one.id for one in duplicates(generation, embedder, entry, point)]


@pytest.fixture(scope="module")
def right(real_directory: Path, real_embedder: SentenceEmbedder) -> Callable[[int], float]:
    """The share of pairs that are told right, of those that were looked at (0) or not (1)."""
    store = Store(real_directory)
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    assert len(pairs) == 100
    assert sum(pair["same"] for pair in pairs) == 50
    told: list[bool] = []
    with store.reading() as generation:
        for pair in pairs:
            entry = (
                Entry("new", pair["term"], pair["definition"])
                if pair["same"]
                else generation.entries[pair["other"]]
            )
            told.append((pair["entry"] in found(generation, real_embedder, entry)) == pair["same"])
    store.close()

    def share(half: int) -> float:
        mine = [is_right for at, is_right in enumerate(told) if at // 2 % 2 == half]
        assert len(mine) == 50
        return sum(mine) / len(mine)

    return share


@pytest.mark.parametrize("half", [0, 1], ids=["looked at", "unseen"])
def test_nine_of_ten_pairs_are_told_right(right: Callable[[int], float], half: int) -> None:
    assert right(half) >= 0.9


def test_a_definition_in_the_same_words_is_found_and_the_entry_itself_is_not(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    anchor = harbour()[0]
    with harbour_store.reading() as generation:
        assert found(generation, toy, replace(anchor, id="new", term="Hook")) == ["anchor"]
        assert found(generation, toy, anchor) == []
        assert found(generation, toy, Entry("new", "Zebra", "A striped horse of Africa.")) == []


def test_one_entry_alone_has_no_duplicate(tmp_path: Path, toy: ToyEmbedder) -> None:
    store = Store(tmp_path / "data")
    anchor = harbour()[0]
    reindex(store, Content([anchor]), toy)
    with store.reading() as generation:
        assert found(generation, toy, anchor) == []
        assert found(generation, toy, replace(anchor, id="new")) == ["anchor"]
    store.close()


def test_the_score_wants_words_and_a_lead_and_not_nearness_alone() -> None:
    lone = np.array([0.8, 0.4], dtype=np.float32)
    crowd = np.array([0.8, 0.79], dtype=np.float32)
    assert score(lone, 0, 0.3, 0.5, 0.0) > score(crowd, 0, 0.3, 0.5, 0.0)
    assert score(lone, 0, 0.3, 0.6, 0.0) > score(lone, 0, 0.3, 0.1, 0.0)
    assert score(lone, 0, 0.3, 0.1, 0.9) > score(lone, 0, 0.3, 0.1, 0.0)
    assert np.isfinite(score(lone[:1], 0, 1.0, 0.0, 0.0))
    assert overlap("A floating mark.", "Marks float") == 1.0
    assert overlap("", "x") == 0.0
