"""One entry, whole."""

from __future__ import annotations

from index.embedder import Embedder
from index.errors import ModelError, NotFound, VectorsAway
from index.names import Named
from index.space.near import embed_query
from index.space.neighbours import around, mention, nearest_entries, ranked
from index.space.results import EntryReply, Mention
from index.space.sparse import is_sparse
from index.store import Generation

NEAREST = 5
SUGGESTED = 3


def define(generation: Generation, embedder: Embedder, term: str) -> EntryReply:
    """The entry that bears the name `term` (or that name misspelt), and its nearest entries.

    Raises `NotFound`, with entries that may have been meant, when there is none, or when a
    misspelt name could be several. The model is needed only for those suggestions. While a server
    that has the vectors does not answer, the entry comes without those near it.
    """
    named = generation.names.asked(term)
    if not named or (named[0].match == "spelling" and len(named) > 1):
        raise _not_found(generation, embedder, term, named)
    entry_id = named[0].entry_id
    try:
        found = around(generation, entry_id, NEAREST)
    except VectorsAway:
        found = []
    return EntryReply(
        generation=generation.id,
        model=generation.model,
        match=named[0].match,
        entry=generation.entries[entry_id],
        neighbours=tuple(ranked(generation, found)),
    )


def _not_found(
    generation: Generation, embedder: Embedder, term: str, spelled: list[Named]
) -> NotFound:
    alike = spelled or generation.names.like(term, SUGGESTED)
    suggestions = [_unmeasured(generation, named.entry_id) for named in alike[:SUGGESTED]]
    try:
        point = embed_query(generation, embedder, term)
        nearest = nearest_entries(generation, point, generation.manifest.entries)
        by_id = {found.entry_id: found for found in nearest}
        suggestions = [mention(generation, by_id[item.id]) for item in suggestions]
        if not suggestions and not is_sparse(generation, point):
            suggestions = [mention(generation, found) for found in nearest[:SUGGESTED]]
    except (ModelError, VectorsAway):
        pass  # suggestions by spelling are better than none
    if suggestions:
        names = " or ".join(item.term for item in suggestions)
        hint = f"Did you mean {names}?"
    else:
        hint = f'Try "/near {term}" to see what is nearest by meaning.'
    return NotFound(f'There is no entry "{term}".', hint, suggestions)


def _unmeasured(generation: Generation, entry_id: str) -> Mention:
    entry = generation.entries[entry_id]
    return Mention(entry.id, entry.term, entry.category, None)
