"""When generations change under load, no answer fails, mixes generations or waits long."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from index.indexing.reindex import SourceContent, reindex
from index.indexing.rollback import roll_back
from index.storage import Store
from tests.faults import processes
from tests.faults.asking import mixture
from tests.faults.content import FILES, QuickToy, entries_of
from tests.faults.counts import counts
from tests.faults.homes import Home

pytestmark = pytest.mark.children
READERS = 8
MAX_P99_S = 1.0  # limit in seconds for 99 of 100 answers; a cold generation takes longer


class Readers:
    """Threads that query one store continuously."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._toy = QuickToy()
        self._stopped = threading.Event()
        self.answers: list[tuple[float, float]] = []  # start and end of each answer
        self.wrong: list[str] = []

    @contextmanager
    def asking(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._ask) for _ in range(READERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            for thread in threads:
                thread.join()

    def _ask(self) -> None:
        while not self._stopped.is_set():
            began = time.monotonic()
            try:
                with self._store.reading() as generation:
                    mixed = mixture(generation, self._toy)
            except Exception as error:
                mixed = repr(error)
            self.answers.append((began, time.monotonic()))
            if mixed:
                self.wrong.append(mixed)

    def seconds(self, times: list[tuple[float, float]]) -> list[float]:
        """Return the durations of the answers that overlap one of the intervals."""
        return [
            ended - began
            for began, ended in self.answers
            if any(began < end and ended > start for start, end in times)
        ]


@counts(1, 100)
def test_answers_during_a_switch_are_fast_and_from_one_generation(home: Home, count: int) -> None:
    store = home.store()
    toy = QuickToy()
    readers = Readers(store)
    switches: list[tuple[float, float]] = []

    files = FILES if count > 1 else 4

    def build(number: int) -> None:
        began = 0.0

        def progress(phase: str, done: int, total: int) -> None:
            nonlocal began
            if phase == "switching" and done == 0:
                began = time.monotonic()
            elif phase == "switching":
                switches.append((began, time.monotonic()))

        done = reindex(store, SourceContent(entries_of((number,) * files)), toy, progress=progress)
        assert done.generation == f"g{number:06d}"

    def go_back_and_forth() -> None:
        for name in (f"g{built - 1:06d}", f"g{built:06d}") * 2:
            began = time.monotonic()
            roll_back(store, name, by="the test")
            switches.append((began, time.monotonic()))

    for number in (1, 2):
        build(number)
    switches.clear()
    with_another = processes.start("asking", *home.arguments)
    assert next(with_another.lines).strip() == "asking"
    built = 2
    with readers.asking():
        while len(switches) < count:
            go_back_and_forth()
            built += 1
            build(built)
    said, trouble = with_another.process.communicate()
    other = json.loads(said)
    during = readers.seconds(switches)
    assert not readers.wrong
    assert not other["wrong"], trouble
    assert other["seen"][-1] == f"g{built:06d}"
    assert count == 1 or len(other["seen"]) > count // 5
    assert np.percentile(during, 99) < MAX_P99_S
    store.close()
