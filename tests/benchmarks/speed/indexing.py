"""Index a glossary like an import, and save the data that every system needs in one folder."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from numpy.typing import NDArray

from index.embedding.embedder import SentenceEmbedder
from index.embedding.sentence_transformers import Model, open_converted
from index.embedding.weights import find_weights
from index.entry import Entry, passages_of
from index.export.jsonl import to_json_lines
from index.indexing.reindex import SourceContent, reindex
from index.sources.files import load
from index.sources.registry import read_file
from index.sources.source import bundled_digest
from index.storage import Store
from tests.benchmarks.speed.corpus import glossary

FIRST_ENTRIES = 5  # of an index that is built before the timing, to load the model
ENTRIES_PER_FILE = 5_000
MODEL_TEXTS = 1_000  # texts embedded by the model alone, for comparison
MODEL_BATCH = 32  # texts per forward pass of the model alone, as in sentence-transformers
CHANGE_EVERY = 100  # one in this many entries is changed for the reindex
CHROMA_BATCH = 1_000  # rows added to Chroma at a time


@dataclass(frozen=True)
class Workdir:
    """The folder with the data of one index size, and the model. Child processes read from the
    folder."""

    folder: Path
    model: str
    models: Path

    @property
    def data(self) -> Path:
        """Nearsay's data directory."""
        return self.folder / "data"

    @property
    def settings(self) -> dict[str, str]:
        """The settings of Nearsay's processes."""
        return {
            "NEARSAY_DATA_DIR": str(self.data),
            "NEARSAY_MODEL": self.model,
        }

    @cached_property
    def categories(self) -> list[str]:
        """The category of each passage."""
        found: list[str] = json.loads((self.folder / "categories.json").read_text())
        return found

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """The passages as `float32[n, d]`, unit rows."""
        return np.asarray(np.load(self.folder / "vectors.npy"))

    @cached_property
    def asked(self) -> NDArray[np.float32]:
        """The queries as `float32[q, d]`, unit rows."""
        return np.asarray(np.load(self.folder / "asked.npy"))

    def embedder(self) -> SentenceEmbedder:
        return SentenceEmbedder(self.model, self.models)

    def chroma(self) -> chromadb.Collection:
        """Return a Chroma collection with default settings. It has the passages after indexing."""
        client = chromadb.PersistentClient(
            str(self.folder / "chroma"), ChromaSettings(anonymized_telemetry=False)
        )
        return client.get_or_create_collection("texts", embedding_function=None)


@dataclass(frozen=True, slots=True)
class Indexing:
    """The durations, in seconds, of an import of `passages` passages, and the number of passages
    per second that the model alone embeds."""

    passages: int
    reading: float
    indexing: float
    reindexing: float
    alone: float

    @property
    def share(self) -> float:
        """The indexing rate divided by the rate of the model alone."""
        return self.passages / self.indexing / self.alone


def index(work: Workdir, passages: int, queries: Sequence[str]) -> Indexing:
    """Import a glossary of `passages` passages into `work`, and fill Chroma with its vectors."""
    embedder = work.embedder()
    files = work.folder / "glossary"
    files.mkdir()
    entries = glossary(passages)
    for start in range(0, len(entries), ENTRIES_PER_FILE):
        lines = to_json_lines(entries[start : start + ENTRIES_PER_FILE])
        (files / f"{start:07}.jsonl").write_text(lines, encoding="utf-8")
    store = Store(work.data)
    began = time.perf_counter()
    read = sum(len(read_file(load(file, files), {}).entries) for file in sorted(files.iterdir()))
    reading = time.perf_counter() - began
    assert read == len(entries)
    reindex(store, _content(entries[:FIRST_ENTRIES]), embedder)
    indexing = _time_reindex(store, entries, embedder)
    changed = [
        entry if at % CHANGE_EVERY else replace(entry, definition=f"{entry.definition} Changed.")
        for at, entry in enumerate(entries)
    ]
    reindexing = _time_reindex(store, changed, embedder)
    texts = [passage for entry in changed for passage in passages_of(entry)]
    _save(work, changed, store.current().matrix, embedder, queries)
    store.close()
    some = random.Random(0).sample(texts, min(MODEL_TEXTS, len(texts)))
    model = open_model(work)
    longest_first = sorted((passage.embedded for passage in some), key=len, reverse=True)
    began = time.perf_counter()
    for start in range(0, len(longest_first), MODEL_BATCH):
        model.documents(longest_first[start : start + MODEL_BATCH])
    alone = len(some) / (time.perf_counter() - began)
    return Indexing(len(texts), reading, indexing, reindexing, alone)


def open_model(work: Workdir) -> Model:
    """Open the model with the same backend as Nearsay, without its cache, batches and locks."""
    weights = find_weights(work.model)
    return open_converted(weights, work.models)


def _time_reindex(store: Store, entries: Sequence[Entry], embedder: SentenceEmbedder) -> float:
    """Reindex, and return the duration in seconds."""
    began = time.perf_counter()
    reindex(store, _content(entries), embedder)
    return time.perf_counter() - began


def _content(entries: Sequence[Entry]) -> SourceContent:
    """Return these entries as content, marked as the bundled encyclopedia so that it is not
    added."""
    return SourceContent(entries, encyclopedia=bundled_digest())


def _save(
    work: Workdir,
    entries: Sequence[Entry],
    vectors: NDArray[np.float32],
    embedder: SentenceEmbedder,
    queries: Sequence[str],
) -> None:
    np.save(work.folder / "vectors.npy", vectors)
    np.save(work.folder / "asked.npy", embedder.queries(queries))
    categories = [entry.category for entry in entries for _ in passages_of(entry)]
    (work.folder / "categories.json").write_text(json.dumps(categories))
    collection = work.chroma()
    for start in range(0, len(categories), CHROMA_BATCH):
        part = categories[start : start + CHROMA_BATCH]
        collection.add(
            ids=[str(start + at) for at in range(len(part))],
            metadatas=[{"category": category} for category in part],
            embeddings=vectors[start : start + CHROMA_BATCH],
        )
