"""Entries to a new generation of the index: plan, embed, write, count, switch."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import numpy as np

from index.embedder import Embedder, Fingerprint, embed_documents
from index.entry import Entry, Passage, link, passages_of
from index.errors import StoreDamaged, StoreError
from index.sources.source import Source, SourceReport
from index.space.calibration import measure
from index.space.spread import Spread
from index.store import Draft, Generation, Manifest, Store
from index.store.generation import save_entries
from index.store.vectors import VectorIndex
from index.store.words import WordIndex

Phase = Literal["reading", "embedding", "writing"]
Progress = Callable[[Phase, int, int], None]
"""Told how far a phase is: its name, how many files or passages are done, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a reindex would do, in entries; `generation` is the one it starts from, or None, and
    `sources` say what was read for it."""

    kind: Literal["plan"] = "plan"
    generation: str | None
    model: str
    added: int
    changed: int
    removed: int
    unchanged: int
    sources: tuple[SourceReport, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reindexed:
    """What a reindex did: `embedded` and `reused` count passages, the rest counts entries."""

    kind: Literal["reindexed"] = "reindexed"
    generation: str
    model: str
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int
    reused: int
    seconds: float
    sources: tuple[SourceReport, ...] = ()


def plan(store: Store, entries: Sequence[Entry], model: str) -> Plan:
    """Compares `entries` with the current generation; changes nothing."""
    return _compared(_current(store), link(entries), model)


def _compared(before: Generation | None, entries: Sequence[Entry], model: str) -> Plan:
    """What the linked `entries` change about the generation `before`."""
    old = before.entries if before else {}
    new = {entry.id: entry for entry in entries}
    shared = old.keys() & new.keys()
    unchanged = sum(old[entry_id] == new[entry_id] for entry_id in shared)
    return Plan(
        generation=before.id if before else None,
        model=model,
        added=len(new.keys() - old.keys()),
        changed=len(shared) - unchanged,
        removed=len(old.keys() - new.keys()),
        unchanged=unchanged,
    )


def reindex(
    store: Store,
    entries: Sequence[Entry],
    embedder: Embedder,
    *,
    encyclopedia: str = "",
    sources: Sequence[Source] = (),
    full: bool = False,
    progress: Progress = lambda *_: None,
) -> Reindexed:
    """Builds a generation of `entries`, makes it current, and says what that took.

    Vectors of passages that have not changed are taken from the current generation unless
    `full`. `encyclopedia` is the digest of the bundled pages and `sources` what was read beside
    them; both are kept in the manifest. Until the end the current generation serves; when anything
    fails it stays. Raises `StoreBusy` when another process is writing, `StoreError` when there are
    no entries or the directory cannot be written, `ModelError` when the model cannot be used.
    """
    started = time.monotonic()
    if not entries:
        raise StoreError("There are no entries to index.", "Name a source that holds some.")
    entries = link(entries)
    before = _current(store)
    planned = _compared(before, entries, embedder.name)
    with store.draft() as draft:
        rows = [(passage, entry) for entry in entries for passage in passages_of(entry)]
        known = {} if full else _known_vectors(before, embedder.fingerprint)
        vectors, embedded = _embed(embedder, [passage for passage, _ in rows], known, progress)
        _write(draft, rows, vectors, progress)
        WordIndex.build([passage.embedded for passage, _ in rows], draft.folder / "words")
        Spread.measure(vectors).save(draft.folder / "spread.npz")
        save_entries(draft.folder, entries)
        Manifest(
            generation=draft.generation,
            built=datetime.now(UTC),
            fingerprint=embedder.fingerprint,
            entries=len(entries),
            passages=len(rows),
            encyclopedia=encyclopedia,
            sources=tuple(sources),
            calibration=measure(vectors, [entry.id for _, entry in rows]),
        ).save(draft.folder)
    return Reindexed(
        generation=draft.generation,
        model=embedder.name,
        added=planned.added,
        changed=planned.changed,
        removed=planned.removed,
        unchanged=planned.unchanged,
        embedded=embedded,
        reused=len(rows) - embedded,
        seconds=round(time.monotonic() - started, 1),
    )


def _current(store: Store) -> Generation | None:
    """The generation to start from; a damaged one is no start, and will be replaced."""
    generation = store.readable()
    try:
        if generation is not None:
            generation.entries  # noqa: B018  # read now, so that damage shows here
    except StoreDamaged:
        return None
    return generation


def _known_vectors(
    generation: Generation | None, fingerprint: Fingerprint
) -> dict[str, np.ndarray]:
    if generation is None or generation.manifest.fingerprint.key != fingerprint.key:
        return {}
    try:
        return generation.vectors.by_digest()
    except StoreDamaged:
        return {}


def _embed(
    embedder: Embedder,
    passages: Sequence[Passage],
    known: dict[str, np.ndarray],
    progress: Progress,
) -> tuple[np.ndarray, int]:
    """`float32[n, d]` in the order of `passages`, and how many of them had to be embedded."""
    vectors = np.empty((len(passages), embedder.fingerprint.dimensions), dtype=np.float32)
    missing: list[int] = []
    for row, passage in enumerate(passages):
        vector = known.get(passage.digest)
        if vector is None:
            missing.append(row)
        else:
            vectors[row] = vector
    texts = [passages[row].embedded for row in missing]
    vectors[missing] = embed_documents(
        embedder, texts, lambda done, total: progress("embedding", done, total)
    )
    return vectors, len(missing)


def _write(
    draft: Draft,
    rows: Sequence[tuple[Passage, Entry]],
    vectors: np.ndarray,
    progress: Progress,
    batch: int = 500,
) -> None:
    """Writes the vectors and reads their number back; raises `StoreDamaged` on a difference."""
    index = VectorIndex.create(draft.folder / "chroma")
    try:
        for start in range(0, len(rows), batch):
            index.add(rows[start : start + batch], vectors[start : start + batch])
            progress("writing", min(start + batch, len(rows)), len(rows))
        if len(index) != len(rows):
            raise StoreDamaged(
                f"{len(rows):,} passages were written, {len(index):,} are there.",
                "Try again; the index that was current before still serves.",
            )
    finally:
        index.close()
