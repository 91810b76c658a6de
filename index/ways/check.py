"""Check that ways to ask find their entries in the current index, which does not contain them."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index.editing.validation import search_keys
from index.embedding.embedder import Embedder
from index.entry import Entry
from index.names import name_key
from index.progress import Progress, no_progress
from index.search.near import embed_queries
from index.search.ranking import rank
from index.storage import Generation
from index.ways.assistant_reply import DroppedWay, Way, WaysReply

FIRST = 3  # an entry must be among the first entries that its way finds
FIRST_BY_MEANING = 10  # the same for a way that is in the index, by meaning alone
MARGIN = 0.15  # cosine by which the definition of another entry may be nearer
BATCH = 64  # ways embedded at once


def check(
    generation: Generation,
    embedder: Embedder,
    ways: Sequence[Way],
    entries: Mapping[str, Entry],
    report: Progress = no_progress,
) -> WaysReply:
    """Keep the ways that find their entry without being indexed.

    A way is kept if its entry is among the first `FIRST` and no definition of another entry is
    nearer by more than `MARGIN` in cosine. A way that already finds its entry exactly, since it is
    a question or a search phrase of it, is dropped as known. `entries` are the entries with all
    edits applied, by id. Raises `ModelMismatch`.
    """
    kept: list[Way] = []
    dropped: list[DroppedWay] = []
    asked: list[Way] = []
    for way in ways:
        if reason := _reason_not_to_ask(generation, way, entries):
            dropped.append(DroppedWay(way.entry, way.text, reason))
        else:
            asked.append(way)
    definitions = _Definitions(generation)
    for done, (way, point) in enumerate(_embedded(generation, embedder, asked), start=1):
        if reason := _fault(generation, definitions, way, point):
            dropped.append(DroppedWay(way.entry, way.text, reason))
        else:
            kept.append(way)
        report("Checking ways", done, len(asked))
    return WaysReply(tuple(kept), tuple(dropped))


def check_indexed(generation: Generation, embedder: Embedder, ways: Sequence[Way]) -> WaysReply:
    """Keep the ways that are search phrases in the index and find their entry without them.

    A way is kept if its entry is among the first `FIRST_BY_MEANING` by the cosine of the nearest
    passage that is not a search phrase, and no definition of another entry is nearer by more than
    `MARGIN`. Raises `ModelMismatch`.
    """
    kept: list[Way] = []
    dropped: list[DroppedWay] = []
    definitions = _Definitions(generation)
    shown = np.flatnonzero(~generation.hidden)
    for way, point in _embedded(generation, embedder, ways):
        cosines = generation.matrix[shown] @ point
        order = generation.owners[shown[np.argsort(-cosines, kind="stable")]]
        first = [generation.ids[one] for one in dict.fromkeys(order.tolist())][:FIRST_BY_MEANING]
        nearer = definitions.nearer(way.entry, point)
        if way.entry not in first:
            reason = f"it finds {_named(generation, first[:FIRST])}"
        else:
            reason = _nearer_reason(generation, nearer)
        if reason:
            dropped.append(DroppedWay(way.entry, way.text, reason))
        else:
            kept.append(way)
    return WaysReply(tuple(kept), tuple(dropped))


class _Definitions:
    """The definitions of all entries of a generation, with the numbers of their entries."""

    def __init__(self, generation: Generation) -> None:
        kinds = [passage.kind == "definition" for passage in generation.passages]
        self._rows = np.flatnonzero(kinds)
        self._owners = generation.owners[self._rows]
        self._generation = generation
        self._twins = {own: twin for twin, own in generation.names.twins.items()}

    def nearer(self, entry: str, point: NDArray[np.float32]) -> str:
        """Return the id of the entry whose definition is nearest, if it is nearer than that of
        `entry` by more than `MARGIN`; otherwise an empty string. The bundled entry with the same
        term is none of the others."""
        generation = self._generation
        cosines = generation.matrix[self._rows] @ point
        same = [entry, self._twins.get(entry, entry)]
        own = np.isin(self._owners, [generation.number_of[one] for one in same])
        others = np.where(own, -np.inf, cosines)
        best = int(others.argmax())
        is_nearer = others[best] - cosines[own].max() > MARGIN
        return generation.ids[self._owners[best]] if is_nearer else ""


def _reason_not_to_ask(generation: Generation, way: Way, entries: Mapping[str, Entry]) -> str:
    entry = entries.get(way.entry)
    if entry is None:
        return "the entry was removed"
    if way.entry not in generation.entries:
        return "the entry is not indexed yet"
    known = search_keys(entry) | search_keys(generation.entries[way.entry])
    return "the entry has it already" if name_key(way.text) in known else ""


def _embedded(
    generation: Generation, embedder: Embedder, ways: Sequence[Way]
) -> Iterator[tuple[Way, NDArray[np.float32]]]:
    for start in range(0, len(ways), BATCH):
        batch = ways[start : start + BATCH]
        yield from zip(
            batch, embed_queries(generation, embedder, [way.text for way in batch]), strict=True
        )


def _fault(
    generation: Generation, definitions: _Definitions, way: Way, point: NDArray[np.float32]
) -> str:
    """Return the reason to drop a way, or an empty string."""
    found = [one.entry_id for one in rank(generation, way.text, point, FIRST).found]
    if way.entry not in found:
        return f"it finds {_named(generation, found)}" if found else "it finds nothing"
    return _nearer_reason(generation, definitions.nearer(way.entry, point))


def _nearer_reason(generation: Generation, nearer: str) -> str:
    return f"nearer to the definition of {generation.entries[nearer].term}" if nearer else ""


def _named(generation: Generation, ids: Sequence[str]) -> str:
    return ", ".join(generation.entries[one].term for one in ids)
