"""Remove old generations and vectors after a reindex."""

from index.entry import passages_of
from index.progress import Progress
from index.statistics.landmarks import landmark_texts
from index.storage import Manifest, Store

KEPT = 3  # generations to keep of those built from sources, and of all generations
OTHER_SPACES = 3  # models besides the current one whose vectors are kept


def remove_old_generations(store: Store, progress: Progress) -> None:
    """Remove the files of old generations that no process is reading. The caller holds the write
    lock.

    The last `KEPT` generations built from sources are kept because edits are based on them, and the
    last `KEPT` generations of any kind are kept for rollbacks. Generations in a format
    that this version cannot open are removed.
    """
    generations = store.ledger.generations
    current = generations.pointer().generation
    kept = generations.kept()
    usable = [record for record in kept if record.can_be_opened]
    of_sources = [record for record in usable if not record.outcome.get("edits_only")]
    stay = {current, *(record.name for record in (*of_sources[:KEPT], *usable[:KEPT]))}
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
    """Delete unused vectors if the cache has too many vectors or models.

    The limit is the number of vectors that the kept generations would need if they shared no
    passages. Vectors of their passages from up to `OTHER_SPACES` other models are kept too.
    """
    ledger = store.ledger
    kept = [record for record in ledger.generations.kept() if record.can_be_opened]
    manifests = [Manifest.from_json(record.manifest) for record in kept]
    spaces = {manifest.fingerprint.key for manifest in manifests}
    texts = {one.digest for one in landmark_texts()}
    passages = sum(manifest.passages for manifest in manifests)
    others = sorted(ledger.vectors.spaces() - spaces)
    other_spaces = others[:OTHER_SPACES]
    most = (1 + len(other_spaces)) * passages + len(spaces) * len(texts)
    if others == other_spaces and ledger.vectors.count() <= most:
        return
    needed = {
        (space, passage.digest)
        for record, manifest in zip(kept, manifests, strict=True)
        for entry in ledger.generations.entries(record.name)
        for passage in passages_of(entry)
        for space in (manifest.fingerprint.key, *other_spaces)
    }
    needed |= {(space, text) for space in spaces for text in texts}
    ledger.vectors.keep_only(needed)
