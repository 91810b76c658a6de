"""Threads after restarts, with follow-ups on or off, and with many messages, in both modes."""

import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.slack.manifest import Uses
from tests.fake_slack import Message, Workspace
from tests.slack.talking import QUESTION, answers, bot_replies, mention, new_channel, quiet
from tests.slack.team import Team, serving
from tests.slack.test_gaps import wait_for_questions

Start = Callable[..., AbstractContextManager[Team]]


@pytest.fixture
def start(workspace: Workspace, harbour_directory: Path, tmp_path: Path) -> Start:
    """Start the bot on a new or an existing data directory; it follows threads by default."""

    def started(name: str = "data", **settings: object) -> AbstractContextManager[Team]:
        data = tmp_path / name
        if not data.exists():
            shutil.copytree(harbour_directory, data)
        return serving(workspace, data, **{"threads": "follow"} | settings)  # type: ignore[arg-type]

    return started


@pytest.mark.parametrize("place", ["data", "elsewhere"])
def test_threads_continue_after_a_restart_and_on_another_instance(start: Start, place: str) -> None:
    with start() as team:
        channel, direct = new_channel(team), team.workspace.dm(team.ben)
        root, other = (mention(team, channel, QUESTION) for _ in range(2))
        answers(team, root)
        answers(team, other)
        team.workspace.say(team.ben, direct, QUESTION)
        team.workspace.wait(lambda: [m for m in team.workspace.messages(direct) if m.bot_id])
        quiet(team)
        delivered = [d for d in team.workspace.deliveries() if d.envelope == "events_api"]
    with start(place) as team:
        for delivery in delivered[:2]:  # has been answered
            team.workspace.redeliver(delivery)
        team.workspace.say(team.ben, channel, "and an example?", root)
        assert answers(team, root, 2)[1].text.startswith("The hawser was painted green")
        team.workspace.say(team.ben, direct, "and an example?")
        team.workspace.wait(
            lambda: "painted green" in team.workspace.messages(direct)[-1].text, seconds=10
        )
        quiet(team)
        assert len(bot_replies(team, root)) == 2
        team.workspace.edit(other, f"{team.workspace.mention} what is a tugboat?")
        team.workspace.wait(lambda: "Tugboat" in bot_replies(team, other)[0].text, seconds=10)
        team.workspace.delete(other)
        team.workspace.wait(lambda: not bot_replies(team, other), seconds=10)


@pytest.mark.on_files  # on servers, another process may have answered
def test_a_direct_conversation_is_read_once_by_each_process(start: Start) -> None:
    with start() as team:
        direct = team.workspace.dm(team.ben)

        def answered(text: str, count: int) -> str:
            team.workspace.say(team.ben, direct, text)
            own = team.workspace.wait(
                lambda: found if len(found := from_bot()) >= count else None, seconds=10
            )
            return own[-1].text

        def from_bot() -> list[Message]:
            return [message for message in team.workspace.messages(direct) if message.bot_id]

        def reads() -> int:
            called = [call.method for call in team.workspace.calls()]
            return called.count("conversations.history")

        answered(QUESTION, 1)
        before = reads()
        assert before <= 1
        assert "painted green" in answered("and an example?", 2)
        answered("what is a tugboat?", 3)
        assert reads() == before, "what the bot knows is not read"
        first = team.workspace.messages(direct)[0]
        team.workspace.edit(first, "what is a tugboat?")
        team.workspace.wait(lambda: "Tugboat" in from_bot()[0].text, seconds=10)
        assert reads() == before + 1
    with start() as team:
        before = reads()
        for count, text in ((4, QUESTION), (5, "and an example?"), (6, "and its origin?")):
            answered(text, count)
        assert reads() == before + 1


def test_follow_up_that_no_entry_answers_is_answered_only_if_it_names_the_bot(start: Start) -> None:
    with start() as team:
        channel = new_channel(team)
        root = mention(team, channel, QUESTION)
        answers(team, root)
        team.workspace.say(
            team.ben, channel, "when does the zeppelin museum in Friedrichshafen open?", root
        )
        quiet(team)
        assert len(bot_replies(team, root)) == 1
        team.workspace.say(
            team.ben,
            channel,
            "nearsay, when does the zeppelin museum in Friedrichshafen open?",
            root,
        )
        assert answers(team, root, 2)[1].text.startswith("No entry covers this.")


@pytest.mark.parametrize("threads", ["mention", "off"])
def test_threads_setting_can_limit_answers_to_mentions_or_direct_messages(
    start: Start, threads: str
) -> None:
    with start(threads=threads) as team:
        channel, direct = new_channel(team), team.workspace.dm(team.ben)
        root = mention(team, channel, QUESTION)
        if threads == "mention":
            answers(team, root)
        team.workspace.say(team.ben, channel, "and an example?", root)
        team.workspace.say(team.ben, direct, QUESTION)
        team.workspace.wait(lambda: [m for m in team.workspace.messages(direct) if m.bot_id])
        quiet(team)
        assert len(bot_replies(team, root)) == (threads == "mention")
        if threads == "mention":
            mention(team, channel, "and an example?", root)
            assert "painted green" in answers(team, root, 2)[1].text


@pytest.mark.parametrize(("seconds", "changed"), [(280, True), (320, False)])
def test_editing_a_question_updates_its_answer_for_five_minutes(
    start: Start, seconds: float, changed: bool
) -> None:
    with start() as team:
        root = mention(team, new_channel(team), QUESTION)
        answers(team, root)
        team.workspace.advance(seconds)
        team.workspace.edit(root, f"{team.workspace.mention} what is a tugboat?")
        quiet(team)
        (answer,) = bot_replies(team, root)
        assert ("Tugboat" in answer.text) is changed


