"""Paths between two texts through neighbouring entries."""

from itertools import pairwise

import numpy as np

from index.embedding.embedder import Embedder
from index.entry import Mention
from index.search.explore.explorations import Hop, Path
from index.search.explore.points import Point, locate, mean_direction
from index.search.neighbours import mention
from index.search.ranking import rank
from index.search.similarity import entry_similarity
from index.storage import Generation

LINE_POINTS = 7


def path(generation: Generation, embedder: Embedder, a: str, b: str) -> Path:
    """Find a path from `a` to `b` through entries, and the entries near the straight line. A text
    that does not name an entry is replaced by its nearest entry."""
    start, end = locate(generation, embedder, a), locate(generation, embedder, b)
    numbers = generation.number_of
    first, last = (
        place.entry_id or rank(generation, "", place.point, 1).found[0].entry_id
        for place in (start, end)
    )
    steps = generation.graph.path(numbers[first], numbers[last])
    twins = generation.names.twins
    ids = list(dict.fromkeys(twins.get(one, one) for one in map(generation.ids.__getitem__, steps)))
    similarities = [entry_similarity(generation, one, other) for one, other in pairwise(ids)]
    hops = [
        Hop(entry.id, entry.term, entry.category, similarity, entry.definition)
        for entry, similarity in zip(
            map(generation.entries.__getitem__, ids), [None, *similarities], strict=True
        )
    ]
    return Path(
        a=a,
        b=b,
        hops=tuple(hops),
        straight=_straight(generation, start, end, {first, last}),
        weakest=1 + int(np.argmin(similarities)) if similarities else None,
    )


def _straight(
    generation: Generation, start: Point, end: Point, ends: set[str]
) -> tuple[Mention, ...]:
    """Return the entries nearest to points on the straight line, each once, without the `ends`."""
    found: dict[str, Mention] = {}
    for share in np.linspace(0, 1, LINE_POINTS + 2, dtype=np.float32)[1:-1]:
        point = mean_direction(np.stack([(1 - share) * start.point, share * end.point]))
        if not point.any():
            continue
        for nearest in rank(generation, "", point, 1, without=ends).found:
            found.setdefault(nearest.entry_id, mention(generation, nearest))
    return tuple(found.values())
