"""Checking ways to ask by a search."""

from dataclasses import replace

import pytest

from index.errors import ModelMismatch
from index.indexing.reindex import SourceContent, reindex
from index.storage import Store
from index.ways.assistant_reply import Way, WaysReply
from index.ways.check import check
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

ENTRIES = {entry.id: entry for entry in harbour()}


def checked(store: Store, *ways: Way) -> WaysReply:
    with store.reading() as generation:
        return check(generation, ToyEmbedder(), ways, ENTRIES)


def reason(store: Store, way: Way) -> str:
    found = checked(store, way)
    assert not found.ways
    (dropped,) = found.dropped
    return dropped.reason


def test_way_that_finds_its_entry_is_kept(harbour_store: Store) -> None:
    way = Way("crane", "the tall machine for cargo")
    assert checked(harbour_store, way) == WaysReply((way,), ())


def test_way_that_finds_other_entries_is_dropped(harbour_store: Store) -> None:
    assert "Crane" in reason(harbour_store, Way("pilot", "the tall machine for cargo"))


def test_way_that_is_nearer_to_another_definition_is_dropped(
    harbour_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.ways.check.FIRST", 12)
    way = Way("lighthouse", "a loud horn that warns ships on the coast")
    assert reason(harbour_store, way) == "nearer to the definition of Foghorn"


def test_known_way_is_no_news(harbour_store: Store) -> None:
    known = "the entry has it already"
    assert reason(harbour_store, Way("crane", "Who looks after a crane?")) == known
    reindex(
        harbour_store,
        SourceContent([*harbour()[1:], replace(harbour()[0], search_phrases=("iron and chain",))]),
        ToyEmbedder(),
    )
    assert reason(harbour_store, Way("anchor", "Iron and chain")) == known


def test_way_of_a_missing_entry_is_dropped(harbour_store: Store) -> None:
    assert reason(harbour_store, Way("whale", "the big animal")) == "the entry was removed"


def test_progress_is_reported(harbour_store: Store) -> None:
    told: list[tuple[str, int, int]] = []
    ways = [Way("crane", "the tall machine for cargo"), Way("whale", "the big animal")]
    with harbour_store.reading() as generation:
        check(generation, ToyEmbedder(), ways, ENTRIES, lambda *line: told.append(line))
    assert told == [("Checking ways", 1, 1)]


def test_another_model_is_refused(harbour_store: Store) -> None:
    with harbour_store.reading() as generation, pytest.raises(ModelMismatch):
        check(generation, ToyEmbedder("other"), [Way("crane", "a tall thing")], ENTRIES)
