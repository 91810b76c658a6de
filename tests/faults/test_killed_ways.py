"""If `nearsay ways SOURCE` is killed, what was recorded stays, and nothing is live."""

import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from index.storage.db.way_ledger import WayProposal
from tests.faults import processes
from tests.faults.homes import Home
from tests.support.chat_server import FakeChatServer, Received, fake_chat_server, said
from tests.support.command_line import write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.children,
    pytest.mark.skipif(sys.platform != "linux", reason="kills a process with a signal"),
]

ENTRIES = 65
KILLS = 4
SEED = 20_261_203


def entries_in(request: Received) -> list[str]:
    """Return the ids of the entries in a request."""
    rows = request.text.rpartition("<entries>")[2].splitlines()
    return [json.loads(row)["entry"] for row in rows if row.startswith("{")]


def way_for(entry: str) -> str:
    return f"please a {entry.rpartition('/')[2]} of ship"


def reply_to(received: list[Received], request: BaseHTTPRequestHandler) -> None:
    """Answer the latest request with a way for each of its entries."""
    rows = (json.dumps({"entry": one, "ways": [way_for(one)]}) for one in entries_in(received[-1]))
    said("\n".join(rows))(request)


def recorded(home: Home) -> list[WayProposal]:
    """Return the recorded ways, and check that none is live or decided."""
    store = home.store()
    with store.reading() as generation:
        assert generation.id == "g000001"
        assert not [one for one in generation.entries.values() if one.search_phrases]
    assert not store.ledger.edits.overlay().edits
    ways = store.ledger.ways.all()
    store.close()
    assert {(way.state, way.by) for way in ways} <= {("proposed", "")}
    assert [way.text for way in ways] == [way_for(way.entry) for way in ways]
    return ways


@pytest.fixture
def fake(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeChatServer]:
    """Index a glossary, and return a server that the settings name."""
    folder = tmp_path / "words"
    folder.mkdir()
    for number in range(ENTRIES):
        write(folder, f"Part{number:02}", f"The part{number:02} of a ship.")
    for name, value in {
        "NEARSAY_DATA_DIR": str(home.data),
        "DATABASE_URL": home.database,
        "NEARSAY_ENCYCLOPEDIA": "off",
        "NEARSAY_LLM_MODEL": "small-model",
    }.items():
        monkeypatch.setenv(name, value)
    processes.run("commanding", "index", "--source", folder)
    with fake_chat_server() as server:
        monkeypatch.setenv("NEARSAY_LLM_URL", server.url)
        yield server


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_killed_request_keeps_what_was_recorded_and_can_be_repeated(
    home: Home, fake: FakeChatServer
) -> None:
    chance = random.Random(SEED)
    kept: list[WayProposal] = []
    for _ in range(KILLS):
        fake.received.clear()
        hangs = chance.choice([True, False])
        fake.answers = [lambda request: reply_to(fake.received, request)]
        fake.answers += [fake.hang] if hangs else []
        running = processes.start("commanding", "ways", "words")
        while len(fake.received) < 1 + hangs and running.process.poll() is None:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, 0.05))  # while the reply is checked and recorded
        running.kill()
        assert running.process.returncode == -signal.SIGKILL
        ways = recorded(home)
        assert ways[: len(kept)] == kept, "what was recorded before stays"
        known = {way.entry for way in kept}
        asked = [one for request in fake.received for one in entries_in(request)]
        assert not known.intersection(asked), "only entries without a way are asked for"
        new = {way.entry for way in ways} - known
        assert new <= set(asked)
        assert not hangs or new >= set(entries_in(fake.received[0])), "a batch is recorded whole"
        kept = ways
    assert 0 < len(kept) < ENTRIES, "it was killed in the middle"
    fake.received.clear()
    fake.answers = [lambda request: reply_to(fake.received, request)]
    processes.run("commanding", "ways", "words")
    ways = recorded(home)
    assert ways[: len(kept)] == kept
    assert len({way.entry for way in ways}) == len(ways) == ENTRIES
