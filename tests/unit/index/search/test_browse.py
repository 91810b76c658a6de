"""Browsing the encyclopedia by category, by letter, and in pages."""

from dataclasses import replace
from pathlib import Path

import pytest

from index.indexing.reindex import SourceContent, reindex
from index.search.browse import (
    LONGEST_NAME,
    NUMBERS,
    PAGE_SIZE,
    SIGNS,
    CategorySize,
    EntryPage,
    PageRef,
    contents,
    entry_page,
    letter_of,
    recent_changes,
)
from index.storage import Generation, Store
from index.storage.db.generation_records import HistoryRecord
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def terms(found: EntryPage) -> list[str]:
    return [entry.term for entry in found.entries]


def test_contents_count_the_entries_of_each_category_and_letter(generation: Generation) -> None:
    found = contents(generation)
    assert found.entries == 12
    assert found.categories[:2] == (CategorySize("Ground tackle", 2), CategorySize("People", 2))
    assert [category.name for category in found.letters] == sorted("ABCDEFGHLPQT")
    for categories in (found.categories, found.letters):
        assert sum(category.entries for category in categories) == 12


def test_entries_without_a_category_come_last(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, *others = harbour()
    reindex(store, SourceContent([replace(first, category=""), *others]), ToyEmbedder())
    assert contents(store.current()).categories[-1] == CategorySize("", 1)
    store.close()


def test_an_entry_is_listed_in_each_of_its_categories(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first, *others = harbour()
    reindex(
        store,
        SourceContent([replace(first, more_categories=("Signs", "Iron")), *others]),
        ToyEmbedder(),
    )
    found = store.current()
    sizes = {one.name: one.entries for one in contents(found).categories}
    assert (sizes["Ground tackle"], sizes["Signs"], sizes["Iron"]) == (2, 4, 1)
    assert terms(entry_page(found, PageRef("category", "Iron"))) == [first.term]
    assert first.term in terms(entry_page(found, PageRef("category", "Signs")))
    store.close()


def test_all_entries_are_listed_page_by_page_in_alphabetical_order(generation: Generation) -> None:
    first, second = (entry_page(generation, PageRef("all", number=number)) for number in (1, 2))
    assert [*terms(first), *terms(second)] == [entry.term for entry in harbour()]
    assert len(first.entries) == PAGE_SIZE
    assert (first.first, first.total, first.pages) == (1, 12, 2)
    assert (second.first, second.total, second.pages) == (PAGE_SIZE + 1, 12, 2)


@pytest.mark.parametrize(("number", "shown"), [(0, 1), (-7, 1), (3, 2), (10**9, 2)])
def test_a_page_number_out_of_range_gives_the_nearest_page(
    generation: Generation, number: int, shown: int
) -> None:
    assert entry_page(generation, PageRef("all", number=number)).place.number == shown


def test_an_unknown_category_gives_an_empty_page(generation: Generation) -> None:
    found = entry_page(generation, PageRef("category", "Nowhere", 3))
    assert (found.entries, found.total, found.pages, found.place.number) == ((), 0, 1, 1)


def test_long_category_names_match_by_prefix(tmp_path: Path) -> None:
    store = Store(tmp_path)
    entries = [replace(entry, category="x" * 300 + entry.term) for entry in harbour()]
    reindex(store, SourceContent(entries), ToyEmbedder())
    (category,) = contents(store.current()).categories
    assert category == CategorySize("x" * LONGEST_NAME, 12)
    assert entry_page(store.current(), PageRef("category", category.name)).total == 12
    store.close()


def test_a_term_is_listed_under_its_letter() -> None:
    terms = ("anchor", "Anchor", "élan", "ﬁeld", "“Quay”", "β-carotene", "ß", "مرساة", "碇")
    assert "".join(map(letter_of, terms)) == "AAEFQΒSم碇"
    assert [letter_of(term) for term in ("3D model", "²")] == [NUMBERS] * 2
    assert [letter_of(term) for term in ("🧭", "+")] == [SIGNS] * 2


def test_recent_changes_list_each_existing_entry_once(generation: Generation) -> None:
    history = [
        HistoryRecord("anchor", "changed"),
        HistoryRecord("buoy", "removed"),
        HistoryRecord("whale", "added"),
        HistoryRecord("anchor", "added"),
        HistoryRecord("crane", "added"),
        HistoryRecord("dock", "changed"),
    ]
    assert [(item.id, item.change) for item in recent_changes(generation, history, 2)] == [
        ("anchor", "changed"),
        ("crane", "added"),
    ]
