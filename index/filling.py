"""The vectors that a generation needs: from the generation before, the ledger, or the model."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from index.bundled_vectors import bundled_vectors
from index.embedder import Embedder
from index.embedding import embedded, embedded_once, known_vectors
from index.entry import Passage
from index.errors import StoreDamaged
from index.space.background import Background, background_texts
from index.store import Generation
from index.store.generation import TEXTS, read_array
from index.store.ledger import Ledger

Add = Callable[[Sequence[int], np.ndarray], None]
"""Takes the vectors (`float32[k, d]`) of the passages at these rows."""
Progress = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how many files or passages are done, of how many."""

AT_ONCE = 512  # vectors given at once


def fill(
    ledger: Ledger,
    embedder: Embedder,
    passages: Sequence[Passage],
    add: Add,
    tell: Progress,
    *,
    full: bool = False,
    before: Generation | None = None,
) -> int:
    """Gives the vectors of all passages to `add`, those known first; how many texts had to be
    embedded. Those that the generation `before` has are taken from there, where it lies in the same
    space, and others from the ledger.

    What has been embedded is put away as it comes, so that a reindex that is cut short does not
    begin from nothing.
    """
    space = embedder.fingerprint.key
    rows_of: dict[str, list[int]] = {}  # rows of the passages that have the same text
    for row, passage in enumerate(passages):
        rows_of.setdefault(passage.digest, []).append(row)
    missing = list(rows_of)
    if not full:
        if before is not None and embedder.shares(before.manifest.fingerprint):
            missing = _take_over(add, rows_of, before)
        known = known_vectors(ledger.vectors, space, missing)
        _add(add, rows_of, known)
        missing = [digest for digest in missing if digest not in known]
    texts = {digest: passages[rows_of[digest][0]].embedded for digest in missing}
    for part, vectors in embedded(ledger.vectors, embedder, texts, partial(tell, "embedding")):
        _add(add, rows_of, dict(zip(part, vectors, strict=True)))
    return len(missing)


def unknown(ledger: Ledger, space: str, passages: Iterable[Passage]) -> int:
    """How many texts of passages would have to be embedded in the space of that key."""
    digests = {passage.digest for passage in passages}
    missing = digests.difference(ledger.vectors.get(space, list(digests)))
    return len(missing) - len(bundled_vectors(space, missing))


def background_of(ledger: Ledger, embedder: Embedder, tell: Progress) -> Background:
    """Where texts of other fields lie; they are embedded the first time that a model is used."""
    texts = {one.digest: one.text for one in background_texts()}
    told = partial(tell, "background")
    known = embedded_once(ledger.vectors, embedder, texts, told)
    return Background.of(known, embedder.fingerprint.dimensions)


def _take_over(
    add: Add,
    rows_of: Mapping[str, Sequence[int]],
    before: Generation,
) -> list[str]:
    """Gives the vectors of the texts that the generation before has; the digests of the others."""
    try:
        digests = read_array(before.folder / TEXTS).tobytes()
        matrix = before.matrix
    except StoreDamaged:  # the ledger has them all
        return list(rows_of)
    size = hashlib.sha256().digest_size
    row_of = {digests[at : at + size].hex(): at // size for at in range(0, len(digests), size)}
    same = [
        (row, row_of[digest]) for digest in rows_of if digest in row_of for row in rows_of[digest]
    ]
    for start in range(0, len(same), AT_ONCE):
        part = same[start : start + AT_ONCE]
        add([row for row, _ in part], matrix[[row for _, row in part]])
    return [digest for digest in rows_of if digest not in row_of]


def _add(
    add: Add,
    rows_of: Mapping[str, Sequence[int]],
    vectors: Mapping[str, np.ndarray],
) -> None:
    rows = [(row, vector) for digest, vector in vectors.items() for row in rows_of[digest]]
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        add([row for row, _ in part], np.stack([vector for _, vector in part]))
