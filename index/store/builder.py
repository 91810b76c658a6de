"""Building the files of a generation, in a child process.

Chroma holds the interpreter lock for seconds while it writes, and a file that is damaged can take
the process down; neither must reach the people who are asking. The child ends with its parent.
"""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedder import Fingerprint
from index.entry import Entry, Passage, passages_of
from index.errors import StoreDamaged, StoreError
from index.sources.source import Source, SourceReport
from index.space.calibration import measure
from index.space.spread import Spread
from index.store.digests import damage, digests_of
from index.store.generation import Generation, Manifest, save_entries
from index.store.vectors import VectorIndex
from index.store.words import WordIndex

logger = logging.getLogger(__name__)

Tell = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how many passages are done, of how many."""

VECTORS = "vectors.npy"  # in the folder while it is built
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


Row = tuple[Passage, Entry]


def build(
    folder: Path,
    order: Order,
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    tell: Tell,
) -> dict[str, str]:
    """Builds a generation of `entries` in the empty `folder`, and gives the digests of its files.

    The passages of the entries have `vectors`, `float32[n, d]` in the order of `passages_of`.

    What is in the folder is verified: the number of passages, every id, every vector read back,
    and that passages find themselves. Raises `StoreError` when that cannot be done.
    """
    save_entries(folder, entries)
    np.save(folder / VECTORS, vectors)
    for base in (order.base, None) if order.base else (None,):
        try:
            return _in_child(folder, order, base, tell)
        except StoreDamaged:
            if base is None:
                raise
            logger.warning("a copy of %s could not be used; building anew", base.folder.name)
    raise AssertionError("unreachable")


def _in_child(folder: Path, order: Order, base: Base | None, tell: Tell) -> dict[str, str]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(
        target=_child, args=(theirs, folder, order, base), name="nearsay-builder", daemon=True
    )
    child.start()
    theirs.close()
    try:
        while True:
            kind, *content = ours.recv()
            if kind == "progress":
                tell(*content)
            elif kind == "done":
                return dict(content[0])
            else:
                raise content[0]
    except (EOFError, ConnectionError) as error:
        child.join(5)
        raise StoreDamaged(
            f"Building the index ended before it was done (exit status {child.exitcode}).",
            "Try again; the index that was current before still serves.",
        ) from error
    finally:
        child.kill()
        child.join()
        ours.close()


def _child(connection: Connection, folder: Path, order: Order, base: Base | None) -> None:
    """The child: builds, and says how far it is and how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    threading.Thread(target=_end_with_parent, args=(connection,), daemon=True).start()
    with suppress(OSError, AttributeError):
        os.nice(5)  # people who ask go first

    def tell(phase: str, done: int, total: int) -> None:
        connection.send(("progress", phase, done, total))

    try:
        connection.send(("done", _build(folder, order, base, tell)))
    except StoreError as error:
        connection.send(("failed", error))
    except OSError as error:
        connection.send(("failed", _not_writable(folder, error)))
    except Exception as error:
        logger.exception("a generation could not be built")
        connection.send(("failed", StoreDamaged(f"The index could not be built: {error}", "")))


def _end_with_parent(connection: Connection) -> None:
    """Nothing ever comes from the parent, but the end of the line when it dies."""
    with suppress(EOFError, OSError):
        connection.recv()
    os._exit(1)


def _build(folder: Path, order: Order, base: Base | None, tell: Tell) -> dict[str, str]:
    entries = Generation.entries_in(folder)
    rows = [(passage, entry) for entry in entries for passage in passages_of(entry)]
    vectors = np.load(folder / VECTORS, mmap_mode="r")
    shutil.rmtree(folder / "chroma", ignore_errors=True)
    rounds = _write_copy(folder, base, rows, vectors, tell) if base else None
    if rounds is None:
        _write_anew(folder, rows, vectors, tell)
    _verify(folder, rows, vectors, tell)
    WordIndex.build([passage.embedded for passage, _ in rows], folder / "words")
    Spread.measure(vectors).save(folder / "spread.npz")
    Manifest(
        generation=order.generation,
        built=order.built,
        fingerprint=order.fingerprint,
        entries=len(entries),
        passages=len(rows),
        rounds=rounds or 0,
        encyclopedia=order.encyclopedia,
        sources=order.sources,
        reports=order.reports,
        calibration=measure(vectors, [entry.id for _, entry in rows]),
    ).save(folder)
    del vectors
    (folder / VECTORS).unlink()
    return digests_of(folder)


def _write_anew(
    folder: Path, rows: Sequence[Row], vectors: NDArray[np.float32], tell: Tell
) -> None:
    index = VectorIndex.create(folder / "chroma")
    try:
        tell("writing", 0, len(rows))
        for start in range(0, len(rows), BATCH):
            index.put(rows[start : start + BATCH], vectors[start : start + BATCH])
            tell("writing", min(start + BATCH, len(rows)), len(rows))
    finally:
        index.close()


def _write_copy(
    folder: Path, base: Base, rows: Sequence[Row], vectors: NDArray[np.float32], tell: Tell
) -> int | None:
    """Writes what differs into a copy of the base; returns how many copies it is from a
    generation that was built anew, or None where building anew is better."""
    before = Generation(base.folder)
    old = {row[0].id: _kept(row) for row in _rows(before)}
    changed = [at for at, row in enumerate(rows) if old.get(row[0].id) != _kept(row)]
    gone = list(old.keys() - {passage.id for passage, _ in rows})
    rounds = before.manifest.rounds + (1 if changed or gone else 0)
    if rounds > ROUNDS or len(changed) + len(gone) > COPIED * len(rows):
        return None
    if damage(base.folder, base.digests):
        return None
    shutil.copytree(base.folder / "chroma", folder / "chroma")
    index = VectorIndex.open(folder / "chroma")
    try:
        tell("writing", 0, len(changed))
        index.remove(gone)
        for start in range(0, len(changed), BATCH):
            part = changed[start : start + BATCH]
            index.put([rows[at] for at in part], vectors[part])
            tell("writing", start + len(part), len(changed))
    finally:
        index.close()
    return rounds


def _rows(generation: Generation) -> list[Row]:
    return [
        (passage, entry) for entry in generation.entries.values() for passage in passages_of(entry)
    ]


def _kept(row: Row) -> tuple[str, ...]:
    """All that Chroma holds of a passage."""
    passage, entry = row
    return passage.embedded, passage.text, passage.kind, entry.id, entry.category, entry.source


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


def _not_writable(folder: Path, error: OSError) -> StoreError:
    if error.errno == errno.ENOSPC:
        return StoreError(
            f"The disk is full: {folder.parent} cannot take another generation.",
            "Free some space, then reindex; the index that was current before still serves.",
        )
    return StoreError(
        f"The data directory {folder.parent} cannot be written: {error.strerror or error}.",
        "Free some space or mend its permissions, or set NEARSAY_DATA_DIR to another folder.",
    )
