"""Run the bot in a loopback workspace, with people and a channel."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.config import Settings
from bot.indexing import Indexer
from bot.ops.rate_limit import UNDER_WAY
from bot.question_log import QuestionLog
from bot.slack.handlers.ways import DIRECT
from bot.slack.manifest import Uses, manifest
from bot.slack.service import Service
from index.sources import source as bundled_source
from index.sources.source import Source
from index.storage import Store
from tests.fake_slack import Channel, ImpossibleError, Message, User, Workspace, view_stack
from tests.fake_slack import Settings as Limits
from tests.support.gates import Gates, SlowEmbedder
from tests.support.second_bot import Order, second_bot
from tests.support.server_mode import ServerMode
from tests.support.stores import open_store

LIMITS = Limits(retry_delays=(0.1, 0.1, 0.1))
SHORT_TIMEOUTS = {
    "bot.slack.listeners.editing.SETTLED": 0.1,
    "bot.slack.handlers.editing.CHECK_INTERVAL_S": 0.2,
}


@dataclass
class Team:
    """A workspace with the bot, a channel and two people; ada is an admin."""

    workspace: Workspace
    service: Service
    assistant: Assistant
    store: Store
    embedder: SlowEmbedder
    channel: Channel
    ada: User
    ben: User

    def ask(self, line: str, user: User | None = None) -> Message:
        """Type a command, and wait for its ephemeral reply."""
        who = user or self.ada
        before = len(self.workspace.ephemerals(who, self.channel))
        command, _, text = line.partition(" ")
        delivery = self.workspace.command(who, self.channel, command, text)
        assert delivery.ok, delivery.error
        return self.next_ephemeral(who, before)

    def quiet(self) -> None:
        """Wait until every delivery has been answered and the workers are idle."""
        mode, work = ServerMode.active, self.service._work

        def waiting() -> int:
            if mode is not None:
                return mode.unanswered(self.store.directory)
            return len(self.service._inbox.take_unanswered())

        self.workspace.settle()
        self.workspace.wait(lambda: not waiting() or None, seconds=20)
        self.workspace.wait(lambda: not (work.waiting or work.running) or None, seconds=20)

    def next_ephemeral(self, user: User, before: int, channel: Channel | None = None) -> Message:
        """Wait for the next ephemeral message to `user` that is not a progress notice; `before` is
        the number of earlier messages."""

        def found() -> list[Message]:
            notices = self.workspace.ephemerals(user, channel or self.channel)[before:]
            under_way = (*UNDER_WAY.values(), DIRECT)
            return [message for message in notices if message.text not in under_way]

        return self.workspace.wait(found, seconds=15)[0]

    def pressed(self, user: User, message: Message, label: str, *value: str) -> Message:
        """Press a button in a message, and return the ephemeral reply."""
        where = self.workspace.channel(message.channel)
        before = len(self.workspace.ephemerals(user, where))
        assert self.workspace.click(user, message, label, *value).ok
        return self.next_ephemeral(user, before, where)

    def renew(self) -> None:
        """Restore the initial state, with a new user ben in a new channel, for a test that shares
        the bot. The index is not changed."""
        self.embedder.go.set()
        self.workspace.faults.clear()
        self.quiet()
        self.embedder.waiting.clear()
        state = self.workspace.state
        with state.change():
            for user in (self.ada, self.ben):
                view_stack.close_all(self.workspace, user.id)
            state.messages.clear()
            state.homes.clear()
            state.threads.clear()
        now = datetime.now(UTC)
        self.assistant.question_log.delete_user_data("nobody")  # wait for pending writes
        self.store.ledger.questions.forget_older(now)
        self.store.ledger.drafts.forget_older(now)
        self.ben = self.workspace.add_user("ben")
        name = f"general-{len(state.channels)}"
        self.channel = self.workspace.add_channel(name, [self.ada, self.ben], bot=False)
        self.workspace.forget()


def settings_for(workspace: Workspace, data: Path, **others: object) -> Settings:
    """Return settings that connect to `workspace`, on ports that the system chooses."""
    return Settings(
        slack_bot_token=SecretStr(workspace.bot_token),
        slack_app_token=SecretStr(workspace.app_token),
        slack_signing_secret=SecretStr(workspace.signing_secret),
        slack_api_url=workspace.api_url,
        data_dir=data,
        port=0,
        ops_port=0,
        **others,  # type: ignore[arg-type]
    )


@contextmanager
def serving(
    workspace: Workspace,
    data: Path,
    sources: Sequence[Source] = (),
    *,
    embedder: SlowEmbedder | None = None,
    constants: Mapping[str, object] | None = None,
    wait_until_ready: bool = True,
    uses: Uses | None = None,
    **others: object,
) -> Iterator[Team]:
    """Serve the bot on `data`, in a workspace with ada (an admin), ben and a channel without the
    bot. `constants` maps full names of module constants to values for this block."""
    mode = workspace.mode
    # An app with all scopes and events, unless a test is about those of its settings.
    uses = uses or Uses("follow", "both", profiles=True, groups=True)
    prefix = str(others.get("command_prefix", ""))
    described = manifest(prefix, mode, "http://127.0.0.1/slack/events", uses)
    workspace.install(described)
    ada, ben = (_person(workspace, name) for name in ("ada", "ben"))
    store, embedder = open_store(data), embedder or SlowEmbedder()
    others = {"admins": (ada.id,)} | others
    settings = settings_for(workspace, data, **others)
    indexer = Indexer(store, embedder, tuple(sources), settings.encyclopedia)
    administration = AdminService(indexer, (), settings.import_dir, settings.retention_days)
    assistant = Assistant(
        store, embedder, prefix, administration, QuestionLog(store, settings.retention_days)
    )
    beside = ExitStack()
    patch = beside.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(
        "bot.ops.garbage_collection.tune_runtime", lambda: None
    )  # designed for a process that serves only once
    for name, value in (constants or {}).items():
        patch.setattr(name, value)
    service = Service(settings, assistant, mode)
    service.start()
    try:
        ports = [service.port]
        if ServerMode.active is not None and not ServerMode.one_bot:
            ports += beside.enter_context(
                _second(workspace, store, embedder, sources, constants or {}, others)
            )
        workspace.request_urls = [f"http://127.0.0.1:{port}/slack/events" for port in ports]
        if wait_until_ready:
            workspace.wait(lambda: service.ready, seconds=60)
        channel = _general(workspace, ada, ben)
        yield Team(workspace, service, assistant, store, embedder, channel, ada, ben)
    finally:
        embedder.go.set()
        beside.close()
        service.stop(5)
        store.close()


@contextmanager
def _second(
    workspace: Workspace,
    store: Store,
    embedder: SlowEmbedder,
    sources: Sequence[Source],
    constants: Mapping[str, object],
    others: Mapping[str, object],
) -> Iterator[list[int]]:
    """Run a second bot in another process, on the same data directory or, if `apart`, on another
    one. Yields its port in HTTP mode."""
    mode = ServerMode.active
    assert mode is not None
    beside = store.directory.with_name(f"{store.directory.name}-second")
    mode.share(store.directory, beside)
    data = beside if mode.apart else store.directory
    gates = Gates(beside / "gates")
    embedder.share(gates)
    embedder.go.set()
    order = Order(
        mode=workspace.mode,
        api_url=workspace.api_url,
        bot_token=workspace.bot_token,
        app_token=workspace.app_token,
        signing_secret=workspace.signing_secret,
        data=str(data),
        database=store.database,
        chroma=mode.server.url,
        gates=str(gates.folder),
        bundled=str(bundled_source.bundled()),
        sources=[asdict(source) for source in sources],
        constants={**SHORT_TIMEOUTS, **constants},
        others={
            name: str(value) if isinstance(value, Path) else value for name, value in others.items()
        },
    )
    with second_bot(order, beside / "log") as bot:
        mode.second = bot
        yield [bot.port]


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