def add_replies(team: Team, root: Message, count: int) -> None:
    """Add `count` old replies by users to a thread."""
    people = (team.ada, team.ben)
    with team.workspace.state.change():
        for at in range(count):
            said = Message(
                channel=root.channel,
                ts=team.workspace.state.new_ts(),
                user=people[at % 2].id,
                text=f"I have moved crate {at} to the other shed",
                thread_ts=root.ts,
            )
            team.workspace.state.messages[root.channel].append(said)


@pytest.mark.on_files  # with a database on a server, the recent replies are read each time
def test_follow_up_after_five_thousand_replies_is_answered_soon(start: Start) -> None:
    with start() as team:
        channel = new_channel(team)
        root = team.workspace.say(team.ben, channel, "good morning")
        add_replies(team, root, 2_500)  # the answer is not on the first page
        mention(team, channel, QUESTION, root)
        answers(team, root)
        add_replies(team, root, 2_500)
        quiet(team)
    with start("elsewhere") as team:
        before = len(team.workspace.calls("conversations.replies"))
        worked = time.process_time()
        team.workspace.say(team.ada, channel, "and an example of a hawser?", root)
        assert "painted green" in answers(team, root, 2)[1].text
        assert time.process_time() - worked < 10  # of the processor: under 2 s
        read = len(team.workspace.calls("conversations.replies"))
        assert read - before <= 8, "a page has a thousand replies"
        team.workspace.say(team.ada, channel, "who looks after it?", root)
        assert "harbour master" in answers(team, root, 3)[2].text
        assert len(team.workspace.calls("conversations.replies")) == read + 1, "only new replies"
        quiet(team)
        assert len(bot_replies(team, root)) == 3


def test_follow_up_of_an_earlier_process_is_answered_again_when_edited(start: Start) -> None:
    with start() as team:
        channel = new_channel(team)
        root = mention(team, channel, QUESTION)
        answers(team, root)
        said = team.workspace.say(team.ada, channel, "and an example?", root)
        answers(team, root, 2)
        quiet(team)
    with start("elsewhere") as team:
        team.workspace.edit(said, "what is a tugboat?")
        team.workspace.wait(lambda: "Tugboat" in bot_replies(team, root)[1].text, seconds=10)


def test_mention_after_many_replies_uses_the_first_message_as_context(start: Start) -> None:
    with start() as team:
        channel = new_channel(team)
        root = team.workspace.say(team.ben, channel, QUESTION)
        add_replies(team, root, 1_500)
        mention(team, channel, "", root)
        (answer,) = answers(team, root)
        assert "harbour master" in answer.text


def test_retry_of_a_lost_delivery_is_answered_once(start: Start) -> None:
    with start() as team:
        team.workspace.drop_events(2)  # the first attempt at each of a mention's two events
        root = mention(team, new_channel(team), QUESTION)
        answers(team, root)
        quiet(team)
        first = [d for d in team.workspace.deliveries() if d.envelope == "events_api"][:2]
        assert {d.name for d in first} == {"app_mention", "message"}
        assert all(d.attempts[0].error == "http_timeout" for d in first)
        assert all(len(d.attempts) == 2 and not d.error for d in first)
        assert len(bot_replies(team, root)) == 1


@pytest.mark.parametrize("deleted", [False, True])
def test_editing_or_deleting_a_question_while_it_is_answered_updates_the_answer(
    start: Start, *, deleted: bool
) -> None:
    with start() as team:
        team.embedder.go.clear()
        channel = new_channel(team)
        root = mention(team, channel, "who looks slowly after a hawser?")
        assert team.embedder.waiting.wait(10)
        if deleted:
            team.workspace.delete(root)
        else:
            team.workspace.edit(root, f"{team.workspace.mention} what is a tugboat?")
        team.workspace.settle()
        team.embedder.go.set()
        quiet(team)
        found = bot_replies(team, root)
        assert [m for m in team.workspace.messages(channel) if m.bot_id] == []
        assert ["Tugboat" in answer.text for answer in found] == ([] if deleted else [True])


def test_without_the_scopes_to_read_a_thread_a_mention_points_to_the_shortcut(start: Start) -> None:
    with start(threads="mention", uses=Uses()) as team:
        channel = new_channel(team)
        root = team.workspace.say(team.ben, channel, "the tug left the quay")
        mention(team, channel, "explain this", root)
        (answer,) = answers(team, root)
        assert 'Use the shortcut "Explain this message"' in answer.text


def test_mentions_are_answered_and_continued_with_the_scopes_of_mentions_alone(
    start: Start,
) -> None:
    with start(threads="mention", uses=Uses()) as team:
        channel = new_channel(team)
        root = mention(team, channel, QUESTION)
        answers(team, root)
        mention(team, channel, "and an example?", root)
        assert answers(team, root, 2)[1].text.startswith("The hawser was painted green")
        hidden = team.workspace.add_channel("hidden", [team.ada, team.ben], private=True)
        asked = (mention(team, hidden, "define halyard"), mention(team, channel, "define capstan"))
        for message in asked:
            answers(team, message)
        methods = {call.method for call in team.workspace.calls()}
        assert not methods & {"conversations.replies", "conversations.history"}
        assert "conversations.info" in methods
        wait_for_questions(team, 1)
        gaps = team.ask("/near-admin gaps").text
        assert ("apstan" in gaps, "alyard" in gaps) == (True, False), "one was asked in public"
