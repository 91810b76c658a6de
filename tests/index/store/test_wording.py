from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from index.codec import entry_to_json
from index.entry import Entry
from index.store import wording
from index.store.generation import ENTRIES, ENTRY_WORDS, WORDS
from index.store.wording import Wording
from index.store.words import WordIndex
from index.weights import DEFAULT_MODEL

# Long enough that the words of the model have something to differ from.
TEXTS = {
    "Car": "A vehicle with four wheels that people drive on a road.",
    "Lorry": "A truck: it carries heavy freight and timber over land.",
    "Banana": "A yellow fruit that grows in bunches and is eaten raw.",
    "Bread": "Flour, water and yeast, kneaded, proved and baked.",
    "Rain": "Water that falls from clouds; a storm brings much of it.",
    "Violin": "An instrument with strings, played with a bow in an orchestra.",
    "Judge": "One who hears a trial in court and passes the sentence.",
    "Whale": "A mammal that lives in the ocean and breathes air.",
}


def indexed(texts: dict[str, str], folder: Path, model: str) -> tuple[WordIndex, WordIndex]:
    folder.mkdir()
    entries = [Entry(id=term.lower(), term=term, definition=text) for term, text in texts.items()]
    lines = "".join(f"{entry_to_json(entry)}\n" for entry in entries)
    (folder / ENTRIES).write_text(lines, encoding="utf-8")
    Wording().index(folder, model)
    return WordIndex.open(folder / WORDS), WordIndex.open(folder / ENTRY_WORDS)


def test_a_passage_is_found_by_a_word_that_means_nearly_the_same(tmp_path: Path) -> None:
    texts = {**TEXTS, "Fruit": "Apples and plums.", "Vehicles": "Cars, trucks and tractors."}
    words, _ = indexed(texts, tmp_path / "generation", DEFAULT_MODEL)
    shares = dict(zip(texts, words.shares("trucks"), strict=True))
    assert shares["Lorry"] == shares["Vehicles"] == 1
    assert 0.4 <= shares["Car"] < 1  # it speaks of a vehicle
    assert shares["Bread"] == shares["Violin"] == 0


def test_with_a_model_whose_words_are_not_known_only_the_words_themselves_count(
    tmp_path: Path,
) -> None:
    words, _ = indexed(TEXTS, tmp_path / "generation", "toy")
    assert np.flatnonzero(words.shares("trucks")).tolist() == [1]


def test_kin_are_sought_for_the_shortest_word_of_a_stem_and_not_for_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def vectors(folder: Path, words: Sequence[str]) -> None:
        asked.extend(words)

    monkeypatch.setattr(wording, "word_vectors", vectors)
    monkeypatch.setattr(wording, "COMPARED", 3)
    texts = {"Baking": "He bakes, she baked, they bake bread in 1990 at 9h or ab."}
    indexed(texts, tmp_path / "one", str(tmp_path))
    assert sorted(asked) == ["bake", "bread", "she"]


def test_the_name_of_an_entry_counts_more_than_another_word_of_it(tmp_path: Path) -> None:
    texts = {"Rain": "Not hail but water.", "Hail": "Not rain but ice."}
    _, entries = indexed(texts, tmp_path / "generation", "toy")
    scores = entries.scores("rain")
    assert scores[0] > scores[1] > 0
