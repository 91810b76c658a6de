"""A generation whose files are damaged gets them back from the ledger; nothing is embedded."""

from __future__ import annotations

import numpy as np

from index.chroma_server import ChromaServer, new_collection
from index.entry import passages_of
from index.errors import StoreDamaged
from index.space.background import Background, background_digest, background_texts
from index.store.builder import build_at_once
from index.store.building import Order, Tell
from index.store.fetching import keep
from index.store.folders import Folders
from index.store.generation import Manifest
from index.store.ledger import GenerationRecord, Ledger


def restore(
    folders: Folders,
    ledger: Ledger,
    record: GenerationRecord,
    tell: Tell,
    server: ChromaServer | None = None,
) -> None:
    """Builds the files of a generation again from its entries and their vectors, which go to a new
    collection where there is a `server`.

    The caller holds the right to write. Raises `StoreError` when the ledger lacks something, or
    the files cannot be written.
    """
    manifest = Manifest.from_json(record.manifest)
    entries = ledger.generations.entries(record.name)
    digests = [passage.digest for entry in entries for passage in passages_of(entry)]
    others = [text.digest for text in background_texts()]
    known = ledger.vectors.get(manifest.fingerprint.key, [*digests, *others])
    if not entries or any(digest not in known for digest in digests):
        raise _incomplete(record.name, "all of its entries and vectors")
    vectors = np.stack([known[digest] for digest in digests])
    # A ledger that is older than the texts lacks some; the next reindex embeds them.
    whole = all(digest in known for digest in others)
    background = Background.of(known, manifest.fingerprint.dimensions)
    with folders.scratch(record.name) as scratch:
        order = Order(
            generation=record.name,
            built=manifest.built,
            fingerprint=manifest.fingerprint,
            encyclopedia=manifest.encyclopedia,
            sources=manifest.sources,
            reports=manifest.reports,
            background=background_digest() if whole else "",
            edits=manifest.edits,
            collection=new_collection(ledger.identity, record.name) if server else "",
        )
        made = build_at_once(scratch, order, entries, vectors, background, tell, server)
        if ledger.is_shared:
            keep(scratch, ledger, record.name, made)
        restored = Manifest.load(scratch)
        folders.put(scratch, record.name)
    ledger.generations.mark_restored(
        record.name,
        made,
        restored.to_json(),
        "Its files were damaged and have been built again from the ledger.",
    )


def _incomplete(name: str, what: str) -> StoreDamaged:
    return StoreDamaged(
        f"The ledger does not hold {what} of {name}.",
        "Build the index anew with: nearsay index --full",
    )
