"""Building a generation: planning, embedding, reuse, switching, and failures."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from index.entry import Entry, link, passages_of
from index.errors import Cancelled, IndexCorrupted, StoreError
from index.indexing import worker
from index.indexing.reindex import SourceContent, plan, reindex
from index.indexing.retention import KEPT
from index.search.retrieval import nearest_passages
from index.statistics.landmarks import landmark_texts
from index.storage import Store
from index.storage.generation import ENTRIES, VECTORS
from tests.support.entries import harbour
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

pytestmark = pytest.mark.databases("slow")


def folders_of(store: Store) -> list[str]:
    return sorted(path.name for path in store.folders.root.iterdir())


def changed(number: int, text: str = "The anchor was lost.") -> list[Entry]:
    """Return the harbour entries, with another example in one of them."""
    entries = harbour()
    entries[number] = replace(entries[number], example=text)
    return entries


def test_every_passage_is_stored_with_its_own_vector(harbour_store: Store) -> None:
    generation = harbour_store.current()
    passages = [passage for entry in harbour() for passage in passages_of(entry)]
    assert generation.manifest.passages == len(passages) == len(generation.vectors)
    expected = ToyEmbedder().queries([passage.embedded for passage in passages])
    stored = generation.vectors.vectors([passage.id for passage in passages])
    np.testing.assert_allclose(stored, expected, atol=1e-6)


def test_unchanged_entries_create_no_generation(harbour_store: Store, toy: ToyEmbedder) -> None:
    done = reindex(harbour_store, SourceContent(harbour()), toy)
    assert (done.generation, done.before) == ("g000001", "g000001")
    assert (done.embedded, done.unchanged, toy.embedded) == (0, 12, 0)
    assert folders_of(harbour_store) == ["g000001"]


def test_unchanged_passages_are_not_embedded_again(harbour_store: Store, toy: ToyEmbedder) -> None:
    done = reindex(harbour_store, SourceContent(changed(0)), toy)
    assert (done.added, done.changed, done.removed, done.unchanged) == (0, 1, 0, 11)
    assert done.embedded == toy.embedded == 1
    assert done.reused == harbour_store.current().manifest.passages - 1


def test_only_small_changes_are_applied_to_a_copy(harbour_store: Store, toy: ToyEmbedder) -> None:
    reindex(harbour_store, SourceContent(changed(0)), toy)
    assert harbour_store.current().manifest.rounds == 1
    few = harbour()[:3]
    reindex(harbour_store, SourceContent(few), toy)
    assert harbour_store.current().manifest.rounds == 0
    assert len(harbour_store.current().vectors) == harbour_store.current().manifest.passages


@pytest.mark.parametrize("at", range(3))
def test_a_copy_reflects_changed_added_and_removed_entries(
    harbour_store: Store, toy: ToyEmbedder, at: int
) -> None:
    entries: Sequence[Entry] = [
        changed(3, "The crane fell over."),
        [*harbour(), replace(harbour()[0], id="winch", term="Winch")],
        [replace(harbour()[0], category="Elsewhere"), *harbour()[1:11]],
    ][at]
    reindex(harbour_store, SourceContent(entries), toy)
    generation = harbour_store.current()
    assert generation.manifest.rounds == 1
    passages = [passage for entry in entries for passage in passages_of(entry)]
    assert len(generation.vectors) == len(passages)
    expected = ToyEmbedder().queries([passage.embedded for passage in passages])
    stored = generation.vectors.vectors([passage.id for passage in passages])
    np.testing.assert_allclose(stored, expected, atol=1e-6)
    found = nearest_passages(generation, expected[0], len(passages))
    assert {generation.passages[row].entry_id for row, _ in found} == {
        entry.id for entry in entries
    }


def test_a_copy_that_fails_verification_is_rebuilt(
    harbour_store: Store, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify, failed = worker._verify, list[int]()

    def fail_once(*given: Any) -> None:
        if not failed:
            failed.append(1)
            raise IndexCorrupted("Only half of the passages find themselves.")
        verify(*given)

    monkeypatch.setattr(worker, "_verify", fail_once)
    reindex(harbour_store, SourceContent(changed(0)), toy)
    assert harbour_store.current().manifest.rounds == 0
    assert len(harbour_store.current().vectors) == harbour_store.current().manifest.passages


@pytest.mark.parametrize("file", [ENTRIES, VECTORS])
@pytest.mark.parametrize("few", [True, False])
def test_damage_to_a_generation_does_not_spread_to_the_next(
    harbour_store: Store, toy: ToyEmbedder, file: str, few: bool
) -> None:
    damaged = harbour_store.current().folder / file
    content = bytearray(damaged.read_bytes())
    content[-100] ^= 1
    damaged.write_bytes(content)
    entries = link(changed(0) if few else harbour()[:8])
    reindex(harbour_store, SourceContent(entries), toy)
    generation = harbour_store.current()
    assert generation.manifest.rounds == 0
    assert list(generation.entries.values()) == entries
    assert harbour_store.ledger.generations.entries(generation.id) == entries
    expected = ToyEmbedder().queries([passage.embedded for passage in generation.passages])
    np.testing.assert_allclose(generation.matrix, expected, atol=1e-6)


def test_passages_are_embedded_once_for_each_model(harbour_store: Store) -> None:
    other, first = ToyEmbedder("other"), ToyEmbedder()
    assert reindex(harbour_store, SourceContent(harbour()), other).reused == 0
    assert harbour_store.current().model == "other"
    done = reindex(harbour_store, SourceContent(harbour()), first)
    assert (done.embedded, first.embedded, done.generation) == (0, 0, "g000003")


def test_a_dry_run_only_counts_the_changes(harbour_store: Store, toy: ToyEmbedder) -> None:
    entries = harbour()
    other = replace(entries[1], definition="Another definition of a buoy, for the test.")
    new = replace(entries[2], id="winch", term="Winch")
    content = SourceContent([entries[0], other, new])
    planned = plan(harbour_store, content, toy)
    assert toy.embedded == 0
    assert (planned.added, planned.changed, planned.removed, planned.unchanged) == (1, 1, 10, 1)
    assert harbour_store.current().id == planned.generation == "g000001"
    assert len(harbour_store.current().entries) == 12
    assert planned.embedded == reindex(harbour_store, content, toy).embedded > 0
    assert plan(harbour_store, content, toy).embedded == 0
    again = plan(harbour_store, SourceContent(entries), toy)
    assert (again.added, again.embedded) == (10, 0), "their vectors are cached"


def test_a_reindex_without_entries_is_refused(harbour_store: Store, toy: ToyEmbedder) -> None:
    with pytest.raises(StoreError, match="no entries"):
        reindex(harbour_store, SourceContent([]), toy)
    assert harbour_store.current().id == "g000001"


def test_passages_embedded_before_a_failure_are_reused(harbour_store: Store) -> None:
    def stop(phase: str, *_: int) -> None:
        if phase == "writing":
            raise Cancelled("The reindex was stopped.")

    first, second = ToyEmbedder("other"), ToyEmbedder("other")
    with pytest.raises(Cancelled):
        reindex(harbour_store, SourceContent(harbour()), first, progress=stop)
    assert harbour_store.current().id == "g000001"
    assert folders_of(harbour_store) == ["g000001"]
    done = reindex(harbour_store, SourceContent(harbour()), second)
    assert (done.embedded, second.embedded) == (0, 0)


@pytest.mark.parametrize("phase", ["embedding", "writing", "verifying", "switching"])
def test_cancelling_in_any_phase_keeps_the_current_generation(
    harbour_store: Store, toy: ToyEmbedder, phase: str
) -> None:
    def stop(now: str, *_: int) -> None:
        if now == phase:
            raise Cancelled("The reindex was stopped.")

    with pytest.raises(Cancelled):
        reindex(harbour_store, SourceContent(changed(0)), toy, progress=stop)
    assert folders_of(harbour_store) == ["g000001"]
    assert harbour_store.ledger.generations.pointer().generation == "g000001"
    assert harbour_store.ledger.lease.building() is None
    assert reindex(harbour_store, SourceContent(changed(0)), toy).changed == 1


def test_recent_generations_are_kept_and_older_generations_are_removed(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    for number in range(1, 6):
        reindex(harbour_store, SourceContent(changed(0, f"Version {number}.")), toy)
    assert folders_of(harbour_store) == ["g000004", "g000005", "g000006"]
    assert len(folders_of(harbour_store)) == KEPT
    states = [record.state for record in harbour_store.ledger.generations.all()]
    assert states == ["ready"] * 3 + ["removed"] * 3


def test_generations_built_from_edits_do_not_displace_those_built_from_sources(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    for number in range(1, 12):
        content = SourceContent(changed(0, f"Version {number}."), edits_only=number not in (2, 4))
        reindex(harbour_store, content, toy)
    last = ["g000010", "g000011", "g000012"]
    assert folders_of(harbour_store) == ["g000001", "g000003", "g000005", *last]
    done = harbour_store.ledger.generations.get("g000012").outcome
    harbour_store.ledger.generations.note_outcome("g000012", {"seconds": 1.0})
    noted = harbour_store.ledger.generations.get("g000012").outcome
    assert noted == {**done, "seconds": 1.0}, "a recorded outcome is merged"


def test_a_generation_in_use_by_another_process_is_not_removed(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    reader = open_store(harbour_store.directory, harbour_store.database)
    with reader.reading() as generation:
        for number in range(4):
            reindex(harbour_store, SourceContent(changed(0, f"Version {number}.")), toy)
        assert folders_of(harbour_store)[0] == generation.id == "g000001"
        assert len(generation.vectors) == generation.manifest.passages
    reader.close()
    reindex(harbour_store, SourceContent(changed(0, "The last.")), toy)
    assert "g000001" not in folders_of(harbour_store)


def test_the_vector_cache_is_bounded(harbour_store: Store, toy: ToyEmbedder) -> None:
    for number in range(12):
        entries = [replace(entry, term=f"{entry.term} {number}") for entry in harbour()]
        reindex(harbour_store, SourceContent(entries), toy)
    passages = harbour_store.current().manifest.passages
    assert harbour_store.ledger.vectors.count() <= (KEPT + 1) * passages + len(landmark_texts())


@pytest.mark.children
def test_a_generation_whose_build_crashes_does_not_become_current(
    harbour_store: Store, toy: ToyEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.indexing.supervisor._build", _child_that_crashes)
    with pytest.raises(IndexCorrupted, match="exited early"):
        reindex(harbour_store, SourceContent(changed(0)), toy)
    assert harbour_store.current().id == "g000001"
    assert folders_of(harbour_store) == ["g000001"]


def _child_that_crashes(*_: object) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSEGV)
