"""Measure what each verb costs at its largest input: `python -m tests.benchmarks.costs 358 5000`.

Prints a table in Markdown: seconds of processor time, by the number of entries. An index is built
in the folder `--folder` and used again by the next run.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.assistant import Assistant
from bot.commands.parser import LONGEST_TEXT, parse
from bot.commands.spec import Request
from bot.config import Settings
from bot.explore.commands import COMPARED, MAX_CHANGED
from bot.identity import ANONYMOUS
from bot.ops.rate_limit import cost_of
from bot.replies.base import Problem
from index.embedding.embedder import Embedder, SentenceEmbedder
from index.indexing.reindex import SourceContent, reindex
from index.sources.loader import read_sources
from index.sources.source import bundled_digest
from index.storage import Store
from tests.benchmarks.speed.corpus import PASSAGES, glossary

RUNS = 3  # of which the fastest counts; the model has seen none of its texts
SHORT = {
    "near": "/near thick rope {run}",
    "define": "/define token",
    "ask": "what is a good way to test prompt {run}?",
}


def largest_inputs(run: int) -> dict[str, str]:
    """Return a line of about the maximum length for each verb. Lines of two runs differ."""

    def words(characters: int, name: str = "") -> str:
        text = " ".join(f"word{run}{name} of retrieval" for _ in range(characters // 12))
        return text[:characters].strip()

    room = LONGEST_TEXT - 100
    side = " ".join(f"{run}{{0}}{at} tell me more of it" for at in range(MAX_CHANGED - 1))
    pasted = ", ".join(f"ab{run}{at} c" for at in range(room))[:room]
    compared = f"what differs between {pasted.replace(', ', ' and ')}"[:room]
    return {
        "near, a text": f"/near {words(room)}",
        "define, no entry": f"/define {words(room)}",
        "define, ligatures": f"/define {'ﷺ' * (room // 18 - 1)}{run}",
        "a question": f"what is {words(room)}?",
        "a question, a pasted list": pasted,
        "a question, a difference": compared,
        "latent compare": "/latent compare " + _joined(" | ", words, COMPARED, room),
        "latent wander": f"/latent wander {words(room)} steps=12",
        "latent shift": f"/latent shift {side.format('a')} -> {side.format('b')}",
        "latent path": f"/latent path {words(room // 2, 'a')} -> {words(room // 2, 'b')}",
        "latent map": "/latent map " + _joined(" | ", words, COMPARED, room),
        "latent models": f"/latent models {words(room)}",
    }


def _joined(between: str, words: Callable[[int, str], str], count: int, room: int) -> str:
    return between.join(words(room // count - 3, f"x{at}") for at in range(count))


def main(arguments: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="+")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args(arguments)
    settings = Settings.load()
    embedder = SentenceEmbedder(settings.model, settings.data_dir / "models")
    columns = [
        measure(open_index(options.folder / str(count), count, embedder), embedder, RUNS * at)
        for at, count in enumerate(options.entries)
    ]
    print("| request | cost |", " | ".join(f"{count:,}" for count in options.entries), "|")
    print("| --- |", " | ".join("---" for _ in range(len(columns) + 1)), "|")
    for name, line in {**SHORT, **largest_inputs(0)}.items():
        request = parse(line.format(run=0) if name in SHORT else line)
        assert isinstance(request, Request), (name, request)
        seconds = " | ".join(f"{column[name]:.2f}" for column in columns)
        print(f"| {name} | {cost_of(request)} | {seconds} |")
    return 0


def open_index(folder: Path, count: int, embedder: Embedder) -> Store:
    """Open the index in a folder, built first if there is none, of the bundled entries and as many
    made ones as are missing."""
    store = Store(folder)
    if store.readable() is None:
        entries = list(read_sources().entries)
        made = glossary((count - len(entries)) * PASSAGES) if count > len(entries) else []
        content = SourceContent([*entries, *made], encyclopedia=bundled_digest())
        reindex(store, content, embedder)
    return store


def measure(store: Store, embedder: Embedder, first: int) -> dict[str, float]:
    """Return the seconds of processor time of each request. Runs are counted from `first`."""
    desk = Assistant(store, embedder)
    desk.warm_up()
    fastest: dict[str, float] = {}
    for run in range(first, first + RUNS):
        short = {name: line.format(run=run) for name, line in SHORT.items()}
        for name, line in {**short, **largest_inputs(run)}.items():
            began = time.process_time()
            reply = desk.ask(line, ANONYMOUS)
            took = time.process_time() - began
            assert not isinstance(reply, Problem) or reply.code == "not_found", (name, reply)
            fastest[name] = min(took, fastest.get(name, took))
    return fastest


if __name__ == "__main__":
    sys.exit(main())
