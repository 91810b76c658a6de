"""Look up one entry by name."""

from contextlib import suppress
from dataclasses import replace

from index.embedding.embedder import Embedder
from index.errors import EntryNotFound, ModelError, NotFound, VectorStoreUnavailable
from index.names import NameMatch, name_key
from index.search.choices import resolve_choice
from index.search.near import embed_query, find_by_name, spelling_note
from index.search.neighbours import mention, mention_of, nearest_to_entry, to_neighbours
from index.search.ranking import rank
from index.search.results import EntryReply
from index.storage import Generation
from index.text import alternatives

NEIGHBOURS = 5
MAX_SUGGESTIONS = 3
MIN_SUGGESTION_SIMILARITY = 0.5


def define(
    generation: Generation, embedder: Embedder, term: str, source: str | None = None
) -> EntryReply:
    """Return the entry named `term`, which may be misspelt, with its nearest entries. If `source`
    is given, only its entries match. Raises `NotFound` with suggestions if no entry matches, or if
    a misspelt name matches several. Only the suggestions need the model and the vectors."""
    if source is not None:
        source = resolve_choice(source, generation.sources, "source", "Sources")
    within = generation.entries_within(None, source)
    asked = find_by_name(generation, term, source)
    found = [name for name in asked if within[generation.number_of[name.entry_id]]]
    if not found or (found[0].match == "spelling" and len(found) > 1):
        raise _not_found(generation, embedder, term, found)
    entry_id = found[0].entry_id
    return EntryReply(
        generation=generation.id,
        model=generation.model,
        match=found[0].match,
        entry=replace(generation.entries[entry_id], search_phrases=()),
        neighbours=tuple(
            to_neighbours(generation, nearest_to_entry(generation, entry_id, NEIGHBOURS))
        ),
        also_in=_also_in(generation, found),
        note=spelling_note(term, found[0]),
    )


def only_section(reply: EntryReply, heading: str) -> EntryReply:
    """Return the reply with one section of the entry in full, beside its definition. A word of the
    heading is enough. Raises `NotFound` if no section or several match."""
    entry = reply.entry
    headings = [section.heading for section in entry.sections]
    found = resolve_choice(heading, headings, "section", "Sections")
    part = replace(
        entry,
        sections=tuple(section for section in entry.sections if section.heading == found),
        example="",
        related=(),
        faq=(),
        references=(),
    )
    return replace(reply, entry=part, neighbours=(), whole=True, section=found)


def _also_in(generation: Generation, found: list[NameMatch]) -> tuple[str, ...]:
    """Return the first other source than that of the first entry found with an entry of the same
    term, or whose entry has that term as an alias."""
    first = found[0].entry_id
    twins = [pair for pair in generation.names.twins.items() if first in pair]
    aliased = [one.entry_id for one in found if found[0].match == "exact"]
    ids = [*(entry_id for pair in twins for entry_id in pair), *aliased]
    sources = dict.fromkeys(generation.entries[entry_id].source for entry_id in ids)
    return tuple(source for source in sources if source != generation.entries[first].source)[:1]


def _not_found(
    generation: Generation, embedder: Embedder, term: str, spelled: list[NameMatch]
) -> NotFound:
    alike = spelled or generation.names.suggest(term, MAX_SUGGESTIONS)
    ids = generation.asked_as.get(name_key(term), ()) or [one.entry_id for one in alike]
    suggestions = [mention_of(generation, entry_id, None) for entry_id in ids[:MAX_SUGGESTIONS]]
    # Without the model or the vectors, suggest by spelling only.
    with suppress(ModelError, VectorStoreUnavailable):
        point = embed_query(generation, embedder, term)
        besides = [item.id for item in suggestions]
        ranking = rank(generation, "", point, 0 if besides else MAX_SUGGESTIONS, besides=besides)
        near = not ranking.sparse
        suggestions = [
            mention(generation, one)
            for one in ranking.found
            if besides or (near and one.similarity > MIN_SUGGESTION_SIMILARITY)
        ]
    if suggestions:
        hint = f"Did you mean {alternatives([item.term for item in suggestions])}?"
    else:
        hint = f"Find the entries nearest in meaning with: /near {term}"
    return EntryNotFound(f'There is no entry "{term}".', hint, suggestions)
