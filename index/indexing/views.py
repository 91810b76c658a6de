"""Views of a generation: complete indexes of some of its sources.

A view is built like a generation, from the vectors of one, so that its statistics, words, map and
counts are those of its own entries. It is on disk beside the generations, and built on first use.
"""

import shutil
from collections.abc import Collection
from hashlib import sha256

import numpy as np

from index.entry_json import entry_to_json
from index.indexing.supervisor import Builder
from index.progress import no_progress
from index.storage.audience import NothingToRead
from index.storage.entry_table import EntryTable
from index.storage.generation import Generation
from index.storage.manifest import BuildOrder
from index.storage.repository import Repository


def open_view(repository: Repository, whole: Generation, hidden: Collection[str]) -> Generation:
    """Return the view of a generation without the sources `hidden`; build it first if need be.

    Raises `NothingToRead` if no entry is left, and `StoreError` if it cannot be built.
    """
    entries = [entry for entry in whole.entries.values() if entry.source not in hidden]
    if not entries:
        raise NothingToRead
    shown = "\n".join(sorted({entry.source for entry in entries}))
    name = f"{whole.id}-{sha256(shown.encode()).hexdigest()[:12]}"
    folder = repository.views.of(name)
    if not folder.is_dir():
        _remove_old(repository)
        _build(repository, name, whole, EntryTable(entries), hidden)
    view = Generation(folder, entries)
    view.warm()
    return view


def _build(
    repository: Repository,
    name: str,
    whole: Generation,
    table: EntryTable,
    hidden: Collection[str],
) -> None:
    given = whole.manifest
    order = BuildOrder(
        generation=given.generation,
        built=given.built,
        fingerprint=given.fingerprint,
        encyclopedia=given.encyclopedia,
        sources=tuple(one for one in given.sources if one.name not in hidden),
        reports=tuple(one for one in given.reports if one.name not in hidden),
        edits=given.edits,
    )
    rows = np.concatenate([whole.rows_of(entry_id) for entry_id in table.ids])
    with repository.views.scratch(name) as scratch, Builder() as builder:
        lines = map(entry_to_json, table.entries.values())
        builder.start(scratch, order, lines, len(rows))
        builder.add(range(len(rows)), whole.matrix[rows])
        builder.finish(no_progress)
        if not repository.views.of(name).is_dir():  # another process may have been first
            repository.views.put(scratch, name)


def _remove_old(repository: Repository) -> None:
    """Remove the views of generations that are no longer kept."""
    kept = {record.name for record in repository.ledger.generations.kept()}
    for folder in repository.views.root.glob("g*-*"):
        if folder.name.partition("-")[0] not in kept:
            shutil.rmtree(folder, ignore_errors=True)
