"""The data for the Home tab, from the harbour index."""

from collections import Counter

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


def test_the_home_tab_suggests_three_questions_and_leaves_out_fragments(
    desk: Assistant, harbour_store: Store
) -> None:
    texts = ("What is a dock?", "and how does it work?", "why?", "anchor", "what about them?")
    for number, text in enumerate(texts):
        record = question_record(f"f{number}", person="cleo", text=text)
        harbour_store.ledger.questions.keep(record)
    found = overview(desk, "cleo")
    assert set(found.recent) == {"What is a dock?", "anchor"}
    assert len(set(found.suggested)) == 3


def test_a_suggested_question_is_that_of_an_entry_which_others_name_as_related(
    desk: Assistant, harbour_store: Store
) -> None:
    with harbour_store.reading() as generation:
        entries = generation.entries.values()
        linked = Counter(item.id for entry in entries for item in entry.related)
        central = max((e for e in entries if e.faq), key=lambda e: linked[e.id])
    assert central.faq[0].question in desk.suggested_questions(3)


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
