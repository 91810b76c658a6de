"""The names of neighbourhoods."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.entry import Entry
from index.map.cluster_labels import LONGEST, name_neighbourhoods

BOATS = ("rowing boat", "sailing boat", "fishing boat", "house boat")
BREADS = ("rye bread", "white bread", "corn bread")


def entries_of(terms: tuple[str, ...], category: str = "") -> list[Entry]:
    return [
        Entry(id=term, term=term, definition=f"A {term} for people.", category=category)
        for term in terms
    ]


def numbers(*sizes: int) -> np.ndarray:
    return np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)


def test_a_dominant_category_names_a_neighbourhood() -> None:
    entries = entries_of(BOATS, "On water") + entries_of(BREADS, "Bakery")
    assert name_neighbourhoods(entries, numbers(4, 3)) == ("On water", "Bakery")


def test_a_category_common_to_all_neighbourhoods_names_none_of_them() -> None:
    entries = entries_of(BOATS, "Concept") + entries_of((*BREADS, "dark bread"), "Concept")
    names = name_neighbourhoods(entries, numbers(4, 4))
    assert "boat" in names[0].casefold()
    assert "bread" in names[1].casefold()


def test_an_abbreviation_replaces_a_phrase_that_is_too_long() -> None:
    term = "retrieval-augmented generation"
    rag = [replace(entry, aliases=("RAG",)) for entry in entries_of((term, f"{term} score"))]
    names = name_neighbourhoods(rag + entries_of(BOATS), numbers(2, 4))
    assert names[0].startswith("RAG")


def test_neighbourhood_names_contain_no_markup() -> None:
    hostile = "\x1b[31m<!channel>\n\u202e&amp;"
    entries = [
        replace(entry, term=hostile + entry.term, category=hostile) for entry in entries_of(BOATS)
    ]
    for name in name_neighbourhoods(entries, numbers(2, 2)):
        assert name.isprintable()
        assert len(name) <= LONGEST


@given(
    st.lists(st.tuples(st.text(max_size=40), st.text(max_size=60), st.text(max_size=40))),
    st.integers(1, 5),
)
def test_every_neighbourhood_has_a_unique_name(
    texts: list[tuple[str, str, str]], count: int
) -> None:
    entries = [
        Entry(id=str(at), term=term, definition=definition, category=category)
        for at, (term, definition, category) in enumerate(texts)
    ]
    division = np.arange(len(entries), dtype=np.int32) % count
    names = name_neighbourhoods(entries, division)
    assert len(names) == min(count, len(entries))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name.strip() == name != ""
        assert len(name) <= LONGEST
        assert name.isprintable()
