"""The verbs of `/latent`: their arguments, and the replies to invalid arguments."""

import pytest
from syrupy.assertion import SnapshotAssertion

from bot.assistant import Assistant
from bot.rendering.common import reply_lines
from bot.replies.base import Problem
from index.search.explore.compare_models import EmbeddedSpace
from index.search.explore.explorations import Comparison, Models, Path, Shift
from index.storage import Store
from tests.support.toy import ToyEmbedder


def words(count: int, of: str = "rope") -> str:
    return " ".join(f"{of}{number}" for number in range(count))


LETTER_LIST = list("abcdefghijklmnopqrstuvwxyz")
INVALID = (
    *("compare | anchor", "compare Anchor | the anchor's | ANCHOR", "compare"),
    f"compare {'|'.join(LETTER_LIST)}",
    *("shift anchor ->", "shift anchor -> anchor", "shift a rope tone=loud"),
    *("shift a rope tone=more", "shift a rope tone=<!channel>"),
    *("shift a -> b tone=premium", "shift tone=premium"),
    *(f"shift {'x' * 1_001} -> b", f"shift {words(30)} b -> b"),
    "path a -> b -> c",
    *("map theme=blue", "map anchor to=ben"),
    *("wander anchor t=0", "wander anchor t=nan", "wander anchor t=1e9", "wander anchor steps=50"),
    *("models", "about it"),
)


def test_the_error_for_invalid_arguments_shows_the_correct_form(
    desk: Assistant, snapshot: SnapshotAssertion
) -> None:
    replies = {line: desk.ask(f"/latent {line}") for line in INVALID}
    found = [
        f"{line[:60]}: {reply.message} | {reply.hint}"
        for line, reply in replies.items()
        if isinstance(reply, Problem)
    ]
    assert len(found) == len(INVALID)
    assert "\n".join(found) == snapshot


def test_every_usual_separator_is_recognized(desk: Assistant) -> None:
    for arrow in ("->", "→", "=>", " —> ", " | "):
        reply = desk.ask(f"/latent path Anchor{arrow}Buoy")
        assert isinstance(reply, Path)
        assert (reply.hops[0].id, reply.hops[-1].id) == ("anchor", "buoy")
    for between in ("|", " -> ", " vs ", " vs. ", " VS "):
        compared = desk.ask(f"/latent compare Anchor{between}Buoy")
        assert isinstance(compared, Comparison)
        assert (compared.a, compared.b) == ("Anchor", "Buoy")


def test_path_from_a_text_that_is_near_nothing_is_declined(desk: Assistant) -> None:
    reply = desk.ask("/latent path roast chicken -> Anchor")
    assert isinstance(reply, Problem)
    assert reply.message == 'Nothing here is near "roast chicken".'


def test_the_walk_after_the_highest_seed_is_possible(desk: Assistant) -> None:
    reply = desk.ask("/latent wander Anchor seed=999999")
    assert "For another walk add seed=1" in reply_lines(reply)


def test_a_plus_appends_words_to_a_prompt(desk: Assistant) -> None:
    reply = desk.ask("/latent shift a thick rope + for towing")
    assert isinstance(reply, Shift)
    assert (reply.before, reply.after) == ("a thick rope", "a thick rope for towing")
    assert {item.word for item in reply.words} == {"for", "towing"}
    changed = desk.ask("/latent shift a thick rope -> a thick lamp")
    assert isinstance(changed, Shift)
    assert {(item.word, item.added) for item in changed.words} == {("lamp", True), ("rope", False)}


@pytest.mark.parametrize(
    ("written", "tone"),
    [
        *(("premium", "premium"), ('"More Formal"', "more formal"), ("formal", "more formal")),
        *(('" WARMER "', "warmer"), ("technical", "more technical")),
    ],
)
def test_a_tone_is_found_by_its_name_or_a_word_in_it(
    desk: Assistant, written: str, tone: str
) -> None:
    reply = desk.ask(f"/latent shift a rope tone={written}")
    assert isinstance(reply, Shift)
    assert reply.tone == tone


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
