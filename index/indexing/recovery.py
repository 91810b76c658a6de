"""Rebuild the files of a damaged generation from the ledger, without embedding."""

from dataclasses import replace

import numpy as np

from index.entry import passages_of
from index.entry_json import entry_to_json
from index.errors import IndexCorrupted
from index.indexing.supervisor import Builder
from index.progress import Progress
from index.storage.db.generation_records import GenerationRecord
from index.storage.manifest import Manifest
from index.storage.repository import Repository

DAMAGED = "The generation's files were damaged and have been rebuilt from the ledger."


def restore(
    repository: Repository, record: GenerationRecord, progress: Progress, note: str = DAMAGED
) -> None:
    """Rebuild the files of a generation from its entries and vectors in the ledger.

    With a Chroma server, the vectors go to a new collection. `note` is the problem that the status
    reports of the generation. The caller holds the write lock. Raises `StoreError` when the ledger
    lacks an entry or a vector, or the files cannot be written.
    """
    ledger = repository.ledger
    manifest = Manifest.from_json(record.manifest)
    entries = ledger.generations.entries(record.name)
    digests = [passage.digest for entry in entries for passage in passages_of(entry)]
    known = ledger.vectors.get(manifest.fingerprint.key, digests)
    if not entries or any(digest not in known for digest in digests):
        raise IndexCorrupted(f"The ledger does not have all entries and vectors of {record.name}.")
    vectors = np.stack([known[digest] for digest in digests])
    with repository.folders.scratch(record.name) as scratch:
        order = replace(manifest, collection=repository.new_collection(record.name))
        with Builder(server=repository.server) as builder:
            lines = map(entry_to_json, entries)
            builder.start(scratch, order, lines, len(vectors))
            builder.add(range(len(vectors)), vectors)
            made = builder.finish(progress)
        restored = Manifest.load(scratch)
        repository.put(scratch, record.name, made)
    ledger.generations.mark_restored(record.name, made, restored.to_json(), note)
