"""Conversations in channels, threads and direct messages, in both modes."""

import json

import pytest

from tests.fake_slack import Channel, Message
from tests.slack.talking import QUESTION, answers, bot_replies, mention, quiet
from tests.slack.team import Team
from tests.slack.views import modal


@pytest.fixture(scope="module")
def options() -> dict[str, object]:
    return {"threads": "follow"}


def test_mention_is_answered_once_in_its_thread(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    (answer,) = answers(team, root)
    assert "harbour master" in answer.text
    assert "Hawser ›" in answer.text
    shown = json.dumps(answer.blocks, ensure_ascii=False)
    assert "harbour master" in shown
    assert any(label.startswith("Hawser") for label in answer.buttons)
    quiet(team)
    assert {d.name for d in team.workspace.deliveries() if root.ts in json.dumps(d.payload)} >= {
        "app_mention",
        "message",
    }
    assert len(bot_replies(team, root)) == 1
    assert team.workspace.messages(quay) == [
        m for m in team.workspace.messages(quay) if not m.bot_id
    ]


def test_thread_of_a_first_mention_is_not_read(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    quiet(team)
    assert not team.workspace.calls("conversations.replies")
    mention(team, quay, "and an example?", root)
    assert "painted green" in answers(team, root, 2)[1].text
    assert team.workspace.calls("conversations.replies")


def test_citation_opens_its_entry_and_suggestion_gets_one_answer(team: Team, quay: Channel) -> None:
    root = mention(team, quay, "what is a hawser?")
    (answer,) = answers(team, root)
    cited = next(label for label in answer.buttons if label.startswith("Hawser"))
    assert team.workspace.click(team.ben, answer, cited).ok
    assert modal(team, team.ben, "thick rope")
    for _ in range(2):
        assert team.workspace.click(team.ben, answer, QUESTION).ok
    second = answers(team, root, 2)[1]
    quiet(team)
    assert len(bot_replies(team, root)) == 2
    assert second.text.startswith(f'ben asks: "{QUESTION}"\nThe harbour master.')
    shown = json.dumps(second.blocks[0])
    assert "ben asks: " in shown
    assert QUESTION in shown


def test_reply_naming_an_entry_is_answered(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    team.workspace.say(team.ada, quay, "Tugboats", root)
    assert answers(team, root, 2)[1].text.startswith("Tugboat: A small strong boat")


@pytest.mark.parametrize(
    "said",
    [
        "thanks, that is clear now",
        "<@{ada}> who looks after a hawser?",
        "could you move the meeting to three o'clock tomorrow, zxqv?",
        "",
    ],
)
def test_conversation_between_users_is_not_answered(team: Team, quay: Channel, said: str) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    team.workspace.say(team.ada, quay, "I will tell them", root)
    team.workspace.say(team.ben, quay, said.format(ada=team.ada.id), root)
    quiet(team)
    assert len(bot_replies(team, root)) == 1


def test_thread_between_users_is_answered_only_on_mention(team: Team, quay: Channel) -> None:
    root = team.workspace.say(team.ada, quay, QUESTION)
    team.workspace.say(team.ben, quay, "what is a hawser?", root)
    quiet(team)
    assert bot_replies(team, root) == []
    mention(team, quay, "what is a hawser?", root)
    (answer,) = answers(team, root)
    assert "Hawser" in answer.text


def test_bare_mention_answers_the_threads_first_message(team: Team, quay: Channel) -> None:
    root = team.workspace.say(team.ben, quay, QUESTION)
    mention(team, quay, "", root)
    (answer,) = answers(team, root)
    assert "harbour master" in answer.text


@pytest.mark.parametrize("slash", ["", "/"])
def test_mention_can_be_a_command(team: Team, quay: Channel, slash: str) -> None:
    line = f"{slash}near a thick rope for mooring or towing"
    (answer,) = answers(team, mention(team, quay, line))
    assert answer.text.startswith('Near "a thick rope for mooring or towing"')
    assert "Share in channel" not in answer.buttons


def test_admin_commands_do_not_work_in_conversations(team: Team, quay: Channel) -> None:
    (answer,) = answers(team, mention(team, quay, "/near-admin status"))
    assert "outside threads" in answer.text


@pytest.mark.parametrize("private", ["private", "group_dm"])
def test_private_channels_and_group_messages_are_supported(team: Team, private: str) -> None:
    name = f"{team.channel.name}-{private}"
    channel = team.workspace.add_channel(name, [team.ada, team.ben], **{private: True})
    root = mention(team, channel, QUESTION)
    answers(team, root)
    team.workspace.say(team.ben, channel, "and an example?", root)
    assert "painted green" in answers(team, root, 2)[1].text


def direct(team: Team, text: str) -> Message:
    """Send the bot a direct message and wait for its answer."""
    channel = team.workspace.dm(team.ben)
    said = team.workspace.say(team.ben, channel, text)
    return team.workspace.wait(
        lambda: [
            m
            for m in team.workspace.messages(channel)
            if m.bot_id and (m.metadata or {})["event_payload"]["question"] == said.ts
        ],
        seconds=10,
    )[0]


def test_direct_messages_and_follow_ups_are_answered(team: Team) -> None:
    assert "harbour master" in direct(team, QUESTION).text
    assert "painted green" in direct(team, "example").text
    assert direct(team, "near a thick rope for mooring or towing").text.startswith("Near")
    assert direct(team, "/define tug").text.startswith("Tugboat")
    assert "/near TEXT" in direct(team, "help").text.replace("&gt;", ">")


def test_direct_message_in_a_thread_is_answered_there(team: Team) -> None:
    channel = team.workspace.dm(team.ada)
    root = team.workspace.say(team.ada, channel, QUESTION)
    team.workspace.wait(lambda: [m for m in team.workspace.messages(channel) if m.bot_id])
    team.workspace.say(team.ada, channel, "what is a tugboat?", root)
    (answer,) = answers(team, root)
    assert "Tugboat" in answer.text


def test_unanswerable_question_is_declined_in_one_line(team: Team, quay: Channel) -> None:
    (answer,) = answers(team, mention(team, quay, "zxqv wvut qrst?"))
    assert answer.text.startswith("No entry covers this.")
    assert "Nearest:" not in answer.everything
    assert [item for item in answer.buttons if item.startswith("Suggest")]


def test_answer_follows_edits_and_deletion_of_its_question(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    (answer,) = answers(team, root)
    team.workspace.edit(root, f"{team.workspace.mention} what is a tugboat?")
    team.workspace.wait(lambda: "Tugboat" in bot_replies(team, root)[0].text)
    assert [m.ts for m in bot_replies(team, root)] == [answer.ts]
    team.workspace.say(team.ben, quay, "and an example?", root)
    assert "The tugboat was painted" in answers(team, root, 2)[1].text
    team.workspace.delete(root)
    team.workspace.wait(lambda: len(bot_replies(team, root)) == 1)
    assert "painted" in bot_replies(team, root)[0].text


def test_edits_and_deletions_of_follow_ups_update_their_answers(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    quiet(team)
    said = team.workspace.say(team.ada, quay, "and an example?", root)
    answers(team, root, 2)
    quiet(team)
    team.workspace.edit(said, "what is a tugboat?")
    team.workspace.wait(lambda: "Tugboat" in bot_replies(team, root)[1].text, seconds=10)
    team.workspace.delete(said)
    team.workspace.wait(lambda: len(bot_replies(team, root)) == 1, seconds=10)


def test_thread_continues_after_its_first_message_is_deleted(team: Team, quay: Channel) -> None:
    root = team.workspace.say(team.ben, quay, "Look at this rope")
    asked = mention(team, quay, QUESTION, root)
    answers(team, root)
    team.workspace.delete(root)
    team.workspace.say(team.ben, quay, "and an example?", root)
    answers(team, root, 2)
    team.workspace.delete(asked)
    team.workspace.wait(lambda: len(bot_replies(team, root)) == 1)


def test_edit_that_adds_a_mention_is_answered(team: Team, quay: Channel) -> None:
    root = team.workspace.say(team.ada, quay, QUESTION)
    team.workspace.edit(root, f"{team.workspace.mention} {QUESTION}")
    assert "harbour master" in answers(team, root)[0].text


def test_edit_that_removes_the_mention_removes_the_answer(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    team.workspace.edit(root, "lunch is at 12, see you in the canteen")
    team.workspace.wait(lambda: not bot_replies(team, root), seconds=10)


def test_reply_to_the_shortcut_is_ephemeral_and_can_be_shared(team: Team, quay: Channel) -> None:
    message = team.workspace.say(team.ben, quay, "Hawser &amp; buoy")
    assert team.workspace.shortcut(team.ada, "whats_near_this", message).ok
    (shown,) = team.workspace.wait(lambda: team.workspace.ephemerals(team.ada, quay))
    assert "Hawser" in shown.text
    assert team.workspace.ephemerals(team.ben, quay) == []
    assert team.workspace.click(team.ada, shown, "Share in channel").ok
    (shared,) = team.workspace.wait(
        lambda: [m for m in team.workspace.messages(quay) if m.bot_id], seconds=10
    )
    assert "Shared by ada" in shared.everything
