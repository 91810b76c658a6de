"""The words of a generation's entries, as the build indexes them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from index.entry import Entry, passages_of
from index.store.words import WordIndex, content_stems


class Wording:
    """Cuts entries into tokens, which are numbered, and indexes them. An entry that is the same in
    two generations is cut once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stems = content_stems()
        self._cut_once = cache(self._cut)

    def cut(self, entries: Iterable[Entry]) -> list[list[int]]:
        """The tokens of entries by their numbers."""
        return list(map(self._cut_once, entries))

    def index(self, entries: Iterable[Entry], folder: Path) -> None:
        """Indexes the words of whole entries: names and all passages."""
        WordIndex.build(self.cut(entries), self._numbers, folder)

    def _cut(self, entry: Entry) -> list[int]:
        texts = (entry.term, *entry.aliases, *(passage.text for passage in passages_of(entry)))
        numbers = self._numbers
        return [numbers.setdefault(one, len(numbers)) for one in self._stems("\n".join(texts))]
