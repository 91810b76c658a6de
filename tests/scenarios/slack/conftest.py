"""The whole bot in a loopback workspace, in both modes, over the harbour and the toy embedder."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.admin.administration import Administration
from bot.desk import Desk
from bot.indexing import Indexer
from bot.settings import Secret, Settings
from bot.slack.manifest import manifest
from bot.slack.service import Service
from index.store import Store
from tests.support.toy import ToyEmbedder
from tests.workspace import Channel, Message, User, Workspace
from tests.workspace import Settings as Limits


class SlowEmbedder(ToyEmbedder):
    """A toy that a test can make wait, to keep workers busy."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.go.set()

    def queries(self, texts):  # type: ignore[no-untyped-def]
        if any("slowly" in text for text in texts):
            self.go.wait(10)
        return super().queries(texts)


@dataclass
class Team:
    """A workspace with the bot in it, a channel and two people, of whom ada is an admin."""

    workspace: Workspace
    service: Service
    embedder: SlowEmbedder
    channel: Channel
    ada: User
    ben: User

    def ask(self, line: str, user: User | None = None) -> Message:
        """Types a command and waits for the reply that only its author sees."""
        who = user or self.ada
        before = len(self.workspace.ephemerals(who, self.channel))
        command, _, text = line.partition(" ")
        delivery = self.workspace.command(who, self.channel, command, text)
        assert delivery.ok, delivery.error
        return self.next_ephemeral(who, before)

    def next_ephemeral(self, user: User, before: int) -> Message:
        """The first message to `user` alone after `before` of them."""
        found = self.workspace.wait(
            lambda: self.workspace.ephemerals(user, self.channel)[before:], seconds=10
        )
        return found[0]


def settings_for(workspace: Workspace, data: Path, **others: object) -> Settings:
    """Settings that connect to `workspace`, on ports that the system chooses."""
    return Settings(
        slack_bot_token=Secret(workspace.bot_token),
        slack_app_token=Secret(workspace.app_token),
        slack_signing_secret=Secret(workspace.signing_secret),
        slack_api_url=workspace.api_url,
        data_dir=data,
        port=0,
        ops_port=0,
        **others,  # type: ignore[arg-type]
    )


@pytest.fixture(params=["http", "socket"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def team(mode: str, harbour_directory: Path, tmp_path: Path) -> Iterator[Team]:
    """The bot, serving."""
    data = tmp_path / "data"
    shutil.copytree(harbour_directory, data)
    with Workspace(mode=mode, settings=Limits(retry_delays=(0.1, 0.1, 0.1))) as workspace:  # type: ignore[arg-type]
        workspace.install(manifest("", mode, "http://127.0.0.1/slack/events"))  # type: ignore[arg-type]
        ada, ben = workspace.add_user("ada"), workspace.add_user("ben")
        store, embedder = Store(data), SlowEmbedder()
        settings = settings_for(workspace, data, admins=(ada.id,))
        desk = Desk(store, embedder, "", Administration(Indexer(store, embedder)))
        service = Service(settings, desk, mode)  # type: ignore[arg-type]
        service.start()
        workspace.request_url = f"http://127.0.0.1:{service.port}/slack/events"
        workspace.wait(lambda: service.ready, seconds=10)
        channel = workspace.add_channel("general", [ada, ben], bot=False)
        yield Team(workspace, service, embedder, channel, ada, ben)
        embedder.go.set()
        service.stop(2)
        store.close()
