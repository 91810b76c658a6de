"""Reindex a data directory from a folder of files, with the toy embedder.

    python -m tests.faults.reindexing DATA DATABASE SOURCES [PHASE POINT before|after NTH]

Prints each step of its progress as "PHASE DONE TOTAL", then "done" and its reply as JSON. With a
POINT, it kills itself before or after the NTH call of that function during the phase.
"""

import os
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.indexing import Indexer, IndexRequest
from bot.replies.base import Problem, as_json
from index.sources.source import Source
from index.storage import Store
from index.storage.db import generations
from index.storage.db.generations import Generations
from index.storage.db.source_files import SourceFiles
from index.storage.db.vector_cache import Vectors
from index.storage.directories import Folders
from tests.faults.content import SOURCE
from tests.support.bundled import replace_bundled
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

POINTS: dict[str, tuple[Any, str]] = {
    "files are kept": (SourceFiles, "keep_files"),
    "vectors are kept": (Vectors, "keep"),
    "a file is renamed": (os, "rename"),
    "a file is removed": (os, "unlink"),
    "the folder is put in place": (Folders, "put"),
    "the generation is completed": (Generations, "complete"),
    "the pointer is set": (generations, "switch"),
    "the store answers from it": (Store, "_swap"),
    "a generation is forgotten": (Generations, "forget"),
    "its folder is removed": (Folders, "remove"),
    "vectors are forgotten": (Vectors, "keep_only"),
}


class Steps:
    """Prints progress steps and tracks the current phase."""

    def __init__(self) -> None:
        self.phase = "reading"

    def tell(self, phase: str, done: int, total: int) -> None:
        self.phase = phase
        print(phase, done, total, flush=True)


def die_at(steps: Steps, phase: str, point: tuple[Any, str], when: str, nth: int) -> None:
    """Make the process kill itself at a point: a function, given as its owner and its name."""
    owner, name = point
    function: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def deadly(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += steps.phase == phase
        here = steps.phase == phase and calls == nth
        if here and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **options)
        if here:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, deadly)


def without_the_encyclopedia() -> None:
    """Return an empty folder that replaces the bundled pages, which these tests do not need."""
    folder = Path(tempfile.gettempdir()) / "nearsay-no-pages"
    folder.mkdir(exist_ok=True)
    replace_bundled(folder, setattr)


def main() -> int:
    data, database, sources, *order = sys.argv[1:]
    steps = Steps()
    if order:
        phase, point, when, nth = order
        die_at(steps, phase, POINTS[point], when, int(nth))
    without_the_encyclopedia()
    indexer = Indexer(open_store(Path(data), database), ToyEmbedder(), (Source(SOURCE, sources),))
    steps.tell("reading", 0, 0)
    reply = indexer.run(IndexRequest(by="the test"), steps.tell)
    print("done", as_json(reply), flush=True)
    return 1 if isinstance(reply, Problem) else 0


if __name__ == "__main__":
    sys.exit(main())
