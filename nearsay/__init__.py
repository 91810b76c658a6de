"""Search glossaries by meaning from a program: `open_index`, then `near`, `define` and `ask`.

The results are the typed objects that `nearsay … --json` prints (docs/reference/json.md).
"""

from __future__ import annotations

import tempfile
import weakref
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import TracebackType

from platformdirs import user_data_path

from index.embedding.embedder import Embedder, SentenceEmbedder
from index.embedding.weights import DEFAULT_MODEL
from index.entry import Entry
from index.errors import NearsayError, SourceError
from index.search.answers.answer import answer
from index.search.define import define
from index.search.near import near
from index.search.results import Answer, Citation, EntryReply, Neighbour, Neighbours
from index.sources.source import Source, SourceReport
from index.storage import Generation
from index.storage.read_only import open_read_only

__all__ = [
    "Answer",
    "Citation",
    "Entry",
    "EntryReply",
    "Index",
    "NearsayError",
    "Neighbour",
    "Neighbours",
    "SourceReport",
    "open_index",
]

DATA = ("ledger.sqlite3", "generations")  # a folder with one of them is a data directory


class Index:
    """An index that is open for reading. Made by `open_index`; `close` it, or use it in a `with`
    block. Its methods raise `NearsayError`, whose `message` and `hint` say what to do."""

    def __init__(self, generation: Generation, embedder: Embedder) -> None:
        self._generation = generation
        self._embedder = embedder

    def near(
        self, text: str, n: int = 5, *, category: str | None = None, source: str | None = None
    ) -> Neighbours:
        """Return the `n` entries nearest to `text` in meaning, best first. `sparse` is true if even
        the nearest is far. Raises `NearsayError` for an unknown category or source."""
        return near(self._generation, self._embedder, text, n, category=category, source=source)

    def define(self, term: str, *, source: str | None = None) -> EntryReply:
        """Return the entry named `term`, which may be misspelt. Raises `NearsayError` if there is
        none; its `suggestions` are similar entries."""
        return define(self._generation, self._embedder, term, source)

    def ask(self, question: str) -> Answer:
        """Answer a question in sentences of the entries, with their citations."""
        return answer(self._generation, self._embedder, question)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order of their sources."""
        return tuple(self._generation.entries.values())

    @property
    def sources(self) -> tuple[SourceReport, ...]:
        """What was read of each source, and what was refused and why."""
        return self._generation.manifest.reports

    def __len__(self) -> int:
        return len(self._generation.entries)

    def close(self) -> None:
        """Close the files of the index."""
        self._generation.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_index(
    path: str | PathLike[str], *, encyclopedia: bool = False, model: str = DEFAULT_MODEL
) -> Index:
    """Open the index of an installation, or read glossaries and index them.

    `path` is a data directory (`nearsay doctor` prints it), or a glossary: a file, a folder of
    files or a pattern such as `terms/*.csv`. In a data directory nothing is written or locked, and
    a running service is not disturbed. Glossaries are indexed in a temporary folder, with the
    bundled `encyclopedia` if wanted. `model` is that of the installation (NEARSAY_MODEL).

    Raises `NearsayError` if there is no index or no entry.
    """
    folder = Path(path).expanduser()
    if any((folder / name).exists() for name in DATA):
        embedder = SentenceEmbedder(model, folder / "models", read_only=True)
        return Index(open_read_only(folder), embedder)
    source = Source.parse(str(path))
    if source.is_web:
        raise SourceError(Path(source.shown), None, "is a web address", "Download the file first.")
    installed = user_data_path("nearsay", appauthor=False) / "models"
    return _indexed(source, SentenceEmbedder(model, installed, read_only=True), encyclopedia)


def _indexed(source: Source, embedder: Embedder, encyclopedia: bool) -> Index:
    """Index a glossary in a temporary folder, which is removed with the index."""
    from index.indexing.brief import build_brief  # slow import

    scratch = tempfile.TemporaryDirectory(prefix="nearsay-")
    source = replace(source, path=str(Path(source.path).expanduser()))
    generation = build_brief(Path(scratch.name), [source], embedder, encyclopedia=encyclopedia)
    index = Index(generation, embedder)
    weakref.finalize(index, scratch.cleanup)
    return index
