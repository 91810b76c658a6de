"""Deciding on ways to ask: permissions, interruption, and what an entry has room for."""

import json
from dataclasses import replace

import pytest

from bot.admin.admin_service import AdminService
from bot.admin.editing_service import EditingService
from bot.admin.way_numbers import ALL
from bot.admin.way_proposals import WayService
from bot.admin.way_requests import Budget
from bot.indexing import Indexer
from bot.replies.base import Problem
from bot.replies.editing import Saved
from bot.replies.ways import WayList, WaysDecided, WaysRead
from index.entry import MOST_PHRASES
from index.entry_draft import EntryDraft, draft_of
from index.sources.source import BUNDLED
from index.storage.db.edit import version_of
from index.ways.chat_client import ChatReply
from index.ways.chat_server import ChatServer
from tests.unit.bot.admin import ADA, CLEO
from tests.unit.bot.admin.test_editing import is_a


@pytest.fixture
def ways(indexer: Indexer) -> WayService:
    return AdminService(indexer).editing.ways


def live_phrases(indexer: Indexer, entry: str) -> tuple[str, ...]:
    with indexer.store.reading() as generation:
        return generation.entries[entry].search_phrases


def propose(ways: WayService, entry: str, *texts: str) -> None:
    reply = json.dumps({"entry": entry, "ways": texts})
    assert is_a(WaysRead, ways.read(BUNDLED, reply, ADA)).proposed == len(texts)


def test_only_admins_may_list_and_decide(ways: WayService) -> None:
    propose(ways, "sail", "the cloth for wind")
    for reply in (ways.review(BUNDLED, CLEO), ways.decide(BUNDLED, [ALL], [], CLEO)):
        assert is_a(Problem, reply).code == "not_admin"
    assert is_a(WayList, ways.review(BUNDLED, ADA)).waiting == 1


def test_accepted_way_goes_live_when_an_interrupted_decision_is_repeated(
    ways: WayService, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(ways, "sail", "the cloth for wind", "wind catching cloth")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(EditingService, "build", killed)
        with pytest.raises(KeyboardInterrupt):
            ways.decide(BUNDLED, [(1, 1)], [], ADA)
    assert live_phrases(indexer, "sail") == ()
    done = is_a(WaysDecided, ways.decide(BUNDLED, [(1, 1)], [], ADA))
    assert (done.accepted, done.waiting, done.live) == (0, 1, True)
    assert live_phrases(indexer, "sail") == ("the cloth for wind",)


def test_next_reindex_makes_an_accepted_way_live_and_no_proposed_one(
    ways: WayService, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose(ways, "sail", "the cloth for wind", "wind catching cloth")
    with monkeypatch.context() as patch:
        problem = Problem(code="store_busy", message="Busy.")
        patch.setattr(EditingService, "build", lambda *_: problem)
        done = is_a(WaysDecided, ways.decide(BUNDLED, [(2, 2)], [], ADA))
    assert (done.accepted, done.live, done.trouble) == (1, False, "")
    indexer.run()
    assert live_phrases(indexer, "sail") == ("wind catching cloth",)


def test_entry_takes_no_more_ways_than_it_has_room_for(ways: WayService) -> None:
    for start in (0, 10, 20):
        texts = (f"the cloth for wind {number}" for number in range(start, start + 10))
        propose(ways, "sail", *texts)
    done = is_a(WaysDecided, ways.decide(BUNDLED, [ALL], [], ADA))
    assert (done.accepted, done.waiting) == (MOST_PHRASES, 10)
    assert "20 search phrases" in done.dropped[0].reason


class OneReply:
    """A client that answers once, and ends the process at the second request."""

    def __init__(self, _: ChatServer) -> None:
        self.requests = 0

    def __enter__(self) -> "OneReply":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ask(self, text: str) -> ChatReply:
        self.requests += 1
        if self.requests > 1:
            raise SystemExit
        return ChatReply(json.dumps({"entry": "anchor", "ways": ["iron hook of a ship"]}), 9)


SERVER = ChatServer("https://llm.example/v1", "small")


def test_reply_of_a_server_is_recorded_before_the_next_request(
    ways: WayService, indexer: Indexer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ways.chat_client.ChatClient", OneReply)
    monkeypatch.setattr("index.ways.request.ENTRIES_PER_BATCH", 2)
    told: list[int] = []
    service = AdminService(indexer).editing.way_requests
    assert is_a(Problem, service.ask(BUNDLED, SERVER, Budget(), CLEO)).code == "not_admin"
    with pytest.raises(SystemExit):
        service.ask(BUNDLED, SERVER, Budget(), ADA, announce=told.append)
    assert told == [3]
    assert [way.text for way in is_a(WayList, ways.review(BUNDLED, ADA)).ways] == [
        "iron hook of a ship"
    ]
    assert "anchor" not in [entry.id for entry in ways.entries_left(BUNDLED)]


def accept_and_edit(ways: WayService, indexer: Indexer, stop: str) -> None:
    """Accept a way, and change its entry; the build is killed in the function `stop`."""
    propose(ways, "sail", "the cloth for wind")
    assert is_a(WaysDecided, ways.decide(BUNDLED, [ALL], [], ADA)).live
    writer = AdminService(indexer).editing.entries
    canvas = EntryDraft(term="Canvas", definition="The cloth for the wind.")
    assert is_a(Saved, writer.save(canvas, "", ADA)).live
    entry = indexer.store.ledger.edits.get("sail")
    assert entry is not None
    changed = replace(draft_of(entry.content), definition="A purple cloud on a mountain.")
    version = version_of(entry.content)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stop, killed)
        with pytest.raises(KeyboardInterrupt):
            writer.save(changed, version, ADA, entry="sail")


@pytest.mark.parametrize(
    ("stop", "state"),
    [
        ("bot.way_checks.check_indexed", "accepted"),
        ("index.storage.db.way_ledger.WayProposals.return_within", "accepted"),
        ("bot.indexing.Indexer._with_later_edits", "proposed"),
    ],
)
def test_next_reindex_completes_the_check_of_a_changed_entry(
    ways: WayService, indexer: Indexer, stop: str, state: str
) -> None:
    accept_and_edit(ways, indexer, stop)
    (way,) = indexer.store.ledger.ways.all()
    assert way.state == state
    recorded = indexer.store.ledger.edits.get("sail")
    assert recorded is not None
    assert (way.text in recorded.content.search_phrases) == (state == "accepted")
    indexer.run()
    assert live_phrases(indexer, "sail") == ()
    (way,) = indexer.store.ledger.ways.all()
    assert (way.state, way.reason != "", way.by) == ("proposed", True, "")
    listed = is_a(WayList, ways.review(BUNDLED, ADA))
    assert [one.reason for one in listed.ways] == [way.reason]
