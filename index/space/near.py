"""What is near a text: the heart of Nearsay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from index.embedder import Embedder
from index.errors import ModelMismatch, NotFound
from index.names import Named, name_key
from index.space.fusion import Found
from index.space.neighbours import around, by_name, ranked
from index.space.results import Neighbour, Neighbours
from index.space.surroundings import surroundings
from index.store import Generation


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
    """The `limit` entries nearest to `query`, the best first; `point` is where it lies
    (`float32[d]`) when that is known already.

    A query that is the name of an entry (or that name misspelt) gives that entry, and then the
    neighbours of the entry's own place; nothing needs to be embedded for that. Raises `NotFound`
    for a category or source that does not exist, `ModelMismatch` when the index was built with
    another model than `embedder`.
    """
    if category is not None:
        category = choice(category, generation.categories, "category", "Categories")
    if source is not None:
        source = choice(source, generation.sources, "source", "Sources")
    named = _named(generation, query, category, source)[:limit]
    emptiness = ""
    if named:
        found = around(
            generation,
            named[0].entry_id,
            limit - len(named),
            category=category,
            source=source,
            without={name.entry_id for name in named},
        )
    else:
        if point is None:
            point = embed_query(generation, embedder, query)
        around_it = surroundings(generation, query, point, limit, category=category, source=source)
        found = around_it.found
        if around_it.sparse:
            emptiness = _emptiness(generation, found, point)
    shown = found[: limit - len(named)]
    neighbours = by_name(generation, named) + ranked(generation, shown, len(named) + 1)
    return Neighbours(
        generation=generation.id,
        model=generation.model,
        query=query,
        sparse=bool(emptiness),
        note=emptiness or _note(query, named, neighbours),
        neighbours=tuple(neighbours),
    )


def embed_query(generation: Generation, embedder: Embedder, query: str) -> NDArray[np.float32]:
    """Where `query` lies in the space of `generation`, `float32[d]`.

    Raises `ModelMismatch` when `embedder` places texts in another space.
    """
    require_one_space(generation, embedder)
    return np.asarray(embedder.queries([query])[0])


def require_one_space(generation: Generation, embedder: Embedder) -> None:
    """Raises `ModelMismatch` unless `embedder` places texts in the space of `generation`."""
    if embedder.fingerprint.key != generation.manifest.fingerprint.key:
        raise ModelMismatch(
            f"The index was built with the model {generation.model}, but "
            f"{embedder.fingerprint.name} is set: two models never share a space.",
            "Build it anew with: nearsay index, or set NEARSAY_MODEL back.",
        )


def _named(
    generation: Generation, query: str, category: str | None, source: str | None
) -> list[Named]:
    """The entries that `query` names, within a category and a source."""

    def within(named: list[Named]) -> list[Named]:
        entries = generation.entries
        return [
            found
            for found in named
            if category in (None, entries[found.entry_id].category)
            and source in (None, entries[found.entry_id].source)
        ]

    return within(generation.names.asked(query))


def _note(query: str, named: list[Named], neighbours: list[Neighbour]) -> str:
    if not neighbours:
        return "There is no entry to compare with."
    if named and named[0].match == "spelling":
        return f'You wrote "{query}"; the nearest name is {named[0].name}.'
    return ""


def _emptiness(generation: Generation, found: Sequence[Found], point: NDArray[np.float32]) -> str:
    """That nothing is near, what the text at `point` may be about, which neighbourhood is nearest,
    and what one could ask instead."""
    if not found:
        return "There is no entry to compare with."
    closest, *others = (generation.entries[item.entry_id] for item in found)
    beside = [entry.term for entry in others if entry.category == closest.category]
    known = " and ".join((closest.term, *beside[:1]))
    where = f"{closest.category}, with {known}" if closest.category else known
    instead = f"“{closest.faq[0].question}”" if closest.faq else f"“/define {closest.term}”"
    field = generation.background.field_of(point)
    about = f"Your text seems to be about {field}. " if field else ""
    return (
        "The map is empty here, and a model asked about such a place would be guessing. "
        f"{about}The nearest neighbourhood is {where}. What could be asked: {instead}"
    )


def choice(wanted: str, known: list[str], what: str, plural: str) -> str:
    """The name among `known` that `wanted` means: itself, its beginning, or a word of it.

    Raises `NotFound` where it means none of them, or several."""
    key = name_key(wanted)
    keys = {name: name_key(name) for name in known}
    for fits in (
        lambda name_: name_ == key,
        lambda name_: name_.startswith(key),
        lambda name_: key in name_.split(),
    ):
        found = [name for name, its_key in keys.items() if key and fits(its_key)]
        if len(found) == 1:
            return found[0]
    words = {word: name for name, its_key in keys.items() for word in (its_key, *its_key.split())}
    close = (
        process.extractOne(key, list(words), scorer=fuzz.ratio, score_cutoff=75) if key else None
    )
    meant = f" Did you mean {words[close[0]]}?" if close else ""
    raise NotFound(
        f'There is no {what} "{wanted}".{meant}', f"{plural}: {', '.join(known) or 'none'}."
    )
