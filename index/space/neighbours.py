"""From a point in the space to the entries around it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.names import Named
from index.space.calibration import band_of
from index.space.fusion import Found
from index.space.passages import cosines_of, nearest_passages
from index.space.results import Match, Matched, Mention, Neighbour
from index.store import Generation

LINK = 0.2  # of cosine; about the distance between a near and a middling neighbour
PASSAGES_AN_ENTRY = 12  # fetched for each entry wanted, since several may belong to one


def own_point(generation: Generation, entry_id: str) -> NDArray[np.float32]:
    """Where an entry itself lies: the mean direction of its passages, `float32[d]`, length 1."""
    owner = generation.owners[generation.rows_of[entry_id].start]
    return np.asarray(generation.centres[owner])


def around(
    generation: Generation,
    entry_id: str,
    limit: int,
    *,
    category: str | None = None,
    source: str | None = None,
    without: Collection[str] = (),
) -> list[Found]:
    """The `limit` entries nearest to an entry's own place, those it is linked with preferred.

    For the order a link counts as up to `LINK` of similarity, by its strength; the similarity
    itself is not changed by it.
    """
    without = {entry_id, *without}
    point = own_point(generation, entry_id)
    near = nearest_entries(
        generation, point, 2 * limit, category=category, source=source, without=without
    )
    found = {item.entry_id: item for item in near}
    links = generation.links[entry_id]
    for other_id in links.keys() - found.keys() - without:
        other = generation.entries[other_id]
        if category in (None, other.category) and source in (None, other.source):
            rows = np.array(generation.rows_of[other_id])
            cosines = cosines_of(generation, rows, point)
            best = int(cosines.argmax())
            passage_id = generation.passages[rows[best]].id
            cosine = float(cosines[best])
            found[other_id] = Found(other_id, passage_id, cosine, cosine, "meaning")
    preferred = [
        replace(item, score=round(item.cosine + LINK * links.get(item.entry_id, 0), 4))
        for item in found.values()
    ]
    return sorted(preferred, key=lambda item: (-item.score, item.entry_id))[:limit]


def nearest_entries(
    generation: Generation,
    point: NDArray[np.float32],
    limit: int,
    *,
    category: str | None = None,
    source: str | None = None,
    without: Collection[str] = (),
    near: Sequence[tuple[int, float]] | None = None,
) -> list[Found]:
    """By meaning alone: the best passage of each of the `limit` entries nearest to a point.

    `point` is `float32[d]` of length 1. Entries whose ids are in `without` are left out. Equal
    cosines are ordered by entry id, so that the same question has the same answer. `near` are
    passages nearest to it (see `nearest_passages`), when some are known: only where they are too
    few are more looked for.
    """
    wanted = limit + len(without)
    passages = generation.manifest.passages
    hits, fetch = near or (), len(near or ())
    while True:
        best: dict[str, Found] = {}
        for row, cosine in hits:
            passage = generation.passages[row]
            best.setdefault(
                passage.entry_id,
                Found(passage.entry_id, passage.id, cosine, round(cosine, 4), "meaning"),
            )
        if len(best) >= wanted or (fetch and len(hits) < fetch) or fetch == passages:
            break
        fetch = min(max(4 * fetch, wanted * PASSAGES_AN_ENTRY), passages)
        hits = nearest_passages(generation, point, fetch, category=category, source=source)
    kept = [found for found in best.values() if found.entry_id not in without]
    return sorted(kept, key=lambda found: (-found.score, found.entry_id))[:limit]


def ranked(generation: Generation, found: Iterable[Found], first_rank: int = 1) -> list[Neighbour]:
    """What was found as neighbours, ranked from `first_rank` on."""
    return [
        _neighbour(generation, item.passage_id, item.cosine, item.match, rank)
        for rank, item in enumerate(found, start=first_rank)
    ]


def by_name(generation: Generation, named: Iterable[Named]) -> list[Neighbour]:
    """Entries that were asked for by name, as neighbours: they are what was asked, so 1.00."""
    return [
        _neighbour(generation, f"{found.entry_id}#definition", 1.0, found.match, rank)
        for rank, found in enumerate(named, start=1)
    ]


def mention(generation: Generation, found: Found) -> Mention:
    """The entry that was found, named."""
    entry = generation.entries[found.entry_id]
    return Mention(entry.id, entry.term, entry.category, round(found.cosine, 4))


def _neighbour(
    generation: Generation, passage_id: str, cosine: float, match: Match, rank: int
) -> Neighbour:
    passage = generation.passage(passage_id)
    entry = generation.entries[passage.entry_id]
    cosine = round(cosine, 4)
    percentile = generation.manifest.calibration.percentile(cosine)
    return Neighbour(
        id=entry.id,
        term=entry.term,
        category=entry.category,
        similarity=cosine,
        rank=rank,
        aliases=entry.aliases,
        cosine=cosine,
        percentile=percentile,
        band=band_of(percentile),
        match=match,
        definition=entry.definition,
        passage=Matched(passage.kind, passage.heading, passage.text),
        related=tuple(item.id for item in entry.related if item.id),
        source=entry.source,
        url=entry.url,
    )
