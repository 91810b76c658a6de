"""Measure the time until a small change is live, and the latency of answers until then.

`-s` shows the results. `make bench-speed` compares indexing with the time of the model alone.
"""

import statistics
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.identity import OPERATOR
from bot.indexing import Indexer, IndexRequest
from bot.ops import garbage_collection
from bot.replies.base import Reply
from index.embedding.embedder import SentenceEmbedder
from index.indexing.reindex import ReindexResult
from index.search.results import Neighbours
from index.sources.loader import read_sources
from index.sources.source import Source
from index.storage import Store
from index.text import one_line

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.children]


def sentences() -> Iterator[str]:
    """Yield an endless stream of sentences from the bundled encyclopedia, joined with different
    sentences in each round."""
    texts = [one_line(part.text) for entry in read_sources().entries for part in entry.sections]
    found = [part.strip() for text in texts for part in text.split(". ") if 40 < len(part) < 200]
    for step in count(1):
        for at, sentence in enumerate(found):
            yield f"{sentence}, {found[(at * 7 + step) % len(found)][:40]}."


def test_small_change_is_live_in_seconds_under_load(
    real_embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "terms"
    folder.mkdir()
    texts = list(islice(sentences(), 300))

    def write(number: int, text: str) -> None:
        (folder / f"{number}.md").write_text(f"---\ntitle: Term {number}\n---\n{text}\n")

    for number, text in enumerate(texts):
        write(number, text)
    store = Store(tmp_path / "data")
    indexer = Indexer(store, real_embedder)
    indexer.run(IndexRequest(extra=[Source("terms", str(folder))]))
    assistant = Assistant(store, real_embedder, "", AdminService(indexer))
    assistant.warm_up()
    passages = store.current().manifest.passages
    assert passages > 10_000
    garbage_collection.tune_runtime()  # as the service does
    stopped = threading.Event()
    asked: list[tuple[float, float, Reply]] = []

    def ask(first: int) -> None:
        for number in count(first, 37):
            begun = time.monotonic()
            reply = assistant.ask(f"/near {texts[number % len(texts)][:60]}")
            asked.append((begun, time.monotonic() - begun, reply))
            if stopped.wait(0.1):
                return

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    try:
        live: list[float] = []
        idle: list[float] = []
        begun = time.monotonic()
        for round_ in range(5):
            write(round_, f"Something else that was never said of term {round_}.")
            time.sleep(2.1)  # more recent modification times are not trusted
            started = time.monotonic()

            def progress(phase: str, done: int, _total: int, started: float = started) -> None:
                if (phase, done) == ("switching", 1):
                    live.append(time.monotonic() - started)

            done = assistant.ask("/near-admin reindex", OPERATOR, progress)
            assert isinstance(done, ReindexResult), done
            assert (done.changed, done.embedded) == (1, 1)
            started = time.monotonic()
            same = assistant.ask("/near-admin reindex", OPERATOR)
            idle.append(time.monotonic() - started)
            assert isinstance(same, ReindexResult)
            assert same.generation == done.generation
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    assert all(isinstance(reply, Neighbours) for _, _, reply in asked)
    seconds = sorted(took for at, took, _ in asked if at > begun)
    p99 = seconds[int(0.99 * len(seconds))]
    print(
        f"\none change in {passages:,} passages: live after {[round(s, 2) for s in live]} s, "
        f"nothing changed {[round(s, 2) for s in idle]} s; {len(seconds)} answers meanwhile, "
        f"median {statistics.median(seconds) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
    )
    assert p99 < 0.3
    assert statistics.median(live) < 3
    assert statistics.median(idle) < 1
