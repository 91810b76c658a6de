"""Votes, the question log and its deletion, in both modes."""

import itertools
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.slack.handlers.feedback import NOT_RECORDED
from index.storage.db.questions import QuestionRecord, Questions, Summary
from tests.fake_slack import Channel, Message, User, Workspace
from tests.slack.talking import QUESTION, answers, bot_replies, mention, quiet
from tests.slack.team import Team, serving
from tests.slack.writing import direct
from tests.support.server_mode import ServerMode

NOWHERE = "zxqv qwzx?"  # a query without neighbours
VOTES = ["Helpful", "Not helpful"]
TELL = "Show to the glossary's owners"
numbers = itertools.count(1)


@pytest.fixture
def quay(team: Team) -> Channel:
    """Provide a channel with ada, ben and the bot, with one earlier message."""
    channel = team.workspace.add_channel(f"quay-{next(numbers)}", [team.ada, team.ben])
    team.workspace.say(team.ben, channel, "good morning")
    team.workspace.settle()
    return channel


def question_log(team: Team) -> Questions:
    return team.store.ledger.questions


def logged_questions(team: Team, person: str, count: int = 1) -> list[QuestionRecord]:
    """Wait for `count` questions of a user in the question log."""
    return team.workspace.wait(
        lambda: found if len(found := question_log(team).recent(person, 100)) >= count else None,
        seconds=10,
    )


def votes(team: Team) -> tuple[int, int]:
    """Return the numbers of helpful and unhelpful votes."""
    summary: Summary = question_log(team).summary(datetime.now(UTC) - timedelta(1))
    return summary.helpful, summary.not_helpful


def vote(team: Team, user: User, message: Message, label: str) -> None:
    """Press a feedback button and wait until the vote is counted."""
    assert team.workspace.click(user, message, label).ok
    quiet(team)


def shown_vote(team: Team, message: Message) -> str:
    """Return the vote shown under a message in a thread."""
    (now,) = answers(team, message)
    blocks = [block for block in now.blocks if block["block_id"] == "voted"]
    return str(blocks[0]["elements"][0]["text"]) if blocks else ""


def test_each_user_has_one_vote_that_can_be_changed(team: Team, quay: Channel) -> None:
    (answer,) = answers(team, mention(team, quay, QUESTION))
    assert set(VOTES) <= set(answer.buttons)
    assert TELL not in answer.buttons
    vote(team, team.ada, answer, "Helpful")
    assert shown_vote(team, answer) == "1 helpful, 0 not helpful"
    assert votes(team) == (1, 0)
    vote(team, team.ada, answer, "Helpful")
    assert votes(team) == (1, 0)
    vote(team, team.ada, answer, "Not helpful")
    assert shown_vote(team, answer) == "0 helpful, 1 not helpful"
    assert votes(team) == (0, 1)
    vote(team, team.ben, answer, "Helpful")
    assert votes(team) == (1, 1)
    assert shown_vote(team, answer) == "1 helpful, 1 not helpful"
    (now,) = answers(team, answer)
    assert (now.text, now.metadata) == (answer.text, answer.metadata)
    assert not team.workspace.ephemerals(team.ada, quay)


def test_question_is_logged_with_answer_and_generation(team: Team, quay: Channel) -> None:
    for number in range(4 if ServerMode.active else 0):
        # Each of two bots learns the channel's type from a message that it receives.
        team.workspace.say(team.ada, quay, f"Ahoy {number}!")
    quiet(team)
    (answer,) = answers(team, mention(team, quay, QUESTION))
    (question,) = logged_questions(team, team.ada.id)
    assert (question.text, question.outcome, question.generation) == (
        *(QUESTION, "answered"),
        "g000001",
    )
    assert question.answer in answer.text
    assert question.entries[0] == "hawser"
    assert (question.place, question.channel) == ("public", quay.id)
    assert [item.what for item in question_log(team).most_asked(5)] == [QUESTION]


