"""The words of a generation, as a child process indexes them (see `builder`)."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.codec import entry_from_json
from index.entry import passages_of
from index.errors import StoreDamaged
from index.store.generation import ENTRY_WORDS, WORDS, Generation
from index.store.kin import Kin
from index.store.words import WordIndex, beginnings, stemmer, telling_words
from index.weights import local_folder
from index.word_vectors import word_vectors

NAME = 3  # times that a term counts among the words of its entry
COMPARED = 10_000  # words that may have kin, those of most passages
SHORTEST = 3  # letters of such a word

Numbers = list[int]
"""The tokens of a text, by their numbers."""


class Wording:
    """Cuts entries into tokens, which are numbered, and indexes them. An entry that is the same in
    two generations is cut once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stem = stemmer()
        self._words: dict[str, str] = {}  # the shortest word of each stem
        self._cut_once = cache(self._cut)

    def read_ahead(self, folder: Path) -> None:
        """Cuts the entries of the generation before, while there is nothing else to do."""
        with suppress(StoreDamaged):  # it is found by those who need more of it
            Generation.entries_in(folder, self._cut_once)

    def index(self, folder: Path, model: str) -> None:
        """Indexes the words of passages, with their kin as the `model` of that name takes them in,
        and those of whole entries, whose names count more."""
        cut = Generation.entries_in(folder, self._cut_once)
        of_passages = [numbers for _, several in cut for numbers in several]
        counts = WordIndex.build(of_passages, self._numbers, folder / WORDS)
        self._kin(counts, model).save(folder / WORDS)
        WordIndex.build([whole for whole, _ in cut], self._numbers, folder / ENTRY_WORDS)

    def _kin(self, counts: NDArray[np.int64], model: str) -> Kin:
        """The kin of the words, of which each stands in so many passages."""
        place = local_folder(model)
        compared = [
            (-int(counts[number]), stem, number)
            for stem, word in self._words.items()
            if word.isalpha() and len(word) >= SHORTEST
            if counts[number := self._numbers[stem]]
        ]
        chosen = sorted((number, stem) for _, stem, number in sorted(compared)[:COMPARED])
        words = [self._words[stem] for _, stem in chosen]
        vectors = word_vectors(place, words) if place and words else None
        return Kin.none() if vectors is None else Kin.of([number for number, _ in chosen], vectors)

    def _cut(self, line: str) -> tuple[Numbers, list[Numbers]]:
        """The tokens of an entry, and those of each of its passages; a line is an entry as
        `entry_to_json` gives it."""
        entry = entry_from_json(line)
        whole = self._numbered(entry.term) * NAME + self._numbered("\n".join(entry.aliases))
        of_passages = []
        before: dict[str, Numbers] = {}  # what stands before the text of a passage, by its words
        for one in passages_of(entry):
            text = self._numbered(one.text)
            whole += text
            prefix = one.embedded.removesuffix(one.text)
            if prefix not in before:
                before[prefix] = self._numbered(prefix)
            of_passages.append(before[prefix] + text)
        return whole, of_passages

    def _numbered(self, text: str) -> Numbers:
        words = telling_words(text)
        stems = self._stem(words)
        shortest = self._words
        for stem, word in zip(stems, words, strict=True):
            known = shortest.get(stem)
            if known is None or (len(word), word) < (len(known), known):
                shortest[stem] = word
        numbers = self._numbers
        return [numbers.setdefault(one, len(numbers)) for one in (*stems, *beginnings(words))]
