"""Looking up one entry, and suggestions for an unknown name."""

from dataclasses import replace

import pytest

from index.errors import ModelMissing, NotFound
from index.search.define import define, only_section
from index.storage import Generation
from index.storage.entry_table import EntryTable
from tests.support.toy import ToyEmbedder


def test_looking_up_an_entry_by_name_embeds_nothing(generation: Generation) -> None:
    toy = ToyEmbedder()
    reply = define(generation, toy, "tug")
    assert (reply.entry.term, reply.match, toy.asked) == ("Tugboat", "alias", 0)
    assert reply.entry.faq
    assert reply.entry.sections


def test_a_misspelt_name_is_looked_up_with_a_note(generation: Generation) -> None:
    reply = define(generation, ToyEmbedder(), "lighthuose")
    assert reply.note == 'You wrote "lighthuose"; the nearest name is Lighthouse.'
    assert not define(generation, ToyEmbedder(), "tug").note


def test_a_similar_name_is_suggested_with_its_similarity(generation: Generation) -> None:
    with pytest.raises(NotFound, match='no entry "light house tower"') as raised:
        define(generation, ToyEmbedder(), "light house tower")
    first = raised.value.suggestions[0]
    assert first.term == "Lighthouse"
    assert first.similarity is not None
    assert raised.value.hint.startswith("Did you mean Lighthouse")


def test_suggestions_work_without_the_model(generation: Generation) -> None:
    class Broken(ToyEmbedder):
        def queries(self, texts):  # type: ignore[no-untyped-def]
            raise ModelMissing("gone")

    with pytest.raises(NotFound) as raised:
        define(generation, Broken(), "light house tower")
    assert raised.value.suggestions[0].term == "Lighthouse"
    assert raised.value.suggestions[0].similarity is None


def test_the_entry_with_the_name_as_a_search_phrase_is_suggested(
    generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    pilot = replace(generation.entries["pilot"], search_phrases=("Light-house tower",))
    table = EntryTable((generation.entries | {"pilot": pilot}).values())
    monkeypatch.setitem(vars(generation), "asked_as", table.asked_as)
    with pytest.raises(NotFound, match='no entry "light house tower"') as raised:
        define(generation, ToyEmbedder(), "light house tower")
    assert raised.value.hint == "Did you mean Pilot?"


def test_one_section_is_given_with_the_definition_alone(generation: Generation) -> None:
    reply = only_section(define(generation, ToyEmbedder(), "tug"), "what")
    assert reply.section == "What it is"
    assert [part.heading for part in reply.entry.sections] == ["What it is"]
    assert reply.entry.definition
    left = (reply.entry.faq, reply.entry.example, reply.entry.related, reply.neighbours)
    assert not any(left)
    with pytest.raises(NotFound, match='no section "history"'):
        only_section(reply, "history")
