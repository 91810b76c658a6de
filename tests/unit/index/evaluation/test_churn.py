"""Churn: the effect of a reindex on the answers to the same questions."""

from collections.abc import Iterator

import pytest

from index.entry import Entry
from index.evaluation.churn import churn
from index.indexing.reindex import SourceContent, reindex
from index.storage import Generation, Store
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

QUESTIONS = ["a thick rope", "a tall machine", "a stone edge", "zebra"]


@pytest.fixture
def before(harbour_store: Store) -> Iterator[Generation]:
    with harbour_store.reading() as generation:
        yield generation


def after(store: Store, entries: list[Entry], embedder: ToyEmbedder | None = None) -> Generation:
    reindex(store, SourceContent(entries), embedder or ToyEmbedder())
    return store.current()


def zebra(number: int) -> Entry:
    return Entry(
        id=f"zebra-{number}",
        term=f"Zebra {number}",
        definition="A zebra, a zebra, a zebra.",
        category="Animals",
        source="harbour",
    )


def test_questions_with_changed_neighbours_are_counted(
    before: Generation, harbour_store: Store, toy: ToyEmbedder
) -> None:
    entries = [*harbour(), *(zebra(number) for number in range(4))]
    found = churn(before, after(harbour_store, entries), toy, ["zebra"])
    assert found is not None
    assert (found.questions, found.changed, found.first) == (1, 1, 1)
    assert [(item.question, item.changed) for item in found.worst] == [("zebra", 4)]


def test_generations_of_different_models_are_not_compared(
    before: Generation, harbour_store: Store, toy: ToyEmbedder
) -> None:
    other = ToyEmbedder("other")
    now = after(harbour_store, harbour(), other)
    assert churn(before, now, other, QUESTIONS) is None
    assert churn(before, before, other, QUESTIONS) is None
