"""The files of a generation, as the child process makes them (see `builder`)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedder import Fingerprint
from index.entry import Entry, Passage, passages_of
from index.errors import StoreDamaged
from index.sources.source import Source, SourceReport
from index.space.calibration import Calibration, measure
from index.space.spread import Spread
from index.store.digests import damage, digests_of
from index.store.generation import Generation, Manifest
from index.store.vectors import VectorIndex
from index.store.words import WordIndex

Tell = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how many passages are done, of how many."""
Row = tuple[Passage, Entry]

VECTORS = "vectors.npy"  # in the folder while it is built, float32[n, d], filled as they come
BATCH = 2_000  # passages written or read back at once
COPIED = 0.2  # share of passages that may differ for a copy of the generation before to be cheaper
ROUNDS = 20  # copies of copies, each of which leaves a little room unused
ASKED = 1_000  # passages whose own vector is asked for
FOUND = 0.998  # of these must be found; an HNSW graph is approximate
EQUAL = 1e-6  # between a vector and what Chroma gives back


@dataclass(frozen=True, slots=True)
class Base:
    """A generation to start from: its folder, and the digests of its files."""

    folder: Path
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Order:
    """What to build: `base` is a generation of the same space, or None; the rest goes into the
    manifest."""

    base: Base | None
    generation: str
    built: datetime
    fingerprint: Fingerprint
    encyclopedia: str
    sources: tuple[Source, ...]
    reports: tuple[SourceReport, ...]


def build(
    folder: Path, order: Order, coming: Iterable[NDArray[np.int32]], tell: Tell
) -> dict[str, str]:
    """Builds a generation in `folder`, where its entries are and the array of its vectors, and
    gives the digests of its files.

    `coming` tells which rows of the array have been filled, some at a time, until all are; what
    is built anew is written meanwhile. `tell` is called after that only. In the end everything
    is read back; raises `StoreDamaged` when it is not what was written.
    """
    entries = Generation.entries_in(folder)
    rows = [(passage, entry) for entry in entries for passage in passages_of(entry)]
    vectors = np.load(folder / VECTORS, mmap_mode="r")
    shutil.rmtree(folder / "chroma", ignore_errors=True)
    difference = _difference(order.base, rows) if order.base else None
    if difference is None:
        _write_anew(folder, rows, vectors, coming, tell)
    else:
        for _ in coming:
            pass
    with ThreadPoolExecutor(1) as beside:  # NumPy and SHA-256 leave room for other threads
        measured = beside.submit(_measure, folder, rows, vectors)
        if difference is not None and order.base is not None:
            _write_copy(folder, order.base, difference, rows, vectors, tell)
        _verify(folder, rows, vectors, tell)
        WordIndex.build([passage.embedded for passage, _ in rows], folder / "words")
        calibration = measured.result()
    Manifest(
        generation=order.generation,
        built=order.built,
        fingerprint=order.fingerprint,
        entries=len(entries),
        passages=len(rows),
        rounds=difference.rounds if difference else 0,
        encyclopedia=order.encyclopedia,
        sources=order.sources,
        reports=order.reports,
        calibration=calibration,
    ).save(folder)
    del vectors
    (folder / VECTORS).unlink()
    return digests_of(folder)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What has to be written into a copy: rows of passages, and ids of those that are gone.
    `rounds` counts the copies since a generation that was built anew."""

    changed: list[int]
    gone: list[str]
    rounds: int


def _difference(base: Base, rows: Sequence[Row]) -> _Difference | None:
    """What differs from the base; None where building anew is better."""
    before = Generation(base.folder)
    old = {
        passage.id: _kept((passage, entry))
        for entry in before.entries.values()
        for passage in passages_of(entry)
    }
    changed = [at for at, row in enumerate(rows) if old.get(row[0].id) != _kept(row)]
    gone = list(old.keys() - {passage.id for passage, _ in rows})
    rounds = before.manifest.rounds + (1 if changed or gone else 0)
    if rounds > ROUNDS or len(changed) + len(gone) > COPIED * len(rows):
        return None
    return _Difference(changed, gone, rounds)


def _kept(row: Row) -> tuple[str, ...]:
    """All that Chroma holds of a passage."""
    passage, entry = row
    return passage.embedded, passage.text, passage.kind, entry.id, entry.category, entry.source


def _measure(folder: Path, rows: Sequence[Row], vectors: NDArray[np.float32]) -> Calibration:
    Spread.measure(vectors).save(folder / "spread.npz")
    return measure(vectors, [entry.id for _, entry in rows])


def _write_anew(
    folder: Path,
    rows: Sequence[Row],
    vectors: NDArray[np.float32],
    coming: Iterable[NDArray[np.int32]],
    tell: Tell,
) -> None:
    index = VectorIndex.create(folder / "chroma")
    try:
        waiting: list[int] = []
        written = 0
        for some in coming:
            waiting += some.tolist()
            if len(waiting) >= BATCH:
                index.put([rows[at] for at in waiting], vectors[waiting])
                written += len(waiting)
                waiting = []
        tell("writing", written, len(rows))
        index.put([rows[at] for at in waiting], vectors[waiting])
        tell("writing", len(rows), len(rows))
    finally:
        index.close()


def _write_copy(
    folder: Path,
    base: Base,
    difference: _Difference,
    rows: Sequence[Row],
    vectors: NDArray[np.float32],
    tell: Tell,
) -> None:
    """Raises `StoreDamaged` when the base is."""
    changed = difference.changed
    tell("writing", 0, len(changed))
    with ThreadPoolExecutor(1) as beside:
        looked_at = beside.submit(damage, base.folder, base.digests)
        shutil.copytree(base.folder / "chroma", folder / "chroma")
        if what := looked_at.result():
            raise StoreDamaged(f"{base.folder.name} is damaged: {what}.", "")
    index = VectorIndex.open(folder / "chroma")
    try:
        index.remove(difference.gone)
        for start in range(0, len(changed), BATCH):
            part = changed[start : start + BATCH]
            index.put([rows[at] for at in part], vectors[part])
            tell("writing", start + len(part), len(changed))
    finally:
        index.close()


def _verify(folder: Path, rows: Sequence[Row], vectors: NDArray[np.float32], tell: Tell) -> None:
    """Reads everything back; raises `StoreDamaged` when it is not what was written."""
    ids = [passage.id for passage, _ in rows]
    tell("verifying", 0, len(ids))
    index = VectorIndex.open(folder / "chroma")
    try:
        if len(index) != len(ids):
            raise _differs(f"{len(ids):,} passages were written, {len(index):,} are there")
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            read = index.vectors(part)
            if np.abs(read - vectors[start : start + BATCH]).max() > EQUAL:
                raise _differs("a vector was read back as another")
            tell("verifying", start + len(part), len(ids))
        chosen = np.random.default_rng(0).permutation(len(ids))[:ASKED]
        found = index.nearest_to(vectors[np.sort(chosen)])
        share = float(np.mean(found >= 1 - 1e-4))
        if share < FOUND:
            raise _differs(f"only {share:.1%} of the passages find themselves")
    finally:
        index.close()


def _differs(what: str) -> StoreDamaged:
    return StoreDamaged(
        f"The new index did not pass its check: {what}.",
        "Try again; the index that was current before still serves.",
    )
