"""Entries whose text identifies their state, and the source files that contain them.

A state has one number per file, and every text of a file's entries contains that number. Chroma
saves its vector graph only for 1,500 passages or more.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from index.embedding.embedder import Vectors
from index.entry import Entry
from index.export.jsonl import to_json_lines
from tests.support.entries import harbour
from tests.support.toy import CACHED_WORDS, ToyEmbedder

FILES = 25
SOURCE = "harbour"
State = tuple[int, ...]


class QuickToy(ToyEmbedder):
    """The toy embedder with cached words."""

    @lru_cache(CACHED_WORDS)  # noqa: B019  # one lives as long as its process
    def _direction(self, word: str) -> Vectors:
        return super()._direction(word)


def first_state(files: int = FILES) -> State:
    return (0,) * files


def changed(state: State, files: int, seed: int) -> State:
    """Return a state that differs from `state` in the entries of `files` of its files."""
    chosen = random.Random(seed).sample(range(len(state)), files)
    return tuple(number + (at in chosen) for at, number in enumerate(state))


def entries_of(state: State) -> list[Entry]:
    return [entry for file, number in enumerate(state) for entry in _entries(file, number)]


def write(folder: Path, state: State) -> None:
    """Write the files whose state has changed."""
    folder.mkdir(parents=True, exist_ok=True)
    for file, number in enumerate(state):
        path = folder / f"{file:02}.jsonl"
        text = to_json_lines(_entries(file, number))
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def _entries(file: int, number: int) -> Sequence[Entry]:
    return [
        replace(
            entry,
            id=f"{SOURCE}/{entry.id}-{file}",
            term=f"{entry.term} {file}",
            definition=f"{entry.definition} As of state {number} of file {file}.",
            example=f"{entry.example} It was told in state {number}.",
            aliases=(),
            related=(),
            source=SOURCE,
        )
        for entry in harbour()
    ]
