"""Roll back to an earlier generation, including its texts and vectors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from index.embedding.embedder import Embedder
from index.errors import ModelMismatch, NotFound, StoreBusy
from index.reply import BaseReply
from index.storage import Manifest, Store
from index.storage.db.edits import EditChange
from index.storage.db.generation_records import GenerationRecord

PURGED = "purged"  # begins the note of a generation that a purge removed


@dataclass(frozen=True, slots=True)
class OverriddenEdit:
    """An edit that a rollback overrides: the id and term of the entry, the kind of change, and the
    author, time and number of the edit in the history."""

    entry: str
    term: str
    change: EditChange
    by: str
    at: datetime
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackResult(BaseReply):
    """The result of a rollback from the generation `before`.

    Scheduled reindexing is paused until an admin reindexes or keeps the generation. `set_aside` has
    the last overridden edit of each entry, oldest first.
    """

    kind: Literal["rolled_back"] = "rolled_back"
    generation: str
    before: str
    entries: int
    set_aside: tuple[OverriddenEdit, ...] = ()


def roll_back(
    store: Store,
    to: str = "",
    *,
    only_from: str = "",
    embedder: Embedder | None = None,
    by: str,
) -> RollbackResult:
    """Make the generation `to` current. The default is the generation before the current one.

    If `only_from` is given, that generation must be current. If `embedder` is given, `to` must be
    in its embedding space, so that questions can be answered.

    Raises `NotFound` when `to` does not exist, is already current, or was built by another version
    of Nearsay, `StoreBusy` when `only_from` is not current or a build is running, `ModelMismatch`
    when `to` is in another space, `StoreError` when its files are damaged and cannot be rebuilt.
    """
    generations = store.ledger.generations
    with store.writing(f"{by} (rollback)") as beat:
        current = generations.pointer().generation
        if current is None:
            raise NotFound("Nothing has been indexed yet.", "Build the index with: nearsay index")
        if only_from and current != only_from.casefold():
            raise StoreBusy(
                f"The live generation is {current}, not {only_from}. Nothing was changed.",
                "List the generations with: /near-admin generations",
            )
        name = to.casefold() or _before(store, current)
        record = generations.get(name)
        if name == current:
            raise NotFound(
                f"{name} is already live.", "List the others with: /near-admin generations"
            )
        if not record.can_be_opened:
            raise _of_another_version(record)
        if record.state == "removed":
            raise NotFound(
                f"Generation {name} has been removed.",
                "List the others with: /near-admin generations",
            )
        manifest = Manifest.from_json(record.manifest)
        if embedder is not None and not embedder.shares(manifest.fingerprint):
            raise ModelMismatch(
                f"{name} was built with {manifest.fingerprint.name}, but {embedder.name} is set; "
                "nothing was changed.",
                f"To go back, set NEARSAY_MODEL to {manifest.fingerprint.name} and start again.",
            )
        store.opener.repair(record, beat)
        generation = store.generation(name)
        with store.switching(generation):
            overridden = store.ledger.roll_back(
                name, current, manifest.edits, generation.entries, by
            )
    return RollbackResult(
        generation=name,
        model=manifest.fingerprint.name,
        before=current,
        entries=manifest.entries,
        set_aside=tuple(
            OverriddenEdit(item.entry, item.content.term, item.change, item.by, item.at, item.id)
            for item in overridden
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
        if record.name < current and record.note.startswith(PURGED):
            raise NotFound(
                f"The generations before {current} are gone: {record.note}.",
                "A purge removes them, since they had what was purged.",
            )
    raise NotFound(
        f"No generation before {current} has been kept.",
        "List the generations with: /near-admin generations",
    )


def _of_another_version(record: GenerationRecord) -> NotFound:
    return NotFound(
        f"{record.name} was built by another version of Nearsay, in a format that this version "
        "cannot read; nothing was changed.",
        "To go back to a time before an upgrade, install the older version and restore its backup.",
    )
