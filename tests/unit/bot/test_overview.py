"""The data for the Home tab, from the harbour index."""

from datetime import UTC, datetime

import pytest

from bot.assistant import Assistant
from bot.overview import Overview
from index.errors import LedgerError
from index.search.browse import PageRef
from index.storage import Store
from index.storage.db.questions import QuestionRecord


def record(store: Store, name: str, person: str, text: str, place: str = "public") -> None:
    store.ledger.questions.keep(
        QuestionRecord(
            id=name,
            at=datetime.now(UTC),
            person=person,
            place=place,  # type: ignore[arg-type]
            channel="",
            text=text,
            outcome="answered",
            entries=("dock",),
        )
    )


def overview(desk: Assistant, person: str, place: PageRef | None = None) -> Overview:
    found = desk.overview(person, place)
    assert isinstance(found, Overview)
    return found


def test_the_home_tab_is_shown_despite_an_unreadable_ledger(
    desk: Assistant, harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("It is away.", "Wait.")

    monkeypatch.setattr(harbour_store.ledger.questions, "recent", fail)
    monkeypatch.setattr(harbour_store.ledger.questions, "most_asked", fail)
    assert overview(desk, "ada").recent == ()
    assert len(desk.suggested_questions(4)) == 4


def test_public_questions_from_several_users_are_suggested_first(
    desk: Assistant, harbour_store: Store
) -> None:
    record(harbour_store, "1", "ada", "What is a dock?")
    record(harbour_store, "2", "ben", "What is a dock?")
    record(harbour_store, "3", "ben", "What is ours?")
    record(harbour_store, "4", "ada", "What is secret?", "private")
    record(harbour_store, "5", "ben", "What is secret?", "private")
    found = desk.suggested_questions(4)
    assert found[0] == "What is a dock?"
    assert "What is ours?" not in found
    assert len(found) == len(set(found)) == 4
    assert "What is secret?" not in found
    assert desk.suggested_questions(1) == ["What is a dock?"]
