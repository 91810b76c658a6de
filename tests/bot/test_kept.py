"""What is kept of a reply, and of which replies nothing is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.kept import question_of
from bot.replies import Problem, Reply
from index.store.ledger import Question
from tests.bot.samples import KINDS, answer, neighbours, reply

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ASK, NEAR, DEFINE = (Request(name, " what \n is x? ") for name in ("ask", "near", "define"))


def kept(reply: Reply, request: Request | None, person: str = "U1") -> Question | None:
    return question_of(
        reply, request, name="a", at=NOON, person=person, place="public", channel="C1"
    )


@pytest.mark.parametrize(
    ("kind", "request_", "outcome"),
    [
        ("answer", ASK, "answered"),
        ("declined", ASK, "sparse"),
        ("neighbours", NEAR, "answered"),
        ("sparse", NEAR, "sparse"),
        ("entry", DEFINE, "answered"),
    ],
)
def test_what_was_asked_is_kept_with_what_came_of_it(
    kind: str, request_: Request, outcome: str
) -> None:
    question = kept(reply(kind, "x"), request_)
    assert question is not None
    assert question.text == "what is x?"
    assert (question.outcome, question.entries[0], question.generation) == (outcome, "x", "x")
    assert (question.person, question.place, question.channel) == ("U1", "public", "C1")
    assert question.told is False


def test_an_answer_is_kept_in_its_words() -> None:
    told = kept(answer("the words"), ASK)
    assert told is not None
    assert told.answer == "the words"


def test_a_decline_near_to_something_is_no_empty_place() -> None:
    told = kept(replace(answer("x", answered=False), sparse=False), ASK)
    assert told is not None
    assert told.outcome == "declined"


def test_what_a_button_asks_by_an_id_is_kept_by_the_name() -> None:
    found = neighbours("top-k-sampling")
    named = replace(found, neighbours=(replace(found.neighbours[0], term="Top-k sampling"),))
    told = kept(named, Request("near", "top-k-sampling"))
    assert told is not None
    assert told.text == "Top-k sampling"


def test_a_name_that_no_entry_has_is_kept() -> None:
    missing = Problem(code="not_found", message="There is none.")
    told = kept(missing, DEFINE)
    assert told is not None
    assert (told.outcome, told.entries, told.answer) == ("unknown", (), "")
    assert kept(missing, NEAR) is None  # a category that there is not
    assert kept(replace(missing, code="ledger"), DEFINE) is None


@pytest.mark.parametrize(
    "kind",
    [
        kind
        for kind in KINDS
        if kind not in ("answer", "declined", "neighbours", "sparse", "entry", "senses")
    ],
)
def test_nothing_is_kept_of_what_is_no_question(kind: str) -> None:
    assert kept(reply(kind, "x"), ASK) is None


def test_nothing_is_kept_of_nobody_and_of_no_request() -> None:
    assert kept(answer("x"), None) is None
    assert kept(answer("x"), ASK, person="") is None


@pytest.mark.parametrize(
    "line",
    [
        "delete my data",
        "Delete my data.",
        "please delete my data!",
        "/near delete my data",
        "  /NEAR   DELETE MY DATA  ",
    ],
)
def test_deleting_is_said_or_typed_as_a_command(line: str) -> None:
    request = parse(line)
    assert isinstance(request, Request)
    assert request.command == "forget"


@pytest.mark.parametrize("line", ["how do I delete my data?", "/define delete my data", "delete"])
def test_speaking_of_deleting_deletes_nothing(line: str) -> None:
    request = parse(line)
    assert isinstance(request, Request)
    assert request.command != "forget"
