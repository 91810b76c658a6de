"""Paths between two texts through neighbouring entries."""

from itertools import pairwise

import numpy as np

from index.embedding.embedder import Embedder
from index.entry import Mention
from index.errors import NotFound
from index.search.explore.explorations import Hop, Path
from index.search.explore.points import Point, entries_near, locate, mean_direction
from index.search.neighbours import mention
from index.search.ranking import rank
from index.search.similarity import entry_similarity
from index.storage import Generation
from index.text import one_line, shorten

LINE_POINTS = 7


def path(generation: Generation, embedder: Embedder, a: str, b: str) -> Path:
    """Find a path from `a` to `b` through entries, and the entries near the straight line. A text
    that does not name an entry is replaced by its nearest entry. Raises `NotFound` if a text is out
    of domain."""
    start, end = locate(generation, embedder, a), locate(generation, embedder, b)
    numbers = generation.number_of
    first, last = (place.entry_id or _nearest(generation, place) for place in (start, end))
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


def _nearest(generation: Generation, place: Point) -> str:
    found = entries_near(generation, place, 1)
    if not found:
        what = f'Nothing here is near "{shorten(one_line(place.text), 60)}".'
        raise NotFound(what, "Both ends of a path must be near an entry.")
    return found[0].entry_id


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
