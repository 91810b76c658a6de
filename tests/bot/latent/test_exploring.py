"""What /latent is asked for: each form, and a sentence with the right one where it is wrong."""

from __future__ import annotations

import pytest

from bot.desk import Desk
from bot.latent.exploring import COMPARED, ITEMS
from bot.replies import Problem
from index.space.latent.models import EmbeddedSpace
from index.space.latent.results import Blend, Comparison, Models, Odd, Path, Shift, Wander
from index.space.latent.tones import TONES
from index.store import Store
from tests.support.toy import ToyEmbedder

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def words(count: int, of: str = "rope") -> str:
    return " ".join(f"{of}{number}" for number in range(count))


@pytest.mark.parametrize(
    ("line", "needed", "example"),
    [
        ("/latent compare anchor", "two texts with a bar between them", "compare bank account |"),
        ("/latent compare anchor |", "two texts with a bar between them", "compare bank account |"),
        ("/latent compare | anchor", "two texts with a bar between them", "compare bank account |"),
        ("/latent compare Anchor | the anchor's | ANCHOR", "is there twice", "compare bank"),
        ("/latent compare", "/latent compare needs A | B after it", "compare bank account |"),
        (f"/latent compare {'|'.join(LETTERS)}", f"up to {COMPARED}", "compare bank account |"),
        ("/latent shift anchor", "a prompt before and after", "shift Describe this cream. +"),
        ("/latent shift anchor ->", "a prompt before and after", "shift Describe this cream. +"),
        ("/latent shift + anchor", "a prompt before and after", "shift Describe this cream. +"),
        ("/latent shift a -> b -> c", "a prompt before and after", "shift Describe this cream. +"),
        ("/latent shift anchor -> anchor", "Both prompts are the same", "shift Describe this"),
        ("/latent shift a rope tone=loud", 'There is no tone "loud"', "more formal, warmer"),
        ("/latent shift a -> b tone=premium", "I need one prompt", "shift Describe this cream. +"),
        ("/latent shift tone=premium", "needs BEFORE -> AFTER after it", "shift Describe"),
        (f"/latent shift {'x' * 1_001} -> b", "before has 1,001 characters; up to 1,000", "shift"),
        (f"/latent shift a -> {'x' * 1_200}", "after has 1,200 characters; up to 1,000", "shift"),
        (f"/latent shift a + {'x' * 1_000}", "after has 1,002 characters; up to 1,000", "shift"),
        (f"/latent shift {'x' * 1_001} tone=warmer", "has 1,001 characters; up to 1,000", "shift"),
        (f"/latent shift a -> {words(25)}", "after has 25 words that the other one", "shift"),
        (f"/latent shift {words(30)} b -> b", "before has 30 words that the other one", "shift"),
        ("/latent path anchor", "two texts with an arrow between them", "path Embedding ->"),
        ("/latent path a -> b -> c", "3 texts; I take up to 2", "path Embedding ->"),
        ("/latent path anchor -> Anchor", "is there twice", "path Embedding ->"),
        ("/latent odd anchor, buoy", "at least three texts", "odd RAG, embedding"),
        (f"/latent odd {','.join(LETTERS)}", f"up to {ITEMS}", "odd RAG, embedding"),
        ("/latent odd anchor, buoy, anchor", "is there twice", "odd RAG, embedding"),
        ("/latent blend anchor", "two texts with a plus or a minus", "blend fine-tuning +"),
        ("/latent blend anchor + ", "two texts with a plus or a minus", "blend fine-tuning +"),
        ("/latent blend - anchor - buoy", "all of this is taken away", "blend fine-tuning +"),
        (f"/latent blend {' + '.join(LETTERS)}", f"up to {ITEMS}", "blend fine-tuning +"),
        ("/latent map theme=blue", "a theme is light or dark", "map why does the model"),
        ("/latent map anchor to=ben", "with to=me to you alone", "map why does the model"),
        ("/latent map anchor |", "texts with a bar between them", "map why does the model"),
        ("/latent map Anchor | ANCHOR", "is there twice", "map why does the model"),
        (f"/latent map {'|'.join(LETTERS)}", f"up to {COMPARED}", "map why does the model"),
        ("/latent wander", "/latent wander needs a text after it", "wander hallucination"),
        ("/latent wander anchor t=0", "t is a number above 0", "wander hallucination t=0.3"),
        ("/latent wander anchor t=-1", "t is a number above 0", "wander hallucination t=0.3"),
        ("/latent wander anchor t=1e9", "t is a number above 0", "wander hallucination t=0.3"),
        ("/latent wander anchor t=nan", "t is a number above 0", "wander hallucination t=0.3"),
        ("/latent wander anchor t=warm", "t is a number above 0", "wander hallucination t=0.3"),
        ("/latent wander anchor steps=50", "whole number from 1 to 20", "/latent wander TEXT"),
        ("/latent models", "/latent models needs a text after it", "models split a document"),
        ("/latent about it", "is nothing that about knows", "/latent about"),
        ("/latent compere a | b", "Did you mean compare?", "There are compare, shift"),
    ],
)
def test_a_wrong_form_gets_a_sentence_with_the_right_one(
    desk: Desk, line: str, needed: str, example: str
) -> None:
    reply = desk.say(line)
    assert isinstance(reply, Problem)
    assert needed in f"{reply.message} {reply.hint}"
    assert example in reply.hint


