"""The data of the Home tab, over the harbour index."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import Assistant
from bot.overview import Overview
from index.build.reindex import SourceContent, reindex
from index.entry import Question as OwnQuestion
from index.errors import LedgerError
from index.search.browse import PageRef
from index.storage import Store
from index.storage.db import QuestionRecord
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


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
    found = desk.front(person, place)
    assert isinstance(found, Overview)
    return found


def test_an_unreadable_ledger_leaves_its_parts_out(
    desk: Assistant, harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LedgerError("It is away.", "Wait.")

    monkeypatch.setattr(harbour_store.ledger.questions, "recent", fail)
    monkeypatch.setattr(harbour_store.ledger.questions, "most_asked", fail)
    assert overview(desk, "ada").recent == ()
    assert len(desk.suggested_questions(4)) == 4


def test_public_questions_of_several_users_are_suggested_first(
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


def test_short_questions_of_entries_are_suggested_first(tmp_path: Path) -> None:
    long = tuple(OwnQuestion(f"{'Why ' * 20}{at}?", "So.") for at in range(20))
    entries = [replace(entry, faq=entry.faq + long) for entry in harbour()]
    store = Store(tmp_path)
    reindex(store, SourceContent(entries), ToyEmbedder())
    found = Assistant(store, ToyEmbedder()).suggested_questions(4)
    assert all(question.startswith("Who looks after") for question in found)
    store.close()
