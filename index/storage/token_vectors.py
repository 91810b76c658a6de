"""The token vectors of a generation's entries, for late interaction (see `late_interaction`).

An entry is encoded as its term and definitions. The vectors of all entries are in one array, in 8
bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.late_interaction import (
    DIMENSIONS,
    encode_query,
    similarities,
    to_bytes,
    token_encoder,
)
from index.entry import Entry
from index.entry_json import entry_from_json
from index.errors import reading_index
from index.progress import Progress

TOKENS = "tokens.npy"  # int8[t, 384]
COUNTS = "token-counts.npy"  # int64[e]
MAX_ABBREVIATION = 6  # characters of an alias that counts as an abbreviation
BATCH = 50  # entries between two reports


class TokenVectors:
    """The token vectors of all entries."""

    def __init__(self, vectors: NDArray[np.int8], counts: NDArray[np.int64]) -> None:
        self._vectors = vectors
        self._ends = np.cumsum(counts)
        self._starts = self._ends - counts

    @classmethod
    def open(cls, folder: Path) -> TokenVectors | None:
        """Memory-map the vectors in a generation's folder, if it has them. Raises `IndexCorrupted`
        if they cannot be read."""
        if not (folder / TOKENS).exists():
            return None
        with reading_index(folder / TOKENS):
            vectors = np.asarray(np.load(folder / TOKENS, mmap_mode="r"))
            return cls(vectors, np.load(folder / COUNTS))

    def of_entry(self, number: int) -> NDArray[np.int8]:
        """Return the token vectors of an entry, `int8[t, 384]`."""
        return self._vectors[self._starts[number] : self._ends[number]]

    def similarities(self, query: str, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return the similarity of a query to the entries with these numbers, `float32[k]`. Raises
        `ModelMissing` or `ModelDamaged` when the model cannot be used."""
        return similarities(encode_query(query), [self.of_entry(number) for number in numbers])


def token_text(entry: Entry) -> str:
    """Return the text of an entry whose tokens are encoded: its term with its abbreviations, and
    its definitions."""
    short = [alias for alias in entry.aliases if len(alias) <= MAX_ABBREVIATION]
    name = f"{entry.term} ({', '.join(short)})" if short else entry.term
    others = " ".join(sense.definition for sense in entry.senses[1:])
    return f"{name}: {entry.definition} {others}".rstrip()


def write_tokens(entries: Sequence[Entry], folder: Path, base: Path | None, tell: Progress) -> None:
    """Write the token vectors of `entries` into `folder`. Those of texts in the generation in
    `base` are copied. Raises `ModelMissing` or `ModelDamaged` when the model cannot be used."""
    known = _known(base) if base else {}
    found: list[NDArray[np.int8]] = []
    for done, entry in enumerate(entries, start=1):
        text = token_text(entry)
        vectors = known.get(text)
        found.append(to_bytes(token_encoder().encode(text)) if vectors is None else vectors)
        if done % BATCH == 0 or done == len(entries):
            tell("encoding", done, len(entries))
    np.save(folder / TOKENS, np.concatenate(found).reshape(-1, DIMENSIONS))
    np.save(folder / COUNTS, np.array(list(map(len, found)), dtype=np.int64))


def _known(folder: Path) -> dict[str, NDArray[np.int8]]:
    tokens = TokenVectors.open(folder)
    if tokens is None:
        return {}
    with (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        entries = map(entry_from_json, lines)
        return {token_text(one): tokens.of_entry(at) for at, one in enumerate(entries)}
