"""Proposed ways to ask, on each database."""

import pytest

from index.entry import Entry
from index.storage.db.ledger import Ledger
from index.storage.db.way_ledger import CHECK, DecidedError, NewWay
from tests.support.entries import harbour

pytestmark = pytest.mark.databases

LIFT = NewWay(entry="crane", text="what lifts cargo", version="1")
TOWER = NewWay(entry="crane", text="the steel tower", version="1")
WEAK = NewWay(entry="crane", text="a thing", version="1", reason="it finds Dock")
CRANE: Entry = harbour()[2]


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

    def put(numbers: list[int]) -> None:
        ledger.edits.put(
            "phrase",
            "written",
            CRANE,
            by="ada",
            within=lambda connection: ledger.ways.accept_within(connection, numbers, "ada"),
        )

    with pytest.raises(DecidedError):
        put([1, 2])
    assert ledger.edits.get("crane") is None
    assert [way.id for way in ledger.ways.proposed()] == [1]
    put([1])
    assert ledger.edits.get("crane") is not None
    assert [way.state for way in ledger.ways.all()] == ["accepted", "refused"]


def test_version_of_a_proposed_way_is_confirmed(ledger: Ledger) -> None:
    ledger.ways.record([LIFT, TOWER])
    ledger.ways.refuse({2: ""}, "ada")
    ledger.ways.confirm({1: "2", 2: "2"})
    assert [way.version for way in ledger.ways.all()] == ["2", "1"]
