"""Find the entries near a query."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Embedder
from index.errors import ModelMismatch, NotFound
from index.names import ENTRY_SUFFIX, NameMatch
from index.search.choices import resolve_choice
from index.search.neighbours import nearest_to_entry, to_neighbours
from index.search.ranking import Candidate, rank
from index.search.results import Neighbour, Neighbours
from index.sources.source import BUNDLED
from index.storage import Generation
from index.text import normalized, one_line


def near(
    generation: Generation,
    embedder: Embedder,
    query: str,
    limit: int = 5,
    *,
    category: str | None = None,
    source: str | None = None,
    point: NDArray[np.float32] | None = None,
) -> Neighbours:
    """Return the `limit` entries nearest to `query`, best first. `point` is the vector of the query
    (`float32[d]`), if known. If `query` names an entry, even misspelt, return that entry and its
    nearest entries, without embedding. If `query` is an entry's id with `ENTRY_SUFFIX`, return only
    its nearest entries. Raises `NotFound` for an unknown category or source, or a removed entry."""
    if category is not None:
        category = resolve_choice(category, generation.categories, "category", "Categories")
    if source is not None:
        source = resolve_choice(source, generation.sources, "source", "Sources")
    asked = find_by_name(generation, query, source)
    if query.endswith(ENTRY_SUFFIX) and not asked:
        raise NotFound("This entry is no longer in the index.", "Search with: /near TEXT")
    itself = not (asked and query.endswith(ENTRY_SUFFIX))
    query = query if itself else asked[0].name
    within = generation.entries_within(category, source)
    found = [
        Candidate(one.entry_id, f"{one.entry_id}{ENTRY_SUFFIX}", 1.0, 1.0, one.match)
        for one in asked
        if itself and within[generation.number_of[one.entry_id]]
    ][:limit]
    sparse, wanted = False, limit - len(found)
    if asked:
        first, *others = (one.entry_id for one in asked)
        found += nearest_to_entry(
            generation, first, wanted, category=category, source=source, without=others
        )
    else:
        if point is None:
            point = embed_query(generation, embedder, query)
        ranking = rank(generation, query, point, limit, category=category, source=source)
        found, sparse = ranking.found, ranking.sparse
    neighbours = to_neighbours(generation, found)
    return Neighbours(
        generation=generation.id,
        model=generation.model,
        query=query,
        sparse=sparse,
        within=", ".join(filter(None, (category, source))),
        note=_note(generation, query, asked, neighbours, sparse=sparse),
        neighbours=tuple(neighbours),
    )


def find_by_name(generation: Generation, text: str, source: str | None) -> list[NameMatch]:
    """Return the entries that `text` names. If `source` is the bundled encyclopedia, return its own
    entries, even if a glossary entry of the same term takes precedence."""
    asked = generation.names.resolve(text)
    if source != BUNDLED:
        return asked
    twin_of = {own: twin for twin, own in generation.names.twins.items()}
    return [replace(found, entry_id=twin_of.get(found.entry_id, found.entry_id)) for found in asked]


def embed_query(generation: Generation, embedder: Embedder, query: str) -> NDArray[np.float32]:
    """Embed one query (see `embed_queries`), as `float32[d]`."""
    return np.asarray(embed_queries(generation, embedder, [query])[0])


def embed_queries(
    generation: Generation, embedder: Embedder, queries: Sequence[str]
) -> NDArray[np.float32]:
    """Embed queries, with misspelt names corrected and abbreviations in the singular and expanded,
    as `float32[k, d]`."""
    require_same_model(generation, embedder)
    corrected = (generation.expanded(generation.corrected(query)) for query in queries)
    return embedder.queries(list(map(normalized, corrected)))


def require_same_model(generation: Generation, embedder: Embedder) -> None:
    """Raise `ModelMismatch` unless `embedder` embeds into the space of the generation."""
    if embedder.fingerprint.key != generation.manifest.fingerprint.key:
        raise ModelMismatch(
            f"The index was built with the model {generation.model}, but "
            f"{embedder.fingerprint.name} is set: two models never share an embedding space.",
            "Rebuild the index with: nearsay index, or restore NEARSAY_MODEL.",
        )


def _note(
    generation: Generation,
    query: str,
    asked: list[NameMatch],
    near: list[Neighbour],
    *,
    sparse: bool,
) -> str:
    if not near:
        return "There are no entries to compare with."
    if sparse:
        return f"The closest is {near[0].term} ({near[0].similarity:.2f})."
    if asked:
        return spelling_note(query, asked[0])
    corrected = generation.corrected(query)
    is_same = corrected == generation.singular_abbreviations(query)
    return "" if is_same else f'Searched for "{corrected}".'


def spelling_note(query: str, found: NameMatch) -> str:
    """Return the line that says which name is nearest to a misspelt one, or an empty string."""
    if found.match != "spelling":
        return ""
    return f'You wrote "{one_line(query)}"; the nearest name is {found.name}.'
