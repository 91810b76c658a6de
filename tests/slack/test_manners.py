"""Messages between users: the bot neither answers nor stores them, nor reads their threads."""

import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.events import ThreadMode
from tests.fake_slack import Channel, Message, Workspace
from tests.slack.talking import QUESTION, answers, bot_replies, mention, quiet
from tests.slack.team import Team, serving
from tests.slack.test_secrets import log, ops_pages

__all__ = ["log"]

CANARY = "zugvogel"  # in every line between users
QUESTION_WORD = "tidewaiter"  # in a question to the bot
CHATTER = (
    f"could you review my {CANARY} PR?",
    f"when is lunch, {CANARY}?",
    f"how many of us are coming to the {CANARY}?",
    f"is the hawser {CANARY} back in the shed?",
    f"thanks! {CANARY}",
)
numbers = itertools.count(1)
MODES = ["http"]
pytestmark = pytest.mark.one_bot  # each process tracks threads separately


@pytest.fixture
def following() -> ThreadMode:
    return "follow"


@pytest.fixture
def team(workspace: Workspace, data: Path, following: ThreadMode) -> Iterator[Team]:
    """Provide a bot for one test, with no known threads."""
    with serving(workspace, data, threads=following) as it:
        yield it


def thread_reads(team: Team) -> int:
    return len(team.workspace.calls("conversations.replies"))


def old_message(team: Team, channel: Channel) -> Message:
    """Add a message from before the bot's start."""
    with team.workspace.state.change():
        ts = f"{time.time() - 3_600 + next(numbers):.6f}"
        root = Message(channel=channel.id, ts=ts, user=team.ben.id, text=f"look, a {CANARY}")
        team.workspace.state.messages[channel.id].append(root)
    return root


def let_people_talk(
    team: Team, channel: Channel, root: Message | None, times: int = 1
) -> list[Message]:
    """Let users write to each other, no faster than Slack delivers."""
    people = itertools.cycle((team.ben, team.ada))
    said = []
    for line in CHATTER * times:
        said.append(team.workspace.say(next(people), channel, line, root))
        team.workspace.settle()
    return said


@pytest.mark.on_files
@pytest.mark.parametrize("following", ["follow", "mention"])
def test_unaddressed_messages_are_not_stored(
    team: Team, quay: Channel, log: Path, following: ThreadMode
) -> None:
    workspace = team.workspace
    root = mention(team, quay, f"which {QUESTION_WORD} goes first?")
    answers(team, root)
    threads = (
        root,
        workspace.say(team.ben, quay, f"look: {CANARY}"),
        old_message(team, quay),
        None,
    )
    for thread in threads:
        said = let_people_talk(team, quay, thread)
        workspace.say(team.ben, quay, f"<@{team.ada.id}> why the {CANARY}?", thread)
        workspace.edit(said[0], f"what is this {CANARY}?")
        workspace.delete(said[1])
    workspace.say(team.ben, quay, f"{CANARY} hawser?", threads[2])  # causes a thread read
    workspace.advance(24 * 3_600)
    mention(team, quay, QUESTION)
    quiet(team)
    workspace.wait(lambda: team.store.ledger.questions.recent(team.ada.id, 2)[1:], seconds=10)
    gaps = team.ask("/near-admin gaps").everything
    exported = team.ask("/near-admin stats").everything
    written = {
        path: path.read_bytes().lower()
        for path in team.store.directory.glob(
            "*.sqlite3*"
        )  # ledger and inbox, with their write-ahead logs
    }
    canary = CANARY.encode()
    found = {
        path.name: text.partition(canary)[0][-200:]
        for path, text in written.items()
        if canary in text
    }
    assert not found, f"found in files: {found}"
    assert any(QUESTION_WORD.encode() in content for content in written.values()), (
        "the test finds stored text"
    )
    for text in (gaps, exported, log.read_text(encoding="utf-8"), ops_pages(team)):
        assert CANARY not in text.casefold()
    assert QUESTION_WORD in gaps.casefold()
    sent = [call for call in workspace.calls() if CANARY in json.dumps(call.args)]
    assert sent == []


@pytest.mark.on_files  # with a database on a server, another process may have answered
def test_unaddressed_thread_messages_cause_no_thread_read(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    quiet(team)
    before = thread_reads(team)
    for thread in (root, team.workspace.say(team.ben, quay, "look")):
        let_people_talk(team, quay, thread, 3)
    quiet(team)
    assert thread_reads(team) == before
    assert len(bot_replies(team, root)) == 1


def test_old_thread_is_read_only_once_for_possible_questions(team: Team, quay: Channel) -> None:
    root = old_message(team, quay)
    for line in ("could you review my PR?", "when is lunch?", "how many of us are coming?", "lol"):
        team.workspace.say(team.ben, quay, line, root)
    quiet(team)
    assert thread_reads(team) == 0
    for _ in range(5):
        team.workspace.say(team.ben, quay, "how long is a hawser?", root)
        team.workspace.wait(lambda: thread_reads(team))
        team.workspace.settle()
    quiet(team)
    assert thread_reads(team) == 1
    assert bot_replies(team, root) == []


def test_unaddressed_messages_do_not_delay_answers(team: Team, quay: Channel) -> None:
    team.workspace.fault("conversations.replies", hang=True, times=1)
    for _ in range(30):
        team.workspace.say(team.ben, quay, "how long is a hawser?", old_message(team, quay))
    team.workspace.settle()
    assert team.service._inbox.count() == 0
    root = mention(team, quay, QUESTION)
    assert answers(team, root)
    assert team.service._work.waiting == 0


def test_follow_up_after_another_users_message_must_be_on_topic(team: Team, quay: Channel) -> None:
    root = mention(team, quay, QUESTION)
    answers(team, root)
    team.workspace.say(team.ada, quay, "and how thick is it?", root)
    answers(team, root, 2)
    team.workspace.say(team.ben, quay, "it is lunch time", root)
    team.workspace.settle()
    team.workspace.say(team.ada, quay, "how long is it?", root)
    quiet(team)
    assert len(bot_replies(team, root)) == 2
    team.workspace.say(team.ada, quay, "how long is a hawser?", root)
    answers(team, root, 3)