def test_repeated_button_press_counts_once(team: Team, quay: Channel) -> None:
    (answer,) = answers(team, mention(team, quay, QUESTION))
    vote(team, team.ada, answer, "Helpful")
    vote(team, team.ada, answer, "Not helpful")
    first = next(
        delivery
        for delivery in team.workspace.deliveries("block_actions")
        if delivery.payload["actions"][0]["value"].startswith("helpful ")
    )
    time.sleep(1.1)  # signed again: the same signature would be a replay
    delivery = team.workspace.send(
        "interactive", "block_actions", dict(first.payload), team.ada, "again"
    )
    assert delivery.ok
    quiet(team)
    assert votes(team) == (0, 1)


def test_command_replies_can_be_voted_on(team: Team) -> None:
    for line in ("/near a thick rope for mooring or towing", "/define tug"):
        vote(team, team.ada, team.ask(line), "Helpful")
    assert votes(team) == (2, 0)
    assert [q.text for q in logged_questions(team, team.ada.id, 2)] == [
        "tug",
        "a thick rope for mooring or towing",
    ]


def test_question_in_a_private_channel_is_not_listed(team: Team) -> None:
    name = f"cabin-{next(numbers)}"
    cabin = team.workspace.add_channel(name, [team.ada, team.ben], private=True)
    answers(team, mention(team, cabin, QUESTION))
    assert team.workspace.command(team.ada, cabin, "/near", "a mooring rope").ok
    questions = logged_questions(team, team.ada.id, 2)
    assert {question.place for question in questions} == {"private"}
    assert question_log(team).most_asked(5) == []


def test_direct_messages_and_shortcut_queries_are_not_listed(team: Team, quay: Channel) -> None:
    said = team.workspace.say(team.ben, quay, "a thick rope for mooring or towing")
    assert team.workspace.shortcut(team.ada, "whats_near_this", said).ok
    team.workspace.say(team.ada, team.workspace.dm(team.ada), QUESTION)
    questions = logged_questions(team, team.ada.id, 2)
    assert {question.place for question in questions} == {"quoted", "direct"}
    assert question_log(team).most_asked(5) == []


def test_buttons_under_a_shortcut_reply_do_not_publish_the_message(
    team: Team, quay: Channel
) -> None:
    said = team.workspace.say(team.ben, quay, "a thick rope for mooring or towing")
    assert team.workspace.shortcut(team.ada, "whats_near_this", said).ok
    reply = team.next_ephemeral(team.ada, 0, quay)
    more = team.pressed(team.ada, reply, "Why?")
    team.pressed(team.ada, more, "menu", "Show 10")
    quiet(team)
    assert question_log(team).summary(datetime.now(UTC) - timedelta(1)).questions == 3
    assert {one.place for one in logged_questions(team, team.ada.id)} == {"quoted"}
    assert question_log(team).latest_public(5) == []


def test_direct_message_shows_the_own_vote_and_no_counts(team: Team) -> None:
    team.workspace.say(team.ben, team.workspace.dm(team.ben), QUESTION)
    vote(team, team.ben, direct(team, team.ben, "harbour master"), "Not helpful")
    blocks = str(direct(team, team.ben, "harbour master").blocks)
    assert "Marked as not helpful." in blocks
    assert "1 not helpful" not in blocks


def test_only_the_user_can_share_a_question_with_owners(team: Team, quay: Channel) -> None:
    (declined,) = answers(team, mention(team, quay, NOWHERE))
    assert TELL in declined.buttons
    (question,) = logged_questions(team, team.ada.id)
    assert "Only the user who asked" in team.pressed(team.ben, declined, TELL).text
    assert not question_log(team).recent(team.ada.id, 1)[0].told
    assert "but not your name" in team.pressed(team.ada, declined, TELL).text
    (now,) = question_log(team).recent(team.ada.id, 5)
    assert (now.id, now.told, now.outcome) == (question.id, True, question.outcome)
    assert "but not your name" in team.pressed(team.ada, team.ask("/define qwzx"), TELL).text
    newest = logged_questions(team, team.ada.id, 2)[0]
    assert (newest.text, newest.outcome, newest.told) == ("qwzx", "unknown", True)


