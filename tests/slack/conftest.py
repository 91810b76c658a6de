"""Fixtures that run the bot in a loopback workspace, in both modes, with the harbour index and the
toy embedder."""

import shutil
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
from bot.slack.manifest import manifest
from bot.slack.service import Service
from index.sources import source as bundled_source
from index.sources.source import Source
from index.storage import Store
from tests.fake_slack import Channel, ImpossibleError, Message, User, Workspace, view_stack
from tests.fake_slack import Settings as Limits
from tests.fake_slack.manifest import Mode
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
            return [message for message in notices if message.text not in UNDER_WAY.values()]

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
        self.service._assistant.question_log.delete_user_data("nobody")  # wait for pending writes
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


@pytest.fixture(scope="module", params=["socket", pytest.param("http", marks=pytest.mark.slow)])
def mode(request: pytest.FixtureRequest) -> Mode:
    found: Mode = request.param
    return found


@pytest.fixture
def shorten_timeouts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Slack show a result immediately after the acknowledgement."""
    for name, value in SHORT_TIMEOUTS.items():
        monkeypatch.setattr(name, value)


@pytest.fixture
def data(harbour_directory: Path, tmp_path: Path) -> Path:
    """Provide a separate data directory with the harbour index."""
    return Path(shutil.copytree(harbour_directory, tmp_path / "data"))


@pytest.fixture
def workspace(mode: Mode) -> Iterator[Workspace]:
    """Provide a workspace for a test that starts the bot itself."""
    with Workspace(mode=mode, settings=LIMITS) as started:
        yield started


@pytest.fixture(scope="module")
def options() -> dict[str, object]:
    """Provide options for serving the bot shared by a file; test files override this fixture."""
    return {}


@pytest.fixture(scope="module")
def crew(
    mode: Mode,
    options: dict[str, object],
    harbour_directory: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Team]:
    """Serve one bot for all tests in a file."""
    data = tmp_path_factory.mktemp("crew") / "data"
    shutil.copytree(harbour_directory, data)
    with (
        Workspace(mode=mode, settings=LIMITS) as workspace,
        serving(workspace, data, **{"person_rate": 0} | options) as team,  # type: ignore[arg-type]
    ):
        yield team


@pytest.fixture
def team(crew: Team) -> Team:
    """Provide the idle bot shared by the file, with a new channel."""
    crew.renew()
    return crew


@pytest.fixture(autouse=True)
def first_bot_alone(request: pytest.FixtureRequest) -> Iterator[None]:
    """Deliver only to the first bot, for a test that needs one bot where two serve its file."""
    if ServerMode.active is None or not ServerMode.one_bot or "crew" not in request.fixturenames:
        yield
        return
    workspace = request.getfixturevalue("crew").workspace
    addresses = workspace.request_urls
    workspace.request_urls = addresses[:1]
    yield
    workspace.request_urls = addresses


@pytest.fixture
def own_team(workspace: Workspace, data: Path) -> Iterator[Team]:
    """Provide a bot for one test."""
    with serving(workspace, data) as team:
        yield team


@contextmanager
def serving(
    workspace: Workspace,
    data: Path,
    sources: Sequence[Source] = (),
    *,
    embedder: SlowEmbedder | None = None,
    constants: Mapping[str, object] | None = None,
    wait_until_ready: bool = True,
    **others: object,
) -> Iterator[Team]:
    """Serve the bot on `data`, in a workspace with ada (an admin), ben and a channel without the
    bot. `constants` maps full names of module constants to values for this block."""
    mode = workspace.mode
    workspace_admins = bool(others.get("workspace_admins"))
    described = manifest(
        "", mode, "http://127.0.0.1/slack/events", workspace_admins=workspace_admins
    )
    workspace.install(described)
    ada, ben = (_person(workspace, name) for name in ("ada", "ben"))
    store, embedder = open_store(data), embedder or SlowEmbedder()
    others = {"admins": (ada.id,)} | others
    settings = settings_for(workspace, data, **others)
    indexer = Indexer(store, embedder, tuple(sources))
    administration = AdminService(indexer, (), settings.import_dir)
    assistant = Assistant(
        store, embedder, "", administration, QuestionLog(store, settings.retention_days)
    )
    beside = ExitStack()
    patch = beside.enter_context(pytest.MonkeyPatch.context())
    patch.setattr(
        "bot.ops.garbage_collection.tune_runtime", lambda: None
    )  # designed for a process that serves only once
    for name, value in (constants or {}).items():
        patch.setattr(name, value)
    service = Service(settings, assistant, mode, digest=administration.digest)
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
        yield Team(workspace, service, store, embedder, channel, ada, ben)
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
