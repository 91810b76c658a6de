"""A page of the list of entries."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import NotFound
from index.indexing.reindex import SourceContent, reindex
from index.search.listing import PAGE, list_entries
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def test_all_entries_are_listed_with_the_sizes_of_the_categories(generation: Generation) -> None:
    found = list_entries(generation)
    assert [entry.term for entry in found.entries][:2] == ["Anchor", "Buoy"]
    assert (found.first, found.total, found.page, found.pages) == (1, 12, 1, 1)
    assert {one.name: one.entries for one in found.categories}["Quay"] == 4


def test_a_category_and_a_letter_limit_the_list(generation: Generation) -> None:
    found = list_entries(generation, "ground", "h")
    assert ([entry.term for entry in found.entries], found.category) == (
        ["Hawser"],
        "Ground tackle",
    )
    assert found.letter == "H"
    assert not found.categories
    assert not list_entries(generation, "", "Z").entries
    with pytest.raises(NotFound, match='no category "nowhere"'):
        list_entries(generation, "nowhere")


def test_pages_follow_each_other_and_end(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = harbour()[0]
    many = [replace(first, id=f"e{at}", term=f"Term {at:03}") for at in range(PAGE + 2)]
    reindex(store, SourceContent(many), ToyEmbedder())
    last = list_entries(store.current(), page=2)
    assert [entry.term for entry in last.entries] == ["Term 025", "Term 026"]
    assert (last.first, last.pages) == (PAGE + 1, 2)
    assert list_entries(store.current(), page=99) == last
    store.close()
