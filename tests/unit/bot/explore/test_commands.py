"""The verbs of `/latent`: their arguments, and the replies to invalid arguments."""

import pytest

from bot.assistant import Assistant
from bot.explore.commands import COMPARED, ITEMS
from bot.replies.base import Problem
from index.search.explore.compare_models import EmbeddedSpace
from index.search.explore.explorations import Models, Path, Shift
from index.search.explore.tones import TONES
from index.storage import Store
from tests.support.toy import ToyEmbedder


def words(count: int, of: str = "rope") -> str:
    return " ".join(f"{of}{number}" for number in range(count))


LETTER_LIST = list("abcdefghijklmnopqrstuvwxyz")
COMPARE, SHIFT, PATH = "bank account |", "shift Describe this cream. +", "path Embedding ->"
ODD, BLEND, MAP = "odd RAG, embedding", "blend fine-tuning +", "map why does the model"
WANDER = "wander hallucination t=0.3"


@pytest.mark.parametrize(
    ("line", "needed", "example"),
    [
        ("compare | anchor", "two texts with a bar between them", COMPARE),
        ("compare Anchor | the anchor's | ANCHOR", "occurs twice", COMPARE),
        ("compare", "/latent compare needs A | B after it", COMPARE),
        (f"compare {'|'.join(LETTER_LIST)}", f"up to {COMPARED}", COMPARE),
        ("shift anchor ->", "a prompt before and after", SHIFT),
        ("shift anchor -> anchor", "The two prompts are the same", SHIFT),
        ("shift a rope tone=loud", 'There is no tone "loud"', "more formal, warmer"),
        ("shift a -> b tone=premium", "I need one prompt", SHIFT),
        ("shift tone=premium", "needs BEFORE -> AFTER after it", SHIFT),
        (f"shift {'x' * 1_001} -> b", "before has 1,001 characters; up to 1,000", SHIFT),
        (f"shift {words(30)} b -> b", "before has 30 words that the other", SHIFT),
        ("path a -> b -> c", "3 texts; I take up to 2", PATH),
        ("odd anchor, buoy", "at least three texts", ODD),
        (f"odd {','.join(LETTER_LIST)}", f"up to {ITEMS}", ODD),
        ("blend - anchor - buoy", "at least one text with a plus", BLEND),
        (f"blend {' + '.join(LETTER_LIST)}", f"up to {ITEMS}", BLEND),
        ("map theme=blue", "must be light or dark", MAP),
        ("map anchor to=ben", "use to=me", MAP),
        *(
            (f"wander anchor t={t}", "t must be a number above 0", WANDER)
            for t in ("0", "nan", "1e9")
        ),
        ("wander anchor steps=50", "whole number from 1 to 20", "/latent wander TEXT"),
        ("models", "/latent models needs a text after it", "models split a document"),
        ("about it", "is not an option of about", "/latent about"),
    ],
)
def test_the_error_for_invalid_arguments_shows_the_correct_form(
    desk: Assistant, line: str, needed: str, example: str
) -> None:
    reply = desk.ask(f"/latent {line}")
    assert isinstance(reply, Problem)
    assert needed in f"{reply.message} {reply.hint}"
    assert example in reply.hint


def test_every_spelling_of_an_arrow_is_recognized(desk: Assistant) -> None:
    for arrow in ("->", "→", "=>", " —> "):
        reply = desk.ask(f"/latent path Anchor{arrow}Buoy")
        assert isinstance(reply, Path)
        assert (reply.hops[0].id, reply.hops[-1].id) == ("anchor", "buoy")


def test_a_plus_appends_words_to_a_prompt(desk: Assistant) -> None:
    reply = desk.ask("/latent shift a thick rope + for towing")
    assert isinstance(reply, Shift)
    assert (reply.before, reply.after) == ("a thick rope", "a thick rope for towing")
    assert {item.word for item in reply.words} == {"for", "towing"}
    changed = desk.ask("/latent shift a thick rope -> a thick lamp")
    assert isinstance(changed, Shift)
    assert {(item.word, item.added) for item in changed.words} == {("lamp", True), ("rope", False)}


def test_a_tone_appends_its_words_to_the_prompt(desk: Assistant) -> None:
    reply = desk.ask('/latent shift a thick + rope tone="more formal"')
    assert isinstance(reply, Shift)
    assert (reply.before, reply.tone) == ("a thick + rope", "more formal")
    assert reply.after == f"a thick + rope {TONES['more formal']}"
    assert desk.ask("/latent shift a thick + rope tone:formal") == reply


def test_the_models_verb_compares_the_configured_models(
    desk: Assistant, harbour_store: Store
) -> None:
    reply = desk.ask("/latent models a rope that holds the ship")
    assert isinstance(reply, Models)
    assert (reply.generation, reply.model) == ("g000001", "toy")
    assert [view.model for view in reply.models] == ["toy", "LSA of this index"]
    other = EmbeddedSpace(ToyEmbedder("other"), harbour_store)
    seen: list[str] = []
    several = Assistant(harbour_store, ToyEmbedder(), others=[other]).ask(
        "/latent models a rope that holds the ship", progress=lambda phase, *_: seen.append(phase)
    )
    assert isinstance(several, Models)
    assert [view.model for view in several.models] == ["toy", "other"]
    assert set(seen) == {"embedding"}
