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


def named(entries: list[Entry], division: np.ndarray, *, hub: str = "") -> tuple[str, ...]:
    """Return the names of neighbourhoods in which the first entry is in the middle, and `hub` is
    near most others."""
    centres = np.array([(1.0, 0.1 * at) for at in range(len(entries))]).reshape(-1, 2)
    for number in set(division.tolist()):
        centres[np.flatnonzero(division == number)[0]] = (9.0, 9.0)
    centrality = np.array([float(entry.term == hub) for entry in entries], dtype=np.float32)
    return name_neighbourhoods(entries, division, centres.astype(np.float32), centrality)


def test_a_dominant_category_names_a_neighbourhood() -> None:
    entries = entries_of(BOATS, "On water") + entries_of(BREADS, "Bakery")
    assert named(entries, numbers(4, 3)) == ("On water", "Bakery")


def test_the_entry_in_the_middle_names_a_neighbourhood_without_a_category_of_its_own() -> None:
    entries = entries_of(BOATS, "Concept") + entries_of((*BREADS, "dark bread"), "Concept")
    assert named(entries, numbers(4, 4)) == ("Rowing boat", "Rye bread")


def test_the_entry_that_is_near_most_others_is_the_second_part_of_the_name() -> None:
    entries = entries_of(("rope", "anchor", "boat"))
    assert named(entries, numbers(3), hub="anchor") == ("Rope & anchor",)


def test_a_name_of_two_parts_has_no_word_twice() -> None:
    entries = entries_of(("agent", "AI agents", "tool"))
    assert named(entries, numbers(3), hub="AI agents") == ("Agent",)


def test_a_second_part_that_makes_the_name_too_long_is_left_out() -> None:
    entries = entries_of(("instruction following", "few-shot prompting"))
    assert named(entries, numbers(2), hub="few-shot prompting") == ("Instruction following",)


def test_an_abbreviation_replaces_a_term_that_is_too_long() -> None:
    term = "retrieval-augmented generation"
    rag = [replace(entry, aliases=("RAG",)) for entry in entries_of((term, "boat"))]
    assert named(rag, numbers(2)) == ("RAG",)
    assert named(entries_of((term, "boat")), numbers(2)) == ("Boat",)


def test_neighbourhood_names_contain_no_markup() -> None:
    hostile = "\x1b[31m<!channel>\n\u202e&amp;"
    entries = [
        replace(entry, term=hostile + entry.term, category=hostile) for entry in entries_of(BOATS)
    ]
    for name in named(entries, numbers(2, 2)):
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
    names = named(entries, division)
    assert len(names) == min(count, len(entries))
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert name.strip() == name != ""
        assert len(name) <= LONGEST
        assert name.isprintable()
