"""The words of a generation, as a child process indexes them (see `builder`)."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from index.codec import entry_from_json
from index.entry import passages_of
from index.errors import StoreDamaged
from index.store.generation import WORDS, read_entries
from index.store.words import WordIndex, content_stems


class Wording:
    """Cuts entries into tokens, which are numbered, and indexes them. An entry that is the same in
    two generations is cut once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._stems = content_stems()
        self._cut_once = cache(self._cut)

    def read_ahead(self, folder: Path) -> None:
        """Cuts the entries of the generation before, while there is nothing else to do."""
        with suppress(StoreDamaged):  # it is found by those who need more of it
            read_entries(folder, self._cut_once)

    def index(self, folder: Path) -> None:
        """Indexes the words of whole entries: names and all passages."""
        WordIndex.build(read_entries(folder, self._cut_once), self._numbers, folder / WORDS)

    def _cut(self, line: str) -> list[int]:
        """The tokens of an entry by their numbers; a line is an entry as `entry_to_json` gives
        it."""
        entry = entry_from_json(line)
        texts = (entry.term, *entry.aliases, *(passage.text for passage in passages_of(entry)))
        numbers = self._numbers
        return [numbers.setdefault(one, len(numbers)) for one in self._stems("\n".join(texts))]
