"""The exceptions of the index.

Each message states the problem, the value and, if known, the cause; `hint` says what to do. Errors
from chromadb, sentence_transformers, PyYAML and files are translated where they are raised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

if TYPE_CHECKING:
    from index.entry import Mention


class NearsayError(Exception):
    """An error with a message for users.

    `code` names the kind of error in `problem` replies; `suggestions` are entries with similar
    names.
    """

    code = "error"

    def __init__(self, message: str, hint: str = "", suggestions: Sequence[Mention] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.suggestions = tuple(suggestions)


class SourceError(NearsayError):
    """A source file cannot be read. The message contains its path and, if known, the line."""

    code = "bad_source"

    def __init__(self, path: Path, line: int | None, reason: str, hint: str = "") -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}", hint)
        self.path = path
        self.line = line
        self.reason = reason

    def __reduce__(self) -> tuple[type[SourceError], tuple[object, ...]]:
        return type(self), (self.path, self.line, self.reason, self.hint)


class NoEntriesError(SourceError):
    """A source file is well-formed, but has no entries."""


class ReaderStopped(SourceError):
    """The process that was reading a source file exited or took too long."""


class FetchError(SourceError):
    """A source cannot be fetched from its web address. The message has its host and path."""


class RemovalHeld(NearsayError):
    """A reindex would have removed most entries of a source, and nobody has confirmed that."""

    code = "removal_held"


class DeadlineExceeded(NearsayError):
    """The work of a request took longer than it may."""

    code = "deadline"

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This took longer than {seconds:g} seconds, so it was stopped.",
            "Please try again in a minute, or with a shorter text.",
        )


class ModelError(NearsayError):
    """The embedding model cannot be used."""

    code = "model"


class ModelMissing(ModelError):
    """The model's files were not found on this machine, and could not be downloaded."""

    code = "model_missing"


class ModelDamaged(ModelError):
    """The model's files differ from the published ones, or the model cannot be loaded."""

    code = "model_damaged"


class ModelMismatch(ModelError):
    """The index was built with a model other than the configured one."""

    code = "model_mismatch"


class StoreError(NearsayError):
    """The index on disk cannot be used."""

    code = "store"


class IndexMissing(StoreError):
    """Nothing has been indexed yet."""

    code = "no_index"

    def __init__(self) -> None:
        super().__init__("Nothing has been indexed yet.", "Build the index with: nearsay index")


class IndexOutdated(StoreError):
    """The index has the format of an older version of Nearsay and has to be rebuilt."""

    code = "index_outdated"


class IndexCorrupted(StoreError):
    """The files of the index cannot be read, or a new index failed its verification."""

    code = "store_damaged"

    def __init__(
        self, message: str, hint: str = "Rebuild the index with: nearsay index --full"
    ) -> None:
        super().__init__(message, hint)


@contextmanager
def reading_index(path: Path) -> Iterator[None]:
    """Raise `IndexCorrupted` if the block cannot read a file or a folder of the index."""
    try:
        yield
    except (OSError, EOFError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise IndexCorrupted(f"{path} cannot be read ({type(error).__name__}).") from error


class VectorStoreUnavailable(StoreError):
    """The Chroma server that holds the vectors does not respond properly; no data is lost."""

    code = "vectors_away"


class StoreBusy(StoreError):
    """Another process is building the index, or has changed the current generation."""

    code = "store_busy"


class LedgerError(StoreError):
    """The ledger's database cannot be used."""

    code = "ledger"


class Cancelled(StoreError):
    """The reindex was cancelled. The current generation did not change."""

    code = "cancelled"


class ExportError(NearsayError):
    """The export cannot be written to the given file or folder."""

    code = "export"


class NotFound(NearsayError):
    """The requested entry, category, source, generation or other item does not exist."""

    code = "not_found"


class EntryNotFound(NotFound):
    """No entry has the requested name."""
