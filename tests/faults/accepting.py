"""Decide on all proposed ways to ask in a data directory, with the toy embedder.

    python -m tests.faults.accepting DATA DATABASE SOURCES ACCEPT REFUSE [POINT before|after NTH]

With a POINT, it kills itself before or after the NTH call of that function.
"""

import sys
from pathlib import Path
from typing import Any

from bot.admin.audit import AuditTrail
from bot.admin.way_reviews import WayReviews
from bot.identity import OPERATOR
from bot.indexing import Indexer
from bot.replies.base import as_json
from bot.replies.ways import WaysDecided
from index.sources.source import Source
from index.storage import Store
from index.storage.db import generations
from index.storage.db.edits import Edits
from index.storage.db.generations import Generations
from index.storage.db.way_ledger import WayProposals
from index.storage.directories import Folders
from tests.faults.content import SOURCE
from tests.faults.reindexing import Steps, die_at, without_the_encyclopedia
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

POINTS: dict[str, tuple[Any, str]] = {
    "ways are refused": (WayProposals, "refuse"),
    "an edit is written": (Edits, "_write"),
    "an edit is committed": (Edits, "put"),
    "the folder is put in place": (Folders, "put"),
    "the generation is completed": (Generations, "complete"),
    "the pointer is set": (generations, "switch"),
    "the store answers from it": (Store, "_swap"),
}


def indexer_of(store: Store, sources: str | Path) -> Indexer:
    return Indexer(store, ToyEmbedder(), (Source(SOURCE, str(sources)),))


def decide(store: Store, sources: str | Path, accept: str, refuse: str) -> WaysDecided:
    indexer = indexer_of(store, sources)
    ways = WayReviews(indexer, AuditTrail(store))
    reply = ways.answer(SOURCE, accept, refuse, OPERATOR)
    assert isinstance(reply, WaysDecided), reply
    return reply


def main() -> int:
    data, database, sources, accept, refuse, *order = sys.argv[1:]
    without_the_encyclopedia()
    store = open_store(Path(data), database)
    if order:
        point, when, nth = order
        steps = Steps()
        die_at(steps, steps.phase, POINTS[point], when, int(nth))
    print("done", as_json(decide(store, sources, accept, refuse)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
