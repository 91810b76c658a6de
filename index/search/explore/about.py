"""Statistics of the embedding space of a generation."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.search.explore.explorations import About, Pair
from index.search.explore.map import regions
from index.search.neighbours import mention_of
from index.search.similarity import entry_similarity
from index.storage import Generation

VARIANCE_SHARE = 0.9
SHOWN = 3
MAX_CANDIDATES = 30


def about(generation: Generation) -> About:
    graph = generation.graph
    shown = generation.entries_shown(None, None)
    order: list[int] = np.argsort(-graph.cosines[:, :1].ravel(), kind="stable").tolist()
    candidates = [at for at in order if shown[at] and shown[graph.nearest[at, 0]]]
    closest = {frozenset((one.a.id, one.b.id)): one for one in _pairs(generation, candidates)}
    lonely = _pairs(generation, order[::-1])
    return About(
        generation=generation.id,
        model=generation.model,
        dimensions=generation.manifest.fingerprint.dimensions,
        effective_dimensions=_effective(generation.spread.covariance),
        entries=generation.manifest.entries,
        passages=generation.manifest.passages,
        neighbourhoods=tuple(regions(generation, np.arange(len(generation.ids))).values()),
        closest=tuple(sorted(closest.values(), key=lambda one: -one.similarity)[:SHOWN]),
        loneliest=tuple(
            replace(one.a, similarity=one.similarity)
            for one in sorted(lonely, key=lambda one: one.similarity)[:SHOWN]
        ),
        distribution=_distribution(generation.manifest.calibration.quantiles),
    )


def _effective(covariance: NDArray[np.float32]) -> int:
    """Return the number of principal components that explain `VARIANCE_SHARE` of the variance."""
    variances = np.linalg.eigvalsh(covariance.astype(np.float64))[::-1].clip(0)
    total = float(variances.sum())
    if total < 1e-9:
        return 0
    return int(np.searchsorted(np.cumsum(variances) / total, VARIANCE_SHARE)) + 1


def _pairs(generation: Generation, numbers: Sequence[int]) -> list[Pair]:
    pairs = []
    for number in numbers[:MAX_CANDIDATES]:
        one, other = (generation.ids[at] for at in (number, generation.graph.nearest[number, 0]))
        similarity = entry_similarity(generation, one, other)
        pairs.append(
            Pair(mention_of(generation, one, None), mention_of(generation, other, None), similarity)
        )
    return pairs


def _distribution(quantiles: Sequence[float]) -> tuple[tuple[float, float], ...]:
    counts, edges = np.histogram(np.clip(quantiles, -1, 1), bins=20, range=(-1, 1))
    return tuple(
        (round(float(edge), 1), round(float(count) / len(quantiles), 3))
        for count, edge in zip(counts, edges, strict=False)
        if count
    )
