"""One generation of the index: the entries, their vectors, and statistics on the vectors."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.entry import Entry
from index.entry_json import entry_from_json
from index.errors import IndexCorrupted, VectorStoreUnavailable, reading_index
from index.map.atlas import Atlas
from index.statistics.moments import Moments
from index.statistics.source_statistics import SourceStatistics, load_statistics
from index.storage.chroma.server import ChromaServer, Collection
from index.storage.entry_table import EntryTable, rows_by_source
from index.storage.manifest import Manifest

if TYPE_CHECKING:
    from index.statistics.knn_graph import Graph
    from index.storage.chroma.vector_index import VectorIndex
    from index.storage.lexical.bm25 import WordIndex
    from index.storage.lexical.lsa import Lsa
    from index.storage.token_vectors import TokenVectors

# Files in a generation's folder.
ENTRIES = "entries.jsonl"  # one per line, as `entry_to_json` writes it
VECTORS = "vectors.npy"  # float32[n, d], row i for passage i
CENTRES = "centres.npy"  # float32[e, d], row i for entry i
SPREAD = "spread.npz"  # mean and covariance of the passage vectors
PLACE_SPREAD = "place-spread.npz"  # mean and covariance of the centres
SOURCES = "sources.npz"  # statistics of each source
WORDS = "words"
ATLAS = "atlas.npz"
CHROMA = "chroma"  # the folder of the vector index, unless it is on a server

# The number and the share of entries with an abbreviation, from which it is not expanded.
COMMON, COMMON_SHARE = 4, 0.1
_WORD = re.compile(r"\b(\w+?)s?\b")
_VOWEL = re.compile(r"[aeiouy]")
_PLURAL = re.compile(r"(?<![\w'’./-])[^\W\d_]{2,8}s(?![\w'’]|[./-]\w)", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class SourcePart:
    """The part of a generation that one source has: the numbers of its entries (`int64[k]`), its
    statistics, and the BM25 index of its entries (row i is entry `numbers[i]`)."""

    name: str
    numbers: NDArray[np.int64]
    statistics: SourceStatistics
    words_folder: Path

    @cached_property
    def words(self) -> WordIndex:
        from index.storage.lexical.bm25 import WordIndex  # slow import

        return WordIndex.open(self.words_folder)


def source_words(at: int) -> str:
    """Return the folder of the BM25 index of a source, by its position. An index of one source has
    none but `WORDS`."""
    return f"{WORDS}-{at}"


class Generation(EntryTable):
    """A generation open for reading. Entries are read on opening unless given. Other files are read
    on first use, so that a generation can be constructed before its files exist. A `brief`
    generation answers only a few queries, so `warm` skips the map, the BM25 index and Chroma.
    Raises `IndexCorrupted` if a file cannot be read."""

    def __init__(
        self,
        folder: Path,
        entries: Iterable[Entry] | None = None,
        server: ChromaServer | None = None,
        *,
        brief: bool = False,
    ) -> None:
        super().__init__(read_entries(folder) if entries is None else entries)
        self.folder = folder
        self.brief = brief
        self._server = server
        self._has_vectors = False  # whether the server is known to have the vectors

    @cached_property
    def manifest(self) -> Manifest:
        return Manifest.load(self.folder)

    @property
    def id(self) -> str:
        return self.manifest.generation

    @property
    def model(self) -> str:
        return self.manifest.fingerprint.name

    def corrected(self, text: str) -> str:
        """Return `text` with abbreviations in the singular (see below) and misspelt names
        corrected, except words that an entry contains."""
        return self.names.correct(self.singular_abbreviations(text), self.words.knows)

    def singular_abbreviations(self, text: str) -> str:
        """Return `text` with the plurals of abbreviations ("LLMs" or "llms", but not in "llms.txt")
        in the singular, since stemming does not remove their s. "Does" does not become DOE."""

        def singular_of(found: re.Match[str]) -> str:
            short = found[0][:-1]
            named = self.names.find_exact(found[0])
            is_word = found[0].islower() and _VOWEL.search(short)
            is_plural = named and named[0].name == short.upper() and not is_word
            return short if is_plural else found[0]

        return _PLURAL.sub(singular_of, text)

    def expanded(self, text: str) -> str:
        """Return `text` with abbreviations, written as in the aliases of one entry, replaced by its
        term: "RAG" says little to a model of meaning. Abbreviations that many entries use, and
        those within a longer name ("Corrective RAG"), are kept."""
        written = self._expansions.keys() & _WORD.findall(text)
        if not written:
            return text
        alone = {one.name for weight, one in self.names.longest_names_in(text) if weight == 1}
        common = max(COMMON, COMMON_SHARE * len(self.words))
        full = {
            short: self._expansions[short]
            for short in written & alone
            if self.words.count(short) < common
        }
        return _WORD.sub(lambda found: full.get(found[1], found[0]), text)

    @cached_property
    def _expansions(self) -> dict[str, str]:
        return {
            alias: entry.term
            for entry in self.listed
            for alias in entry.aliases
            if _WORD.fullmatch(alias)
            and sum(map(str.isupper, alias)) > 1
            and len(self.names.find_exact(alias)) == 1
        }

    @cached_property
    def vectors(self) -> VectorIndex:
        """The index of the passage vectors. Raises `VectorStoreUnavailable` if it is on a server
        and no server is configured."""
        from index.storage.chroma.vector_index import VectorIndex  # slow import

        if not self.manifest.collection:
            return VectorIndex.open(self.folder / CHROMA)
        if self._server is None:
            raise VectorStoreUnavailable(
                f"The vectors of {self.id} are on a Chroma server, but CHROMA_URL is not set.",
                "Set CHROMA_URL, or rebuild the index without the server: nearsay index",
            )
        return VectorIndex.open(Collection(self._server, self.manifest.collection))

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """The vectors of all passages, `float32[n, d]`, unit rows, memory-mapped."""
        return read_array(self.folder / VECTORS)

    @cached_property
    def centres(self) -> NDArray[np.float32]:
        """The mean direction of each entry's passages, `float32[e, d]`, unit rows."""
        return read_array(self.folder / CENTRES)

    @cached_property
    def parts(self) -> list[SourcePart]:
        """The parts of the index, one for each source."""
        statistics = load_statistics(self.folder / SOURCES)
        of_source = rows_by_source(self.entries.values())
        with reading_index(self.folder / SOURCES):
            return [
                SourcePart(
                    name,
                    numbers,
                    statistics[name],
                    self.folder / (source_words(at) if len(of_source) > 1 else WORDS),
                )
                for at, (name, numbers) in enumerate(of_source.items())
            ]

    @cached_property
    def tokens(self) -> TokenVectors | None:
        """The token vectors of the entries. None in an index with another embedding model than the
        default one."""
        from index.storage.token_vectors import ENTRY_TOKENS, TokenVectors

        return TokenVectors.open(self.folder, ENTRY_TOKENS)

    @cached_property
    def excerpt_tokens(self) -> TokenVectors | None:
        """The token vectors of `excerpts`, or None, as for `tokens`."""
        from index.storage.token_vectors import EXCERPT_TOKENS, TokenVectors

        return TokenVectors.open(self.folder, EXCERPT_TOKENS)

    @cached_property
    def graph(self) -> Graph:
        from index.statistics.knn_graph import Graph  # slow import

        return Graph.of(self.centres)

    @cached_property
    def atlas(self) -> Atlas:
        return Atlas.load(self.folder / ATLAS)

    @cached_property
    def words(self) -> WordIndex:
        """The BM25 index of the entries: row i is entry i."""
        from index.storage.lexical.bm25 import WordIndex  # slow import

        return WordIndex.open(self.folder / WORDS)

    @cached_property
    def lsa(self) -> Lsa:
        from index.storage.lexical.lsa import Lsa  # slow import

        return Lsa.of(self.words)

    @cached_property
    def spread(self) -> Moments:
        """Mean and covariance of the passage vectors."""
        return Moments.load(self.folder / SPREAD)

    @cached_property
    def place_spread(self) -> Moments:
        """Mean and covariance of the centres."""
        return Moments.load(self.folder / PLACE_SPREAD)

    def rows(self, passage_ids: Iterable[str]) -> list[int]:
        """Return the rows of passages. Raises `IndexCorrupted` if a passage is unknown."""
        with reading_index(self.folder):
            return list(map(self.row_of.__getitem__, passage_ids))

    def warm(self) -> None:
        """Load the files needed for answers, and run one query, before the first user asks."""
        for part in ("manifest", "matrix", "centres", "spread", "place_spread", "parts", "tokens"):
            getattr(self, part)
        if self.brief:
            return
        if self.tokens is not None:
            self.tokens.similarities(self.passages[0].text, [0])
        for part in (
            "starts",
            "row_of",
            "hidden",
            "bundled",
            "atlas",
            "excerpt_tokens",
            "excerpts_by_entry",
        ):
            getattr(self, part)
        for words in (self.words, *(part.words for part in self.parts)):
            words.scores(self.passages[0].text)
        if not self.manifest.collection:
            self.vectors.nearest(self.spread.mean, 1)

    def check_vectors(self) -> None:
        """Check that the Chroma server, if there is one, has the vectors. After a success, does
        nothing until a query reports that the collection is missing. Raises `IndexCorrupted` if
        vectors are missing, and `VectorStoreUnavailable` if the server does not answer."""
        if not self.manifest.collection or (self._has_vectors and not self.vectors.missing):
            return
        there = len(self.vectors)
        if there != self.manifest.passages:
            raise IndexCorrupted(
                f"The Chroma server has {there:,} of the {self.manifest.passages:,} vectors of "
                f"{self.id}."
            )
        self.vectors.nearest(self.spread.mean, 1)
        self._has_vectors = True

    def close(self) -> None:
        for part in ("matrix", "centres"):
            self.__dict__.pop(part, None)
        if "vectors" in self.__dict__:
            self.vectors.close()


def read_entries(folder: Path) -> list[Entry]:
    """Read the entries in a folder. Raises `IndexCorrupted` if that fails."""
    with reading_index(folder / ENTRIES), (folder / ENTRIES).open(encoding="utf-8") as lines:
        return list(map(entry_from_json, lines))


def read_array(file: Path) -> NDArray[np.float32]:
    """Memory-map an array file. Raises `IndexCorrupted` if that fails."""
    with reading_index(file):
        # A plain array on the same memory is faster to index.
        return np.asarray(np.load(file, mmap_mode="r"))
