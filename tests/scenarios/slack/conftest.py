"""The whole bot in a loopback workspace, in both modes, over the harbour and the toy embedder."""

from __future__ import annotations

import gc
import shutil
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.admin.administration import Administration
from bot.desk import Desk
from bot.indexing import Indexer
from bot.memory import Memory
from bot.settings import Secret, Settings
from bot.slack.manifest import manifest
from bot.slack.service import Service
from index.embedder import Vectors
from index.sources.source import Source
from index.store import Store
from tests.support.toy import ToyEmbedder
from tests.workspace import Channel, ImpossibleError, Message, User, Workspace
from tests.workspace import Settings as Limits

GARBAGE = gc.get_threshold()
TURN = sys.getswitchinterval()
LIMITS = Limits(retry_delays=(0.1, 0.1, 0.1))


class SlowEmbedder(ToyEmbedder):
    """A toy that a test can make wait, to keep workers busy: at questions and at passages that
    say "slowly". With `dies` it then ends as a process does that is killed."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.go.set()
        self.waiting = threading.Event()
        self.dies = False

    def queries(self, texts: Sequence[str]) -> Vectors:
        self._wait(texts)
        return super().queries(texts)

    def documents(self, texts: Sequence[str]) -> Iterator[tuple[Sequence[int], Vectors]]:
        for positions, vectors in super().documents(texts):
            yield positions, vectors
            self._wait([texts[at] for at in positions])

    def _wait(self, texts: Sequence[str]) -> None:
        if any("slowly" in text for text in texts):
            self.waiting.set()
            self.go.wait(20)
            if self.dies:
                raise KeyboardInterrupt


@dataclass
class Team:
    """A workspace with the bot in it, a channel and two people, of whom ada is an admin."""

    workspace: Workspace
    service: Service
    store: Store
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
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack shows at once what it was acknowledged with."""
    monkeypatch.setattr("bot.slack.editing.listeners.SETTLED", 0.1)
    monkeypatch.setattr("bot.slack.editing.live_courier.LOOK", 0.2)


@pytest.fixture(scope="module")
def crew(harbour_directory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """The bot, serving over HTTP for all tests of a file, each of which writes other entries."""
    data = tmp_path_factory.mktemp("crew") / "data"
    shutil.copytree(harbour_directory, data)
    with Workspace(mode="http", settings=LIMITS) as workspace, serving(workspace, data) as team:
        yield team


@pytest.fixture
def shared(crew: Team, hurried: None) -> Team:
    """The crew at rest: no modal is open, and nobody has a draft."""
    crew.workspace.settle()
    for user in (crew.ada, crew.ben):
        for view in crew.workspace.views(user)[:1]:
            crew.workspace.close(user, view, everything=True)
    crew.workspace.settle()
    crew.store.ledger.drafts.forget_older(datetime.now(UTC))
    return crew


@pytest.fixture
def team(mode: str, harbour_directory: Path, tmp_path: Path) -> Iterator[Team]:
    """The bot, serving."""
    data = tmp_path / "data"
    shutil.copytree(harbour_directory, data)
    with Workspace(mode=mode, settings=LIMITS) as workspace, serving(workspace, data) as team:  # type: ignore[arg-type]
        yield team


@contextmanager
def serving(
    workspace: Workspace,
    data: Path,
    sources: Sequence[Source] = (),
    *,
    embedder: SlowEmbedder | None = None,
    **others: object,
) -> Iterator[Team]:
    """The bot over `data`, in a workspace with ada, an admin, with ben, and with a channel that
    the bot is not in."""
    mode = workspace.mode
    workspace_admins = bool(others.get("workspace_admins"))
    described = manifest(
        "", mode, "http://127.0.0.1/slack/events", workspace_admins=workspace_admins
    )
    workspace.install(described)
    ada, ben = (_person(workspace, name) for name in ("ada", "ben"))
    store, embedder = Store(data), embedder or SlowEmbedder()
    settings = settings_for(workspace, data, **{"admins": (ada.id,)} | others)
    indexer = Indexer(store, embedder, tuple(sources))
    administration = Administration(indexer, (), settings.import_dir)
    desk = Desk(store, embedder, "", administration, Memory(store, settings.retention_days))
    service = Service(settings, desk, mode, digest=administration.digest)
    service.start()
    try:
        workspace.request_url = f"http://127.0.0.1:{service.port}/slack/events"
        workspace.wait(lambda: service.ready, seconds=10)
        channel = _general(workspace, ada, ben)
        yield Team(workspace, service, store, embedder, channel, ada, ben)
    finally:
        embedder.go.set()
        service.stop(5)
        store.close()
        _as_python_has_it()


def _as_python_has_it() -> None:
    """Undoes `bot.pauses.keep_short`, which is meant for a process that serves once: what it froze
    is garbage by now, and one more with each service."""
    sys.setswitchinterval(TURN)
    gc.unfreeze()
    gc.set_threshold(*GARBAGE)


def _person(workspace: Workspace, name: str) -> User:
    try:
        return workspace.user(name)
    except ImpossibleError:
        return workspace.add_user(name)


def _general(workspace: Workspace, *people: User) -> Channel:
    try:
        return workspace.channel("general")
    except ImpossibleError:
        return workspace.add_channel("general", list(people), bot=False)
