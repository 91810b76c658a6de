"""Detecting that a new entry duplicates an existing entry, on judged pairs.

`pairs.jsonl` has fifty paraphrased definitions of bundled entries under other names, and fifty
related pairs: bundled entries left out of the index, and definitions of terms that the encyclopedia
lacks. The pairs of the half `unseen` were not used to fit the weights of the rule.
"""

import json
from pathlib import Path

import pytest

from index.editing.duplicates import duplicates
from index.embedding.embedder import SentenceEmbedder, embed_documents
from index.entry import Entry, passages_of
from index.storage import Generation

PAIRS = Path(__file__).with_name("pairs.jsonl")


@pytest.mark.slow
def test_duplicates_are_detected_correctly_in_87_percent_of_pairs(
    real_generation: Generation, real_embedder: SentenceEmbedder
) -> None:
    """Check that a duplicate is found, or none for a related pair."""
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    assert sum(pair["same"] for pair in pairs) == 50
    judged: dict[str, list[bool]] = {"looked at": [], "unseen": []}
    for pair in pairs:
        entry = (
            real_generation.entries[pair["other"]]
            if "other" in pair
            else Entry("new", pair["term"], pair["definition"])
        )
        point = embed_documents(real_embedder, [next(passages_of(entry)).embedded])[0]
        same = [one.id for one in duplicates(real_generation, entry, point)]
        is_right = pair["entry"] in same if pair["same"] else not same
        judged[pair["half"]].append(is_right)
    assert sum(map(sum, judged.values())) >= 87
    assert sum(judged["unseen"]) >= 43
