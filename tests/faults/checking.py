"""Compare the whole current generation with its expected contents.

    python -m tests.faults.checking DATA DATABASE STATE…

A state is a list of numbers in JSON (see `content`). Prints one JSON object.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.entry import Entry, passages_of
from index.search.near import near
from index.storage import Generation
from tests.faults.content import QuickToy, entries_of
from tests.support.stores import open_store


def main() -> None:
    data, database, *states = sys.argv[1:]
    store = open_store(Path(data), database)
    toy = QuickToy()
    with store.reading() as generation:
        first = next(iter(generation.entries.values()))
        answer = near(generation, toy, first.definition, 5)
        found = {
            "generation": generation.id,
            "state": _state(generation, [tuple(json.loads(state)) for state in states]),
            **_vectors(generation, toy),
            "nearest": answer.neighbours[0].id == first.id,
            "troubles": store.troubles,
        }
    store.close()
    print(json.dumps(found))


def _state(generation: Generation, states: list[tuple[int, ...]]) -> int | None:
    """Return the number of the state that matches the entries exactly, or None."""
    held = [_plain(entry) for entry in generation.entries.values()]
    for number, state in enumerate(states):
        if held == [_plain(entry) for entry in entries_of(state)]:
            return number
    return None


def _plain(entry: Entry) -> Entry:
    """Return an entry without the fields that are added when it is read."""
    return replace(entry, path="", related=())


def _vectors(generation: Generation, toy: QuickToy) -> dict[str, object]:
    """Return the actual and the expected number of vectors, their largest error, and the share of
    vectors found when searched for."""
    passages = [p for entry in generation.entries.values() for p in passages_of(entry)]
    expected = toy.queries([passage.embedded for passage in passages])
    read = generation.vectors.vectors([passage.id for passage in passages])
    found = generation.vectors.nearest_to(read)
    return {
        "vectors": len(generation.vectors),
        "passages": len(passages),
        "furthest": float(np.abs(read - expected).max()),
        "found": float(np.mean(found >= 1 - 1e-4)),
    }


if __name__ == "__main__":
    main()
