"""What the space of a generation is like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.space.graph import Graph
from index.space.latent.results import About, Neighbourhood, Pair
from index.space.neighbours import named
from index.space.results import Mention
from index.space.similarity import entry_similarity
from index.store import Generation

SHARE = 0.9  # of the variance
PAIRS = 3
LONELY = 3
LOOKED_AT = 30  # entries, by the cosine of the one nearest to them


def about(generation: Generation) -> About:
    """The size and the shape of a generation's space."""
    graph = generation.graph
    atlas = generation.atlas
    sizes = sorted(zip(atlas.names, atlas.sizes, strict=True), key=lambda pair: -pair[1])
    return About(
        generation=generation.id,
        model=generation.model,
        dimensions=generation.manifest.fingerprint.dimensions,
        effective_dimensions=_effective(generation.spread.covariance),
        entries=generation.manifest.entries,
        passages=generation.manifest.passages,
        neighbourhoods=tuple(Neighbourhood(name, size) for name, size in sizes if size),
        closest=_closest(generation, graph) if graph.cosines.size else (),
        loneliest=_loneliest(generation, graph) if graph.cosines.size else (),
        distribution=_distribution(generation.manifest.calibration.quantiles),
    )


def _effective(covariance: NDArray[np.float32]) -> int:
    """How many directions carry `SHARE` of the variance."""
    variances = np.linalg.eigvalsh(covariance.astype(np.float64))[::-1].clip(0)
    total = float(variances.sum())
    if total < 1e-9:
        return 0
    return int(np.searchsorted(np.cumsum(variances) / total, SHARE)) + 1


def _pairs(generation: Generation, graph: Graph, numbers: NDArray[np.int64]) -> list[Pair]:
    """The first `LOOKED_AT` of these entries, each with the one nearest to it."""
    ids, pairs = generation.ids, []
    for number in numbers[:LOOKED_AT].tolist():
        one, other = ids[number], ids[graph.nearest[number, 0]]
        similarity = entry_similarity(generation, one, other)
        pairs.append(Pair(named(generation, one, None), named(generation, other, None), similarity))
    return pairs


def _closest(generation: Generation, graph: Graph) -> tuple[Pair, ...]:
    """The pairs of entries that are most similar, each pair once, the most similar first."""
    shown = generation.entries_shown(None, None)
    shown &= shown[graph.nearest[:, 0]]
    order = np.argsort(-graph.cosines[:, 0], kind="stable")
    found: dict[frozenset[str], Pair] = {}
    for pair in _pairs(generation, graph, order[shown[order]]):
        found.setdefault(frozenset((pair.a.id, pair.b.id)), pair)
    return tuple(sorted(found.values(), key=lambda pair: -pair.similarity)[:PAIRS])


def _loneliest(generation: Generation, graph: Graph) -> tuple[Mention, ...]:
    """The entries that are least similar to the one nearest to them, the loneliest first."""
    order = np.argsort(graph.cosines[:, 0], kind="stable")
    found = sorted(_pairs(generation, graph, order), key=lambda pair: pair.similarity)
    return tuple(named(generation, pair.a.id, pair.similarity) for pair in found[:LONELY])


def _distribution(quantiles: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """The share of random pairs in each tenth of similarity that is not empty."""
    counts, edges = np.histogram(np.clip(quantiles, -1, 1), bins=20, range=(-1, 1))
    return tuple(
        (round(float(edge), 1), round(float(count) / len(quantiles), 3))
        for count, edge in zip(counts, edges, strict=False)
        if count
    )
