"""Applying edits to the entries from sources."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from index.editing.overlay import apply_edits, pending_edits, rebase
from index.entry import Detail, Entry, link, unlinked
from index.storage.db.edit import Edit, EditState, version_of
from tests.support.entries import harbour

HARBOUR = [unlinked(entry) for entry in harbour()]
ANCHOR, BUOY, CRANE, *OTHERS = HARBOUR
KEEL = Entry("written/keel", "Keel", "The lowest timber.", source="written")
MAST = Entry("rig/mast", "Mast", "A pole.", source="rig")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def edit(content: Entry, state: EditState = "written", imported: Entry | None = None) -> Edit:
    version = "" if state == "removed" else version_of(content)
    return Edit(content.id, state, content, version, imported, "", NOON, "ada")


def changed(entry: Entry, text: str = "Ours.") -> Entry:
    return replace(entry, definition=text)


def ids(entries: list[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def test_an_edit_replaces_its_entry_and_new_entries_come_last() -> None:
    found = apply_edits(
        HARBOUR,
        [edit(KEEL), edit(changed(BUOY), imported=BUOY), edit(CRANE, "removed", CRANE)],
        ["harbour"],
    )
    assert found == [ANCHOR, changed(BUOY), *OTHERS, KEEL]


def test_edits_can_be_applied_again_or_reverted_on_indexed_entries() -> None:
    edits = [edit(KEEL), edit(changed(BUOY), imported=BUOY), edit(CRANE, "removed", CRANE)]
    once = apply_edits([*HARBOUR, MAST], edits, ["harbour", "rig"])
    assert apply_edits(link(once), edits, ["harbour", "rig"]) == link(once)
    back = [edit(KEEL, "removed"), edit(BUOY, "imported", BUOY), edit(CRANE, "imported", CRANE)]
    assert {e.id: e for e in apply_edits(once, back, ["harbour", "rig"])} == {
        e.id: e for e in [*HARBOUR, MAST]
    }


def test_edits_of_a_missing_source_are_ignored() -> None:
    assert apply_edits(HARBOUR, [edit(MAST)], ["harbour"]) == HARBOUR
    assert MAST in apply_edits(HARBOUR, [edit(MAST)], ["harbour", "rig"])


def test_entries_written_in_nearsay_come_only_from_edits() -> None:
    assert apply_edits([*HARBOUR, KEEL], [], ["harbour"]) == HARBOUR
    assert apply_edits([*HARBOUR, KEEL], [edit(KEEL, "removed")], ["harbour"]) == HARBOUR


def test_rebase_updates_only_edits_of_the_sources_that_were_read() -> None:
    edits = [edit(changed(BUOY), imported=BUOY), edit(MAST, imported=MAST), edit(KEEL)]
    newer = {**{entry.id: entry for entry in HARBOUR}, "buoy": changed(BUOY, "Theirs.")}
    found, others = rebase(edits, newer, {"harbour"})
    assert others == {"buoy": changed(BUOY, "Theirs.")}
    assert [one.imported for one in found] == [changed(BUOY, "Theirs."), MAST, None]
    _, gone = rebase(edits, {}, {"harbour", "rig"})
    assert gone == {"buoy": None, "rig/mast": None}


def test_pending_edits_are_those_missing_from_the_index() -> None:
    edits = [
        edit(KEEL),
        edit(changed(BUOY), imported=BUOY),
        edit(CRANE, "removed", CRANE),
        edit(ANCHOR, "imported", ANCHOR),
        edit(MAST),
    ]
    indexed = {entry.id: entry for entry in harbour()}
    assert [one.entry for one in pending_edits(edits, indexed, ["harbour"])] == [
        "written/keel",
        "buoy",
        "crane",
    ]
    shown = {entry.id: entry for entry in link(apply_edits(HARBOUR, edits, ["harbour"]))}
    assert list(pending_edits(edits, shown, ["harbour"])) == []


def test_an_edited_entry_has_the_details_that_its_source_has_now() -> None:
    team: dict[str, Any] = {
        "status": "agreed",
        "details": (Detail("Region", "EMEA"),),
    }
    given = replace(BUOY, more_categories=("Floats", "Marks"), **team)
    content = replace(changed(BUOY), owner="Bo", category="Marks")
    (found,) = apply_edits([given], [edit(content, imported=given)], ["harbour"])
    assert found == replace(content, more_categories=("Floats",), **team)


@pytest.mark.parametrize(
    ("before", "own", "now"),
    [("Ana", "Ana", "Bo"), ("", "", "Bo"), ("Ana", "Cleo", "Cleo"), ("Ana", "", "")],
)
def test_an_owner_that_nobody_edited_is_that_which_the_source_has_now(
    before: str, own: str, now: str
) -> None:
    made = edit(replace(changed(BUOY), owner=own), imported=replace(BUOY, owner=before))
    given = replace(BUOY, owner="Bo")
    (rebased,), _ = rebase([made], {BUOY.id: given}, [BUOY.source])
    (found,) = apply_edits([given], [rebased], ["harbour"])
    assert found == replace(changed(BUOY), owner=now)


def test_an_edit_without_search_phrases_keeps_those_of_the_source() -> None:
    given = replace(BUOY, search_phrases=("what floats out there",))
    (found,) = apply_edits([given], [edit(changed(BUOY), imported=given)], ["harbour"])
    assert found == replace(changed(BUOY), search_phrases=given.search_phrases)
    own = replace(given, search_phrases=("the red thing",))
    assert apply_edits([given], [edit(own, imported=given)], ["harbour"]) == [own]


def test_entry_with_added_phrases_follows_its_source() -> None:
    given = replace(BUOY, search_phrases=("what floats out there",))
    asked = replace(given, search_phrases=(*given.search_phrases, "the red thing"))
    newer = replace(given, definition="Theirs.", search_phrases=("a mark", "the red thing"))
    added = replace(edit(asked, imported=newer), base=version_of(given))
    expected = replace(newer, search_phrases=("a mark", "the red thing"))
    assert apply_edits([newer], [added], ["harbour"]) == [expected]
    assert list(pending_edits([added], {"buoy": newer}, ["harbour"])) == []
    assert apply_edits([], [replace(added, imported=None)], ["harbour"]) == []
    text = replace(added, content=changed(asked))
    assert apply_edits([newer], [text], ["harbour"]) == [changed(asked)]
