"""Trying a glossary before it is indexed: the questions made from it, and their answers."""

from dataclasses import replace

import pytest

from index.entry import Entry
from index.evaluation import trial
from index.evaluation.trial import try_glossary
from index.evaluation.trial_questions import QUESTIONS, made_questions
from tests.support.entries import harbour
from tests.support.toy import ToyEmbedder

RULES = tuple(
    Entry(f"rules/{number}", f"Rule {name}", f"A rule about how {name} are kept in the yard.")
    for number, name in enumerate(("ropes", "chains", "barrels", "lanterns", "sails"))
)


def own() -> list[Entry]:
    return [replace(entry, source="own") for entry in harbour()]


def test_ten_questions_of_different_kinds_are_spread_over_the_entries() -> None:
    entries = own()
    entries[6] = replace(entries[6], owner="Ada")
    made = made_questions(entries, RULES)
    assert len(made) == QUESTIONS
    kinds = {question.kind for question in made}
    assert kinds == {"term", "alias", "misspelling", "description", "owner", "encyclopedia"}
    asked = [question.entry_id for question in made if question.kind != "encyclopedia"]
    assert len(set(asked)) == len(asked), "each is about another entry"
    assert asked[0] == "anchor"
    assert {"quay", "tugboat"} & set(asked), "the last entries are asked for too"
    assert "Who owns Gangway?" in [question.text for question in made]


def test_a_description_has_no_word_of_the_names_it_describes() -> None:
    entry = Entry("a", "Berth permit", "A berth permit that lets a ship stay at a quay, by day.")
    made = made_questions([entry], ())
    (text,) = (question.text for question in made if question.kind == "description")
    assert text == "lets a ship stay at a quay, by day"


def test_an_alias_of_two_entries_is_not_asked_for() -> None:
    entries = [replace(entry, aliases=("post",)) for entry in RULES[:2]]
    assert "alias" not in {question.kind for question in made_questions(entries, ())}


def test_the_status_is_asked_for_where_no_entry_has_an_owner() -> None:
    made = made_questions([replace(RULES[0], status="draft")], ())
    assert "What is the status of Rule ropes?" in [question.text for question in made]


def test_the_encyclopedia_is_asked_for_an_entry_that_the_glossary_does_not_have() -> None:
    entries = [replace(RULES[0], term="Anchor")]
    (made,) = (one for one in made_questions(entries, harbour()) if one.kind == "encyclopedia")
    assert made.term != "Anchor"


def test_a_trial_says_what_comes_first_and_the_first_sentence_of_the_answer() -> None:
    found = try_glossary(own(), (), ToyEmbedder())
    assert (found.entries, found.indexed, found.encyclopedia) == (12, 12, False)
    first = found.questions[0]
    assert (first.question, first.first, first.source) == ("What is Anchor?", "Anchor", "own")
    assert first.similarity == 1.0
    assert first.right
    assert not first.hedged
    assert first.sentence == "Anchor: An iron hook that holds a ship to the sea floor."
    misspelt = next(one for one in found.questions if one.kind == "misspelling")
    assert misspelt.right


def test_only_the_first_entries_of_a_large_glossary_are_indexed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    embedder = ToyEmbedder()
    phases: list[tuple[str, int, int]] = []
    monkeypatch.setattr(trial, "MOST_INDEXED", 4)
    found = try_glossary(own(), (), embedder, lambda *told: phases.append(told))
    assert (found.entries, found.indexed) == (12, 4)
    assert {one.term for one in found.questions} <= {"Anchor", "Buoy", "Crane", "Dock"}
    assert phases[-1][1:] == (len(found.questions), len(found.questions))


def test_a_file_without_entries_has_no_questions() -> None:
    assert not try_glossary([], harbour(), ToyEmbedder()).questions
