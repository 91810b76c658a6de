"""What is near a text to several models: two models, two spaces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedder import Embedder
from index.space.latent.places import DIGITS
from index.space.latent.results import Models, ModelView
from index.space.latent.spaces import Sight, Space, Tell, nearest_of_each
from index.space.near import embed_query
from index.space.neighbours import named
from index.space.sparse import is_out_of_domain
from index.store import Generation

SHOWN = 10  # entries of each model


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
    scores = [sight.cosines for sight in sights]
    firsts = [_first(score) for score in scores]
    views = [
        ModelView(
            model=sight.model,
            about=sight.about,
            dimensions=sight.dimensions,
            neighbours=tuple(
                named(generation, generation.ids[number], round(float(score[number]), DIGITS))
                for number in first
            )
            if score is not None
            else (),
            overlap=len(set(first) & set(firsts[0])) / len(firsts[0]),
            rank_correlation=_correlation(scores[0], score),
        )
        for sight, score, first in zip(sights, scores, firsts, strict=True)
    ]
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


def _first(score: NDArray[np.float32] | None) -> list[int]:
    """The numbers of the entries with the highest scores, the highest first."""
    return [] if score is None else np.argsort(-score, kind="stable")[:SHOWN].tolist()


def _correlation(
    one: NDArray[np.float32] | None, other: NDArray[np.float32] | None
) -> float | None:
    """Spearman's rank correlation of two scores, -1…1; None where one orders nothing."""
    if one is None or other is None or np.ptp(one) == 0 or np.ptp(other) == 0:
        return None
    from scipy.stats import spearmanr  # which takes a while to import

    return round(float(spearmanr(one, other).statistic), DIGITS)
