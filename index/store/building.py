"""The files of a generation, as the child process makes them (see `builder`)."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.chroma_server import BUILDING, ChromaServer, Collection
from index.entry import Entry, Passage, passages_of
from index.errors import StoreDamaged
from index.space.atlas.drawing import Before
from index.space.background import Background
from index.space.calibration import Calibration, measure
from index.space.spread import Spread
from index.store.charting import before_in, carry_on, centres_of
from index.store.digests import damage, digests_of
from index.store.generation import (
    BACKGROUND,
    CENTRES,
    CHROMA,
    PLACE_SPREAD,
    SPREAD,
    TEXTS,
    VECTORS,
    read_entries,
)
from index.store.manifest import Manifest, Order
from index.store.vectors import VectorIndex, open_unchanged

Tell = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how many passages are done, of how many."""
Decode = Callable[[str], Entry]

BATCH = 2_000  # passages written or read back at once
COPIED = 0.2  # share of passages that may differ for a copy of the generation before to be cheaper
# Share that may differ for the calibration to stay: another draw of its sample changes it more.
CALIBRATED = 0.01
ROUNDS = 20  # copies of copies, each of which leaves a little room unused
ASKED = 1_000  # passages whose own vector is asked for
FOUND = 0.998  # of these must be found; an HNSW graph is approximate
EQUAL = 1e-6  # between a vector and what Chroma gives back


@dataclass(frozen=True, slots=True)
class Base:
    """A generation to start from: its folder, and the digests of its files."""

    folder: Path
    digests: Mapping[str, str]


class Original:
    """A generation that may be copied; its files are looked at from the first moment on. `decode`
    makes entries of their lines, and may remember them."""

    def __init__(self, base: Base, decode: Decode) -> None:
        self.folder = base.folder
        self._decode = decode
        self._pool = ThreadPoolExecutor(1)
        self._damage = self._pool.submit(damage, base.folder, base.digests)

    @cached_property
    def passages(self) -> list[Passage]:
        """Raises `StoreDamaged` when they cannot be read."""
        entries = read_entries(self.folder, self._decode)
        return list(chain.from_iterable(map(passages_of, entries)))

    @cached_property
    def before(self) -> Before | None:
        """Its map; None where it has none that can be used."""
        return before_in(
            self.folder, list(dict.fromkeys(passage.entry_id for passage in self.passages))
        )

    def read_ahead(self) -> None:
        """Reads what will be needed, while there is nothing else to do."""
        with suppress(StoreDamaged):  # raised again where it is needed
            _ = self.passages, self.before

    def check(self) -> None:
        """Waits for that look; raises `StoreDamaged` when something is wrong."""
        if what := self._damage.result():
            raise StoreDamaged(f"{self.folder.name} is damaged: {what}.", "")


def build(
    folder: Path,
    order: Order,
    original: Original | None,
    decode: Decode,
    wait: Callable[[], object],
    decided: Callable[[bool], None],
    tell: Tell,
    server: ChromaServer | None = None,
) -> dict[str, str]:
    """Builds a generation in `folder`, where its entries, the array of its vectors and the whole
    background are, and gives the digests of its files. Its entries are made of their lines by
    `decode`. Its vectors go to the `server`, where one is given: always all of them, since no
    collection can be copied there.

    `original` is a generation of the same space, copied where few passages differ. `wait` returns
    when the array is filled; no vector is written before, since embedding takes all cores, and
    `tell` is called after that only. `decided` is told whether all is made anew: another draws the
    map then. Another indexes the words, too; called once more, `wait` returns when that is done.
    In the end everything is read back; raises `StoreDamaged` when it is not what was written, or
    `original` is damaged.
    """
    entries = read_entries(folder, decode)
    passages = [list(passages_of(entry)) for entry in entries]
    rows = [passage for several in passages for passage in several]
    vectors = np.load(folder / VECTORS, mmap_mode="r")
    digests = b"".join(bytes.fromhex(passage.digest) for passage in rows)
    np.save(folder / TEXTS, np.frombuffer(digests, dtype=np.uint8).reshape(len(rows), -1))
    where = Collection(server, order.collection) if server else folder / CHROMA
    shutil.rmtree(folder / CHROMA, ignore_errors=True)
    difference = _difference(original, rows, order.background) if original else None
    with ThreadPoolExecutor(2) as beside:
        if original is None or difference is None:
            wait()
            if original:
                original.check()  # vectors may come from it
            decided(True)
            _write_anew(where, rows, vectors, tell)
        elif isinstance(where, Path) and (original.folder / CHROMA).is_dir():
            decided(False)
            _write_copy(where, original, difference, rows, vectors, wait, tell)
        else:
            decided(False)
            original.check()
            wait()
            _write_anew(where, rows, vectors, tell)
        if isinstance(where, Path):
            open_unchanged(where)
        placed = beside.submit(_place, folder, passages, vectors)
        calibrated = beside.submit(_calibrate, folder, original, difference, passages, vectors)
        _verify(where, rows, vectors, tell)
        calibration = calibrated.result()
        centres = placed.result()
        if original and difference:
            carry_on(folder, entries, centres, original.before)
    wait()
    Manifest.of(
        order,
        entries=len(entries),
        passages=len(rows),
        rounds=difference.rounds if difference else 0,
        calibration=calibration,
    ).save(folder)
    return digests_of(folder)


