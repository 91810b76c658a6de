"""Rolling back to an earlier generation, and refused rollbacks."""

import shutil
from dataclasses import replace

import pytest

from index.entry import Entry
from index.errors import NotFound, StoreBusy, StoreError
from index.indexing.reindex import SourceContent, reindex
from index.indexing.retention import KEPT
from index.indexing.rollback import OverriddenEdit, RollbackResult, roll_back
from index.search.near import near
from index.storage import Store
from tests.support.entries import harbour
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

pytestmark = pytest.mark.databases("slow")


def changed(text: str) -> list[Entry]:
    """Return the harbour entries, with another definition of the anchor."""
    first, *others = harbour()
    return [replace(first, definition=text), *others]


def definition(store: Store) -> str:
    with store.reading() as generation:
        return generation.entries["anchor"].definition


@pytest.fixture
def store(harbour_store: Store, toy: ToyEmbedder) -> Store:
    """Return a store with the harbour as g000001, and the changed harbour as g000002."""
    reindex(harbour_store, SourceContent(changed("A zebra crossing.")), toy)
    return harbour_store


def test_a_rollback_restores_texts_and_vectors(store: Store, toy: ToyEmbedder) -> None:
    assert definition(store) == "A zebra crossing."
    done = roll_back(store, by="ada")
    assert done == RollbackResult(generation="g000001", model="toy", before="g000002", entries=12)
    assert definition(store) == harbour()[0].definition
    with store.reading() as generation:
        found = near(generation, toy, "zebra crossing", 3).neighbours
    assert "anchor" not in [item.id for item in found if item.similarity > 0.3]
    assert toy.embedded == 2, "the definition with and without its term, once, for g000002"
    assert store.ledger.generations.pointer().paused, "scheduled reindexing is paused"


def test_a_rollback_is_refused_if_another_generation_is_current(store: Store) -> None:
    with pytest.raises(StoreBusy, match="The live generation is g000002, not g000001"):
        roll_back(store, "g000001", only_from="g000001", by="ada")
    assert definition(store) == "A zebra crossing."
    assert roll_back(store, "g000001", only_from="G000002", by="ada").generation == "g000001"


def test_rollback_to_a_removed_generation_is_refused(store: Store, toy: ToyEmbedder) -> None:
    for number in range(KEPT - 1):
        reindex(store, SourceContent(changed(f"Zebra {number}.")), toy)
    with pytest.raises(NotFound, match="g000001 has been removed"):
        roll_back(store, "g000001", by="ada")


def test_a_rollback_is_refused_during_a_build(store: Store, database_url: str) -> None:
    other = open_store(store.directory, database_url)
    with other.writing("ben"), pytest.raises(StoreBusy, match="by ben"):
        roll_back(store, by="ada")
    other.close()
    assert definition(store) == "A zebra crossing."


def test_damaged_files_are_rebuilt_from_the_ledger(store: Store) -> None:
    shutil.rmtree(store.folders.of("g000001"))
    roll_back(store, by="ada")
    assert definition(store) == harbour()[0].definition


def test_a_failed_restore_keeps_the_current_generation(store: Store) -> None:
    def fails(*_: object) -> None:
        raise StoreError("no room")

    shutil.rmtree(store.folders.of("g000001"))
    full = Store(store.directory, store.database, restore=fails)
    with pytest.raises(StoreError, match="no room"):
        roll_back(full, by="ada")
    full.close()
    assert definition(store) == "A zebra crossing."


def test_a_rollback_overrides_later_edits_and_rolling_forward_restores_them(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    edits = harbour_store.ledger.edits
    first, *others = harbour()
    ours = replace(first, definition="Ours.")
    keel = Entry("written/keel", "Keel", "The lowest timber.", source="written")
    added = edits.put("added", "written", keel, by="ada")
    record = edits.put("edited", "written", ours, by="ada", imported=first)
    reindex(harbour_store, SourceContent([ours, *others, keel], edits=record.id), toy)
    done = roll_back(harbour_store, by="bob")
    assert done.set_aside == (
        OverriddenEdit("written/keel", "Keel", "added", "ada", added.at, added.id),
        OverriddenEdit("anchor", "Anchor", "edited", "ada", record.at, record.id),
    )
    assert definition(harbour_store) == first.definition
    aside = [(edit.entry, edit.state, edit.by) for edit in edits.overlay().edits]
    assert aside == [("anchor", "imported", "bob"), ("written/keel", "removed", "bob")]
    forth = roll_back(harbour_store, "g000002", by="bob")
    assert (forth.set_aside, definition(harbour_store)) == ((), "Ours.")
    again = [(edit.state, edit.content) for edit in edits.overlay().edits]
    assert again == [("written", ours), ("written", keel)]


def test_a_failed_rollback_overrides_no_edits(harbour_store: Store, toy: ToyEmbedder) -> None:
    edits = harbour_store.ledger.edits
    first = harbour()[0]
    record = edits.put("edited", "written", first, by="ada", imported=first)
    reindex(harbour_store, SourceContent(changed("Another."), edits=record.id), toy)
    with pytest.raises(StoreBusy):
        harbour_store.ledger.roll_back("g000001", "g000009", 0, {}, "bob")
    (kept,) = edits.overlay().edits
    assert (kept.by, edits.last()) == ("ada", record.id)
