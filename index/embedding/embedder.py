"""The embedding model, loaded on first use."""

import hashlib
import importlib.util
import json
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextvars import Context
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from index.deadline import check_deadline
from index.embedding.batching import FairLock, MicroBatcher
from index.embedding.sentence_transformers import LibraryModel, Model, open_converted
from index.embedding.weights import Weights, find_weights
from index.errors import ModelDamaged
from index.progress import no_progress

Backend = Literal["auto", "openvino", "torch"]
Vectors = NDArray[np.float32]

logger = logging.getLogger(__name__)

# Texts and characters per batch; a longer text gets its own batch. The model is locked during a
# batch; larger batches are hardly faster per text.
BATCH, CHARACTERS = 12, 2_000
QUERY_CACHE_SIZE = 512  # queries in the cache, for repeated and follow-up questions


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The identity of an embedding space. Only vectors with the same `key` are comparable.

    `max_tokens` is 0 when the model has no limit. The backend is not included, since the vectors of
    OpenVINO and PyTorch agree to within 1e-4.
    """

    name: str
    weights: str
    dimensions: int
    max_tokens: int
    query_prompt: str
    document_prompt: str
    normalised: bool = True  # read by nothing but `key`, which would change without it

    @property
    def key(self) -> str:
        """The id of the space, 16 hexadecimal characters. The model's name is ignored, since the
        same weights at another path are the same space."""
        content = {**asdict(self), "name": ""}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


class CacheStats(NamedTuple):
    """Hits and misses of the query cache. Only queries embedded on their own are counted."""

    hits: int = 0
    misses: int = 0


class Embedder(Protocol):
    """Embeds texts as rows of unit length, so that a dot product is a cosine."""

    @property
    def name(self) -> str:
        """The model's name; does not load the model."""

    @property
    def fingerprint(self) -> Fingerprint:
        """The identity of the space; loads the model. Raises `ModelError` if that fails."""

    @property
    def cache_stats(self) -> CacheStats:
        """Hits and misses of the query cache."""

    def shares(self, space: Fingerprint) -> bool:
        """Return whether the model embeds into this space, without loading it. Before the first
        load, only the weights are compared. Raises `ModelError` if they are not found."""

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed queries: `float32[n, d]`."""

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        """Embed passages, yielding batches as `(positions in texts, float32[b, d])`.

        Batches hold texts of similar length, so they are not in the order of `texts`.
        """


def embed_documents(
    embedder: Embedder,
    texts: Sequence[str],
    progress: Callable[[int, int], None] = no_progress,
) -> Vectors:
    """Embed passages: `float32[n, d]`, row i for `texts[i]`.

    `progress` receives the number of passages done and the total number.
    """
    vectors = np.empty((len(texts), embedder.fingerprint.dimensions), dtype=np.float32)
    progress(0, len(texts))
    done = 0
    for positions, batch in embedder.documents(texts):
        vectors[list(positions)] = batch
        done += len(batch)
        progress(done, len(texts))
    return vectors


class SentenceEmbedder:
    """An `Embedder` that runs a sentence-transformers model. Thread-safe.

    `model` is a name or a folder (see `index.embedding.weights`); the converted model is saved in
    `folder`, unless that is `read_only`. Concurrent single queries share a batch, and wait for at
    most one batch of passages.
    """

    def __init__(
        self, model: str, folder: Path, backend: Backend = "auto", *, read_only: bool = False
    ) -> None:
        self._name = model
        self._folder = folder
        self._backend = backend
        self._read_only = read_only
        self._loading = threading.Lock()
        self._model_lock = FairLock()
        # In a context of its own, since a batch has the queries of several requests.
        self._batcher: MicroBatcher[str, Vectors] = MicroBatcher(
            lambda texts: list(Context().run(self._in_batches, texts))
        )
        self._cached_query = lru_cache(QUERY_CACHE_SIZE)(self._query)
        self._loaded: tuple[Model, Fingerprint] | None = None

    @property
    def name(self) -> str:
        return self._name.removeprefix("sentence-transformers/").rstrip("/").rpartition("/")[2]

    @property
    def fingerprint(self) -> Fingerprint:
        return self._load()[1]

    @property
    def cache_stats(self) -> CacheStats:
        counts = self._cached_query.cache_info()
        return CacheStats(counts.hits, counts.misses)

    def forget_queries(self) -> None:
        """Clear the query cache, so that a benchmark measures the embedding itself."""
        self._cached_query.cache_clear()

    def shares(self, space: Fingerprint) -> bool:
        if self._loaded is not None:
            return self._loaded[1].key == space.key
        return find_weights(self._name).digest == space.weights

    def queries(self, texts: Sequence[str]) -> Vectors:
        check_deadline()
        if len(texts) == 1:
            return self._cached_query(texts[0])
        return self._in_batches(texts)

    def _query(self, text: str) -> Vectors:
        """Embed a query: `float32[1, d]`, read-only because the cache shares it."""
        vectors = self._batcher(text)[np.newaxis]
        vectors.flags.writeable = False
        return vectors

    def _in_batches(self, texts: Sequence[str]) -> Vectors:
        """Embed queries: `float32[n, d]`; the model is unlocked between batches."""
        model, fingerprint = self._load()
        vectors = np.empty((len(texts), fingerprint.dimensions), dtype=np.float32)
        for positions in _batches(texts):
            check_deadline()
            with self._model_lock:
                vectors[positions] = model.queries([texts[at] for at in positions])
        return vectors

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        model, _ = self._load()
        for positions in _batches(texts):
            check_deadline()
            with self._model_lock:
                vectors = model.documents([texts[at] for at in positions])
            yield positions, vectors

    def _load(self) -> tuple[Model, Fingerprint]:
        if self._loaded is not None:
            return self._loaded
        with self._loading:
            if self._loaded is None:
                weights = find_weights(self._name)
                # BLAS threads spin while they wait, and would take cores from the model's threads.
                # Our own matrix products are small.
                threadpool_limits(1, user_api="blas")
                model = self._open(weights)
                card = model.card
                self._loaded = (
                    model,
                    Fingerprint(
                        name=self.name,
                        weights=weights.digest,
                        dimensions=card.dimensions,
                        max_tokens=card.max_tokens,
                        query_prompt=card.query_prompt,
                        document_prompt=card.document_prompt,
                    ),
                )
            return self._loaded

    def _open(self, weights: Weights) -> Model:
        if self._backend != "torch" and importlib.util.find_spec("openvino"):
            try:
                return open_converted(weights, self._folder, read_only=self._read_only)
            except Exception:
                if self._backend == "openvino":
                    raise
                logger.warning("OpenVINO failed; using PyTorch", exc_info=True)
        elif self._backend == "openvino":
            raise ModelDamaged(
                "OpenVINO is not installed.", "Install it with: pip install openvino"
            )
        try:
            return LibraryModel(weights.folder)
        except Exception as error:
            raise ModelDamaged(
                f"The model in {weights.folder} cannot be loaded: {error}",
                "Set NEARSAY_MODEL to another sentence-transformers model, or unset it.",
            ) from error


def _batches(texts: Sequence[str]) -> Iterator[list[int]]:
    """Yield positions of texts in batches of similar length, longest first."""
    batch: list[int] = []
    longest = 0
    for at in sorted(range(len(texts)), key=lambda at: -len(texts[at])):
        longest = longest or len(texts[at])
        batch.append(at)
        if len(batch) == BATCH or (len(batch) + 1) * longest > CHARACTERS:
            yield batch
            batch, longest = [], 0
    if batch:
        yield batch
