"""Removes what is gone for good: a source or a term with its history, and a person's data."""

import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from bot.admin.imports import FOLDER
from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Problem
from index.errors import NearsayError, NotFound
from index.indexing.rollback import PURGED
from index.progress import Progress
from index.sources.source import slug
from index.storage.db.traces import Traces

READ_S = 45.0  # seconds to wait until no process reads an old generation


class NotRemovable(NearsayError):
    """What is to be purged is still in use."""

    code = "in_use"


def traces_of(indexer: Indexer, name: str) -> Traces:
    """Return what a purge of a source or term would remove.

    Raises `NotFound` if there is nothing, and `NotRemovable` if the index or a source still has it.
    """
    ledger = indexer.store.ledger
    found = ledger.removals.traces(name)
    uploads = indexer.store.directory / FOLDER / slug(name)
    if not (found.versions or found.edits or uploads.is_dir()):
        raise NotFound(f'There is nothing of a source or term "{name[:120]}".', "")
    indexer.store.refresh()
    there = found.entries & set(indexer.store.current().entries)
    kept = [edit.entry for edit in ledger.edits.overlay().edits if edit.imported is not None]
    if there or found.entries & set(kept):
        raise NotRemovable(
            f'"{name[:120]}" is still in the index or in a file that is read.',
            "Take it out first: a source from NEARSAY_SOURCES and with `nearsay index --remove "
            "NAME`, a term from its file or with `/near-admin remove TERM`; then reindex.",
        )
    return found


def purge(indexer: Indexer, name: str, progress: Progress) -> Traces | Problem:
    """Remove what `traces_of` returns, and all generations but a new one, whose files are built
    anew: an incremental copy may still contain it. Raises the errors of `traces_of`."""
    found, store = traces_of(indexer, name), indexer.store
    built = indexer.run(IndexRequest(full=True, by="purge"), progress)
    if isinstance(built, Problem):
        return built
    store.refresh()
    with store.writing("Nearsay, purging"):
        current, generations = store.current(), store.ledger.generations
        note = f"{PURGED} on {datetime.now(UTC):%Y-%m-%d}"
        until = time.monotonic() + READ_S
        for record in generations.kept():
            while record.name != current.id and not generations.forget(record.name, note):
                if time.monotonic() > until:
                    raise NotRemovable(
                        f"A running process still reads {record.name}; not all is purged.",
                        "Stop it, or wait until it reads the new index, then purge again.",
                    )
                time.sleep(1.0)
            if record.name != current.id:
                store.folders.remove(record.name)
        store.remove_collections()
        shutil.rmtree(store.directory / FOLDER / slug(name), ignore_errors=True)
        shutil.rmtree(store.views.root, ignore_errors=True)
        needed = {passage.digest for passage in current.passages}
        store.ledger.removals.remove(name, found, needed)
    return found


def export_person(indexer: Indexer, person: str) -> Mapping[str, list[dict[str, Any]]]:
    """Return all rows of the ledger that name a person, by table."""
    return indexer.store.ledger.removals.of_person(person)


def forget_person(indexer: Indexer, person: str) -> dict[str, int]:
    """Delete what a person asked, voted, drafted and suggested, and the name under what they did.
    What they wrote in entries stays. Return the numbers of records."""
    ledger = indexer.store.ledger
    done = asdict(ledger.questions.forget(person))
    return done | {"signed": ledger.removals.unsign(person)}
