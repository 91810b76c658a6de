"""Proposed ways to ask, on each database."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from index.entry import Entry
from index.storage.db.ledger import Ledger
from index.storage.db.way_ledger import CHECK, DecidedError, NewWay
from tests.support.entries import harbour
from tests.support.questions import question_record

pytestmark = pytest.mark.databases

LIFT = NewWay(entry="crane", text="what lifts cargo", version="1")
TOWER = NewWay(entry="crane", text="the steel tower", version="1")
WEAK = NewWay(entry="crane", text="a thing", version="1", reason="it finds Dock")
CRANE: Entry = harbour()[2]


def accept(ledger: Ledger, *numbers: int) -> None:
    """Accept ways with an edit of their entry."""
    ways = (one for one in ledger.ways.all() if one.id in numbers or one.state == "accepted")
    ledger.edits.put(
        "phrase",
        "written",
        replace(CRANE, search_phrases=tuple(one.text for one in ways)),
        by="ada",
        within=lambda connection: ledger.ways.accept_within(connection, numbers, "ada"),
    )


def test_ways_are_proposed_once(ledger: Ledger) -> None:
    assert ledger.ways.record([LIFT, TOWER, LIFT]) == [LIFT, TOWER]
    assert ledger.ways.record([NewWay(entry="crane", text="What lifts cargo?", version="2")]) == []
    found = ledger.ways.proposed()
    assert [(way.id, way.text, way.origin, way.by, way.decided) for way in found] == [
        (1, "what lifts cargo", "model", "", None),
        (2, "the steel tower", "model", "", None),
    ]


def test_way_that_the_check_refused_is_recorded_and_never_waits(ledger: Ledger) -> None:
    assert ledger.ways.record([WEAK]) == [WEAK]
    assert ledger.ways.proposed() == []
    (way,) = ledger.ways.all()
    assert (way.state, way.by, way.reason) == ("refused", CHECK, "it finds Dock")
    assert way.decided is not None


def test_refused_way_can_be_proposed_again_for_another_version(ledger: Ledger) -> None:
    ledger.ways.record([LIFT])
    assert ledger.ways.refuse({1: ""}, "ada") == 1
    assert ledger.ways.refuse({1: ""}, "bob") == 0
    assert ledger.ways.record([LIFT]) == []
    again = NewWay(entry="crane", text="what lifts cargo", version="2")
    assert ledger.ways.record([again]) == [again]
    (way,) = ledger.ways.proposed()
    assert (way.id, way.version, way.by, way.reason) == (1, "2", "", "")


def test_acceptance_and_edit_are_one_transaction(ledger: Ledger) -> None:
    ledger.ways.record([LIFT, TOWER])
    ledger.ways.refuse({2: ""}, "ada")

    with pytest.raises(DecidedError):
        accept(ledger, 1, 2)
    assert ledger.edits.get("crane") is None
    assert [way.id for way in ledger.ways.proposed()] == [1]
    accept(ledger, 1)
    assert ledger.edits.get("crane") is not None
    assert [way.state for way in ledger.ways.all()] == ["accepted", "refused"]


def test_version_of_a_proposed_way_is_confirmed(ledger: Ledger) -> None:
    ledger.ways.record([LIFT, TOWER])
    ledger.ways.refuse({2: ""}, "ada")
    ledger.ways.confirm({1: "2", 2: "2"})
    assert [way.version for way in ledger.ways.all()] == ["2", "1"]


def forget_user(ledger: Ledger) -> None:
    ledger.questions.forget("U1")


def remove_question(ledger: Ledger) -> None:
    ledger.questions.remove("a")


def edit_question(ledger: Ledger) -> None:
    ledger.questions.keep(question_record("a", text="What else?"))


@pytest.mark.parametrize("delete", [forget_user, remove_question, edit_question])
def test_open_way_from_a_question_goes_with_the_question(
    ledger: Ledger, delete: Callable[[Ledger], None]
) -> None:
    ledger.questions.keep(question_record("a", text='"What lifts\u200b cargo?"'))
    ledger.questions.keep(question_record("b", text="The steel tower", person="U2"))
    ledger.ways.record([LIFT, TOWER], "use")
    delete(ledger)
    assert [way.text for way in ledger.ways.proposed()] == [TOWER.text]


def test_ways_of_a_model_and_accepted_ones_stay_without_the_question(ledger: Ledger) -> None:
    for name, way in (("a", LIFT), ("b", TOWER)):
        ledger.questions.keep(question_record(name, text=way.text))
    ledger.ways.record([LIFT])
    ledger.ways.record([TOWER], "use")
    accept(ledger, 2)
    ledger.questions.forget("U1")
    assert [(way.text, way.state) for way in ledger.ways.all()] == [
        (LIFT.text, "proposed"),
        (TOWER.text, "accepted"),
    ]


def test_open_ways_from_questions_expire(ledger: Ledger) -> None:
    ledger.ways.record([LIFT])
    ledger.ways.record([TOWER], "use")
    now = datetime.now(UTC)
    assert ledger.ways.forget_older(now - timedelta(1)) == 0
    assert ledger.ways.forget_older(now + timedelta(1)) == 1
    assert [way.text for way in ledger.ways.all()] == [LIFT.text]
