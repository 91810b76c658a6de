"""Review the names of a source before it is indexed: shared names, and terms that it hides."""

from collections.abc import Iterable
from dataclasses import dataclass

from index.entry import Entry
from index.names import name_key
from index.sources.source import BUNDLED

MOST_SHOWN = 5  # terms listed for a shared name


@dataclass(frozen=True, slots=True)
class SharedName:
    """A name of `entries` different entries of one source. `terms` are the first of their terms."""

    name: str
    entries: int
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceReview:
    """The names of a source that a person should look at. `shared` are names of several of its
    entries, and `hides` the terms of the bundled encyclopedia that its entries take precedence
    over."""

    name: str
    shared: tuple[SharedName, ...]
    hides: tuple[str, ...]


def review(name: str, entries: Iterable[Entry]) -> SourceReview:
    """Review the source called `name` among all `entries` of an index."""
    entries = list(entries)
    own = [entry for entry in entries if entry.source == name]
    bearers: dict[str, dict[str, str]] = {}  # by key of the name: the terms by entry id
    spelt: dict[str, str] = {}
    for entry in own:
        for text in (entry.term, *entry.aliases):
            key = name_key(text)
            spelt.setdefault(key, text)
            bearers.setdefault(key, {})[entry.id] = entry.term
    shared = tuple(
        SharedName(spelt[key], len(terms), tuple(terms.values())[:MOST_SHOWN])
        for key, terms in bearers.items()
        if len(terms) > 1
    )
    terms = {name_key(entry.term) for entry in own}
    bundled = (entry.term for entry in entries if entry.source == BUNDLED)
    hides = tuple(term for term in bundled if name_key(term) in terms)
    return SourceReview(name, shared, hides)
