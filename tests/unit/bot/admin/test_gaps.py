"""Questions without an answer, as `/near-admin gaps` reports them."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.admin.admin_service import AdminService
from bot.commands.spec import Request
from bot.identity import OPERATOR
from bot.indexing import Indexer
from bot.replies.insights import Gaps
from index.storage import Store
from tests.support.questions import question_record
from tests.support.toy import ToyEmbedder


def record(store: Store, text: str, person: str = "U1", **others: Any) -> None:
    given = {"outcome": "sparse", "text": text, "person": person} | others
    store.ledger.questions.keep(question_record(secrets.token_hex(8), **given))


def gaps(store: Store) -> Gaps:
    administration = AdminService(Indexer(store, ToyEmbedder()))
    reply = administration.answer(Request("near-admin", "", {}, "gaps"), OPERATOR)
    assert isinstance(reply, Gaps), reply
    return reply


@pytest.mark.databases
def test_gaps_have_sizes_examples_and_nearest_entries(harbour_store: Store) -> None:
    for person in ("U1", "U2", "U3"):
        record(harbour_store, "what is a capstan?", person)
    record(harbour_store, "who turns the capstan on a ship")
    record(harbour_store, "wheelhouse windows")
    record(harbour_store, "halyard", at=datetime.now(UTC) - timedelta(31))
    reply = gaps(harbour_store)
    assert (reply.generation, reply.model, reply.days) == ("g000001", "toy", 30)
    assert (reply.questions, reply.people, reply.total) == (5, 3, 2)
    first, second = reply.gaps
    assert (first.title, first.questions, first.people) == ("Capstan", 4, 3)
    assert first.examples == ("what is a capstan?", "who turns the capstan on a ship")
    assert len(first.nearest) == 3
    assert first.entry is None
    assert (second.title, second.questions, second.people) == ("Wheelhouse windows", 1, 1)


def test_gaps_omit_answered_questions_and_name_a_matching_entry(harbour_store: Store) -> None:
    record(harbour_store, "Buoy", outcome="unknown")
    record(harbour_store, "what is a crane?", outcome="declined")
    (gap,) = gaps(harbour_store).gaps
    assert gap.entry is not None
    assert (gap.title, gap.entry.id) == ("Crane", "crane")
    assert all(mention.id != "crane" for mention in gap.nearest)


def test_a_question_that_an_entry_is_near_is_not_a_gap(harbour_store: Store) -> None:
    record(harbour_store, "wheelhouse windows")
    record(harbour_store, "a thick rope for mooring or towing", outcome="declined")
    reply = gaps(harbour_store)
    assert [gap.title for gap in reply.gaps] == ["Wheelhouse windows"]
    assert reply.total == 1
