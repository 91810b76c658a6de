"""What people wrote, over what sources give."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from index.editing.overlay import apply_overlay, rebase, waiting
from index.entry import Entry, link
from index.storage.db.edits import Edit, EditState, unlinked, version_of
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


def test_what_is_written_takes_the_place_and_what_is_new_comes_last() -> None:
    found = apply_overlay(
        HARBOUR,
        [edit(KEEL), edit(changed(BUOY), imported=BUOY), edit(CRANE, "removed", CRANE)],
        ["harbour"],
    )
    assert found == [ANCHOR, changed(BUOY), *OTHERS, KEEL]


def test_without_edits_nothing_changes() -> None:
    assert apply_overlay(HARBOUR, [], ["harbour"]) == HARBOUR


def test_over_what_is_indexed_already_it_is_as_over_what_sources_give() -> None:
    edits = [edit(KEEL), edit(changed(BUOY), imported=BUOY), edit(CRANE, "removed", CRANE)]
    once = apply_overlay([*HARBOUR, MAST], edits, ["harbour", "rig"])
    assert apply_overlay(link(once), edits, ["harbour", "rig"]) == link(once)
    back = [edit(KEEL, "removed"), edit(BUOY, "imported", BUOY), edit(CRANE, "imported", CRANE)]
    assert {e.id: e for e in apply_overlay(once, back, ["harbour", "rig"])} == {
        e.id: e for e in [*HARBOUR, MAST]
    }


def test_an_entry_that_comes_back_stands_with_its_source() -> None:
    found = apply_overlay(
        [ANCHOR, MAST], [edit(BUOY, "imported", BUOY), edit(KEEL)], ["harbour", "rig"]
    )
    assert ids(found) == ["anchor", "buoy", "rig/mast", "written/keel"]


def test_edits_of_a_source_that_is_gone_show_nothing() -> None:
    assert apply_overlay(HARBOUR, [edit(MAST)], ["harbour"]) == HARBOUR
    assert MAST in apply_overlay(HARBOUR, [edit(MAST)], ["harbour", "rig"])


def test_written_entries_come_from_edits_alone() -> None:
    assert apply_overlay([*HARBOUR, KEEL], [], ["harbour"]) == HARBOUR
    assert apply_overlay([*HARBOUR, KEEL], [edit(KEEL, "removed")], ["harbour"]) == HARBOUR


def test_what_sources_give_now_is_noted_where_they_were_read() -> None:
    edits = [edit(changed(BUOY), imported=BUOY), edit(MAST, imported=MAST), edit(KEEL)]
    newer = {**{entry.id: entry for entry in HARBOUR}, "buoy": changed(BUOY, "Theirs.")}
    found, others = rebase(edits, newer, {"harbour"})
    assert others == {"buoy": changed(BUOY, "Theirs.")}
    assert [one.imported for one in found] == [changed(BUOY, "Theirs."), MAST, None]
    _, gone = rebase(edits, {}, {"harbour", "rig"})
    assert gone == {"buoy": None, "rig/mast": None}


def test_what_waits_is_what_an_index_does_not_show() -> None:
    edits = [
        edit(KEEL),
        edit(changed(BUOY), imported=BUOY),
        edit(CRANE, "removed", CRANE),
        edit(ANCHOR, "imported", ANCHOR),
        edit(MAST),
    ]
    indexed = {entry.id: entry for entry in harbour()}
    assert [one.entry for one in waiting(edits, indexed, ["harbour"])] == [
        "written/keel",
        "buoy",
        "crane",
    ]
    shown = {entry.id: entry for entry in link(apply_overlay(HARBOUR, edits, ["harbour"]))}
    assert list(waiting(edits, shown, ["harbour"])) == []


def test_an_edit_keeps_the_search_phrases_of_its_source_unless_it_has_its_own() -> None:
    given = replace(BUOY, search_phrases=("what floats out there",))
    (found,) = apply_overlay([given], [edit(changed(BUOY), imported=given)], ["harbour"])
    assert found == replace(changed(BUOY), search_phrases=given.search_phrases)
    own = replace(given, search_phrases=("the red thing",))
    assert apply_overlay([given], [edit(own, imported=given)], ["harbour"]) == [own]
