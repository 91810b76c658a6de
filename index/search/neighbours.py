"""Find the entries nearest to an entry, and convert search results to parts of replies."""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from index.entry import Mention, Passage, passages_of
from index.names import ENTRY_SUFFIX
from index.search.ranking import Candidate
from index.search.results import MatchedPassage, Neighbour
from index.search.similarity import band_of, entry_similarities
from index.storage import Generation


def nearest_to_entry(
    generation: Generation,
    entry_id: str,
    limit: int,
    *,
    category: str | None = None,
    source: str | None = None,
    without: Collection[str] = (),
) -> list[Candidate]:
    """Return the `limit` entries most similar to an entry. A bundled entry with the same term as a
    glossary entry is left out unless `source` is the bundled encyclopedia."""
    similarities = entry_similarities(generation, entry_id).astype(np.float64).round(4)
    shown = generation.entries_shown(category, source)
    shown[[generation.number_of[one] for one in (entry_id, *without)]] = False
    order = np.lexsort((generation.places_by_id, -similarities))
    point = generation.centres[generation.number_of[entry_id]]
    best = [at for at in order.tolist() if shown[at]][:limit]
    return [
        Candidate(
            generation.ids[at],
            f"{generation.ids[at]}{ENTRY_SUFFIX}",
            float(np.clip(generation.centres[at] @ point, -1, 1)),
            float(similarities[at]),
            "meaning",
        )
        for at in best
    ]


def to_neighbours(generation: Generation, found: Iterable[Candidate]) -> list[Neighbour]:
    """Convert candidates to neighbours with ranks from 1."""
    neighbours = []
    for number, item in enumerate(found, start=1):
        entry = generation.entries[item.entry_id]
        passage = next(one for one in passages_of(entry) if one.id == item.passage_id)
        cosine = round(item.cosine, 4)
        neighbours.append(
            Neighbour(
                id=entry.id,
                term=entry.term,
                category=entry.category,
                similarity=item.similarity,
                rank=number,
                aliases=entry.aliases,
                cosine=cosine,
                percentile=generation.manifest.calibration.percentile(cosine),
                band=band_of(item.similarity),
                match=item.match,
                definition=matched_sense(passage) or entry.definition,
                passage=MatchedPassage(passage.kind, passage.heading, passage.text, item.asked_as),
                related=tuple(one.id for one in entry.related if one.id),
                source=entry.source,
                url=entry.url,
            )
        )
    return neighbours


def matched_sense(passage: Passage) -> str:
    """Return the text of a passage if it is one of several meanings of its entry, but not the
    first."""
    is_sense = passage.kind == "definition" and passage.heading != "Definition"
    return passage.text if is_sense else ""


def map_position(generation: Generation, found: Sequence[Candidate]) -> tuple[float, float, int]:
    """Return the map position (x, y) and neighbourhood number of a text whose near entries are
    `found` (at least one)."""
    numbers = [generation.number_of[item.entry_id] for item in found]
    return generation.atlas.at(np.array(numbers), np.array([item.similarity for item in found]))


def mention(generation: Generation, found: Candidate) -> Mention:
    return mention_of(generation, found.entry_id, found.similarity)


def mention_of(generation: Generation, entry_id: str, similarity: float | None) -> Mention:
    entry = generation.entries[entry_id]
    return Mention(entry.id, entry.term, entry.category, similarity)
