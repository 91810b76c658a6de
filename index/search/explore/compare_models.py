"""Compare the nearest entries of a text across models."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.errors import ModelError
from index.progress import Progress, no_progress
from index.search.abstention import is_out_of_domain
from index.search.explore.explorations import Models, ModelView
from index.search.explore.points import DIGITS
from index.search.near import embed_query
from index.search.neighbours import mention_of
from index.storage import Generation, Store
from index.storage.embedding_cache import get_or_embed

SHOWN = 10
MOST = 100_000  # maximum number of passages to embed with a second model

_HINT = "Name other models in NEARSAY_MODELS, or unset it."


@dataclass(frozen=True, slots=True, eq=False)
class ModelCosines:
    """One model's cosines between a text and all entries (`float32[e]`), or None if the model knows
    no word in the text."""

    model: str
    about: str
    dimensions: int
    cosines: NDArray[np.float32] | None


def nearest_of_each(generation: Generation, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reduce the cosines of all passages (`float32[n]`) to the maximum per entry, `float32[e]`."""
    return np.maximum.reduceat(np.clip(cosines, -1, 1), generation.starts)


Space = Callable[[Generation, str, Progress], ModelCosines]
"""Compares all entries of a generation with a query in the space of another model."""


def lexical_space(generation: Generation, query: str, _: Progress) -> ModelCosines:
    """Compare all entries with `query` by latent semantic analysis (LSA) of the index."""
    lsa = generation.lsa
    entries, dimensions = lsa.entries.shape
    about = f"learned from the words of these {entries:,} entries, {dimensions} dimensions"
    return ModelCosines("LSA of this index", about, dimensions, lsa.cosines(query))


class EmbeddedSpace:
    """The space of another embedding model. Thread-safe. Each passage is embedded once and cached
    in the ledger. The vectors of the generation last compared are also cached in memory."""

    def __init__(self, embedder: Embedder, store: Store) -> None:
        self._embedder = embedder
        self._store = store
        self._lock = threading.Lock()
        self._cached: tuple[str, NDArray[np.float32]] | None = None

    def __call__(self, generation: Generation, query: str, progress: Progress) -> ModelCosines:
        """Compare all entries with `query`. Blocks while another thread embeds the passages. Raises
        `ModelError` if the model cannot be used or is the model of the index, or if the index has
        more than `MOST` passages."""
        name = self._embedder.name
        try:
            with self._lock:
                matrix = self._matrix(generation, progress)
            point = self._embedder.queries([query])[0]
        except ModelError as error:
            raise type(error)(f"{name} cannot be compared: {error.message}", _HINT) from error
        cosines, dimensions = nearest_of_each(generation, matrix @ point), matrix.shape[1]
        about = f"an embedding model, {dimensions} dimensions"
        return ModelCosines(name, about, dimensions, cosines)

    def _matrix(self, generation: Generation, progress: Progress) -> NDArray[np.float32]:
        if self._cached is None or self._cached[0] != generation.id:
            passages = generation.passages
            if self._embedder.shares(generation.manifest.fingerprint):
                raise ModelError("it is the model of the index itself.")
            if len(passages) > MOST:
                raise ModelError(
                    f"the index has {len(passages):,} passages; at most {MOST:,} can be compared."
                )
            texts = {passage.digest: passage.embedded for passage in passages}
            cache, report = self._store.ledger.vectors, partial(progress, "embedding")
            known = get_or_embed(cache, self._embedder, texts, report)
            vectors = np.stack([known[passage.digest] for passage in passages])
            self._cached = generation.id, vectors
        return self._cached[1]


def models(
    generation: Generation,
    embedder: Embedder,
    others: Sequence[Space],
    query: str,
    progress: Progress = no_progress,
) -> Models:
    """Return the entries nearest to `query` by cosine, for the index's own model and for each of
    `others`. Raises `ModelError` if one of `others` cannot be used."""
    point = embed_query(generation, embedder, query)
    dimensions = generation.manifest.fingerprint.dimensions
    own = ModelCosines(
        generation.model,
        f"the model of the index, {dimensions} dimensions",
        dimensions,
        nearest_of_each(generation, generation.matrix @ point),
    )
    found = [own, *(space(generation, query, progress) for space in others)]
    views = [_view(generation, one, own) for one in found]
    measured = [view.rank_correlation for view in views[1:] if view.rank_correlation is not None]
    return Models(
        query=query,
        sparse=is_out_of_domain(generation, generation.corrected(query), point),
        models=tuple(views),
        overlap=round(float(np.mean([view.overlap for view in views[1:]])), DIGITS),
        rank_correlation=round(float(np.mean(measured)), DIGITS) if measured else None,
    )


def _view(generation: Generation, one: ModelCosines, own: ModelCosines) -> ModelView:
    first, its_own = _first(one.cosines), _first(own.cosines)
    return ModelView(
        model=one.model,
        about=one.about,
        dimensions=one.dimensions,
        neighbours=tuple(
            mention_of(generation, generation.ids[at], cosine) for at, cosine in first
        ),
        overlap=len(dict(first).keys() & dict(its_own).keys()) / len(its_own),
        rank_correlation=_correlation(own.cosines, one.cosines),
    )


def _first(cosines: NDArray[np.float32] | None) -> list[tuple[int, float]]:
    if cosines is None:
        return []
    best = np.argsort(-cosines, kind="stable")[:SHOWN].tolist()
    return [(at, round(float(cosines[at]), DIGITS)) for at in best]


def _correlation(
    one: NDArray[np.float32] | None, other: NDArray[np.float32] | None
) -> float | None:
    """Return Spearman's rank correlation, -1…1, or None if scores are missing or constant."""
    if one is None or other is None or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    from scipy.stats import spearmanr  # slow to import

    return round(float(spearmanr(one, other).statistic), DIGITS)
