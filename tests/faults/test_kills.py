"""If a reindex is killed, the old or the new generation remains complete."""

import json
import random
import signal
import sys
from collections import Counter

import pytest
from sqlalchemy import text

from tests.faults import processes
from tests.faults.content import FILES, State, changed, first_state, write
from tests.faults.counts import counts
from tests.faults.homes import Home

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc"),
]

PHASES = ("reading", "embedding", "writing", "verifying", "switching", "removing")
# Points where the program can kill itself (see `reindexing.POINTS`), and the largest NTH.
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
        "a file is removed": 15,
        "its folder is removed": 1,
        "vectors are forgotten": 1,
    },
}
ATTEMPTS = 12  # attempts to hit a phase, which may have ended when the signal arrives
SEED = 20_261_124


class KilledHome:
    """A data directory in which several reindexes are killed."""

    def __init__(self, home: Home, files: int, inside: float) -> None:
        """Start with an empty data directory. `inside` is the share of kills within a function; the
        others happen between two steps."""
        self.home = home
        self.inside = inside
        self.files = files
        self.state: State = ()
        self.sources = home.data.with_name("sources")
        self.landed: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()

    def prepare(self, generations: int) -> None:
        """Build `generations` generations."""
        for files in range(self.files - generations + 1, self.files + 1):
            self._reindex(first_state(files))

    def kill(self, phase: str, number: int) -> None:
        """Kill reindexes until one dies in the phase; check the data directory after each."""
        for attempt in range(ATTEMPTS):
            seed = SEED + 1_000 * number + attempt
            last = self._kill(phase, random.Random(f"{phase} {seed}"), f"{phase}, seed {seed}")
            if last == phase:
                self.landed[phase] += 1
                return
        pytest.fail(f"in {ATTEMPTS} attempts no kill happened during {phase}")

    def _kill(self, phase: str, chance: random.Random, what: str) -> str:
        """Kill one reindex, from outside when it reports a step, or from inside at a point. Returns
        the phase in which it died, or "done" if it finished first."""
        files = chance.choice([1, self.files])  # a copy of the last generation, or a full build
        new = changed(self.state, files, chance.randrange(1_000_000))
        write(self.sources, new)
        order: tuple[str, ...] = ()
        if phase in POINTS and chance.random() < self.inside:
            point = chance.choice(list(POINTS[phase]))
            nth = chance.randint(1, POINTS[phase][point])
            order = (phase, point, chance.choice(["before", "after"]), str(nth))
        running = processes.start("reindexing", *self.home.arguments, self.sources, *order)
        last = "reading"
        if not order:
            steps = {"reading": self.files + 1, "embedding": 3 * files}.get(phase, 2)
            last = _read(running, phase, chance.randint(1, steps))
            running.process.kill()
        last = _read(running, "", 1, last)
        _, trouble = running.process.communicate()
        status = running.process.returncode
        print(f"{what}: {files} files, {order or 'at a step'}, died in {last} with {status}")
        assert status in (-signal.SIGKILL, 0), trouble
        assert not running.survivors(5), f"{what}: the builder outlived its parent"
        self._check(self.state, new, what)
        self._reindex(changed(new, 1, chance.randrange(1_000_000)))
        return last

    def _check(self, old: State, new: State, what: str) -> None:
        """Check in another process that the old or new generation is complete and answers."""
        said = processes.run("checking", *self.home.arguments, json.dumps(old), json.dumps(new))
        found = json.loads(said)
        assert found["state"] in (0, 1), f"{what}: neither generation is complete: {found}"
        assert found["vectors"] == found["passages"] == 72 * self.files, f"{what}: {found}"
        assert found["furthest"] <= 1e-6, f"{what}: {found}"
        assert found["found"] >= 0.998, f"{what}: {found}"
        assert found["nearest"], f"{what}: {found}"
        assert not found["troubles"], f"{what}: {found}"
        self.outcomes["new" if found["state"] else "old"] += 1

    def _reindex(self, state: State) -> None:
        """Check that the next reindex succeeds and removes the remains of earlier ones."""
        write(self.sources, state)
        processes.run("reindexing", *self.home.arguments, self.sources)
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
        # On PostgreSQL, a killed process is still counted as a reader for a while.
        assert set(folders[:-3]) <= held


def _read(running: processes.Running, phase: str, steps: int, last: str = "reading") -> str:
    """Read lines up to the given step of the phase, or to the end; return the last phase."""
    for line in running.lines:
        last = line.split()[0]
        steps -= last == phase
        if steps <= 0:
            break
    return last


@counts(1, 34)
def test_killed_reindex_leaves_one_complete_generation(home: Home, count: int) -> None:
    # From the third generation on, each reindex removes the oldest.
    few = (("switching",), 2, 1, 1.0)
    phases, files, generations, inside = few if count == 1 else (PHASES, FILES, 3, 2 / 3)
    lane = KilledHome(home, files, inside)
    lane.prepare(generations)
    for number in range(count):
        for phase in phases:
            lane.kill(phase, number)
    print(f"killed in {dict(lane.landed)}; left {dict(lane.outcomes)}")
    assert lane.landed == Counter(dict.fromkeys(phases, count))