@pytest.mark.parametrize("arrow", ["->", "→", "=>", " —> "])
def test_an_arrow_is_one_however_it_is_typed(desk: Desk, arrow: str) -> None:
    reply = desk.say(f"/latent path Anchor{arrow}Buoy")
    assert isinstance(reply, Path)
    assert (reply.hops[0].id, reply.hops[-1].id) == ("anchor", "buoy")


def test_words_are_added_with_a_plus(desk: Desk) -> None:
    reply = desk.say("/latent shift a thick rope + for towing")
    assert isinstance(reply, Shift)
    assert (reply.before, reply.after) == ("a thick rope", "a thick rope for towing")
    assert {item.word for item in reply.words} == {"for", "towing"}
    assert all(item.added for item in reply.words)


def test_a_shift_of_the_largest_size_is_answered_word_by_word(desk: Desk) -> None:
    before, after = f"{words(24)} {'anchor ' * 100}", f"{words(24, 'buoy')} {'anchor ' * 100}"
    reply = desk.say(f"/latent shift {before} -> {after}")
    assert isinstance(reply, Shift)
    assert len(reply.words) == 48
    toned = desk.say(f"/latent shift {'x' * 1_000} tone=warmer")
    assert isinstance(toned, Shift)


def test_a_tone_adds_its_words_to_the_prompt_as_it_is(desk: Desk) -> None:
    reply = desk.say('/latent shift a thick + rope tone="more formal"')
    assert isinstance(reply, Shift)
    assert (reply.before, reply.tone) == ("a thick + rope", "more formal")
    assert reply.after == f"a thick + rope {TONES['more formal']}"
    assert desk.say("/latent shift a thick + rope tone:formal") == reply


def test_the_same_line_gives_the_same_walk_and_another_seed_another(desk: Desk) -> None:
    first = desk.say("/latent wander anchor t=10")
    assert isinstance(first, Wander)
    assert desk.say("/latent wander anchor t=10") == first
    assert desk.say(f"/latent wander anchor t=10 seed={first.seed}") == first
    other = desk.say(f"/latent wander anchor t=10 seed={first.seed + 1}")
    assert isinstance(other, Wander)
    assert other.stops != first.stops
    assert len(first.stops) == 6


def test_a_text_is_put_to_the_models_that_are_set(desk: Desk, harbour_store: Store) -> None:
    reply = desk.say("/latent models a rope that holds the ship")
    assert isinstance(reply, Models)
    assert [view.model for view in reply.models] == ["toy", "LSA of this index"]
    other = EmbeddedSpace(ToyEmbedder("other"), harbour_store)
    seen: list[str] = []
    several = Desk(harbour_store, ToyEmbedder(), others=[other]).say(
        "/latent models a rope that holds the ship", progress=lambda phase, *_: seen.append(phase)
    )
    assert isinstance(several, Models)
    assert [view.model for view in several.models] == ["toy", "other"]
    assert set(seen) == {"embedding"}


def test_a_second_model_that_is_that_of_the_index_is_a_problem(harbour_store: Store) -> None:
    same = EmbeddedSpace(ToyEmbedder(), harbour_store)
    reply = Desk(harbour_store, ToyEmbedder(), others=[same]).say("/latent models a rope")
    assert isinstance(reply, Problem)
    assert (reply.code, "NEARSAY_MODELS" in reply.hint) == ("model", True)


def test_a_change_of_one_word_names_both(desk: Desk) -> None:
    reply = desk.say("/latent shift a thick rope -> a thick lamp")
    assert isinstance(reply, Shift)
    assert {(item.word, item.added) for item in reply.words} == {("lamp", True), ("rope", False)}


def test_texts_are_told_apart_by_their_signs(desk: Desk) -> None:
    compared = desk.say("/latent compare a thick rope | a tower whose lamp shows | a boat")
    assert isinstance(compared, Comparison)
    assert compared.items == ("a thick rope", "a tower whose lamp shows", "a boat")
    odd = desk.say("/latent odd anchor; buoy; crane")
    assert isinstance(odd, Odd)
    assert odd.items == ("anchor", "buoy", "crane")


def test_hyphens_within_words_are_no_signs(desk: Desk) -> None:
    reply = desk.say("/latent blend ebb-tide + anchor - pilot")
    assert isinstance(reply, Blend)
    assert reply.expression == "ebb-tide + anchor - pilot"
