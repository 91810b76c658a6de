"""The token vectors of a generation, for late interaction (see `late_interaction`).

There is one set for the entries, each encoded as its term and definitions, and one for the excerpts
(see `excerpts_of`), whose vectors are projected to fewer dimensions. The vectors of a set are in
one array, in 8 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.late_interaction import (
    MAX_EXCERPT_TOKENS,
    encode_query,
    project,
    similarities,
    to_bytes,
    token_encoder,
    unit,
)
from index.entry import Entry
from index.entry_json import entry_from_json
from index.errors import reading_index
from index.excerpts import excerpts_of
from index.progress import Progress
from index.storage.bundled_tokens import bundled_tokens

ENTRY_TOKENS, EXCERPT_TOKENS = "tokens", "excerpt-tokens"  # NAME.npy, and NAME-counts.npy
MAX_ABBREVIATION = 6  # characters of an alias that counts as an abbreviation
BATCH = 50  # texts between two reports
ENCODERS = 2  # threads that encode

Tokens = NDArray[np.int8]


class TokenVectors:
    """The token vectors of all texts of a set. `projected` says that the dimensions are fewer."""

    def __init__(self, vectors: Tokens, counts: NDArray[np.int64], *, projected: bool) -> None:
        self._vectors = vectors
        self._ends = np.cumsum(counts)
        self._starts = self._ends - counts
        self._projected = projected

    @classmethod
    def open(cls, folder: Path, name: str) -> TokenVectors | None:
        """Memory-map a set in a generation's folder, if it has it. Raises `IndexCorrupted` if it
        cannot be read."""
        file = folder / f"{name}.npy"
        if not file.exists():
            return None
        with reading_index(file):
            vectors = np.asarray(np.load(file, mmap_mode="r"))
            counts = np.load(folder / f"{name}-counts.npy")
        return cls(vectors, counts, projected=name == EXCERPT_TOKENS)

    def of_text(self, number: int) -> Tokens:
        """Return the token vectors of a text, `int8[t, d]`."""
        return self._vectors[self._starts[number] : self._ends[number]]

    def similarities(self, query: str, numbers: Sequence[int]) -> NDArray[np.float32]:
        """Return the similarity of a query to the texts with these numbers, `float32[k]`. Raises
        `ModelMissing` or `ModelDamaged` when the model cannot be used."""
        vectors = encode_query(query)
        asked = unit(project(vectors)) if self._projected else vectors
        return similarities(asked, [self.of_text(number) for number in numbers])


def token_text(entry: Entry) -> str:
    """Return the text of an entry whose tokens are encoded: its term with its abbreviations, and
    its definitions."""
    short = [alias for alias in entry.aliases if len(alias) <= MAX_ABBREVIATION]
    name = f"{entry.term} ({', '.join(short)})" if short else entry.term
    others = " ".join(sense.definition for sense in entry.senses[1:])
    return f"{name}: {entry.definition} {others}".rstrip()


def excerpt_tokens(text: str) -> Tokens:
    """Encode the text of an excerpt, as `int8[t, PROJECTED]`."""
    return to_bytes(project(token_encoder().encode(text, MAX_EXCERPT_TOKENS)))


def write_tokens(entries: Sequence[Entry], folder: Path, base: Path | None, tell: Progress) -> None:
    """Write the token vectors of `entries` and of their excerpts into `folder`. Those of texts in
    the generation in `base`, and those of bundled excerpts, are copied. Raises `ModelMissing` or
    `ModelDamaged` when the model cannot be used."""
    old = _read_entries(base) if base else []
    texts, excerpts = list(map(token_text, entries)), _excerpt_texts(entries)
    known = _known(base, ENTRY_TOKENS, list(map(token_text, old)))
    known_excerpts = bundled_tokens(excerpts) | _known(base, EXCERPT_TOKENS, _excerpt_texts(old))
    encoder, missing = token_encoder(), [one for one in texts if one not in known]
    missing_excerpts = [one for one in excerpts if one not in known_excerpts]
    count, done = len(missing) + len(missing_excerpts), 0
    with ThreadPoolExecutor(ENCODERS) as pool:
        encoded = pool.map(lambda text: to_bytes(encoder.encode(text)), missing)
        of_excerpts = pool.map(excerpt_tokens, missing_excerpts)
        for kept, wanted, vectors in (
            (known, missing, encoded),
            (known_excerpts, missing_excerpts, of_excerpts),
        ):
            for text, found in zip(wanted, vectors, strict=True):
                kept[text] = found
                done += 1
                if done % BATCH == 0 or done == count:
                    tell("encoding", done, count)
    _save(folder, ENTRY_TOKENS, [known[text] for text in texts])
    _save(folder, EXCERPT_TOKENS, [known_excerpts[text] for text in excerpts])


def _save(folder: Path, name: str, found: Sequence[Tokens]) -> None:
    np.save(folder / f"{name}.npy", np.concatenate(found))
    np.save(folder / f"{name}-counts.npy", np.array(list(map(len, found)), dtype=np.int64))


def _excerpt_texts(entries: Sequence[Entry]) -> list[str]:
    return [excerpt.read for entry in entries for excerpt in excerpts_of(entry)]


def _known(base: Path | None, name: str, texts: Sequence[str]) -> dict[str, Tokens]:
    tokens = TokenVectors.open(base, name) if base else None
    return {text: tokens.of_text(at) for at, text in enumerate(texts)} if tokens else {}


def _read_entries(folder: Path) -> list[Entry]:
    with (folder / "entries.jsonl").open(encoding="utf-8") as lines:
        return list(map(entry_from_json, lines))
