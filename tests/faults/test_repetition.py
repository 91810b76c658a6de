"""Repeated reindexing does not grow disk, memory, open files or threads."""

from __future__ import annotations

import gc
import os
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.indexing.reindex import SourceContent, reindex
from index.indexing.retention import KEPT
from tests.faults.content import FILES, QuickToy, changed, entries_of, first_state
from tests.faults.homes import Home

MAX_SIZE_RATIO = 2.5  # allowed disk space per kept generation, as a multiple of the first
RUNS = 50
WARM_UP_RUNS = 5  # reindexes before growth is measured
MAX_MEMORY_RATIO = 1.2  # allowed growth of resident memory since the warm-up
MAX_EXTRA_HANDLES = 3  # allowed increase in files and threads since the warm-up
LAST_RUNS = 3  # the minimum of the last reindexes counts: on a busy machine, handles close late


@dataclass(frozen=True, slots=True)
class Resources:
    """Resources of a process: bytes of memory, open files, threads."""

    memory: int
    files: int
    threads: int

    @classmethod
    def now(cls) -> Resources:
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(
            pages * os.sysconf("SC_PAGE_SIZE"),
            len(list(Path("/proc/self/fd").iterdir())),
            threading.active_count(),
        )


@pytest.mark.slow
@pytest.mark.children
@pytest.mark.databases("slow")
@pytest.mark.skipif(sys.platform != "linux", reason="looks at files and memory in /proc")
@pytest.mark.parametrize("changes", [1, FILES], ids=["small", "whole"])
def test_repeated_reindexing_uses_no_more_resources(home: Home, changes: int) -> None:
    """Measure the data directory, which contains the ledger only on SQLite."""
    store = home.store()
    toy = QuickToy()
    sizes: list[int] = []
    held: list[Resources] = []
    state = first_state()
    for number in range(RUNS):
        reindex(store, SourceContent(entries_of(state)), toy)
        state = changed(state, changes, number)
        with store.reading() as generation:
            assert len(generation.vectors) == generation.manifest.passages
        sizes.append(store.folders.size())
        held.append(Resources.now())
    warm, last = held[WARM_UP_RUNS], held[-1]
    assert max(sizes) <= MAX_SIZE_RATIO * KEPT * sizes[0]
    assert min(one.files for one in held[-LAST_RUNS:]) <= warm.files + MAX_EXTRA_HANDLES
    assert min(one.threads for one in held[-LAST_RUNS:]) <= warm.threads + MAX_EXTRA_HANDLES
    assert last.memory <= MAX_MEMORY_RATIO * warm.memory
    store.close()
