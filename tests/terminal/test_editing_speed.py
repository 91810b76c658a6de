"""Measure the time until an approved suggestion is found, in a glossary of a thousand entries."""

import json
import time
from pathlib import Path

import pytest

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.identity import OPERATOR, User
from bot.indexing import Indexer
from bot.replies.base import Problem
from bot.replies.editing import NewSuggestion, Review, Saved
from index.build.reindex import ReindexResult
from index.search.results import Neighbours
from index.sources.source import Source
from index.storage import Store
from tests.support.bundled import replace_bundled
from tests.support.toy import ToyEmbedder

ENTRIES = 1_000
MAX_LIVE_S = 10.0  # seconds from suggestion to result
WORDS = (
    *("rope", "mast", "hull", "sail", "tide", "quay", "lamp", "crew"),
    *("wind", "cargo", "chain", "wheel", "deck", "port", "storm"),
)


def glossary(file: Path) -> Source:
    """Write a file of entries with different texts; return its path."""
    count = len(WORDS)
    with file.open("w") as lines:
        for number in range(ENTRIES):
            words = [WORDS[number // count**place % count] for place in range(3)]
            definition = f"The {words[0]} of a {words[1]} near the {words[2]}, kind {number}."
            lines.write(json.dumps({"term": f"Thing {number}", "definition": definition}) + "\n")
    return Source("things", str(file))


def test_approved_suggestion_is_found_within_ten_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, embedder = tmp_path, ToyEmbedder()
    bundled = folder / "bundled"
    bundled.mkdir()
    (bundled / "anchor.md").write_text("---\nterm: Anchor\n---\nAn iron hook.\n")
    replace_bundled(bundled, monkeypatch.setattr)
    store = Store(folder / "data")
    indexer = Indexer(store, embedder, (glossary(folder / "things.jsonl"),))
    assert isinstance(indexer.run(), ReindexResult)
    assert len(store.current().entries) == ENTRIES + 1
    assistant = Assistant(store, embedder, administration=AdminService(indexer))
    assistant.warm_up()
    started = time.monotonic()
    assert isinstance(assistant.ask("/define Zeppelin"), Problem)
    made = assistant.ask("/define Zeppelin = A rigid airship filled with gas.", User("U1"))
    assert isinstance(made, NewSuggestion)
    review = assistant.ask(f"/near-admin approve {made.id}", OPERATOR)
    assert isinstance(review, Review)
    saved = assistant.ask(f"/near-admin approve {made.id} digest={review.digest}", OPERATOR)
    assert isinstance(saved, Saved)
    assert saved.live
    found = assistant.ask("/near a rigid airship")
    taken = time.monotonic() - started
    assert isinstance(found, Neighbours)
    assert found.neighbours[0].id == "written/zeppelin"
    store.close()
    assert taken < MAX_LIVE_S
