"""The data for the Home tab, from the harbour index."""

import pytest

from bot.assistant import Assistant
from bot.identity import User
from bot.overview import Overview
from index.errors import LedgerError
from index.search.browse import PageRef
from index.storage import Store
from tests.support.questions import question_record


def overview(desk: Assistant, person: str, place: PageRef | None = None) -> Overview:
    found = desk.overview(User(person), place)
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
    for number, (text, person, place) in enumerate(
        [
            *(("What is a dock?", person, "public") for person in ("ada", "ben")),
            ("What is ours?", "ben", "public"),
            *(("What is secret?", person, "private") for person in ("ada", "ben")),
        ]
    ):
        asked = {"person": person, "text": text, "place": place, "entries": ("dock",)}
        harbour_store.ledger.questions.keep(question_record(str(number), **asked))
    found = desk.suggested_questions(4)
    assert found[0] == "What is a dock?"
    assert "What is ours?" not in found
    assert len(found) == len(set(found)) == 4
    assert "What is secret?" not in found
    assert desk.suggested_questions(1) == ["What is a dock?"]
