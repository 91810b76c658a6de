"""The data of a map: entries, neighbourhoods, links and the positions of texts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.map.density import nearest_empty_position
from index.search.choices import resolve_choice
from index.search.explore.explorations import Region, TextPosition
from index.search.explore.points import DIGITS, locate
from index.search.neighbours import map_position, mention, mention_of, nearest_to_entry
from index.search.ranking import rank
from index.storage import Generation

NEAREST = 6
CENTRAL = 8
LINKS_PER_ENTRY = 2
MAX_LINKED_ENTRIES = 500  # larger maps have one link per entry


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """The data for drawing a map. Entries are identified by their indices in `ids`.
    `positions` (`float32[e, 2]`, fractions of the width and height), `centrality` (`float32[e]`,
    0…1) and `neighbourhood_of` (`int32[e]`) are from the atlas. `shown` (`int64[s]`) are the
    entries on the map; the others are drawn in the background. `regions` are the neighbourhoods of
    the shown entries by number, largest first. `links` (`int64[k, 2]`) are pairs of shown entries
    of which one is a nearest neighbour of the other. `dimensions` is the size of an embedding."""

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
    places: tuple[TextPosition, ...]

    def entries_by_region(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Yield the number and shown entries of each neighbourhood, the largest first."""
        for number in self.regions:
            yield number, self.shown[self.neighbourhood_of[self.shown] == number]


def map_of(
    generation: Generation, embedder: Embedder, texts: Sequence[str], within: str | None = None
) -> Chart:
    """Return the map of a generation with `texts` on it, limited to the category or neighbourhood
    `within`. A text that names an entry has the position of the entry. Any other text is placed
    among its nearest entries, or in an empty region if it is out of domain. Raises `NotFound` for
    an unknown `within`."""
    atlas = generation.atlas
    name, shown = shown_on_map(generation, within)
    return Chart(
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


def shown_on_map(generation: Generation, within: str | None) -> tuple[str, NDArray[np.int64]]:
    """Return the name of `within` and the indices of its entries. Raises `NotFound`."""
    if within is None:
        return "", np.flatnonzero(generation.entries_shown(None, None))
    atlas = generation.atlas
    known = list(dict.fromkeys([*generation.categories, *atlas.names]))
    name = resolve_choice(
        within, known, "category or neighbourhood", "Categories and neighbourhoods"
    )
    inside = np.array([name in entry.categories for entry in generation.entries.values()])
    if name in atlas.names and not inside.any():
        inside = atlas.neighbourhood_of == atlas.names.index(name)
    return name, np.flatnonzero(inside & generation.entries_shown(None, None))


def regions(generation: Generation, shown: NDArray[np.int64]) -> dict[int, Region]:
    """Return the neighbourhoods of the `shown` entries by number, the largest first."""
    atlas = generation.atlas
    sizes = Counter(atlas.neighbourhood_of[shown].tolist())
    by_centrality = shown[np.argsort(-atlas.centrality[shown], kind="stable")]
    found = {}
    for number, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        own = by_centrality[atlas.neighbourhood_of[by_centrality] == number][:CENTRAL]
        entries = tuple(mention_of(generation, generation.ids[at], None) for at in own.tolist())
        found[number] = Region(atlas.names[number], size, entries)
    return found


def _links(generation: Generation, shown: NDArray[np.int64]) -> NDArray[np.int64]:
    nearest = generation.graph.nearest[
        shown, : LINKS_PER_ENTRY if len(shown) <= MAX_LINKED_ENTRIES else 1
    ]
    pairs = np.stack([np.repeat(shown, nearest.shape[1]), nearest.ravel()], axis=1)
    pairs = pairs[np.isin(pairs[:, 1], shown)]
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _here(generation: Generation, embedder: Embedder, text: str) -> TextPosition:
    atlas, place, sparse = generation.atlas, locate(generation, embedder, text), False
    if place.entry_id is not None:
        found = nearest_to_entry(generation, place.entry_id, NEAREST)
        at = generation.number_of[place.entry_id]
        x, y = atlas.positions[at].tolist()
        number = int(atlas.neighbourhood_of[at])
    else:
        ranking = rank(generation, place.text, place.point, NEAREST)
        found, sparse = ranking.found, ranking.sparse
        x, y, number = map_position(generation, found)
    if sparse:
        x, y = nearest_empty_position(atlas.positions, x, y)
    return TextPosition(
        neighbourhood="" if sparse else atlas.names[number],
        x=round(x, DIGITS),
        y=round(y, DIGITS),
        text=text,
        sparse=sparse,
        nearest=tuple(mention(generation, item) for item in found),
    )
