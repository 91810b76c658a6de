"""Write the files of a generation, in the child process (see `supervisor`)."""

import math
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.late_interaction import reads_language_of
from index.entry import Entry, Passage, passages_of
from index.entry_json import entry_to_json
from index.errors import IndexCorrupted
from index.map.atlas import Atlas
from index.map.build import PreviousMap, build_map, update_map
from index.progress import Progress, no_progress
from index.statistics.knn_graph import Graph
from index.statistics.moments import Moments
from index.statistics.source_statistics import SourceStatistics, save_statistics
from index.statistics.thresholds import Calibration, measure
from index.storage.checksums import damage, digests_of
from index.storage.chroma.server import BUILD_TIMEOUT_S, ChromaServer, Collection
from index.storage.chroma.vector_index import VectorIndex, prevent_writes_on_open
from index.storage.entry_table import rows_by_source
from index.storage.generation import (
    ATLAS,
    CENTRES,
    CHROMA,
    ENTRIES,
    PLACE_SPREAD,
    SOURCES,
    SPREAD,
    VECTORS,
    WORDS,
    read_entries,
    source_words,
)
from index.storage.lexical.bm25 import index_words
from index.storage.manifest import Base, BuildOrder, Manifest
from index.storage.token_vectors import write_tokens

BATCH = 2_000  # passages per write or read
MAX_COPY_CHANGE = 0.2  # share of changed passages up to which a copy is cheaper
# Share of changed passages up to which the calibration is kept; resampling would change it more.
MAX_CALIBRATION_CHANGE = 0.01
MAX_ROUNDS = 20  # incremental copies in a row; each copy leaves some unused space
SAMPLED_PASSAGES = 1_000  # passages whose own vector is queried
MIN_RECALL = 0.998  # minimum share of sampled passages found; an HNSW graph is approximate
TOLERANCE = 1e-6  # maximum difference between a vector and the one read back from Chroma


def write_files(
    base: Base | None,
    server: ChromaServer | None,
    folder: Path,
    order: BuildOrder,
    wait: Callable[[], object],
    tell: Progress,
) -> dict[str, str]:
    """Build a generation in `folder` and return the digests of its files.

    The folder already contains the entries and the array of vectors. `wait` returns when the array
    is complete; before then, no vector is written and `tell` is not called, since embedding uses
    all cores.

    `base` is a generation in the same embedding space. If it is intact and few passages differ, its
    vector index is copied. A Chroma `server` cannot copy a collection, so an index there is always
    built in full. Finally, all vectors are read back; a copy that fails this verification is
    rebuilt from scratch. Raises `IndexCorrupted` if the verification fails.
    """
    entries = read_entries(folder)
    passages = [list(passages_of(entry)) for entry in entries]
    counts = np.array([len(several) for several in passages])
    rows = list(chain.from_iterable(passages))
    matrix = np.load(folder / VECTORS, mmap_mode="r")
    _index_words(folder, entries)
    where = Collection(server, order.collection) if server else folder / CHROMA
    difference = _difference(base, rows) if base else None
    rounds = difference.rounds if difference else 0
    copied = None
    if difference and isinstance(where, Path) and (difference.folder / CHROMA).is_dir():
        shutil.copytree(difference.folder / CHROMA, where)
        copied = difference
    wait()
    if reads_language_of(order.fingerprint.weights):
        write_tokens(entries, folder, difference.folder if difference else None, tell)
    with ThreadPoolExecutor(1) as executor:
        measured = executor.submit(_measure, folder, difference, entries, counts)
        try:
            _write(where, copied, rows, matrix, tell)
            _verify(where, rows, matrix, tell)
        except IndexCorrupted:
            if copied is None:
                raise
            rounds = 0  # recall drops with every copy
            shutil.rmtree(folder / CHROMA)
            _write(where, None, rows, matrix, tell)
            _verify(where, rows, matrix, tell)
        calibration = measured.result()
    Manifest.of(
        order,
        entries=len(entries),
        passages=len(rows),
        rounds=rounds,
        calibration=calibration,
    ).save(folder)
    return digests_of(folder)


def write_brief_files(
    folder: Path, order: BuildOrder, entries: Sequence[Entry], vectors: NDArray[np.float32]
) -> None:
    """Write the files of a `brief` generation into `folder`: all but the vector index, which such a
    generation does not read. `vectors` (`float32[n, d]`) are those of the passages, in order."""
    lines = (f"{entry_to_json(entry)}\n" for entry in entries)
    with (folder / ENTRIES).open("w", encoding="utf-8") as file:
        file.writelines(lines)
    np.save(folder / VECTORS, vectors)
    _index_words(folder, entries)
    if reads_language_of(order.fingerprint.weights):
        write_tokens(entries, folder, None, no_progress)
    counts = np.array([len(list(passages_of(entry))) for entry in entries])
    calibration = _measure(folder, None, entries, counts)
    Manifest.of(
        order, entries=len(entries), passages=len(vectors), rounds=0, calibration=calibration
    ).save(folder)


def _index_words(folder: Path, entries: Sequence[Entry]) -> None:
    """Write the BM25 index of all entries and, if there are several sources, one of each."""
    index_words(entries, folder / WORDS)
    of_source = rows_by_source(entries)
    if len(of_source) > 1:
        for at, numbers in enumerate(of_source.values()):
            index_words([entries[number] for number in numbers], folder / source_words(at))


@dataclass(frozen=True, slots=True)
class _Difference:
    """The changes to make in a copy: the rows of changed passages, and the ids of removed passages.

    `folder` and `entry_ids` are those of the original. `rounds` counts the copies since the last
    full build; `calibration` is the original's, or None if it has to be measured again.
    """

    folder: Path
    entry_ids: list[str]
    changed: list[int]
    gone: list[str]
    rounds: int
    calibration: Calibration | None