@dataclass(frozen=True, slots=True)
class _Difference:
    """What has to be written into a copy: rows of passages, and ids of those that are gone.
    `rounds` counts the copies since a generation that was built anew; `calibration` is that of the
    original where it may stay."""

    changed: list[int]
    gone: list[str]
    rounds: int
    calibration: Calibration | None


def _difference(original: Original, rows: Sequence[Passage], background: str) -> _Difference | None:
    """What differs from the original, when the digest of the new one's background is `background`;
    None where building anew is better."""
    before = Manifest.load(original.folder)
    old = {passage.id: passage.embedded for passage in original.passages}
    changed = [at for at, passage in enumerate(rows) if old.get(passage.id) != passage.embedded]
    gone = list(old.keys() - {passage.id for passage in rows})
    rounds = before.rounds + (1 if changed or gone else 0)
    share = (len(changed) + len(gone)) / len(rows)
    if rounds > ROUNDS or share > COPIED:
        return None
    stays = share <= CALIBRATED and before.background == background
    return _Difference(changed, gone, rounds, before.calibration if stays else None)


def _place(
    folder: Path, passages: Sequence[Sequence[Passage]], vectors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Writes where each entry lies, and how vectors and places are spread; gives where each lies,
    `float32[e, d]`, unit rows."""
    centres = centres_of(vectors, passages)
    np.save(folder / CENTRES, centres)
    Spread.measure(centres).save(folder / PLACE_SPREAD)
    Spread.measure(vectors).save(folder / SPREAD)
    return centres


def _calibrate(
    folder: Path,
    original: Original | None,
    difference: _Difference | None,
    passages: Sequence[Sequence[Passage]],
    vectors: NDArray[np.float32],
) -> Calibration:
    """Calibrates, and leaves of the background what is not the index's own; where the calibration
    of the original stays, so does what it left."""
    if original and difference and difference.calibration:
        shutil.copyfile(original.folder / BACKGROUND, folder / BACKGROUND)
        return difference.calibration
    owners = [one.entry_id for several in passages for one in several]
    background = Background.load(folder / BACKGROUND)
    calibration, apart = measure(vectors, owners, background)
    apart.save(folder / BACKGROUND)
    return calibration


def _write_anew(
    where: Path | Collection, rows: Sequence[Passage], vectors: NDArray[np.float32], tell: Tell
) -> None:
    index = VectorIndex.create(where)
    try:
        _put(index, range(len(rows)), rows, vectors, tell)
    finally:
        index.close()


def _write_copy(
    where: Path,
    original: Original,
    difference: _Difference,
    rows: Sequence[Passage],
    vectors: NDArray[np.float32],
    wait: Callable[[], object],
    tell: Tell,
) -> None:
    """Copies, and writes what differs when `wait` has returned. Raises `StoreDamaged` when the
    original is."""
    shutil.copytree(original.folder / CHROMA, where)
    original.check()
    index = VectorIndex.open(where)
    try:
        wait()
        index.remove(difference.gone)
        _put(index, difference.changed, rows, vectors, tell)
    finally:
        index.close()


def _put(
    index: VectorIndex,
    chosen: Sequence[int],
    rows: Sequence[Passage],
    vectors: NDArray[np.float32],
    tell: Tell,
) -> None:
    """Writes the vectors of the chosen rows, in batches of like size: Chroma saves its graph after
    each of a thousand and more, and what comes in a smaller one at the end is put into the graph
    anew whenever it is opened, each time a little otherwise."""
    tell("writing", 0, len(chosen))
    size = math.ceil(len(chosen) / max(1, math.ceil(len(chosen) / BATCH))) or 1
    for start in range(0, len(chosen), size):
        part = list(chosen[start : start + size])
        index.put([rows[at].id for at in part], vectors[part])
        tell("writing", start + len(part), len(chosen))


def _verify(
    where: Path | Collection, rows: Sequence[Passage], vectors: NDArray[np.float32], tell: Tell
) -> None:
    """Reads everything back; raises `StoreDamaged` when it is not what was written."""
    ids = [passage.id for passage in rows]
    tell("verifying", 0, len(ids))
    index = VectorIndex.open(where, BUILDING)
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
