"""The words of a generation, as a child process indexes them (see `builder`)."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from index.codec import entry_from_json
from index.entry import passages_of
from index.errors import StoreDamaged
from index.store.generation import ENTRY_WORDS, WORDS, Generation
from index.store.words import WordIndex, telling_tokens

NAME = 3  # times that a term counts among the words of its entry

Numbers = list[int]
"""The tokens of a text, by their numbers."""


class Wording:
    """Cuts entries into tokens, which are numbered, and indexes them. An entry that is the same in
    two generations is cut once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._tokens = telling_tokens()
        self._cut_once = cache(self._cut)

    def read_ahead(self, folder: Path) -> None:
        """Cuts the entries of the generation before, while there is nothing else to do."""
        with suppress(StoreDamaged):  # it is found by those who need more of it
            Generation.entries_in(folder, self._cut_once)

    def index(self, folder: Path) -> None:
        """Indexes the words of passages, and those of whole entries, whose names count more."""
        cut = Generation.entries_in(folder, self._cut_once)
        of_passages = [numbers for _, several in cut for numbers in several]
        WordIndex.build(of_passages, self._numbers, folder / WORDS)
        WordIndex.build([whole for whole, _ in cut], self._numbers, folder / ENTRY_WORDS)

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
        numbers = self._numbers
        return [numbers.setdefault(token, len(numbers)) for token in self._tokens(text)]
