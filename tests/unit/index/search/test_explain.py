"""The entries that a text names, each with the meaning that fits, and its undefined
abbreviations."""

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from string import ascii_uppercase

import pytest

from index.entry import Entry, Sense
from index.indexing.reindex import SourceContent, reindex
from index.search.explain import MAX_TERMS, explain
from index.sources.source import BUNDLED, WRITTEN
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

LONGEST_S = 2.0  # seconds of processor time; a search of the text for each word takes many more
PORT = Entry(
    "port",
    "Port",
    "A town where ships load cargo.",
    senses=(
        Sense("A town where ships load cargo."),
        Sense("A number that names a service on a computer."),
    ),
    source="words",
)
BUOY = Entry("written/buoy", "Buoy", "A pager that rings at night.", source=WRITTEN)
TERMS = [
    Entry(f"number-{at}", f"Thing{at}", f"Thing number {at}.", source="words") for at in range(60)
]


def explained(generation: Generation, text: str) -> list[tuple[str, str]]:
    return [(one.written, one.id) for one in explain(generation, ToyEmbedder(), text).terms]


def undefined(generation: Generation, text: str) -> tuple[str, ...]:
    return explain(generation, ToyEmbedder(), text).undefined


@pytest.fixture(scope="module")
def ambiguous(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """An index in which a term has two senses, and another one an entry in each of two sources."""
    bundled = [replace(entry, source=BUNDLED) for entry in harbour()]
    store = Store(tmp_path_factory.mktemp("ambiguous"))
    content = SourceContent([*bundled, PORT, BUOY, *TERMS], encyclopedia="digest")
    reindex(store, content, ToyEmbedder())
    yield store.current()
    store.close()


def test_names_are_found_in_order_and_the_longest_wins(generation: Generation) -> None:
    text = "The tugs take the mooring-rope to the quay. Rope? A TUG again."
    assert explained(generation, text) == [
        ("tugs", "tugboat"),
        ("mooring-rope", "hawser"),
        ("quay", "quay"),
    ]


def test_a_name_does_not_reach_over_a_full_stop(generation: Generation) -> None:
    assert explained(generation, "We saw the ebb. Tide and wind were fine.") == [
        ("ebb", "ebb-tide")
    ]


def test_an_unambiguous_text_is_not_embedded(generation: Generation) -> None:
    toy = ToyEmbedder()
    assert explain(generation, toy, "a tug at the quay").terms
    assert toy.asked == 0


def test_addresses_code_and_mentions_are_no_prose(generation: Generation) -> None:
    text = "see https://quay.example/buoy, `crane --dock`, <@PILOT> and pilot@dock.example"
    assert explained(generation, text) == []
    assert undefined(generation, "see https://example.com/VTS and `AIS` ```MMSI```") == ()


def test_the_sense_that_fits_the_sentence_is_given(ambiguous: Generation) -> None:
    def meaning(text: str) -> str:
        return explain(ambiguous, ToyEmbedder(), text).terms[0].definition

    assert meaning("Ships load cargo in this port.").startswith("A town")
    assert meaning("The service of this computer has the port 80.").startswith("A number")


def test_the_entry_that_fits_the_sentence_is_given(ambiguous: Generation) -> None:
    own = ("buoy", "written/buoy")
    assert explained(ambiguous, "At night the buoy rings like a pager.") == [own]
    assert explained(ambiguous, "A floating mark, the buoy, shows the channel.") == [
        ("buoy", "buoy")
    ]


def test_further_terms_are_counted(ambiguous: Generation) -> None:
    found = explain(ambiguous, ToyEmbedder(), " ".join(entry.term for entry in TERMS))
    assert len(found.terms) == MAX_TERMS
    assert found.more == len(TERMS) - MAX_TERMS


def test_abbreviations_without_an_entry_are_undefined(generation: Generation) -> None:
    text = "The VTS called the tug, the pilot's AIS is off. Call the VTS; two ETAs were wrong."
    assert undefined(generation, text) == ("VTS", "AIS", "ETA")


@pytest.mark.parametrize(
    "text",
    [
        "WHO TOOK MY COFFEE",
        "FYI it is NOT there, OK?",
        "see ABC-12 and ABC_3",
        "the vessel traffic service (VTS) called",
        "VTS (vessel traffic service) called",
        "a TUG",
        "A b C",
        "ABCDEFG and 1234",
    ],
)
def test_shouting_everyday_words_and_what_is_spelled_out_are_not_undefined(
    generation: Generation, text: str
) -> None:
    assert undefined(generation, text) == ()


@pytest.mark.parametrize("text", ["x", "|", ". . .", "(" * 500, "A.B" * 1_000, "tug " * 2_000])
def test_odd_texts_are_explained(generation: Generation, text: str) -> None:
    assert explain(generation, ToyEmbedder(), text).kind == "explanation"


def test_the_index_of_other_sources_is_not_needed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    reindex(store, SourceContent([PORT]), ToyEmbedder())
    assert explained(store.current(), "in port, by the buoy") == [("port", "port")]
    store.close()


def test_a_long_text_of_abbreviations_or_brackets_is_explained_at_once(
    harbour_store: Store, toy: ToyEmbedder
) -> None:
    short = ["".join(letters) for letters in product(ascii_uppercase, repeat=3)]
    texts = (" and ".join(short[:1_100]), "a b c (QX) " * 700, "ABC " * 2_000, "a-" * 4_000)
    with harbour_store.reading() as generation:
        for text in texts:
            begun = time.process_time()
            explain(generation, toy, text)
            assert time.process_time() - begun < LONGEST_S, text[:20]
