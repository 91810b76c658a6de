"""What is near a text to several models: two models, two spaces."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.errors import ModelError
from index.search.abstention import is_out_of_domain
from index.search.explore.explorations import Models, ModelView
from index.search.explore.points import DIGITS
from index.search.near import embed_query
from index.search.neighbours import named
from index.storage import Generation, Store
from index.storage.embedding_cache import get_or_embed

SHOWN = 10  # entries of each model
MOST = 100_000  # passages that are embedded for a second model

CURE = "Name other models in NEARSAY_MODELS, or unset it."

Tell = Callable[[str, int, int], None]
"""Told how far a phase is: its name, how many passages are done, of how many."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A text as a model sees it: the cosine of every entry to it, `float32[e]`, or None where the
    model knows no word of it; and what the model is."""

    model: str
    about: str
    dimensions: int
    cosines: NDArray[np.float32] | None


def nearest_of_each(generation: Generation, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine of each entry's nearest passage, `float32[e]`; `cosines` (`float32[n]`) are those
    of all passages."""
    return np.maximum.reduceat(np.clip(cosines, -1, 1), generation.starts)


class Space(Protocol):
    """A model that can be asked about a generation which another model built."""

    def look(self, generation: Generation, query: str, tell: Tell) -> Sight:
        """How near the entries are to `query`; `tell` is told of long work."""


class LexicalSpace:
    """The space that is learned from the words of the index itself."""

    def look(self, generation: Generation, query: str, _tell: Tell) -> Sight:
        lsa = generation.lsa
        entries, dimensions = lsa.entries.shape
        about = f"learned from the words of these {entries:,} entries, {dimensions} dimensions"
        return Sight("LSA of this index", about, dimensions, lsa.cosines(query))


class EmbeddedSpace:
    """The space of another embedding model. Passages are embedded once and kept in the vector
    cache of the ledger; those of one generation at a time are at hand. Threads may share it."""

    def __init__(self, embedder: Embedder, store: Store) -> None:
        self._embedder = embedder
        self._store = store
        self._lock = threading.Lock()
        self._at_hand: tuple[str, NDArray[np.float32]] | None = None

    def look(self, generation: Generation, query: str, tell: Tell) -> Sight:
        """Waits while the passages are embedded for somebody else. Raises `ModelError` when the
        model cannot be used."""
        name = self._embedder.name
        try:
            with self._lock:
                matrix = self._matrix(generation, tell)
            point = self._embedder.queries([query])[0]
        except ModelError as error:
            raise type(error)(f"{name} cannot be set beside: {error.message}", CURE) from error
        cosines = nearest_of_each(generation, matrix @ point)
        dimensions = matrix.shape[1]
        return Sight(name, f"an embedding model, {dimensions} dimensions", dimensions, cosines)

    def _matrix(self, generation: Generation, tell: Tell) -> NDArray[np.float32]:
        """The vectors of all passages, `float32[n, d]`, unit rows."""
        if self._at_hand is None or self._at_hand[0] != generation.id:
            passages = generation.passages
            if self._embedder.shares(generation.manifest.fingerprint):
                raise ModelError("it is the model of the index itself.")
            if len(passages) > MOST:
                raise ModelError(
                    f"the index has {len(passages):,} passages, and up to {MOST:,} are embedded."
                )
            texts = {passage.digest: passage.embedded for passage in passages}
            known = get_or_embed(
                self._store.ledger.vectors,
                self._embedder,
                texts,
                lambda done, total: tell("embedding", done, total),
            )
            vectors = np.stack([known[passage.digest] for passage in passages])
            self._at_hand = generation.id, vectors
        return self._at_hand[1]


def models(
    generation: Generation,
    embedder: Embedder,
    others: Sequence[Space],
    query: str,
    tell: Tell = lambda *_: None,
) -> Models:
    """The entries nearest to `query` to the model of the index and to each of `others`, by each
    model's own cosine alone: names and words count for nothing here.

    Raises `ModelMismatch` when the index was built with another model than `embedder`,
    `ModelError` when another model cannot be used.
    """
    point = embed_query(generation, embedder, query)
    dimensions = generation.manifest.fingerprint.dimensions
    own = Sight(
        generation.model,
        f"the model of the index, {dimensions} dimensions",
        dimensions,
        nearest_of_each(generation, generation.matrix @ point),
    )
    sights = [own, *(space.look(generation, query, tell) for space in others)]
    views = [_view(generation, sight, own) for sight in sights]
    measured = [view.rank_correlation for view in views[1:] if view.rank_correlation is not None]
    return Models(
        generation=generation.id,
        model=generation.model,
        query=query,
        sparse=is_out_of_domain(generation, generation.corrected(query), point),
        models=tuple(views),
        overlap=round(float(np.mean([view.overlap for view in views[1:]])), DIGITS),
        rank_correlation=round(float(np.mean(measured)), DIGITS) if measured else None,
    )


def _view(generation: Generation, sight: Sight, own: Sight) -> ModelView:
    """What one model sees, beside the model of the index."""
    first, its_own = _first(sight.cosines), _first(own.cosines)
    return ModelView(
        model=sight.model,
        about=sight.about,
        dimensions=sight.dimensions,
        neighbours=tuple(named(generation, generation.ids[at], cosine) for at, cosine in first),
        overlap=len(dict(first).keys() & dict(its_own).keys()) / len(its_own),
        rank_correlation=_correlation(own.cosines, sight.cosines),
    )


def _first(cosines: NDArray[np.float32] | None) -> list[tuple[int, float]]:
    """The numbers of the entries with the highest cosines, the highest first, and these."""
    if cosines is None:
        return []
    best = np.argsort(-cosines, kind="stable")[:SHOWN].tolist()
    return [(at, round(float(cosines[at]), DIGITS)) for at in best]


def _correlation(
    one: NDArray[np.float32] | None, other: NDArray[np.float32] | None
) -> float | None:
    """Spearman's rank correlation of two scores, -1…1; None where one orders nothing."""
    if one is None or other is None or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    from scipy.stats import spearmanr  # which takes a while to import

    return round(float(spearmanr(one, other).statistic), DIGITS)
