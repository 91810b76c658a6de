"""A reindex that is killed at any moment leaves the old generation or the new one, whole."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from index.reindex import Content, reindex
from index.store import Store
from tests.faults import processes
from tests.faults.content import FILES, State, changed, first_state, write
from tests.faults.counts import counts
from tests.faults.homes import Home
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]

PHASES = ("reading", "embedding", "writing", "verifying", "switching", "removing")
# Where the program can kill itself (see `reindexing.POINTS`), and the most calls to wait for.
POINTS: dict[str, dict[str, int]] = {
    "reading": {"files are kept": 1},
    "embedding": {"vectors are kept": 1},
    "switching": {
        "the folder is put in place": 1,
        "a file is renamed": 1,
        "the generation is completed": 1,
        "the pointer is set": 1,
        "the store answers from it": 1,
    },
    "removing": {
        "a generation is forgotten": 1,
        "a file is renamed": 1,
        "a file is removed": 14,
        "its folder is removed": 1,
        "vectors are forgotten": 1,
    },
}
ATTEMPTS = 12  # to hit a phase, which may be over when the signal arrives
SEED = 20_261_124


class Lane:
    """A home in which one reindex after the other is killed."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.state: State = ()
        self.sources = home.data.with_name("sources")
        self.landed: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.seconds = {"removing": 0.05}  # what each phase took last

    def prepare(self, *files: int) -> None:
        """Builds a generation of each number of files."""
        for number in files:
            self._reindex(first_state(number))

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Lane]:
        """The same in another folder, for the block."""
        with self.home.copied(folder / "data") as home:
            lane = Lane(home)
            shutil.copytree(self.sources, lane.sources)
            lane.state = self.state
            lane.seconds |= self.seconds
            yield lane

    def kill_all(self, plan: Sequence[tuple[str, int]]) -> None:
        for phase, number in plan:
            self.kill(phase, number)

    def kill(self, phase: str, number: int) -> None:
        """Kills reindexes until one dies in the phase; after each, all must be well."""
        for attempt in range(ATTEMPTS):
            seed = SEED + 1_000 * number + attempt
            last = self._kill(phase, random.Random(f"{phase} {seed}"), f"{phase}, seed {seed}")
            if last == phase:
                self.landed[phase] += 1
                return
        pytest.fail(f"in {ATTEMPTS} attempts no kill came while {phase} went on")

    def _kill(self, phase: str, chance: random.Random, what: str) -> str:
        """Kills a reindex; the phase that it died in, or "done" where it was quicker."""
        files = chance.choice([2, FILES])  # from a copy, or anew
        new = changed(self.state, files, chance.randrange(1_000_000))
        write(self.sources, new)
        way = chance.choice(["at a step", "after a time", *["inside"] * (2 * (phase in POINTS))])
        if way == "inside":
            last, running, way = self._killed_inside(phase, chance)
        else:
            last, running = self._killed(phase, files, chance, at_a_step=way == "at a step")
        _, trouble = running.process.communicate()
        status = running.process.returncode
        print(f"{what}: {files} files, {way}, died in {last} with status {status}")
        assert status in (-signal.SIGKILL, 0), trouble
        assert not running.survivors(5), f"{what}: the builder outlived its parent"
        self._check(self.state, new, what)
        self._reindex(changed(new, 1, chance.randrange(1_000_000)))
        return last

    def _killed(
        self, phase: str, files: int, chance: random.Random, *, at_a_step: bool
    ) -> tuple[str, processes.Running]:
        """Kills from outside: as a step is told, or some time after the phase began."""
        running = processes.start("reindexing", *self.home.arguments, self.sources)
        steps = chance.randint(1, _steps(phase, files)) if at_a_step else 1
        last = _read(running, phase, steps)
        if not at_a_step:
            time.sleep(chance.uniform(0, self.seconds[phase]))
        running.process.kill()
        return _last_phase(running, last), running

    def _killed_inside(
        self, phase: str, chance: random.Random
    ) -> tuple[str, processes.Running, str]:
        """Has the program kill itself in the middle of what it does; where that was, too."""
        point = chance.choice(list(POINTS[phase]))
        nth = chance.randint(1, POINTS[phase][point])
        when = chance.choice(["before", "after"])
        order = (phase, point, when, str(nth))
        running = processes.start("reindexing", *self.home.arguments, self.sources, *order)
        return _last_phase(running, "reading"), running, f"{when} call {nth}: {point}"

    def _check(self, old: State, new: State, what: str) -> None:
        """A fresh process answers, and everything of the old or the new generation is there."""
        said = processes.run("checking", *self.home.arguments, json.dumps(old), json.dumps(new))
        found = json.loads(said)
        assert found["state"] in (0, 1), f"{what}: a mix, or neither: {found}"
        assert found["vectors"] == found["passages"] == 1_500, f"{what}: {found}"
        assert found["furthest"] <= 1e-6, f"{what}: {found}"
        assert found["found"] >= 0.998, f"{what}: {found}"
        assert found["nearest"], f"{what}: {found}"
        assert not found["troubles"], f"{what}: {found}"
        self.outcomes["new" if found["state"] else "old"] += 1

    def _reindex(self, state: State) -> None:
        """The next reindex succeeds, and leaves nothing over of those before."""
        write(self.sources, state)
        running = processes.start("reindexing", *self.home.arguments, self.sources)
        told = [(line.split()[0], time.monotonic()) for line in running.lines]
        _, trouble = running.process.communicate()
        assert running.process.returncode == 0, trouble
        assert not trouble
        self._time(told)
        self.state = state
        folders = sorted(path.name for path in (self.home.data / "generations").iterdir())
        with self.home.ledger() as ledger:
            rows = ledger.execute(text("SELECT name, state FROM generations"))
            states = {row["name"]: row["state"] for row in rows.mappings()}
            leases = ledger.execute(text("SELECT holder FROM lease")).all()
            held = set(ledger.execute(text("SELECT generation FROM holds")).scalars())
        assert folders == sorted(name for name, state in states.items() if state == "ready")
        assert set(states.values()) <= {"ready", "removed"}
        assert not leases
        # On PostgreSQL whoever was killed counts as reading for a while.
        assert set(folders[:-3]) <= held

    def _time(self, told: Sequence[tuple[str, float]]) -> None:
        began = dict(reversed(told))
        order = [phase for phase in (*PHASES, "done") if phase in began]
        for phase, after in pairwise(order):
            self.seconds[phase] = began[after] - began[phase]


