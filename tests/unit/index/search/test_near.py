"""Neighbours of a text by name, spelling, words and meaning, and abstention."""

from dataclasses import replace

import pytest

from index.embedding.embedder import SentenceEmbedder
from index.entry import Entry, Sense
from index.errors import ModelMismatch, NotFound
from index.indexing.reindex import SourceContent, reindex
from index.search.near import near
from index.search.results import Neighbours
from index.sources.source import is_bundled_phrase
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def terms(generation: Generation, query: str, **options: object) -> list[str]:
    reply = near(generation, ToyEmbedder(), query, **options)  # type: ignore[arg-type]
    return [neighbour.term for neighbour in reply.neighbours]


@pytest.mark.parametrize(
    ("query", "term", "match"),
    [
        ("Anchor", "Anchor", "exact"),
        ("  “anchor”? ", "Anchor", "exact"),
        ("Ebb-Tide", "Ebb tide", "exact"),
        ("gantry", "Crane", "alias"),
        ("lighthuose", "Lighthouse", "spelling"),
        ("mooring ropes", "Hawser", "alias"),
    ],
)
def test_a_query_by_name_returns_the_named_entry_first(
    generation: Generation, query: str, term: str, match: str
) -> None:
    toy = ToyEmbedder()
    first = near(generation, toy, query).neighbours[0]
    assert (first.term, first.match, first.similarity, first.rank) == (term, match, 1.0, 1)
    assert toy.asked == 0, "a name needs no embedding"


@pytest.mark.model
def test_each_name_in_the_encyclopedia_returns_its_entry_first(
    real_generation: Generation, real_embedder: SentenceEmbedder
) -> None:
    for entry in real_generation.listed:
        for name in (entry.term, *entry.aliases):
            assert near(real_generation, real_embedder, name, 1).neighbours[0].id == entry.id, name


@pytest.mark.model
def test_only_search_phrases_of_the_encyclopedia_are_shown(
    real_generation: Generation, real_embedder: SentenceEmbedder
) -> None:
    phrase = "show half of the users the new prompt"
    first = near(real_generation, real_embedder, phrase, 1).neighbours[0]
    assert (first.id, first.passage.asked_as) == ("ab-testing", phrase)
    assert is_bundled_phrase("ab-testing", phrase)
    assert not is_bundled_phrase("ab-testing", "a question that an admin has accepted")


def test_the_id_of_a_definition_finds_the_neighbours_of_its_entry(generation: Generation) -> None:
    reply = near(generation, ToyEmbedder(), "ebb-tide#definition", 3)
    assert reply.query == "Ebb tide"
    assert [one.term for one in reply.neighbours] == terms(generation, "Ebb tide", limit=4)[1:]


def test_a_misspelt_name_is_corrected_with_a_note(generation: Generation) -> None:
    reply = near(generation, ToyEmbedder(), "lighthuose")
    assert reply.note == 'You wrote "lighthuose"; the nearest name is Lighthouse.'


def test_all_meanings_of_an_acronym_come_first(harbour_store: Store) -> None:
    meanings = ("Rules at sea.", "A colour of the region.", "A register of hawsers.")
    several = [Entry(f"colreg-{at}", "COLREG", text) for at, text in enumerate(meanings)]
    reindex(harbour_store, SourceContent([*harbour(), *several]), ToyEmbedder())
    spellings = ("COLREG", "colreg", "“C.O.L.R.E.G.”?", "colrge", "COLREG's")
    asked = ("what does COLREG stand for here?", "I don't know what COLREG is")
    for query in (*spellings, *asked):
        found = near(harbour_store.current(), ToyEmbedder(), query, 4).neighbours
        assert [(one.term, one.similarity) for one in found[:3]] == [("COLREG", 1.0)] * 3, query


def test_neighbours_can_be_limited_to_a_category(generation: Generation) -> None:
    found = terms(generation, "ships and cargo", limit=10, category="quay")
    assert sorted(found) == ["Crane", "Dock", "Gangway", "Quay"]


