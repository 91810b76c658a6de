"""Which generations and vectors stay after a reindex, and which go."""

from __future__ import annotations

from index.entry import passages_of
from index.progress import Progress
from index.statistics.background import background_texts
from index.statistics.landmarks import landmark_texts
from index.storage import Manifest, Store

KEPT = 3  # generations whose files stay: so many built from sources, and so many of all
BESIDE = 3  # spaces of other models whose vectors stay


def remove_old(store: Store, progress: Progress = lambda *_: None) -> None:
    """Removes the files of generations, unless somebody is reading them, but for the last `KEPT`
    that were built from sources and the last `KEPT` of all, which edits are built on and taken back
    to; those that an older version of Nearsay built go. The caller holds the right to write."""
    generations = store.ledger.generations
    current = generations.pointer().generation
    kept = generations.kept()
    whole = [record for record in kept if record.can_be_opened]
    of_sources = [record for record in whole if not record.outcome.get("edits_only")]
    stay = {current, *(record.name for record in (*of_sources[:KEPT], *whole[:KEPT]))}
    old = [record.name for record in kept if record.name not in stay]
    old = [name for name in old if not store.folders.is_read(name)]
    for done, name in enumerate(old):
        progress("removing", done, len(old))
        if generations.forget(name):
            store.folders.remove(name)
    store.remove_collections()
    if old:
        progress("removing", len(old), len(old))
        _prune(store)


def _prune(store: Store) -> None:
    """Forgets vectors once the cache holds more than the generations that are kept would need if
    they had none in common but the background and the landmarks. The passages that are kept stay
    in the spaces of a few other models too (see `space.latent.spaces`)."""
    ledger = store.ledger
    kept = [record for record in ledger.generations.kept() if record.can_be_opened]
    manifests = [Manifest.from_json(record.manifest) for record in kept]
    spaces = {manifest.fingerprint.key for manifest in manifests}
    texts = {one.digest for one in background_texts()} | {one.digest for one in landmark_texts()}
    passages = sum(manifest.passages for manifest in manifests)
    others = sorted(ledger.vectors.spaces() - spaces)
    beside = others[:BESIDE]
    most = (1 + len(beside)) * passages + len(spaces) * len(texts)
    if others == beside and ledger.vectors.count() <= most:
        return
    needed = {
        (space, passage.digest)
        for record, manifest in zip(kept, manifests, strict=True)
        for entry in ledger.generations.entries(record.name)
        for passage in passages_of(entry)
        for space in (manifest.fingerprint.key, *beside)
    }
    needed |= {(space, text) for space in spaces for text in texts}
    ledger.vectors.keep_only(needed)