def _steps(phase: str, files: int) -> int:
    """How many steps of a phase the program tells, at least."""
    return {"reading": FILES + 1, "embedding": 3 * files}.get(phase, 2)


def _read(running: processes.Running, phase: str, steps: int) -> str:
    """Reads lines up to the given step of the phase; the phase that was told last."""
    told = "reading"
    for line in running.lines:
        told = line.split()[0]
        steps -= told == phase
        if steps <= 0 or told == "done":
            break
    return told


def _last_phase(running: processes.Running, last: str) -> str:
    """The phase that was told last, when nothing more comes."""
    for line in running.lines:
        last = line.split()[0]
    return last


@counts(1, 34)
def test_killed_at_any_moment_it_leaves_one_generation_whole(
    home: Home, tmp_path: Path, count: int
) -> None:
    one = Lane(home)
    # With three generations, each one more has the oldest removed.
    phases, prepared = (PHASES, (1, 2, FILES)) if count > 1 else (("switching",), (FILES,))
    one.prepare(*prepared)
    plan = [(phase, number) for number in range(count) for phase in phases]
    began = time.monotonic()
    with one.copied(tmp_path / "two") as two, ThreadPoolExecutor(2) as pool:
        list(pool.map(Lane.kill_all, (one, two), (plan[::2], plan[1::2])))
    landed, outcomes = one.landed + two.landed, one.outcomes + two.outcomes
    print(f"killed in {dict(landed)}; left {dict(outcomes)}; {time.monotonic() - began:.0f} s")
    assert landed == Counter(dict.fromkeys(phases, count))


@pytest.mark.databases("slow")
def test_stopped_right_after_the_switch_it_keeps_the_new_generation(
    harbour_store: Store, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    swap = Store._swap

    def stopped(store: Store, opened: Any) -> None:
        swap(store, opened)
        raise KeyboardInterrupt

    assert harbour_store.current().id == "g000001"
    monkeypatch.setattr(Store, "_swap", stopped)
    changed = [replace(harbour()[0], example="It was lost."), *harbour()[1:]]
    with pytest.raises(KeyboardInterrupt):
        reindex(harbour_store, Content(changed), toy)
    monkeypatch.undo()
    fresh = Store(harbour_store.directory, harbour_store.database)
    assert fresh.current().id == "g000002"
    assert not fresh.troubles
    fresh.close()
