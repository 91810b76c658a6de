"""What the space of a generation is like."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.space.graph import Graph
from index.space.latent.places import DIGITS, named
from index.space.latent.results import About, Neighbourhood, Pair
from index.store import Generation

SHARE = 0.9  # of the variance
PAIRS = 3
LONELY = 3


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
        closest=_closest(generation, graph),
        loneliest=tuple(
            named(generation, generation.ids[number], float(graph.cosines[number, 0]))
            for number in np.argsort(graph.cosines[:, 0], kind="stable")[:LONELY].tolist()
        )
        if graph.cosines.size
        else (),
        distribution=_distribution(generation.manifest.calibration.quantiles),
    )


def _effective(covariance: NDArray[np.float32]) -> int:
    """How many directions carry `SHARE` of the variance."""
    variances = np.linalg.eigvalsh(covariance.astype(np.float64))[::-1].clip(0)
    total = float(variances.sum())
    if total < 1e-9:
        return 0
    return int(np.searchsorted(np.cumsum(variances) / total, SHARE)) + 1


def _closest(generation: Generation, graph: Graph) -> tuple[Pair, ...]:
    """The pairs of entries that are most alike, each pair once."""
    if not graph.cosines.size:
        return ()
    first = graph.cosines[:, 0]
    found: dict[frozenset[int], Pair] = {}
    shown = generation.entries_shown(None, None)
    for number in np.argsort(-first, kind="stable").tolist():
        other = int(graph.nearest[number, 0])
        if not shown[[number, other]].all():
            continue
        similarity = round(float(first[number]), DIGITS)
        one, two = (named(generation, generation.ids[at], None) for at in (number, other))
        found.setdefault(frozenset((number, other)), Pair(one, two, similarity))
        if len(found) == PAIRS:
            break
    return tuple(found.values())


def _distribution(quantiles: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """The share of random pairs in each tenth of similarity that is not empty."""
    counts, edges = np.histogram(np.clip(quantiles, -1, 1), bins=20, range=(-1, 1))
    return tuple(
        (round(float(edge), 1), round(float(count) / len(quantiles), 3))
        for count, edge in zip(counts, edges, strict=False)
        if count
    )
