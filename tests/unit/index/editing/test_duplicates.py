"""Detecting that a new entry duplicates an existing entry, on judged pairs.

`pairs.jsonl` has fifty paraphrased definitions of bundled entries under other names, and fifty
related pairs: bundled entries left out of the index, and definitions of terms that the encyclopedia
lacks. The pairs of the half `unseen` were not used to fit the weights of the rule.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.editing.duplicates import duplicates, overlap, score
from index.embedding.embedder import SentenceEmbedder, embed_documents
from index.entry import Entry, passages_of
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

PAIRS = Path(__file__).with_name("pairs.jsonl")


def found(
    generation: Generation, embedder: SentenceEmbedder | ToyEmbedder, entry: Entry
) -> list[str]:
    point = embed_documents(embedder, [next(passages_of(entry)).embedded])[0]
    return [one.id for one in duplicates(generation, embedder, entry, point)]


@pytest.fixture(scope="module")
def right(real_directory: Path, real_embedder: SentenceEmbedder) -> dict[str, float]:
    """Return the share of pairs classified correctly, by half: a duplicate is found, or no
    duplicate for a related pair."""
    store = Store(real_directory)
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    judged: dict[str, list[bool]] = {}
    with store.reading() as generation:
        for pair in pairs:
            entry = (
                generation.entries[pair["other"]]
                if "other" in pair
                else Entry("new", pair["term"], pair["definition"])
            )
            same = found(generation, real_embedder, entry)
            is_right = pair["entry"] in same if pair["same"] else not same
            judged.setdefault(pair["half"], []).append(is_right)
    store.close()
    assert sum(pair["same"] for pair in pairs) == 50
    assert {half: len(these) for half, these in judged.items()} == {"looked at": 50, "unseen": 50}
    return {half: sum(these) / len(these) for half, these in judged.items()}


@pytest.mark.slow
def test_duplicates_are_detected_correctly_in_90_percent_of_pairs(right: dict[str, float]) -> None:
    assert sum(right.values()) / len(right) >= 0.9, right
    assert right["unseen"] >= 0.86, right


def test_an_entry_with_an_equal_definition_is_a_duplicate(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    anchor = harbour()[0]
    with harbour_store.reading() as generation:
        assert found(generation, toy, replace(anchor, id="new", term="Hook")) == ["anchor"]
        assert found(generation, toy, anchor) == []
        assert found(generation, toy, Entry("new", "Zebra", "A striped horse of Africa.")) == []


def test_the_duplicate_score_rises_with_the_margin_and_with_shared_words() -> None:
    lone = np.array([0.8, 0.4], dtype=np.float32)
    crowd = np.array([0.8, 0.79], dtype=np.float32)
    assert score(lone, 0, 0.3, 0.5, 0.0) > score(crowd, 0, 0.3, 0.5, 0.0)
    assert score(lone, 0, 0.3, 0.6, 0.0) > score(lone, 0, 0.3, 0.1, 0.0)
    assert score(lone, 0, 0.3, 0.1, 0.9) > score(lone, 0, 0.3, 0.1, 0.0)
    assert np.isfinite(score(lone[:1], 0, 1.0, 0.0, 0.0))
    assert overlap("A floating mark.", "Marks float") == 1.0
    assert overlap("A floating mark.", "Marks float here, there and wherever water flows") < 0.6
    assert overlap("", "x") == 0.0
