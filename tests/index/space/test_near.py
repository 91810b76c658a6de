"""What is near a text: by name, by spelling, by words and by meaning; and when nothing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.errors import ModelMismatch, NotFound
from index.reindex import Content, reindex
from index.space.near import near
from index.space.sparse import is_sparse
from index.store import Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder


def terms(store: Store, query: str, **options: object) -> list[str]:
    reply = near(store.current(), ToyEmbedder(), query, **options)  # type: ignore[arg-type]
    return [neighbour.term for neighbour in reply.neighbours]


@pytest.mark.parametrize(
    ("query", "term", "match"),
    [
        ("Anchor", "Anchor", "exact"),
        ("  “anchor”? ", "Anchor", "exact"),
        ("anchors", "Anchor", "exact"),
        ("Ebb-Tide", "Ebb tide", "exact"),
        ("gantry", "Crane", "alias"),
        ("lighthuose", "Lighthouse", "spelling"),
        ("mooring ropes", "Hawser", "alias"),
    ],
)
def test_a_name_gives_its_entry_first(
    harbour_store: Store, query: str, term: str, match: str
) -> None:
    toy = ToyEmbedder()
    first = near(harbour_store.current(), toy, query).neighbours[0]
    assert (first.term, first.match, first.similarity, first.rank) == (term, match, 1.0, 1)
    assert toy.asked == 0, "a name needs no embedding"


def test_an_entry_is_not_its_own_neighbour(harbour_store: Store) -> None:
    found = terms(harbour_store, "Anchor", limit=12)
    assert len(found) == len(set(found)) == 12


def test_a_misspelt_name_is_said(harbour_store: Store) -> None:
    reply = near(harbour_store.current(), ToyEmbedder(), "lighthuose")
    assert reply.note == 'You wrote "lighthuose"; the nearest name is Lighthouse.'


def test_a_description_finds_its_entry(harbour_store: Store) -> None:
    query = "thick rope for towing"
    first = near(harbour_store.current(), ToyEmbedder(), query).neighbours[0]
    assert first.term == "Hawser"
    assert first.match in ("meaning", "words")
    assert first.passage.kind == "definition"
    assert first.passage.text == first.definition


def test_a_question_finds_the_entry_that_answers_it(harbour_store: Store) -> None:
    query = "who looks after a pilot?"
    first = near(harbour_store.current(), ToyEmbedder(), query).neighbours[0]
    assert (first.term, first.passage.kind) == ("Pilot", "question")
    assert first.cosine == pytest.approx(1.0, abs=1e-4)


def test_scores_are_within_their_ranges_and_ranks_count_up(harbour_store: Store) -> None:
    reply = near(harbour_store.current(), ToyEmbedder(), "ships and cargo", 12)
    for rank, neighbour in enumerate(reply.neighbours, start=1):
        assert neighbour.rank == rank
        assert -1 <= neighbour.cosine <= 1
        assert 0 <= neighbour.similarity <= 1
        assert 0 <= neighbour.percentile <= 100


def test_a_category_limits_the_neighbours(harbour_store: Store) -> None:
    found = terms(harbour_store, "ships and cargo", limit=10, category="quay")
    assert sorted(found) == ["Crane", "Dock", "Gangway", "Quay"]


def test_a_category_may_be_named_by_a_word_of_it(harbour_store: Store) -> None:
    assert set(terms(harbour_store, "iron", category="tackle")) == {"Anchor", "Hawser"}


def test_an_entry_outside_the_category_is_not_first(harbour_store: Store) -> None:
    assert "Anchor" not in terms(harbour_store, "Anchor", category="signs")


def test_an_unknown_category_names_the_ones_there_are(harbour_store: Store) -> None:
    with pytest.raises(NotFound, match=r'no category "sgins"\. Did you mean Signs') as raised:
        terms(harbour_store, "iron", category="sgins")
    assert "Ground tackle" in raised.value.hint


def test_a_source_limits_the_neighbours(harbour_store: Store) -> None:
    other = replace(harbour()[0], id="sea/anchor", term="Sea anchor", source="sea")
    reindex(harbour_store, Content([*harbour(), other]), ToyEmbedder())
    assert terms(harbour_store, "ships", source="sea") == ["Sea anchor"]


def test_nothing_near_is_said(harbour_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.space.ranking.is_out_of_domain", lambda *_: True)
    reply = near(harbour_store.current(), ToyEmbedder(), "where ships lie")
    assert reply.sparse
    closest = reply.neighbours[0]
    assert reply.note == f"The closest is {closest.term} ({closest.similarity:.2f})."
    alone = near(harbour_store.current(), ToyEmbedder(), "where ships lie", 1)
    assert alone.note == reply.note


def test_a_place_is_sparse_where_no_passage_lies(harbour_store: Store) -> None:
    generation = harbour_store.current()
    assert not is_sparse(generation, generation.matrix[3])
    away = -generation.spread.mean / np.linalg.norm(generation.spread.mean)
    assert is_sparse(generation, away)


def test_what_stands_in_the_index_is_never_sparse(harbour_store: Store) -> None:
    generation = harbour_store.current()
    assert not any(is_sparse(generation, point) for point in generation.matrix)


@pytest.mark.parametrize(
    "question",
    ["what does dock mean?", "Define “Dock” please", "hey, what exactly is a dock?"],
)
def test_a_question_for_a_name_finds_its_entry_first(harbour_store: Store, question: str) -> None:
    reply = near(harbour_store.current(), ToyEmbedder(), question)
    assert reply.neighbours[0].id == "dock"


def test_another_model_is_refused_with_the_cure(harbour_store: Store) -> None:
    with pytest.raises(ModelMismatch, match="built with the model toy, but other") as raised:
        near(harbour_store.current(), ToyEmbedder("other"), "ships")
    assert "nearsay index" in raised.value.hint


def test_the_same_question_has_the_same_answer(harbour_store: Store) -> None:
    first = near(harbour_store.current(), ToyEmbedder(), "ships and cargo", 12)
    again = near(Store(harbour_store.directory).current(), ToyEmbedder(), "ships and cargo", 12)
    assert first == again
