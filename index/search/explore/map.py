"""What a map shows: the entries where the atlas has them, and where texts stand among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.map.density import pale_place
from index.search.explore.explorations import Here, Region
from index.search.explore.points import DIGITS, place_of
from index.search.near import choice
from index.search.neighbours import around, mention, named, on_map
from index.search.ranking import rank
from index.storage import Generation

NEAREST = 6  # entries that a text is joined with
CENTRAL = 8  # entries that are named of a neighbourhood
LINKS = 2  # nearest entries that each is joined with, where no text is
FEW = 500  # entries; with more, each is joined with the nearest alone


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """What a map shows, to be drawn. Entries go by their numbers in the generation.

    `positions` are where they lie (`float32[e, 2]`, shares as in `Here`), `centrality` how central
    each is in its neighbourhood (`float32[e]`, 0…1), `neighbourhood_of` its number (`int32[e]`).
    `shown` are the entries that the map is about (`int64[s]`), the others are only hinted at.
    `regions` are the neighbourhoods of those by their numbers, the largest first. `links` are pairs
    of shown entries of which one is the other's nearest (`int64[k, 2]`). `dimensions` are those of
    the space.
    """

    generation: str
    model: str
    dimensions: int
    query: str
    within: str
    ids: tuple[str, ...]
    terms: tuple[str, ...]
    positions: NDArray[np.float32]
    centrality: NDArray[np.float32]
    neighbourhood_of: NDArray[np.int32]
    shown: NDArray[np.int64]
    regions: dict[int, Region]
    links: NDArray[np.int64]
    places: tuple[Here, ...]

    def entries_by_region(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Each neighbourhood by its number with its shown entries, the largest first."""
        for number in self.regions:
            yield number, self.shown[self.neighbourhood_of[self.shown] == number]


def map_of(
    generation: Generation, embedder: Embedder, texts: Sequence[str], within: str | None = None
) -> Chart:
    """The map of a generation with `texts` on it, limited to the category or the neighbourhood
    that `within` names.

    A text that names an entry is where that entry is; any other among the entries whose passages
    are nearest to it, or on pale ground where none is near.

    Raises `NotFound` for a name that neither a category nor a neighbourhood has, `ModelMismatch`
    when the index was built with another model than `embedder`.
    """
    atlas = generation.atlas
    name, shown = _shown(generation, within)
    return Chart(
        generation=generation.id,
        model=generation.model,
        dimensions=generation.manifest.fingerprint.dimensions,
        query=" | ".join(texts),
        within=name,
        ids=tuple(generation.ids),
        terms=tuple(entry.term for entry in generation.entries.values()),
        positions=atlas.positions,
        centrality=atlas.centrality,
        neighbourhood_of=atlas.neighbourhood_of,
        shown=shown,
        regions=regions(generation, shown),
        links=_links(generation, shown),
        places=tuple(_here(generation, embedder, text) for text in texts),
    )


def _shown(generation: Generation, within: str | None) -> tuple[str, NDArray[np.int64]]:
    """What `within` means, and the numbers of the entries in it; all where it is None."""
    if within is None:
        return "", np.flatnonzero(generation.entries_shown(None, None))
    atlas = generation.atlas
    known = list(dict.fromkeys([*generation.categories, *atlas.names]))
    name = choice(within, known, "category or neighbourhood", "Categories and neighbourhoods")
    categories = [entry.category for entry in generation.entries.values()]
    inside = np.array([category == name for category in categories])
    if name in atlas.names and not inside.any():
        inside = atlas.neighbourhood_of == atlas.names.index(name)
    return name, np.flatnonzero(inside & generation.entries_shown(None, None))


def regions(generation: Generation, shown: NDArray[np.int64]) -> dict[int, Region]:
    """The neighbourhoods of the `shown` entries by their numbers, the largest first."""
    atlas = generation.atlas
    sizes = Counter(atlas.neighbourhood_of[shown].tolist())
    by_centrality = shown[np.argsort(-atlas.centrality[shown], kind="stable")]
    found = {}
    for number, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        own = by_centrality[atlas.neighbourhood_of[by_centrality] == number][:CENTRAL]
        entries = tuple(named(generation, generation.ids[at], None) for at in own.tolist())
        found[number] = Region(atlas.names[number], size, entries)
    return found


def _links(generation: Generation, shown: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each shown entry with those nearest to it, where these are shown; each pair once."""
    nearest = generation.graph.nearest[shown, : LINKS if len(shown) <= FEW else 1]
    pairs = np.stack([np.repeat(shown, nearest.shape[1]), nearest.ravel()], axis=1)
    pairs = pairs[np.isin(pairs[:, 1], shown)]
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _here(generation: Generation, embedder: Embedder, text: str) -> Here:
    """Where a text is on the map: as the entry that it names, or among those nearest to it."""
    atlas, place, sparse = generation.atlas, place_of(generation, embedder, text), False
    if place.entry_id is not None:
        found = around(generation, place.entry_id, NEAREST)
        at = generation.number_of[place.entry_id]
        x, y = atlas.positions[at].tolist()
        number = int(atlas.neighbourhood_of[at])
    else:
        ranking = rank(generation, place.text, place.point, NEAREST)
        found, sparse = ranking.found, ranking.sparse
        x, y, number = on_map(generation, found)
    if sparse:
        x, y = pale_place(atlas.positions, x, y)
    return Here(
        neighbourhood="" if sparse else atlas.names[number],
        x=round(x, DIGITS),
        y=round(y, DIGITS),
        text=text,
        sparse=sparse,
        nearest=tuple(mention(generation, item) for item in found),
    )
