"""The buttons of feedback: under what they are, and that messages with them keep to Slack's
limits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.spec import Request
from bot.slack.blocks import Asked, message_of
from bot.slack.feedback_blocks import HELPFUL, NOT_HELPFUL, TELL, VOTE, with_vote
from tests.bot.samples import KINDS, answer, reply
from tests.bot.slack import buttons
from tests.workspace.blockkit_rules import check_message
from tests.workspace.model import elements_in, texts_in

ID = "0123456789abcdef"
VOTES = [HELPFUL, NOT_HELPFUL]


def feedback(kind: str, asked: Asked) -> list[str]:
    blocks = list(message_of(reply(kind, "x"), asked).blocks)
    found: list[str] = []
    for item in elements_in(blocks):
        if item["action_id"] == VOTE:
            values = [item[f"{side}_button"]["value"] for side in ("positive", "negative")]
            assert values == [f"{vote} {ID}" for vote in VOTES]
            found += VOTES
        elif item["action_id"] in (*VOTES, TELL):
            assert item["value"] == ID
            found.append(item["action_id"])
    return found


def test_a_modal_has_two_small_buttons() -> None:
    blocks = message_of(reply("answer", "x"), Asked(question=ID, in_modal=True)).blocks
    assert [item["action_id"] for item in buttons(blocks)][-2:] == VOTES


@pytest.mark.parametrize("in_modal", [False, True])
def test_a_vote_is_shown_below_its_buttons_and_another_in_its_place(in_modal: bool) -> None:
    blocks = list(message_of(reply("answer", "x"), Asked(question=ID, in_modal=in_modal)).blocks)
    for vote, told in ((HELPFUL, "Marked as helpful."), (NOT_HELPFUL, "Marked as not helpful.")):
        blocks = with_vote(blocks, vote)
        assert [text for text in texts_in(blocks) if text.startswith("Marked")] == [told]
    assert list(check_message(blocks)) == []
    assert with_vote([], HELPFUL)


def test_small_talk_has_no_buttons() -> None:
    said = replace(answer("Hello."), answered=False, sparse=False, nearest=(), citations=())
    said = replace(said, confidence="none", follow_ups=())
    message = message_of(said, Asked(Request("ask", "hello"), question=ID))
    assert texts_in(message.blocks) == ["Hello."]


FOUND = ("neighbours", "entry", "senses", "answer")
NO_ANSWER = ("plan", "status", "help", "new thread", "forgotten")


@pytest.mark.parametrize(
    ("kinds", "question", "buttons_of"),
    [
        (FOUND, ID, VOTES),
        (("sparse", "declined"), ID, [TELL, *VOTES]),
        (("problem",), ID, [TELL]),
        (NO_ANSWER, ID, []),
        (KINDS, "", []),
    ],
    ids=["found", "nothing found", "no such name", "no answer", "not kept"],
)
def test_feedback_is_asked_for_under_what_was_kept_of_an_answer(
    kinds: tuple[str, ...], question: str, buttons_of: list[str]
) -> None:
    for kind in kinds:
        assert feedback(kind, Asked(question=question)) == buttons_of, kind
