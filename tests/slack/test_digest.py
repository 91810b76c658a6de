"""The weekly digest in a channel, with a clock set by the test."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.slack.handlers.digest import DigestHandler
from index.storage import Store
from index.storage.db.questions import Place, QuestionRecord
from tests.fake_slack import Channel, Message, Workspace
from tests.slack.team import serving
from tests.support.toy import ToyEmbedder
from tests.unit.bot.slack import dangers

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = timedelta(1)


@dataclass
class Week:
    """A channel, two bots that share a ledger, and their clock."""

    workspace: Workspace
    store: Store
    channel: Channel
    now: datetime = MONDAY
    bots: list[DigestHandler] = field(default_factory=list)

    def look(self) -> list[bool]:
        """Let each bot check whether the digest is due; return the results."""
        return [bot.post_if_due() for bot in self.bots]

    def posts(self) -> list[Message]:
        return self.workspace.messages(self.channel)

    def ask(self, text: str, place: Place = "public", *, told: bool = False) -> None:
        self.store.ledger.questions.keep(
            QuestionRecord(
                id=secrets.token_hex(8),
                at=self.now - timedelta(hours=1),
                person="U1",
                place=place,
                channel="C1",
                text=text,
                outcome="sparse",
                told=told,
            )
        )


@pytest.fixture
def week(harbour_store: Store) -> Iterator[Week]:
    with Workspace() as workspace:
        channel = workspace.add_channel("glossary")
        week = Week(workspace, harbour_store, channel)
        client = WebClient(token=workspace.bot_token, base_url=workspace.api_url)
        week.bots = [
            DigestHandler(harbour_store, ToyEmbedder(), client, channel.id, now=lambda: week.now)
            for _ in range(2)
        ]
        yield week


@pytest.mark.databases
def test_one_bot_posts_the_digest_once_a_week(week: Week) -> None:
    week.ask("private capstan", "private", told=True)
    week.ask("direct capstan", "direct")
    week.ask("terminal capstan", "terminal")
    assert week.look() == [False, False], "no public questions"
    week.now += 2 * DAY
    week.ask("what is a capstan?")
    week.ask("<!channel> halyard")
    assert week.look() == [False, False], "at most once a week"
    week.now += 5 * DAY
    assert week.look() == [True, False]
    (first,) = week.posts()
    assert first.text.startswith("In the last 7 days, 2 questions from 1 person found nothing")
    assert "Capstan: 1 question from 1 person" in first.text
    assert first.buttons == ["Define this", "Define this"]
    assert dangers(first.blocks) == []
    week.now += 6 * DAY
    week.ask("bollard")
    assert week.look() == [False, False]
    week.now += DAY
    assert week.look() == [True, False]
    assert "Capstan" not in week.posts()[1].text
    assert "Bollard" in week.posts()[1].text
    week.now += 8 * DAY
    week.ask("capstan")
    week.now += 20 * DAY
    assert week.look() == [True, False], "after a long time only one digest is posted"
    assert week.look() == [False, False]
    assert len(week.posts()) == 3
    assert week.posts()[2].text.startswith("In the last 28 days, 1 question")
    week.now += 7 * DAY
    assert week.look() == [False, False], "no new questions"


def test_failed_digest_is_posted_later(week: Week, caplog: pytest.LogCaptureFixture) -> None:
    week.ask("capstan")
    week.workspace.fault("chat.postMessage", error="channel_not_found")
    assert week.bots[0].post_if_due() is False
    assert "could not be posted" in caplog.text
    assert week.bots[0].post_if_due() is True
    assert len(week.posts()) == 1


def test_digest_is_postponed_without_an_index(
    tmp_path: Path, week: Week, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path / "empty")
    bot = DigestHandler(store, ToyEmbedder(), WebClient(), "C1", now=lambda: week.now)
    assert bot.post_if_due() is False
    assert "could not be built" in caplog.text
    claim = store.ledger.claims.claim("digest of gaps", 7 * DAY, week.now)
    store.close()
    assert claim is not None


def test_bot_posts_the_digest_to_the_configured_channel(workspace: Workspace, data: Path) -> None:
    channel = workspace.add_channel("glossary")
    week = Week(workspace, Store(data), channel, datetime.now(UTC))
    week.ask("what is a capstan?")
    week.store.close()
    with serving(workspace, data, digest_channel=channel.id):
        (message,) = workspace.wait(week.posts, seconds=10)
    assert "Capstan: 1 question from 1 person" in message.text