def _difference(base: Base, rows: Sequence[Passage]) -> _Difference | None:
    """Return the changes since `base`, or None if it is damaged or too different."""
    if damage(base.folder, base.digests):
        return None
    before = Manifest.load(base.folder)
    entries = read_entries(base.folder)
    passages = chain.from_iterable(map(passages_of, entries))
    old = {passage.id: passage.embedded for passage in passages}
    changed = [at for at, passage in enumerate(rows) if old.get(passage.id) != passage.embedded]
    gone = list(old.keys() - {passage.id for passage in rows})
    rounds = before.rounds + (1 if changed or gone else 0)
    share = (len(changed) + len(gone)) / len(rows)
    if rounds > MAX_ROUNDS or share > MAX_COPY_CHANGE:
        return None
    calibration = before.calibration if share <= MAX_CALIBRATION_CHANGE else None
    entry_ids = [entry.id for entry in entries]
    return _Difference(base.folder, entry_ids, changed, gone, rounds, calibration)


def _measure(
    folder: Path,
    difference: _Difference | None,
    entries: Sequence[Entry],
    counts: NDArray[np.int64],
) -> Calibration:
    matrix = np.load(folder / VECTORS, mmap_mode="r")
    centres = centres_of(matrix, counts)
    np.save(folder / CENTRES, centres)
    Moments.measure(centres).save(folder / PLACE_SPREAD)
    Moments.measure(matrix).save(folder / SPREAD)
    save_statistics(_statistics(entries, matrix, counts, centres), folder / SOURCES)
    atlas = None
    if difference:
        before = difference.folder  # intact: its files have just been compared with their digests
        old = PreviousMap(
            Atlas.load(before / ATLAS), difference.entry_ids, np.load(before / CENTRES)
        )
        atlas = update_map(entries, centres, old)
    (atlas or build_map(entries, Graph.of(centres))).save(folder / ATLAS)
    if difference and difference.calibration:
        return difference.calibration
    return measure(matrix, counts)


def _statistics(
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    counts: NDArray[np.int64],
    centres: NDArray[np.float32],
) -> dict[str, SourceStatistics]:
    """Measure each source (see `SourceStatistics.measure`), by name."""
    starts = np.cumsum(counts) - counts
    found: dict[str, SourceStatistics] = {}
    for name, numbers in rows_by_source(entries).items():
        rows = np.concatenate([np.arange(starts[at], starts[at] + counts[at]) for at in numbers])
        passages = chain.from_iterable(passages_of(entries[at]) for at in numbers)
        ways = np.array([passage.kind == "phrase" for passage in passages], dtype=np.bool_)
        found[name] = SourceStatistics.measure(
            vectors[rows], counts[numbers], centres[numbers], ways
        )
    return found


def centres_of(vectors: NDArray[np.float32], counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the normalized mean vector of each entry's passages, `float32[e, d]`.

    `vectors` (`float32[n, d]`) are in the order of the passages, and `counts` (`int64[e]`) are the
    numbers of passages of the entries.
    """
    starts = np.cumsum(counts) - counts
    sums = np.add.reduceat(vectors, starts, axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-9), dtype=np.float32)


def _write(
    where: Path | Collection,
    copied: _Difference | None,
    rows: Sequence[Passage],
    vectors: NDArray[np.float32],
    tell: Progress,
) -> None:
    """Write the vectors that differ from the copy, or all, in batches of about equal size.

    Chroma saves its graph after every batch of a thousand or more. A smaller last batch would be
    inserted again on every opening, with a slightly different result.
    """
    with closing(VectorIndex.open(where) if copied else VectorIndex.create(where)) as index:
        if copied:
            index.remove(copied.gone)
        chosen = copied.changed if copied else range(len(rows))
        tell("writing", 0, len(chosen))
        size = math.ceil(len(chosen) / max(1, math.ceil(len(chosen) / BATCH))) or 1
        for start in range(0, len(chosen), size):
            part = list(chosen[start : start + size])
            index.put([rows[at].id for at in part], vectors[part])
            tell("writing", start + len(part), len(chosen))
    if isinstance(where, Path):
        prevent_writes_on_open(where)


def _verify(
    where: Path | Collection, rows: Sequence[Passage], vectors: NDArray[np.float32], tell: Progress
) -> None:
    """Read all vectors back, and query a sample. Raises `IndexCorrupted` if a vector differs or too
    few are found."""
    ids = [passage.id for passage in rows]
    tell("verifying", 0, len(ids))
    with closing(VectorIndex.open(where, BUILD_TIMEOUT_S)) as index:
        if len(index) != len(ids):
            raise _differs(f"{len(ids):,} passages were written, {len(index):,} were read back")
        for start in range(0, len(ids), BATCH):
            part = ids[start : start + BATCH]
            read = index.vectors(part)
            if np.abs(read - vectors[start : start + BATCH]).max() > TOLERANCE:
                raise _differs("a vector read back differs from the one written")
            tell("verifying", start + len(part), len(ids))
        chosen = np.random.default_rng(0).permutation(len(ids))[:SAMPLED_PASSAGES]
        found = index.nearest_to(vectors[np.sort(chosen)])
        share = float(np.mean(found >= 1 - 1e-4))
        if share < MIN_RECALL:
            raise _differs(f"only {share:.1%} of the passages are found by their own vector")


def _differs(what: str) -> IndexCorrupted:
    return IndexCorrupted(
        f"The new index failed its verification: {what}.",
        "Try again; the previous index is still in use.",
    )
