"""What can go wrong in the index, as one small tree.

NearsayError
├── SourceError          a file that should hold entries does not
├── ModelError
│   ├── ModelMissing     the model is nowhere to be found
│   ├── ModelDamaged     its files are not the ones that were published
│   └── ModelMismatch    the index was built with another model
├── StoreError
│   ├── NoIndex          nothing has been indexed yet
│   ├── IndexOutdated    an older version built the index; it is built again
│   ├── StoreDamaged     the index cannot be read
│   ├── VectorsAway      the Chroma server that has its vectors does not answer
│   ├── StoreBusy        another process is building
│   ├── LedgerError      the database cannot be used
│   └── Cancelled        somebody stopped the reindex
├── ExportError          entries cannot be written to where they were asked for
└── NotFound             the thing that was asked for by name does not exist

Each says what happened, with the value; why, where that is known; and, in `hint`, what to do.
Errors of chromadb, sentence_transformers, PyYAML and the file system are translated into these
where they arise.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.entry import Mention


class NearsayError(Exception):
    """Something a person can be told about.

    `code` names the kind of error in `problem` replies; `suggestions` are entries that may have
    been meant.
    """

    code = "error"

    def __init__(self, message: str, hint: str = "", suggestions: Sequence[Mention] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.suggestions = tuple(suggestions)


class SourceError(NearsayError):
    """A file that should hold entries does not; says which file and, where known, which line."""

    code = "bad_source"

    def __init__(self, path: Path, line: int | None, reason: str, hint: str = "") -> None:
        where = f"{path}:{line}" if line else str(path)
        super().__init__(f"{where}: {reason}", hint)
        self.path = path
        self.line = line
        self.reason = reason


class ModelError(NearsayError):
    """The embedding model cannot be used."""

    code = "model"


class ModelMissing(ModelError):
    """The model is no folder, not in the local cache, and could not be fetched."""

    code = "model_missing"


class ModelDamaged(ModelError):
    """The model's files are not what was published, or cannot be read."""

    code = "model_damaged"


class ModelMismatch(ModelError):
    """The index was built with another model than the one that is set."""

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
    """The index has the format of an older version of Nearsay, and is built again."""

    code = "index_outdated"


class IndexCorrupted(StoreError):
    """The files of the index cannot be read."""

    code = "store_damaged"

    def __init__(
        self, message: str, hint: str = "Build the index anew with: nearsay index --full"
    ) -> None:
        super().__init__(message, hint)


class VectorStoreUnavailable(StoreError):
    """The Chroma server that has the vectors of the index does not answer as it should; nothing is
    lost by that."""

    code = "vectors_away"


class StoreBusy(StoreError):
    """Another process is building the index."""

    code = "store_busy"


class LedgerError(StoreError):
    """The database of the ledger cannot be used."""

    code = "ledger"


class Cancelled(StoreError):
    """The reindex was stopped before it was done; the current generation serves on."""

    code = "cancelled"


class ExportError(NearsayError):
    """Entries cannot be written to the file or folder that was named."""

    code = "export"


class NotFound(NearsayError):
    """There is no entry, category or source of that name."""

    code = "not_found"
