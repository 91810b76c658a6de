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
    """Compute the statistics. `closest` and `loneliest` are chosen from the `MAX_CANDIDATES`
    entries with the highest and the lowest cosine to their nearest entry."""
    graph = generation.graph
    shown = generation.entries_shown(None, None)
    order: list[int] = np.argsort(-graph.cosines[:, :1].ravel(), kind="stable").tolist()
    candidates = [at for at in order if shown[at] and shown[graph.nearest[at, 0]]]
    closest = {frozenset((one.a.id, one.b.id)): one for one in _pairs(generation, candidates)}
    lonely = _pairs(generation, order[::-1])
    return About(
        dimensions=generation.manifest.fingerprint.dimensions,
        effective_dimensions=_effective_dimensions(generation.spread.covariance),
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


def _effective_dimensions(covariance: NDArray[np.float32]) -> int:
    variances = np.cumsum(np.linalg.eigvalsh(covariance.astype(np.float64))[::-1].clip(0))
    if variances[-1] < 1e-9:
        return 0
    return int(np.searchsorted(variances / variances[-1], VARIANCE_SHARE)) + 1


def _pairs(generation: Generation, numbers: Sequence[int]) -> list[Pair]:
    pairs = []
    for number in numbers[:MAX_CANDIDATES]:
        ids = generation.ids[number], generation.ids[generation.graph.nearest[number, 0]]
        one, other = (mention_of(generation, entry_id, None) for entry_id in ids)
        pairs.append(Pair(one, other, entry_similarity(generation, *ids)))
    return pairs


def _distribution(quantiles: Sequence[float]) -> tuple[tuple[float, float], ...]:
    counts, edges = np.histogram(np.clip(quantiles, -1, 1), bins=20, range=(-1, 1))
    return tuple(
        (round(float(edge), 1), round(float(count) / len(quantiles), 3))
        for count, edge in zip(counts, edges, strict=False)
        if count
    )
