"""Rate limits and external users: an ephemeral message explains the refusal."""

import re

import pytest

from bot.ops.rate_limit import RateLimiter
from bot.readers import parse_readers
from bot.slack.middleware.external_users import NOTICES, ExternalUserPolicy
from bot.slack.queue.intake import BUSY
from bot.slack.queue.worker_pool import WorkerPool
from tests.fake_slack import Channel, User
from tests.slack.talking import answers, bot_replies, mention, quiet
from tests.slack.team import Team

pytestmark = pytest.mark.one_bot  # each process counts its own requests and notices

FOREIGN = "who looks after a hawser?"


@pytest.fixture(scope="module", params=["deny", "ask"])
def guests(request: pytest.FixtureRequest) -> ExternalUserPolicy:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def options(guests: ExternalUserPolicy) -> dict[str, object]:
    return {
        "external_users": guests,
        "readers": parse_readers("encyclopedia=public,harbour=public"),
    }


@pytest.fixture
def eve(team: Team) -> User:
    """Provide a user from another workspace who is not yet known to the bot."""
    return team.workspace.add_user("eve", external=True)


def shared(team: Team, *people: User) -> Channel:
    """Create a channel shared with eve's workspace."""
    name = f"{team.channel.name}-shared"
    return team.workspace.add_channel(name, [team.ada, *people], shared=True)


def test_external_users_are_answered_if_allowed(
    team: Team, eve: User, guests: ExternalUserPolicy
) -> None:
    channel = shared(team, eve)
    roots = [
        team.workspace.say(eve, channel, f"{team.workspace.mention} {FOREIGN}") for _ in range(3)
    ]
    quiet(team)
    texts = [message.text for message in team.workspace.ephemerals(eve, channel)]
    if guests == "deny":
        assert [len(bot_replies(team, root)) for root in roots] == [0, 0, 0]
        assert texts == [NOTICES["deny"]], "the user is notified once"
    else:
        assert [len(bot_replies(team, root)) for root in roots] == [1, 1, 1]
        assert texts == []
    mine = mention(team, channel, FOREIGN)
    assert "harbour master" in answers(team, mine)[0].text


def test_external_users_cannot_suggest_or_review(
    team: Team, eve: User, guests: ExternalUserPolicy
) -> None:
    channel = shared(team, eve)
    text = f"{team.workspace.mention} define Zeppelin = A rigid airship that a harbour has none of."
    root = team.workspace.say(eve, channel, text)
    quiet(team)
    assert not bot_replies(team, root)
    texts = [message.text for message in team.workspace.ephemerals(eve, channel)]
    assert texts == [NOTICES[guests]]
    assert not team.store.ledger.suggestions.count_open()


def test_rate_limited_user_in_a_thread_gets_an_ephemeral_message(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team.assistant, "limits", RateLimiter(person=2))
    channel = team.workspace.add_channel(f"{team.channel.name}-too", [team.ada, team.ben])
    roots = [mention(team, channel, f"{FOREIGN} {number}") for number in range(6)]
    quiet(team)
    assert sum(len(bot_replies(team, root)) for root in roots) == 2
    (notice,) = team.workspace.ephemerals(team.ada, channel)
    assert "You have sent too many requests" in notice.text
    assert re.search("Please try again in (2[0-9]|30) seconds", notice.text)
    other = team.workspace.say(team.ben, channel, f"{team.workspace.mention} {FOREIGN}")
    answers(team, other)
    typed = team.ask("/near thick rope")
    assert "You have sent too many requests" in typed.text


def test_users_are_notified_when_the_queue_is_full(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = team.workspace.add_channel(f"{team.channel.name}-too", [team.ada, team.ben])
    reply = team.ask("/near thick rope")
    monkeypatch.setattr(WorkerPool, "full", True)
    assert team.pressed(team.ada, reply, "Helpful").text == BUSY
    before = len(team.workspace.ephemerals(team.ada, team.channel))
    said = team.workspace.say(team.ben, team.channel, "thick rope")
    assert team.workspace.shortcut(team.ada, "whats_near_this", said).ok
    assert team.next_ephemeral(team.ada, before).text == BUSY
    direct = team.workspace.dm(team.ben)
    team.workspace.upload(team.ben, direct, "ropes.csv", b"term,definition\n")
    assert team.workspace.wait(lambda: team.workspace.ephemerals(team.ben, direct))[0].text == BUSY
    before = len(team.workspace.ephemerals(team.ada, team.channel))
    assert team.workspace.command(team.ada, team.channel, "/near", "thick rope").ok
    assert team.next_ephemeral(team.ada, before).text == BUSY
    root = mention(team, channel, FOREIGN)
    team.workspace.wait(lambda: team.workspace.ephemerals(team.ada, channel), seconds=5)
    assert team.workspace.ephemerals(team.ada, channel)[0].text == BUSY
    monkeypatch.undo()
    assert not bot_replies(team, root)
    assert "Hawser" in team.ask("/near thick rope", team.ben).text
