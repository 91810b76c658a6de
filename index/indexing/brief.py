"""Build a generation of a few glossaries for one process, without a data directory."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder, embed_documents
from index.entry import Passage, link, passages_of
from index.errors import StoreError
from index.indexing.worker import write_brief_files
from index.sources.loader import read_in_process
from index.sources.source import Source, bundled_digest
from index.storage import Generation
from index.storage.bundled_vectors import bundled_vectors
from index.storage.manifest import BuildOrder


def build_brief(
    folder: Path, sources: Sequence[Source], embedder: Embedder, *, encyclopedia: bool
) -> Generation:
    """Read `sources`, and the bundled encyclopedia if wanted, and build their generation in the
    empty `folder`. Raises `SourceError` if a source does not exist, and `StoreError` if there is
    no entry."""
    report = read_in_process(sources, encyclopedia=encyclopedia)
    if not report.entries:
        refusal = next(iter(report.refused), None)
        why = f" {refusal.path}: {refusal.reason}." if refusal else ""
        raise StoreError(
            f"There are no entries to index.{why}", refusal.hint if refusal else "Check the path."
        )
    entries = link(report.entries)
    order = BuildOrder(
        generation="g000001",
        built=datetime.now(UTC),
        fingerprint=embedder.fingerprint,
        encyclopedia=bundled_digest() if encyclopedia else "",
        sources=tuple(sources),
        reports=report.sources,
        edits=0,
    )
    passages = [passage for entry in entries for passage in passages_of(entry)]
    write_brief_files(folder, order, entries, _vectors(embedder, passages))
    generation = Generation(folder, brief=True)
    generation.warm()
    return generation


def _vectors(embedder: Embedder, passages: Sequence[Passage]) -> NDArray[np.float32]:
    """Return the vectors of passages, `float32[n, d]`. Each text is embedded once, and those of the
    encyclopedia have their vectors."""
    texts = {passage.digest: passage.embedded for passage in passages}
    known = bundled_vectors(embedder.fingerprint.key, texts.keys())
    missing = [digest for digest in texts if digest not in known]
    embedded = embed_documents(embedder, [texts[digest] for digest in missing])
    known |= dict(zip(missing, embedded, strict=True))
    return np.stack([known[passage.digest] for passage in passages])
