from __future__ import annotations

import pytest

from bot import grammar
from bot.__main__ import MOST_PASSAGES
from bot.bench.speed.texts import CATEGORIES, PASSAGES, glossary, queries
from index.entry import passages_of


def test_a_glossary_has_as_many_different_passages_as_are_wanted() -> None:
    entries = glossary(1_000)
    embedded = [passage.embedded for entry in entries for passage in passages_of(entry)]
    assert len(embedded) == len(set(embedded)) == 1_000
    assert len({entry.id for entry in entries}) == 1_000 / PASSAGES
    assert {entry.category for entry in entries} == set(CATEGORIES)
    words = sorted(len(text.split()) for text in embedded)
    assert words[0] > 3
    assert 20 < words[len(words) // 2] < 60, "about as long as those of the encyclopedia"


def test_the_same_size_is_the_same_glossary_and_another_is_not() -> None:
    assert glossary(100) == glossary(100)
    assert glossary(100)[0] != glossary(105)[0]
    assert len(glossary(101)) == 21


def test_every_query_is_asked_as_it_stands() -> None:
    asked = queries()
    assert len(asked) == len(set(asked)) > 3_000
    for text in asked[:500]:
        request = grammar.parse(f"/near {text} in=Design")
        assert isinstance(request, grammar.Request)
        assert request.text == text
        assert request.options == {"in": "Design"}


@pytest.mark.slow
def test_the_largest_glossary_has_a_term_for_every_entry() -> None:
    assert len({entry.term for entry in glossary(MOST_PASSAGES)}) == MOST_PASSAGES / PASSAGES
