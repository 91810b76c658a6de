"""Going back to a generation that is kept: its texts come back with its vectors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from index.embedding.embedder import Embedder
from index.errors import ModelMismatch, NotFound, StoreBusy
from index.reply import BaseReply
from index.storage import Manifest, Store
from index.storage.db import GenerationRecord
from index.storage.db.edits import EditChange


@dataclass(frozen=True, slots=True)
class SetAside:
    """A change by people that the generation gone back to does not have: of which entry (its id
    and term), what was done, by whom and when. `number` is the change's in the history."""

    entry: str
    term: str
    change: EditChange
    by: str
    at: datetime
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RolledBack(BaseReply):
    """Another generation is current again, which was `before`; until an admin reindexes or keeps
    it, scheduled reindexing waits. `set_aside` are the changes by people that it does not have,
    of each entry the last one, the oldest first."""

    kind: Literal["rolled_back"] = "rolled_back"
    generation: str
    before: str
    entries: int
    set_aside: tuple[SetAside, ...] = ()


def roll_back(
    store: Store,
    to: str = "",
    *,
    only_from: str = "",
    embedder: Embedder | None = None,
    by: str,
) -> RolledBack:
    """Makes the generation `to` current, or without it the one before the current one.

    With `only_from` that is done only while that one is current, and with `embedder` only where
    that shares its space: questions could not be answered otherwise.

    Raises `NotFound` when there is none to go back to or another version of Nearsay built it,
    `StoreBusy` when another is current or something is being built, `ModelMismatch` when it lies
    in another space than the embedder's, `StoreError` when the files of the one wanted are
    damaged and cannot be restored.
    """
    generations = store.ledger.generations
    with store.writing(f"{by}, going back") as beat:
        current = generations.pointer().generation
        if current is None:
            raise NotFound("Nothing has been indexed yet.", "Build the index with: nearsay index")
        if only_from and current != only_from.casefold():
            raise StoreBusy(
                f"{only_from} is not current any more, {current} is; nothing was changed.",
                "See what there is with: generations",
            )
        name = to.casefold() or _before(store, current)
        record = generations.get(name)
        if name == current:
            raise NotFound(f"{name} is current already.", "See the others with: generations")
        if not record.can_be_opened:
            raise _of_another_version(record)
        if record.state == "removed":
            raise NotFound(
                f"Generation {name} is not kept any more.", "See those that are: generations"
            )
        manifest = Manifest.from_json(record.manifest)
        if embedder is not None and not embedder.shares(manifest.fingerprint):
            raise ModelMismatch(
                f"{name} was built with {manifest.fingerprint.name}, but {embedder.name} is set; "
                "nothing was changed.",
                f"To go back, set NEARSAY_MODEL to {manifest.fingerprint.name} and start again.",
            )
        store.mend(record, beat)
        generation = store.generation(name)
        with store.switching(generation):
            aside = store.ledger.go_back(name, current, manifest.edits, generation.entries, by)
    return RolledBack(
        generation=name,
        model=manifest.fingerprint.name,
        before=current,
        entries=manifest.entries,
        set_aside=tuple(
            SetAside(item.entry, item.content.term, item.change, item.by, item.at, item.id)
            for item in aside
        ),
    )


def _before(store: Store, current: str) -> str:
    generations = store.ledger.generations
    for record in generations.kept():
        if record.name < current:
            return record.name
    for record in generations.all():
        if record.name < current and not record.can_be_opened:
            raise _of_another_version(record)
    raise NotFound(
        f"There is no generation before {current} that is kept.", "See them with: generations"
    )


def _of_another_version(record: GenerationRecord) -> NotFound:
    return NotFound(
        f"{record.name} was built by another version of Nearsay, in a format that this one cannot "
        "read; nothing was changed.",
        "To go back past an upgrade, install the older version and restore a backup from then.",
    )
