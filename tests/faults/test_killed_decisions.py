"""If a decision on ways to ask is killed, nothing accepted is lost, and nothing else goes live."""

import random
import signal
import sys
from pathlib import Path

import pytest

from bot.working_copy import WorkingCopy
from index.storage import Store
from index.storage.db.edit import text_version
from index.storage.db.way_ledger import NewWay
from tests.faults import processes
from tests.faults.accepting import POINTS, decide, indexer_of
from tests.faults.content import first_state, write
from tests.faults.counts import counts
from tests.faults.homes import Home
from tests.support.bundled import replace_bundled

pytestmark = [
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="kills a process with a signal"),
]

FILES = 3  # of 12 entries
ENTRIES, WAYS = 4, 3  # entries with ways, and ways of each
REPEATED = ("an edit is written", "an edit is committed")  # once for each entry
SEED = 20_261_202


def propose(store: Store, round_: int) -> list[int]:
    """Record ways for some entries, and return their numbers."""
    before = {way.id for way in store.ledger.ways.all()}
    with WorkingCopy.read(store) as glossary:
        entries = list(glossary.entries().values())
    start = ENTRIES * round_ % len(entries)
    store.ledger.ways.record(
        NewWay(entry=entry.id, text=f"{entry.term} {way} {round_}", version=text_version(entry))
        for entry in entries[start : start + ENTRIES]
        for way in range(WAYS)
    )
    return [way.id for way in store.ledger.ways.all() if way.id not in before]


def phrases(store: Store) -> set[str]:
    """Return the live search phrases."""
    with store.reading() as generation:
        entries = list(generation.entries.values())
    return {phrase for entry in entries for phrase in entry.search_phrases}


def check(home: Home, unwanted: list[int]) -> None:
    """Check that the accepted ways are edits of their entries, and that only these are live."""
    store = home.store()
    ways = store.ledger.ways.all()
    accepted = {way.text for way in ways if way.state == "accepted"}
    edits = [edit.current for edit in store.ledger.edits.overlay().edits]
    recorded = {phrase for entry in edits if entry for phrase in entry.search_phrases}
    assert recorded == accepted, "an entry has the ways that are recorded as accepted"
    assert phrases(store) <= accepted, "nothing is live that was not accepted"
    assert not [way for way in ways if way.id in unwanted and way.state == "accepted"]
    store.close()


def kill(home: Home, sources: Path, number: int) -> str:
    """Kill a decision at a point, check what it left, and repeat it. Returns the point."""
    chance = random.Random(SEED + number)
    point = "an edit is committed" if number == 0 else chance.choice(list(POINTS))
    nth = chance.randint(1, ENTRIES) if point in REPEATED else 1
    store = home.store()
    numbers = propose(store, number)
    store.close()
    unwanted = chance.sample(numbers, 2)
    accept, refuse = (",".join(map(str, those)) for those in (numbers, unwanted))
    order = (point, chance.choice(["before", "after"]), str(nth))
    running = processes.start("accepting", *home.arguments, sources, accept, refuse, *order)
    _, trouble = running.process.communicate(timeout=120)
    assert running.process.returncode == -signal.SIGKILL, (order, trouble)
    check(home, unwanted)
    store = home.store()
    done = decide(store, sources, accept, refuse)
    assert (done.live, done.waiting) == (True, 0), (order, done)
    states = {way.id: way.state for way in store.ledger.ways.all() if way.id in numbers}
    wanted = {one: "refused" if one in unwanted else "accepted" for one in numbers}
    assert states == wanted, order
    accepted = {way.text for way in store.ledger.ways.all() if way.state == "accepted"}
    assert phrases(store) == accepted, order
    store.close()
    check(home, unwanted)
    return point


@counts(1, 20)
def test_killed_decision_keeps_what_was_accepted_and_can_be_repeated(
    home: Home, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pages").mkdir()
    replace_bundled(tmp_path / "pages", monkeypatch.setattr)
    sources = tmp_path / "sources"
    write(sources, first_state(FILES))
    store = home.store()
    indexer_of(store, sources).run()
    store.close()
    points = [kill(home, sources, number) for number in range(count)]
    print(f"killed at {points}")
