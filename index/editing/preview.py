"""Preview an entry before it is saved: its region on the map, neighbours and duplicates."""

from collections.abc import Iterator

import numpy as np

from index.editing.draft_check import Preview
from index.editing.duplicates import duplicates
from index.embedding.embedder import Embedder, embed_documents
from index.entry import Entry, Mention, passages_of
from index.names import name_key
from index.search.abstention import is_sparse
from index.search.near import require_same_model
from index.search.neighbours import map_position, mention, nearest_to_entry
from index.search.ranking import rank
from index.storage import Generation

NEAREST_SHOWN = 5
MAX_MENTIONED = 12  # entries suggested as related terms


def preview(generation: Generation, embedder: Embedder, entry: Entry) -> Preview:
    """Preview `entry` in a generation. Its current version is not listed as a neighbour.

    Raises `ModelMismatch` when the index was built with a model other than `embedder`.
    """
    require_same_model(generation, embedder)
    passages = list(passages_of(entry))
    vectors = embed_documents(embedder, [passage.embedded for passage in passages])
    centre = vectors.mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    before = generation.entries.get(entry.id)
    digests = [passage.digest for passage in passages]
    if before and digests == [passage.digest for passage in passages_of(before)]:
        near = nearest_to_entry(generation, entry.id, NEAREST_SHOWN)
    else:
        near = rank(generation, "", centre, NEAREST_SHOWN, without=[entry.id]).found
    alone = not near or is_sparse(generation, centre)
    return Preview(
        generation=generation.id,
        model=generation.model,
        term=entry.term,
        neighbourhood="" if alone else generation.atlas.names[map_position(generation, near)[2]],
        nearest=tuple(mention(generation, found) for found in near),
        duplicates=duplicates(generation, entry, vectors[0]),
        mentioned=_mentioned(generation, entry),
        missing=tuple(_missing(entry)),
    )


def _mentioned(generation: Generation, entry: Entry) -> tuple[Mention, ...]:
    named = {name_key(item.term) for item in entry.related}
    own = {name_key(name) for name in (entry.term, *entry.aliases)}
    shares: dict[str, float] = {}
    for text in _texts(entry):
        for entry_id, share in generation.names.find_in(text).items():
            shares[entry_id] = max(share, shares.get(entry_id, 0))
    found = []
    for entry_id in sorted(shares, key=lambda one: (-shares[one], one)):
        other = generation.entries[entry_id]
        keys = {name_key(name) for name in (other.term, *other.aliases)}
        if entry_id != entry.id and not keys & (named | own):
            found.append(Mention(other.id, other.term, other.category, None))
    return tuple(found[:MAX_MENTIONED])


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.definition
    yield entry.example
    for item in entry.faq:
        yield item.question
        yield item.answer


def _missing(entry: Entry) -> Iterator[str]:
    for name, part in (
        ("category", entry.category),
        ("example", entry.example),
        ("related terms", entry.related),
        ("questions", entry.faq),
    ):
        if not part:
            yield f"No {name} yet."
