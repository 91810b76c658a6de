"""One generation of the index: the entries, their vectors, and what was measured of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.chroma_server import ChromaServer, Collection
from index.codec import entry_from_json, from_fields
from index.courtesy import give_way, paced
from index.embedder import Fingerprint
from index.entry import Entry, Passage, passages_of
from index.errors import StoreDamaged, VectorsAway
from index.names import Names
from index.sources.files import Refusal
from index.sources.source import BUNDLED, Source, SourceReport
from index.space.atlas.atlas import Atlas
from index.space.background import Background
from index.space.calibration import Calibration
from index.space.graph import Graph
from index.space.lsa import Lsa
from index.space.spread import Spread
from index.store.vectors import VectorIndex
from index.store.words import WordIndex

Decoded = TypeVar("Decoded")

# Files in a generation's folder.
ENTRIES = "entries.jsonl"  # one a line, as `entry_to_json` gives it
VECTORS = "vectors.npy"  # float32[n, d], row i for passage i
TEXTS = "texts.npy"  # uint8[n, 32], SHA-256 of what was embedded for passage i
CENTRES = "centres.npy"  # float32[e, d], row i for entry i
SPREAD = "spread.npz"  # of the vectors
PLACE_SPREAD = "place-spread.npz"  # of the centres
WORDS = "words"
BACKGROUND = "background.npz"
ATLAS = "atlas.npz"
CHROMA = "chroma"  # the folder of the vectors, where they are on no server

# The parts of a generation that answering needs: those made from its entries, and its files.
OF_ENTRIES = (
    "names",
    "category_numbers",
    "source_numbers",
    "links",
    "row_of",
    "starts",
    "owners",
    "number_of",
    "places_by_id",
    "twin_numbers",
    "hidden",
)
OF_FILES = ("manifest", "matrix", "centres", "spread", "place_spread", "background")


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a generation was built from, besides the entries that the ledger pins: the part of a
    manifest that is read whatever version of Nearsay wrote it (see `Manifest`)."""

    encyclopedia: str
    sources: tuple[Source, ...]
    reports: tuple[SourceReport, ...]

    @classmethod
    def from_json(cls, text: str) -> Provenance:
        """Raises `StoreDamaged` when the text is not a manifest."""
        try:
            raw = json.loads(text)
            return cls(
                encyclopedia=str(raw["encyclopedia"]),
                sources=tuple(from_fields(Source, source) for source in raw["sources"]),
                reports=tuple(_report(report) for report in raw["reports"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(error) from error


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation says of itself.

    `built` is in UTC; `rounds` counts the copies between it and a generation that was built
    anew; `encyclopedia` is the digest of the bundled pages it was built from, empty for none,
    `sources` are the glossaries that were read beside them, and `reports` say what became of each.
    `background` is the digest of the texts of other fields (see `space.background`), empty where
    some lacked. `edits` is the number of the last change by people that it holds, 0 for none.
    `collection` is where its vectors are on a Chroma server, empty for the folder of the
    generation.
    """

    generation: str
    built: datetime
    fingerprint: Fingerprint
    entries: int
    passages: int
    rounds: int
    encyclopedia: str
    sources: tuple[Source, ...]
    reports: tuple[SourceReport, ...]
    calibration: Calibration
    background: str
    edits: int
    collection: str

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str, indent=1)

    def save(self, folder: Path) -> None:
        (folder / "manifest.json").write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        try:
            return cls.from_json((folder / "manifest.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise _damaged(folder, error) from error

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """The manifest that `to_json` wrote; raises `StoreDamaged` when it is another."""
        try:
            raw = json.loads(text)
            raw["built"] = datetime.fromisoformat(raw["built"])
            raw["fingerprint"] = Fingerprint(**raw["fingerprint"])
            provenance = Provenance.from_json(text)
            raw |= {"sources": provenance.sources, "reports": provenance.reports}
            raw["calibration"] = Calibration(**raw["calibration"])
            return cls(**raw)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable(error) from error


class Generation:
    """A generation that is being read; nothing is loaded before it is needed, and its `entries`
    not at all where they are given. The `server` is asked where its vectors are on one. One that is
    `brief` is asked a few questions at most: what takes longer to load than to do without is left
    out."""

    def __init__(
        self,
        folder: Path,
        entries: Iterable[Entry] | None = None,
        server: ChromaServer | None = None,
        *,
        brief: bool = False,
    ) -> None:
        self.folder = folder
        self.brief = brief
        self._server = server
        self._given = entries

    @cached_property
    def manifest(self) -> Manifest:
        """What it says of itself; raises `StoreDamaged` when that cannot be read."""
        return Manifest.load(self.folder)

    @property
    def id(self) -> str:
        return self.manifest.generation

    @property
    def model(self) -> str:
        return self.manifest.fingerprint.name

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Every entry by its id, in the order of the sources."""
        given, self._given = self._given, None
        entries = self.entries_in(self.folder, entry_from_json) if given is None else given
        return {entry.id: entry for entry in paced(entries)}

    @staticmethod
    def entries_in(folder: Path, decode: Callable[[str], Decoded]) -> list[Decoded]:
        """What `decode` makes of the lines of a folder, each an entry as `entry_to_json` gives it;
        raises `StoreDamaged` when they are not there."""
        try:
            with (folder / ENTRIES).open(encoding="utf-8") as lines:
                return [decode(line) for line in lines]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(folder, error) from error

    @property
    def listed(self) -> list[Entry]:
        """The entries without twins (see `Names`)."""
        return [entry for entry in self.entries.values() if entry.id not in self.names.twins]

    @cached_property
    def names(self) -> Names:
        """Every name; entries of the bundled encyclopedia come behind all others."""
        rows = [(entry.id, entry.term, entry.aliases) for entry in self.entries.values()]
        is_bundled = [entry.source == BUNDLED for entry in self.entries.values()]
        return Names(
            [row for row, bundled in zip(rows, is_bundled, strict=True) if not bundled],
            [row for row, bundled in zip(rows, is_bundled, strict=True) if bundled],
        )

    @cached_property
    def twin_numbers(self) -> NDArray[np.int64]:
        """The numbers of the bundled entries whose term another source has too, each with that of
        the entry there, `int64[k, 2]`."""
        twins = self.names.twins.items()
        numbers = [(self.number_of[twin], self.number_of[own]) for twin, own in twins]
        return np.array(numbers, dtype=np.int64).reshape(-1, 2)

    def corrected(self, text: str) -> str:
        """`text` with misspelt words of names as the names have them, where no entry has the word
        as it is written."""
        return self.names.corrected(text, self.words.knows)

    @cached_property
    def categories(self) -> list[str]:
        """The categories in use, in alphabetical order."""
        return sorted({entry.category for entry in self.entries.values() if entry.category})

    @cached_property
    def sources(self) -> list[str]:
        """The names of the glossaries that entries came from, in alphabetical order."""
        return sorted({entry.source for entry in self.entries.values() if entry.source})

    @cached_property
    def links(self) -> dict[str, dict[str, float]]:
        """How strongly each entry is linked with others, 0…1, by their ids.

        The first related term that an entry names counts 1, the last one half as much; being
        named by another entry counts a half. An entry also has the links of its twin (see `Names`).
        """
        links: dict[str, dict[str, float]] = {entry_id: {} for entry_id in self.entries}
        for entry in paced(self.entries.values()):
            named = [item.id for item in entry.related if item.id and item.id != entry.id]
            for position, other in enumerate(named):
                strength = 1 - position / (2 * max(1, len(named) - 1))
                links[entry.id][other] = max(strength, links[entry.id].get(other, 0))
                links[other].setdefault(entry.id, 0.5)
        for twin, own in self.names.twins.items():
            for other in links[twin].keys() - {own}:
                links[own].setdefault(other, links[twin][other])
                links[other].setdefault(own, links[other][twin])
        return links

    @cached_property
    def vectors(self) -> VectorIndex:
        """Raises `VectorsAway` when they are on a server, and none is set."""
        if not self.manifest.collection:
            return VectorIndex.open(self.folder / CHROMA)
        if self._server is None:
            raise VectorsAway(
                f"The vectors of {self.id} are on a Chroma server, and CHROMA_URL is not set.",
                "Set it; or to leave the server, build the index anew with: nearsay index",
            )
        return VectorIndex.open(Collection(self._server, self.manifest.collection))

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """The vectors of all passages, `float32[n, d]`, unit rows in the order of `passages`; what
        is not looked at stays on the disk."""
        return self._array(VECTORS)

    @cached_property
    def centres(self) -> NDArray[np.float32]:
        """Where each entry lies, the mean direction of its passages: `float32[e, d]`, unit rows in
        the order of `entries`."""
        return self._array(CENTRES)

    @cached_property
    def graph(self) -> Graph:
        """The entries, each joined with those nearest to it by their places."""
        return Graph.of(self.centres)

    @cached_property
    def atlas(self) -> Atlas:
        """The flat map of the entries."""
        atlas = Atlas.load(self.folder / ATLAS)
        if len(atlas) != len(self.entries):
            raise _damaged(self.folder, ValueError(ATLAS))
        return atlas

    @cached_property
    def words(self) -> WordIndex:
        """The entries by all their words: row i is entry i."""
        return WordIndex.open(self.folder / WORDS)

    @cached_property
    def lsa(self) -> Lsa:
        """Where the entries lie by their words alone."""
        return Lsa.of(self.words)

    @cached_property
    def spread(self) -> Spread:
        """How the passages are spread."""
        return Spread.load(self.folder / SPREAD)

    @cached_property
    def place_spread(self) -> Spread:
        """How the places of the entries are spread."""
        return Spread.load(self.folder / PLACE_SPREAD)

    @cached_property
    def background(self) -> Background:
        """Where texts of other fields lie, without those fields that this index is about."""
        return Background.load(self.folder / BACKGROUND)

    @cached_property
    def passages(self) -> list[Passage]:
        """Every passage, in the order of the entries: row i of the word index is passage i."""
        entries = paced(self.entries.values())
        return [passage for entry in entries for passage in passages_of(entry)]

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each passage by its id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}

    @cached_property
    def rows_of(self) -> dict[str, range]:
        """The rows of each entry's passages, by its id."""
        rows: dict[str, range] = {}
        start = 0
        for entry_id, several in groupby(self.passages, lambda passage: passage.entry_id):
            end = start + sum(1 for _ in several)
            rows[entry_id] = range(start, end)
            start = end
        return rows

    @cached_property
    def row_of_text(self) -> dict[str, int]:
        """The row of a passage by the digest of what was embedded for it (`Passage.digest`)."""
        digests = self._array(TEXTS).tobytes()
        size = hashlib.sha256().digest_size
        starts = paced(range(0, len(digests), size))
        return {digests[start : start + size].hex(): start // size for start in starts}

    @cached_property
    def hidden(self) -> NDArray[np.bool_]:
        """Whether each passage is one that nobody is shown, `bool[n]`."""
        return np.array([passage.kind == "phrase" for passage in self.passages])

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the entries, in their order."""
        return list(self.entries)

    @cached_property
    def places_by_id(self) -> NDArray[np.int64]:
        """For each entry, its place when they are put in the order of their ids."""
        places = np.empty(len(self.ids), dtype=np.int64)
        places[sorted(range(len(self.ids)), key=self.ids.__getitem__)] = np.arange(len(self.ids))
        return places

    @cached_property
    def number_of(self) -> dict[str, int]:
        """The number of each entry by its id."""
        return {entry_id: number for number, entry_id in enumerate(self.ids)}

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """The row of each entry's first passage, in the order of the entries."""
        return np.array([rows.start for rows in self.rows_of.values()], dtype=np.int64)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many passages each entry has, in the order of the entries."""
        return np.array([len(rows) for rows in self.rows_of.values()], dtype=np.int64)

    @cached_property
    def owners(self) -> NDArray[np.int64]:
        """For each passage, the number of its entry in the order of the entries."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    @cached_property
    def category_numbers(self) -> NDArray[np.int64]:
        """For each entry, the place of its category in `categories`; -1 where it has none."""
        place = {category: number for number, category in enumerate(self.categories)}
        return np.array([place.get(entry.category, -1) for entry in self.entries.values()])

    @cached_property
    def source_numbers(self) -> NDArray[np.int64]:
        """For each entry, the place of its source in `sources`; -1 where it has none."""
        place = {source: number for number, source in enumerate(self.sources)}
        return np.array([place.get(entry.source, -1) for entry in self.entries.values()])

    def entries_within(self, category: str | None, source: str | None) -> NDArray[np.bool_]:
        """Whether each entry is of this category and source, `bool[e]`; None is any."""
        within = np.ones(len(self.ids), dtype=np.bool_)
        for wanted, known, numbers in (
            (category, self.categories, self.category_numbers),
            (source, self.sources, self.source_numbers),
        ):
            if wanted is not None:
                within &= numbers == (known.index(wanted) if wanted in known else len(known))
        return within

    def entries_shown(self, category: str | None, source: str | None) -> NDArray[np.bool_]:
        """Whether each entry is listed among those of this category and source, `bool[e]`: a
        bundled one whose term another source has too is where the encyclopedia is asked for."""
        shown = self.entries_within(category, source)
        if source != BUNDLED:
            shown[self.twin_numbers[:, 0]] = False
        return shown

    def rows(self, passage_ids: Iterable[str]) -> list[int]:
        """The rows of passages; raises `StoreDamaged` when entries and vectors disagree."""
        try:
            return list(map(self.row_of.__getitem__, passage_ids))
        except KeyError as error:
            raise _damaged(self.folder, error) from error

    def passage(self, passage_id: str) -> Passage:
        """The passage of that id; raises `StoreDamaged` when entries and vectors disagree."""
        return self.passages[self.rows([passage_id])[0]]

    def prepare(self) -> None:
        """Makes what answering needs of the entries; with entries that were given, that can be
        done before the files are there."""
        for part in OF_ENTRIES:
            getattr(self, part)
            give_way()

    def warm(self) -> None:
        """Loads all that answering needs, and asks it once, so that nobody waits for that."""
        self.prepare()
        for part in OF_FILES:
            getattr(self, part)
            give_way()
        if self.brief:
            return
        _ = self.atlas
        text = self.passages[0].text
        self.words.scores(text)
        give_way()
        if not self.manifest.collection:
            self.vectors.nearest(self.spread.mean, 1)

    @property
    def lost(self) -> bool:
        """Whether a question found that the server has its vectors no more."""
        return "vectors" in self.__dict__ and self.vectors.missing

    def check_vectors(self) -> None:
        """Looks whether the server still has the vectors, where they are on one.

        Raises `StoreDamaged` when it has not, `VectorsAway` when it does not answer.
        """
        if not self.manifest.collection:
            return
        there = len(self.vectors)
        if there != self.manifest.passages:
            raise StoreDamaged(
                f"The vector server holds {there:,} of the {self.manifest.passages:,} vectors of "
                f"{self.id}.",
                "Build the index anew with: nearsay index --full",
            )
        self.vectors.nearest(self.spread.mean, 1)

    def close(self) -> None:
        """Releases the vectors, if they were opened."""
        for part in ("matrix", "centres"):
            self.__dict__.pop(part, None)
        if "vectors" in self.__dict__:
            self.vectors.close()

    def _array(self, name: str) -> NDArray[np.float32]:
        """A file of numbers; what is not looked at stays on the disk."""
        try:
            mapped = np.load(self.folder / name, mmap_mode="r", allow_pickle=False)
            return np.asarray(mapped)  # a plain array of the same memory is quicker to take from
        except (OSError, EOFError, ValueError) as error:
            raise _damaged(self.folder, error) from error


def _report(raw: dict[str, Any]) -> SourceReport:
    refused = tuple(from_fields(Refusal, refusal) for refusal in raw["refused"])
    return from_fields(SourceReport, {**raw, "refused": refused})


def _unreadable(error: Exception) -> StoreDamaged:
    return StoreDamaged(
        f"What a generation of the index says of itself cannot be read ({type(error).__name__}).",
        "Build the index anew with: nearsay index --full",
    )


def _damaged(folder: Path, error: Exception) -> StoreDamaged:
    return StoreDamaged(
        f"The index in {folder} cannot be read ({type(error).__name__}).",
        "Build it anew with: nearsay index --full",
    )
