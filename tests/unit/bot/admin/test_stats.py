"""Question statistics, on each database."""

import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.admin.stats import stats_of
from bot.rendering.common import sparkline
from bot.rendering.insights import stats_lines
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from tests.support.entries import harbour
from tests.support.questions import question_record
from tests.support.toy import ToyEmbedder

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(store: Store, first: str, person: str = "U1", votes: str = "", **others: Any) -> None:
    """Record a question with the result `first`, and votes: `+` for helpful, `-` for not."""
    name = secrets.token_hex(8)
    entries = (first,) if first else ()
    given = {"at": NOON, "text": name, "entries": entries, "person": person} | others
    store.ledger.questions.keep(question_record(name, **given))
    for voter, vote in enumerate(votes):
        store.ledger.questions.vote(name, f"V{voter}", helpful=vote == "+", at=NOON)


@pytest.mark.databases
def test_stats_count_questions_outcomes_and_votes(harbour_store: Store) -> None:
    for person in ("U1", "U2"):
        record(harbour_store, "anchor", person, "++-", seconds=0.2)
    record(harbour_store, "anchor", "U2", "-", seconds=0.4)
    record(harbour_store, "buoy", "U3", "--+", seconds=3.0, at=NOON - timedelta(2))
    record(harbour_store, "", "U3", outcome="declined", at=NOON - timedelta(2))
    record(harbour_store, "dock", "U4", at=NOON - timedelta(31))
    reply = stats_of(harbour_store, 30, NOON)
    assert (reply.generation, reply.questions, reply.people, reply.answered) == ("g000001", 5, 3, 4)
    assert (reply.helpful, reply.not_helpful) == (5, 5)
    assert (reply.median, reply.p95) == (0.2, 3.0)
    top = [(one.entry.id, one.questions, one.people, one.helpful) for one in reply.top]
    assert top == [("anchor", 3, 2, 4), ("buoy", 1, 1, 1)]
    assert reply.unasked_total == len(harbour()) - 2
    assert "dock" in {mention.id for mention in reply.unasked}
    assert [(one.entry.id, one.not_helpful) for one in reply.stale] == [("buoy", 2)]
    assert [stretch.questions for stretch in reply.plot] == [0] * 27 + [2, 0, 3]
    assert reply.plot[-1].day == NOON.date()


@pytest.mark.databases
def test_private_questions_count_only_in_the_totals(harbour_store: Store) -> None:
    record(harbour_store, "anchor", place="private", votes="-")
    record(harbour_store, "buoy", place="direct")
    record(harbour_store, "crane", place="direct", told=True)
    record(harbour_store, "dock", place="terminal")
    reply = stats_of(harbour_store, 30, NOON)
    assert (reply.questions, reply.not_helpful) == (4, 1)
    assert {one.entry.id for one in reply.top} == {"crane", "dock"}
    assert reply.stale == ()
    assert {"anchor", "buoy"} <= {mention.id for mention in reply.unasked}


def test_entries_to_review_are_sorted_by_votes_and_then_by_age(harbour_store: Store) -> None:
    ages = {"anchor": 366, "buoy": 364, "crane": 900, "dock": 900}
    owners = {"dock": "<@U1>", "anchor": "Harbour office"}
    entries = [
        replace(
            entry,
            updated=NOON.date() - timedelta(ages[entry.id]),
            owner=owners.get(entry.id, ""),
        )
        if entry.id in ages
        else entry
        for entry in harbour()
    ]
    reindex(harbour_store, SourceContent(entries), ToyEmbedder())
    record(harbour_store, "dock", votes="-")
    reply = stats_of(harbour_store, 30, NOON)
    assert [one.entry.id for one in reply.stale] == ["dock", "crane", "anchor"]
    assert reply.stale_total == 3
    assert [one.owner for one in reply.stale] == ["<@U1>", "", "Harbour office"]
    assert "owner: Harbour office)" in "\n".join(stats_lines(reply))


@pytest.mark.databases
def test_helpful_questions_are_offered_as_search_phrases(harbour_store: Store) -> None:
    asked: dict[str, Any] = {"answer": "It is.", "first": "anchor"}
    record(harbour_store, text="what holds a ship", votes="++-", **asked)
    record(harbour_store, text="What holds a ship?", votes="+", **asked)
    record(harbour_store, text="shared with us", votes="+", place="direct", told=True, **asked)
    others: dict[str, dict[str, Any]] = {
        "asked in a private channel": {"place": "private"},
        "asked in a direct message": {"place": "direct"},
        "helped one of two": {"votes": "+-"},
        "not voted on": {"votes": ""},
        "cites two": {"entries": ("anchor", "buoy")},
        "is about what is gone": {"first": "gone"},
        "neighbours only": {"answer": ""},
        "Who looks after a anchor": {},
        "hook": {},
        "x " * 101: {},
        "asked long ago": {"at": NOON - timedelta(31)},
    }
    for text, given in others.items():
        record(harbour_store, text=text, **({"votes": "+++"} | asked | given))
    reply = stats_of(harbour_store, 30, NOON)
    assert [(one.entry.id, one.question, one.helpful) for one in reply.phrase_candidates] == [
        ("anchor", "what holds a ship", 2),
        ("anchor", "shared with us", 1),
    ]
    assert stats_lines(reply)[-2:] == [
        "Helped 2 people: /near-admin phrase Anchor = what holds a ship",
        "Helped 1 person: /near-admin phrase Anchor = shared with us",
    ]
    for number in range(9):
        record(harbour_store, text=f"what is it {number}", votes="+", **asked)
    assert len(stats_of(harbour_store, 30, NOON).phrase_candidates) == 5


def test_the_plot_fits_on_one_line(harbour_store: Store) -> None:
    record(harbour_store, "anchor")
    for days, signs in ((7, 7), (60, 60), (61, 31), (36_500, 60)):
        plot = stats_of(harbour_store, days, NOON).plot
        assert (len(plot), sum(stretch.questions for stretch in plot)) == (signs, 1)
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([0, 1, 4, 8]) == "▁▂▅█"
