"""How long indexing takes, beside the model alone in the same run, and what it costs those who ask
meanwhile. With `-s` the figures are shown."""

from __future__ import annotations

import csv
import resource
import statistics
import threading
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

import pytest

from bot import pauses
from bot.actors import OPERATOR
from bot.admin.administration import Administration
from bot.desk import Desk
from bot.indexing import Indexer, IndexRequest
from bot.replies import Reply
from index.embedder import SentenceEmbedder, embed_documents
from index.reindex import Reindexed
from index.sources.reading import read_sources
from index.sources.source import Source
from index.space.results import Neighbours
from index.store import Store
from index.text import one_line

pytestmark = [pytest.mark.slow, pytest.mark.model, pytest.mark.children]

IMPORTED = 12_000
MEGABYTE = 1024  # of what Linux gives, in kB


def sentences() -> Iterator[str]:
    """Sentences of the bundled encyclopedia, without end: each time round joined with others."""
    texts = [one_line(part.text) for entry in read_sources().entries for part in entry.sections]
    found = [part.strip() for text in texts for part in text.split(". ") if 40 < len(part) < 200]
    for step in count(1):
        for at, sentence in enumerate(found):
            yield f"{sentence}, {found[(at * 7 + step) % len(found)][:40]}."


def timed(embedder: SentenceEmbedder, texts: list[str]) -> float:
    started = time.monotonic()
    embed_documents(embedder, texts)
    return time.monotonic() - started


def test_importing_costs_little_more_than_embedding(
    real_embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    """The texts differ between the two, since what was embedded is not embedded again; their
    lengths do not."""
    texts = list(islice(sentences(), 2 * IMPORTED))
    rows = [(f"Term {number}", text) for number, text in enumerate(texts[:IMPORTED])]
    with (tmp_path / "terms.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("term", "definition"), *rows])
    embedder = real_embedder
    embedder.queries(["warm"])
    indexer = Indexer(Store(tmp_path / "data"), embedder)
    indexer.run()
    alone = timed(embedder, [f"{term}: {text}" for term, text in rows])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seen: list[str] = []
    started = time.monotonic()
    done = indexer.run(
        IndexRequest(extra=[Source("terms", str(tmp_path / "terms.csv"))]),
        progress=lambda phase, *_: seen.append(phase),
    )
    took = time.monotonic() - started
    again = timed(embedder, [f"{term}: {text}" for term, text in rows])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MEGABYTE
    ratio = took / statistics.mean((alone, again))
    print(
        f"\n{IMPORTED:,} entries: import {took:.1f} s; the model alone {alone:.1f} s before and "
        f"{again:.1f} s after; {ratio:.2f} times; {grown:.0f} MB more at the peak"
    )
    assert isinstance(done, Reindexed)
    assert (done.added, done.embedded) == (IMPORTED, IMPORTED)
    assert seen.count("embedding") > 100
    assert ratio < 1.2
    assert grown < 500


def test_a_small_change_is_live_in_seconds_while_people_ask(
    real_embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    folder = tmp_path / "terms"
    folder.mkdir()
    texts = list(islice(sentences(), 7_400))

    def write(number: int, text: str) -> None:
        (folder / f"{number}.md").write_text(f"---\ntitle: Term {number}\n---\n{text}\n")

    for number, text in enumerate(texts):
        write(number, text)
    store = Store(tmp_path / "data")
    indexer = Indexer(store, real_embedder)
    indexer.run(IndexRequest(extra=[Source("terms", str(folder))]))
    desk = Desk(store, real_embedder, "", Administration(indexer))
    desk.warm_up()
    assert store.current().manifest.passages > 10_000
    pauses.keep_short()  # as the service does
    stopped = threading.Event()
    asked: list[tuple[float, float, Reply]] = []

    def ask(first: int) -> None:
        for number in count(first, 37):
            begun = time.monotonic()
            reply = desk.say(f"/near {texts[number % len(texts)][:60]}")
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
            time.sleep(2.1)  # else the file is too new for its time to be trusted
            started = time.monotonic()

            def progress(phase: str, done: int, _total: int, started: float = started) -> None:
                if (phase, done) == ("switching", 1):
                    live.append(time.monotonic() - started)

            done = desk.say("/near-admin reindex", OPERATOR, progress)
            assert isinstance(done, Reindexed), done
            assert (done.changed, done.embedded) == (1, 1)
            started = time.monotonic()
            same = desk.say("/near-admin reindex", OPERATOR)
            idle.append(time.monotonic() - started)
            assert isinstance(same, Reindexed)
            assert same.generation == done.generation
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    assert all(isinstance(reply, Neighbours) for _, _, reply in asked)
    seconds = sorted(took for at, took, _ in asked if at > begun)
    p99 = seconds[int(0.99 * len(seconds))]
    print(
        f"\none change in 10,000 passages: live after {[round(s, 2) for s in live]} s, nothing "
        f"changed {[round(s, 2) for s in idle]} s; {len(seconds)} answers meanwhile, median "
        f"{statistics.median(seconds) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms"
    )
    assert p99 < 0.3
    assert statistics.median(live) < 3
    assert statistics.median(idle) < 1
