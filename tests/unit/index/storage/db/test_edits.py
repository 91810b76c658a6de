"""Edits, drafts and suggestions in the ledger, on each database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from index.entry import Entry, Question, Related, unlinked
from index.entry_draft import EntryDraft
from index.errors import NotFound
from index.storage.db.database import Database
from index.storage.db.drafts import SavedDraft
from index.storage.db.edit import version_of
from index.storage.db.edits import OutdatedError, Overlay
from index.storage.db.ledger import Ledger
from tests.support.entries import harbour

pytestmark = pytest.mark.databases

ANCHOR, BUOY = (unlinked(entry) for entry in harbour()[:2])
FIELDS = EntryDraft(
    "Keel",
    ("backbone",),
    "Ships",
    "The lowest timber of a ship.",
    "",
    (Related("Hull", "what stands on it", outside=True),),
    (Question("Why?", "It holds\nall."),),
)


def edited(text: str, entry: Entry = ANCHOR) -> Entry:
    return replace(entry, definition=text)


def test_an_edit_is_stored_with_the_content_of_its_source(ledger: Ledger) -> None:
    assert ledger.edits.overlay() == Overlay()
    linked = replace(ANCHOR, related=(Related("Buoy", "beside it", id="buoy"),))
    record = ledger.edits.put(
        "edited", "written", replace(linked, example="Heavy."), by="ada", imported=linked
    )
    edit = ledger.edits.get("anchor")
    assert edit is not None
    assert edit.imported == unlinked(linked), "edits do not store the ids of links"
    assert edit.content == replace(unlinked(linked), example="Heavy.")
    assert (edit.version, edit.base) == (record.version, version_of(linked))
    assert (edit.state, edit.by, edit.at) == ("written", "ada", record.at)
    assert ledger.edits.overlay() == Overlay((edit,), record.id)


def test_an_edit_of_an_outdated_version_is_rejected(ledger: Ledger) -> None:
    there = version_of(ANCHOR)
    first = ledger.edits.put(
        "edited", "written", edited("One."), by="ada", expected=there, imported=ANCHOR
    )
    with pytest.raises(OutdatedError):
        ledger.edits.put(
            "edited", "written", edited("Two."), by="bob", expected=there, imported=ANCHOR
        )
    ledger.edits.put("edited", "written", edited("Two."), by="bob", expected=first.version)
    ledger.edits.put("removed", "removed", edited("Two."), by="bob")
    with pytest.raises(OutdatedError):
        ledger.edits.put("edited", "written", edited("3."), by="ada", expected=first.version)
    ledger.edits.put("restored", "written", edited("3."), by="ada", expected="")
    assert [r.change for r in ledger.edits.history("anchor")] == [
        "edited",
        "edited",
        "removed",
        "restored",
    ]


def test_one_of_two_concurrent_edits_is_rejected(ledger: Ledger) -> None:
    def save(number: int) -> str:
        try:
            ledger.edits.put("added", "written", edited(f"{number}."), by="ada", expected="")
        except OutdatedError:
            return "refused"
        return "saved"

    with ThreadPoolExecutor(6) as pool:
        ended = list(pool.map(save, range(6)))
    assert sorted(ended) == [*["refused"] * 5, "saved"]
    assert len(ledger.edits.history("anchor")) == 1


def test_a_failure_in_the_same_transaction_undoes_the_edit(ledger: Ledger) -> None:
    def fail(_: Connection) -> None:
        raise NotFound("Gone.")

    with pytest.raises(NotFound):
        ledger.edits.put("added", "written", ANCHOR, by="ada", within=fail)
    assert ledger.edits.overlay() == Overlay()


def test_new_source_content_of_an_edited_entry_is_recorded(ledger: Ledger) -> None:
    ledger.edits.put("put back", "imported", ANCHOR, by="ada", imported=ANCHOR)
    ledger.edits.refresh({"anchor": edited("New."), "nobody": BUOY})
    edit = ledger.edits.get("anchor")
    assert edit is not None
    assert edit.imported == edited("New.")
    with pytest.raises(OutdatedError):
        ledger.edits.put(
            "edited", "written", ANCHOR, by="ada", expected=version_of(ANCHOR), imported=ANCHOR
        )
    ledger.edits.put("edited", "written", ANCHOR, by="ada", expected=version_of(edited("New.")))
    ledger.edits.refresh({"anchor": None})
    edit = ledger.edits.get("anchor")
    assert edit is not None
    assert edit.imported is None


def test_a_rollback_restores_the_source_content_at_that_time(
    ledger: Ledger, database: Database
) -> None:
    """Check an edited entry, and one that was put back before."""
    edits, later = ledger.edits, {"anchor": edited("Later."), "buoy": replace(BUOY, definition="X")}
    edits.put("edited", "written", replace(BUOY, definition="Ours."), by="ada", imported=BUOY)
    back = edits.put("put back", "imported", BUOY, by="ada")
    edits.put("edited", "written", edited("Ours."), by="ada", imported=ANCHOR)
    edits.refresh(later)
    with database.writing() as connection:
        edits.roll_back(connection, back.id, {"anchor": ANCHOR, "buoy": BUOY}, "cleo")
    assert [(one.state, one.imported) for one in edits.overlay().edits] == [
        ("imported", ANCHOR),
        ("imported", BUOY),
    ]
    with database.writing() as connection:
        edits.roll_back(connection, 0, {"buoy": BUOY}, "cleo")
    anchor, _ = edits.overlay().edits
    assert (anchor.state, anchor.imported) == ("imported", None), (
        "unknown until the source is read again"
    )


def test_a_rollback_undoes_a_removal_although_the_source_has_lost_the_entry_since(
    ledger: Ledger, database: Database
) -> None:
    ledger.edits.put("removed", "removed", ANCHOR, by="ada", imported=ANCHOR)
    ledger.edits.refresh({"anchor": None})
    with database.writing() as connection:
        ledger.edits.roll_back(connection, 0, {"anchor": ANCHOR}, "cleo")
    (anchor,) = ledger.edits.overlay().edits
    assert (anchor.state, anchor.imported) == ("imported", ANCHOR)


def test_drafts_are_kept_for_a_week(ledger: Ledger) -> None:
    old = datetime.now(UTC) - timedelta(8)
    ledger.drafts.keep("U1", SavedDraft("anchor", FIELDS, "", old))
    assert ledger.drafts.get("U1", "anchor") is None
    assert ledger.drafts.forget_older(datetime.now(UTC) - timedelta(7)) == 1


def test_drafts_and_suggestions_are_deleted_with_the_users_data(ledger: Ledger) -> None:
    now = datetime.now(UTC)
    ledger.drafts.keep("U1", SavedDraft("anchor", FIELDS, "", now))
    ledger.drafts.keep("U2", SavedDraft("anchor", FIELDS, "", now))
    waiting = ledger.suggestions.add(FIELDS, "U1", "ada", now)
    decided = ledger.suggestions.add(FIELDS, "U1", "ada", now)
    ledger.suggestions.decline(decided.id, "bob", "")
    assert (ledger.suggestions.count_open("U1"), ledger.suggestions.count_open()) == (1, 1)
    gone = ledger.questions.forget("U1")
    assert (gone.drafts, gone.suggestions) == (1, 1)
    assert ledger.drafts.get("U1", "anchor") is None
    assert ledger.drafts.get("U2", "anchor") is not None
    with pytest.raises(NotFound):
        ledger.suggestions.get(waiting.id)
    kept = ledger.suggestions.get(decided.id)
    assert (kept.person, kept.name, kept.reviewer) == ("", "", "bob")
