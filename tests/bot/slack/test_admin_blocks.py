"""Admins' replies as Block Kit: valid at the worst input, nothing live, and buttons that ask what
they say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.admin.editing_replies import Review
from bot.admin.insights import Gaps, Stats
from bot.admin.replies import GenerationLine, Generations
from bot.commands.parser import parse
from bot.commands.spec import Request
from bot.replies import Reply
from bot.slack.admin_blocks import KEEP, ROLL_BACK, progress_message, settled
from bot.slack.blocks import Asked, message_of
from bot.slack.elements import Message
from index.reindex import Reindexed
from index.sources.files import Refusal
from index.space.results import Mention
from tests.bot.samples import EXPLORED, KINDS, MOMENT, reply, report
from tests.bot.slack import WORST, buttons, dangers, faults_in_markup
from tests.bot.slack.test_blocks import fits

OTHERS = ("neighbours", "sparse", "entry", "senses", "answer", "declined", "problem", "help")
ADMIN = tuple(kind for kind in KINDS if kind not in {*OTHERS, *EXPLORED})
LONG = 3_000


def made(kind: str, text: str) -> Reply:
    """A reply with that text wherever somebody else writes it."""
    found = reply(kind, text)
    if isinstance(found, Reindexed):  # whose buttons name generations, which are ours
        return replace(found, generation="g000002", before="g000001")
    if isinstance(found, Gaps):  # whose buttons name entries by their ids, which are ours
        known = replace(found.gaps[0], entry=Mention("an-id", text, text, 1.0))
        return replace(found, gaps=(known, *found.gaps[1:]))
    if isinstance(found, Review):  # and so do its, by its id
        return replace(found, suggestion=replace(found.suggestion, id="1f2e3d4c"))
    if isinstance(found, Stats):  # so do these
        entry = Mention("an-id", text, text, None)
        candidate = replace(found.phrase_candidates[0], entry=entry)
        return replace(found, phrase_candidates=(candidate,) * 5)
    return found


def whole(message: Message) -> None:
    """Asserts that Slack takes a message and that nothing in it is live."""
    fits(message)
    assert dangers(list(message.blocks)) == []
    assert faults_in_markup(message.text) == []


@pytest.mark.parametrize("name", WORST)
@pytest.mark.parametrize("kind", ADMIN)
def test_the_longest_names_fit_and_are_not_live(kind: str, name: str) -> None:
    whole(message_of(made(kind, WORST[name](LONG)), Asked(Request("near-admin", "", {}, "log"))))


def reindexed(**changes: object) -> Reindexed:
    done = reply("reindexed", "toy")
    assert isinstance(done, Reindexed)
    return replace(done, **{"generation": "g000002", "before": "g000001"} | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("prefix", ["", "dev-", "a" * 20])
def test_the_buttons_of_a_reindex_ask_for_these_two_generations(prefix: str) -> None:
    found = {
        button["action_id"]: parse(button["value"], prefix)
        for button in buttons(list(message_of(reindexed(), Asked(prefix=prefix)).blocks))
    }
    assert found == {
        KEEP: Request("near-admin", "g000002", {}, "keep"),
        ROLL_BACK: Request("near-admin", "g000001", {"from": "g000002"}, "rollback"),
    }


@pytest.mark.parametrize("before", [None, "g000002"])
def test_without_another_generation_before_there_is_nothing_to_choose(before: str | None) -> None:
    assert buttons(list(message_of(reindexed(before=before), Asked()).blocks)) == []


def generation(name: str, state: str = "ready", *, current: bool = False) -> GenerationLine:
    return GenerationLine(name, state, MOMENT, "ada", 1, 0, 0, current, "")


@pytest.mark.parametrize("prefix", ["", "dev-"])
def test_of_several_generations_the_whole_ones_can_be_gone_back_to(prefix: str) -> None:
    lines = [
        generation("g000004", current=True),
        generation("g000003", "damaged"),
        generation("g000002"),
        generation("g000001"),
    ]
    found = Generations(generation="g000004", model="m", generations=tuple(lines), total=4)
    ways = buttons(list(message_of(found, Asked(prefix=prefix)).blocks))
    assert [parse(item["value"], prefix) for item in ways] == [
        Request("near-admin", name, {"from": "g000004"}, "rollback")
        for name in ("g000002", "g000001")
    ]
    assert all(item["confirm"]["confirm"]["text"] == "Roll back" for item in ways)
    assert [item["action_id"] for item in ways] == [f"{ROLL_BACK}_0", f"{ROLL_BACK}_1"]


@pytest.mark.parametrize("prefix", ["", "dev-"])
def test_a_helpful_question_has_a_button_that_makes_it_a_search_phrase(prefix: str) -> None:
    found = made("stats", "who guards it?")
    message = message_of(found, Asked(prefix=prefix))
    pressed = buttons(list(message.blocks))
    assert {item["text"]["text"] for item in pressed} == {"Use as search phrase"}
    assert [parse(item["value"], prefix) for item in pressed] == [
        Request("near-admin", "an-id = who guards it?", {}, "phrase")
    ] * 5
    assert "phrase who guards it? = who guards it?" in message.text


def test_what_was_skipped_is_told_with_its_first_reason_and_no_folder() -> None:
    refused = (Refusal("/srv/secret/words.csv", 3, "no definition", "Add one."),) * 5
    source = replace(report("words"), refused=refused)
    text = message_of(reindexed(sources=(source,)), Asked()).blocks[0]["text"]["text"]
    assert "words: 5 skipped, the first words.csv: no definition. Add one." in text
    assert "/srv/secret" not in text


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (("", 0, 0, 0.0), "Reindexing: starting"),
        (("reading", 0, 1, 0.0), "Reindexing: reading files"),
        (("embedding", 0, 212, 0.0), "Reindexing: embedding passages 0 of 212 ▱▱▱▱▱▱▱▱▱▱"),
        (
            ("embedding", 187, 1_212, 10.0),
            "Reindexing: embedding passages 187 of 1,212 ▰▰▱▱▱▱▱▱▱▱ 19 a second, 55 s left",
        ),
        (
            ("embedding", 5, 10, 10.0),
            "Reindexing: embedding passages 5 of 10 ▰▰▰▰▰▱▱▱▱▱ 0.5 a second, 10 s left",
        ),
        (("writing", 9, 9, 3.0), "Reindexing: writing the index 9 of 9 ▰▰▰▰▰▰▰▰▰▰"),
        (("other things", 1, 1, 3.0), "Reindexing: other things"),
    ],
)
def test_progress_has_a_bar_counts_a_rate_and_the_time_left(
    now: tuple[str, int, int, float], told: str
) -> None:
    message = progress_message(*now)
    whole(message)
    assert message.text == told


def test_what_was_told_stays_when_a_button_was_pressed() -> None:
    message = settled("g000002 is live. <3", reply("kept", "g000002"))
    assert message.text == "g000002 is live. &lt;3\ng000002 stays. Scheduled reindexing goes on."
    assert buttons(list(message.blocks)) == []