def test_an_entry_is_found_by_each_of_its_categories(harbour_store: Store) -> None:
    first, *others = harbour()
    filed = replace(first, more_categories=("Iron", "Quay"))
    reindex(harbour_store, SourceContent([filed, *others]), ToyEmbedder())
    found = harbour_store.current()
    assert found.categories == ["Ground tackle", "Iron", "People", "Quay", "Signs", "Water"]
    for category in filed.categories:
        assert "Anchor" in terms(found, "ships and cargo", limit=10, category=category)


def test_a_named_entry_outside_the_category_is_not_listed(generation: Generation) -> None:
    assert "Anchor" not in terms(generation, "Anchor", category="signs")


def test_an_unknown_category_is_reported_with_the_known_categories(generation: Generation) -> None:
    with pytest.raises(NotFound, match=r'no category "sgins"\. Did you mean Signs') as raised:
        terms(generation, "iron", category="sgins")
    assert "Ground tackle" in raised.value.hint


def test_of_many_categories_the_first_are_listed(harbour_store: Store) -> None:
    first, *others = harbour()
    filed = replace(first, more_categories=tuple(f"Tag {number:03}" for number in range(100)))
    reindex(harbour_store, SourceContent([filed, *others]), ToyEmbedder())
    with pytest.raises(NotFound, match=r"fits several: Tag 000, .*Tag 039 and 60 more"):
        terms(harbour_store.current(), "iron", category="tag")
    with pytest.raises(NotFound) as raised:
        terms(harbour_store.current(), "iron", category="nowhere")
    assert raised.value.hint.endswith("and 65 more.")


def test_neighbours_can_be_limited_to_a_source(harbour_store: Store) -> None:
    other = replace(harbour()[0], id="sea/anchor", term="Sea anchor", source="sea")
    reindex(harbour_store, SourceContent([*harbour(), other]), ToyEmbedder())
    assert terms(harbour_store.current(), "ships", source="sea") == ["Sea anchor"]


def test_an_out_of_domain_query_is_reported_with_the_closest_entry(generation: Generation) -> None:
    reply = near(generation, ToyEmbedder(), "zebra violin marzipan")
    assert reply.sparse
    closest = reply.neighbours[0]
    assert reply.note == f"The closest is {closest.term} ({closest.similarity:.2f})."


def test_a_query_near_nothing_in_its_category_is_reported_with_the_category(
    generation: Generation,
) -> None:
    def reply(query: str, category: str | None) -> Neighbours:
        return near(generation, ToyEmbedder(), query, 1, category=category)

    found = [reply("tower lamp sailors coast", one) for one in ("quay", "signs", None)]
    assert [one.sparse for one in found] == [True, False, False]
    assert [one.within for one in found] == ["Quay", "Signs", ""]
    assert found[0].note.startswith("The closest is Gangway (")
    named = reply("tower lamp lighthouse foghorn", "quay")
    assert not named.sparse, "a text that mainly names entries is in domain"


def test_the_meaning_that_matched_is_shown(harbour_store: Store) -> None:
    meanings = (Sense("One nautical mile in an hour.", "speed"), Sense("A tie in a rope.", "ropes"))
    knot = Entry("knot", "Knot", meanings[0].definition, senses=meanings, source="harbour")
    reindex(harbour_store, SourceContent([*harbour(), knot]), ToyEmbedder())

    def first(query: str) -> tuple[str, str]:
        found = near(harbour_store.current(), ToyEmbedder(), query).neighbours[0]
        return found.term, found.definition

    assert first("a tie in a rope") == ("Knot", "A tie in a rope. (ropes)")
    assert first("one nautical mile in an hour") == ("Knot", "One nautical mile in an hour.")
    assert first("knot") == ("Knot", "One nautical mile in an hour.")


def test_an_embedder_of_another_model_is_rejected_with_a_hint(generation: Generation) -> None:
    with pytest.raises(ModelMismatch, match="built with the model toy, but other") as raised:
        near(generation, ToyEmbedder("other"), "ships")
    assert "nearsay index" in raised.value.hint
