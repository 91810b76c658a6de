"""Entries to a generation: what is planned, embedded, reused, switched to, and kept on failure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.entry import passages_of
from index.errors import StoreError
from index.reindex import plan, reindex
from index.store import Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def test_every_passage_is_stored_with_its_own_vector(harbour_store: Store) -> None:
    generation = harbour_store.current()
    passages = [passage for entry in harbour() for passage in passages_of(entry)]
    assert generation.manifest.passages == len(passages) == len(generation.vectors)
    expected = ToyEmbedder().queries([passage.embedded for passage in passages])
    stored = generation.vectors.vectors([passage.id for passage in passages])
    np.testing.assert_allclose(stored, expected, atol=1e-6)


def test_entries_come_back_equal(harbour_store: Store) -> None:
    entries = list(harbour_store.current().entries.values())
    assert [replace(entry, related=()) for entry in entries] == [
        replace(entry, related=()) for entry in harbour()
    ]
    assert [item.id for item in entries[0].related] == ["buoy", None]


def test_unchanged_passages_are_not_embedded_again(harbour_store: Store, toy: ToyEmbedder) -> None:
    entries = harbour()
    entries[0] = replace(entries[0], example="The anchor was lost.")
    done = reindex(harbour_store, entries, toy)
    assert (done.added, done.changed, done.removed, done.unchanged) == (0, 1, 0, 11)
    assert done.embedded == toy.embedded == 1
    assert done.reused == harbour_store.current().manifest.passages - 1


def test_full_embeds_everything(harbour_store: Store, toy: ToyEmbedder) -> None:
    done = reindex(harbour_store, harbour(), toy, full=True)
    assert done.embedded == toy.embedded == harbour_store.current().manifest.passages
    assert done.reused == 0


def test_another_model_embeds_everything(harbour_store: Store) -> None:
    other = ToyEmbedder("other")
    assert reindex(harbour_store, harbour(), other).reused == 0
    assert harbour_store.current().model == "other"


def test_plan_counts_and_changes_nothing(harbour_store: Store) -> None:
    entries = harbour()
    changed = replace(entries[1], definition="Another definition of a buoy, for the test.")
    new = replace(entries[2], id="winch", term="Winch")
    planned = plan(harbour_store, [entries[0], changed, new], "toy")
    assert (planned.added, planned.changed, planned.removed, planned.unchanged) == (1, 1, 10, 1)
    assert harbour_store.current().id == planned.generation == "g000001"
    assert len(harbour_store.current().entries) == 12


def test_no_entries_are_refused_and_the_index_stays(harbour_store: Store, toy: ToyEmbedder) -> None:
    with pytest.raises(StoreError, match="no entries"):
        reindex(harbour_store, [], toy)
    assert harbour_store.current().id == "g000001"


def test_a_failure_while_embedding_leaves_the_current_generation(harbour_store: Store) -> None:
    class Failing(ToyEmbedder):
        def documents(self, texts):  # type: ignore[no-untyped-def]
            raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError):
        reindex(harbour_store, harbour(), Failing(), full=True)
    assert harbour_store.current().id == "g000001"
    left = [path.name for path in (harbour_store.directory / "generations").iterdir()]
    assert left == ["g000001"]


def test_progress_reaches_the_end_of_each_phase(harbour_store: Store, toy: ToyEmbedder) -> None:
    seen: dict[str, tuple[int, int]] = {}
    reindex(
        harbour_store,
        harbour(),
        toy,
        full=True,
        progress=lambda phase, done, total: seen.__setitem__(phase, (done, total)),
    )
    total = harbour_store.current().manifest.passages
    assert seen == {"embedding": (total, total), "writing": (total, total)}