def test_deleted_question_cannot_be_shown_to_the_owners(team: Team, quay: Channel) -> None:
    (declined,) = answers(team, mention(team, quay, NOWHERE))
    team.ask("/near delete my data")
    notice = "This question is no longer stored and cannot be shown."
    assert team.pressed(team.ada, declined, TELL).text == notice


def test_delete_my_data_shows_counts_and_keeps_other_users_data(team: Team, quay: Channel) -> None:
    (answer,) = answers(team, mention(team, quay, QUESTION))
    vote(team, team.ada, answer, "Helpful")
    vote(team, team.ben, answer, "Helpful")
    team.workspace.say(team.ben, team.workspace.dm(team.ben), "what is a tugboat?")
    logged_questions(team, team.ben.id)
    reply = team.ask("/near delete my data")
    assert reply.text == "Deleted: 1 question, 1 vote."
    assert question_log(team).recent(team.ada.id, 5) == []
    assert len(question_log(team).recent(team.ben.id, 5)) == 1
    assert "no longer stored" in team.pressed(team.ben, answer, "Helpful").text


def test_deletion_asked_in_a_channel_is_confirmed_to_the_user_alone(
    team: Team, quay: Channel
) -> None:
    answers(team, mention(team, quay, QUESTION))
    logged_questions(team, team.ada.id)
    root = mention(team, quay, "delete my data")
    notice = team.next_ephemeral(team.ada, 0, quay)
    assert (notice.text, notice.thread_ts) == ("Deleted: 1 question.", None)
    quiet(team)
    assert not bot_replies(team, root)


def test_log_follows_edits_and_deletions_of_questions(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    (answer,) = answers(team, root)
    vote(team, team.ben, answer, "Helpful")
    team.workspace.edit(root, f"{team.workspace.mention} what is a tugboat?")
    team.workspace.wait(
        lambda: (
            [q.text for q in question_log(team).recent(team.ada.id, 5)] == ["what is a tugboat?"]
        )
    )
    assert votes(team) == (0, 0)
    team.workspace.delete(root)
    team.workspace.wait(lambda: not question_log(team).recent(team.ada.id, 5))


def test_status_summarizes_the_question_log(team: Team, quay: Channel) -> None:
    (answer,) = answers(team, mention(team, quay, QUESTION))
    vote(team, team.ada, answer, "Helpful")
    vote(team, team.ben, answer, "Not helpful")
    answers(team, mention(team, quay, NOWHERE))
    logged_questions(team, team.ada.id, 2)
    reply = team.ask("/near-admin status").text
    assert "In the last 30 days: 2 questions from 1 person, 1 without an answer" in reply
    assert "votes: 1 helpful, 1 not helpful" in reply
    assert QUESTION not in reply
    assert team.ada.id not in reply


@pytest.mark.on_files
def test_locked_ledger_does_not_stop_answers(
    team: Team, quay: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    (before,) = answers(team, mention(team, quay, QUESTION))
    logged_questions(team, team.ada.id)
    other = sqlite3.connect(team.store.directory / "ledger.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr("bot.question_log.WAIT_TIMEOUT_S", 0.3)
    (answer,) = answers(team, mention(team, quay, "what is a tugboat?"))
    assert answer.text.startswith("Tugboat")
    assert "Hawser" in team.ask("/near a thick rope for mooring or towing").text
    assert team.pressed(team.ada, before, "Helpful").text == NOT_RECORDED
    other.execute("ROLLBACK")
    other.close()
    team.workspace.wait(lambda: len(question_log(team).recent(team.ada.id, 5)) == 3, seconds=15)
    vote(team, team.ada, before, "Helpful")
    assert votes(team) == (1, 0)


def test_vote_buttons_are_hidden_without_a_question_log(workspace: Workspace, data: Path) -> None:
    with serving(workspace, data, retention_days=0) as team:
        reply = team.ask("/near a thick rope for mooring or towing")
        missing = team.ask("/define qwzx")
        for shown in (reply, missing):
            assert not {*VOTES, TELL} & set(shown.buttons)
        assert team.assistant.question_log.delete_user_data(team.ada.id).questions == 0
        assert "No questions in" in team.ask("/near-admin status").text
