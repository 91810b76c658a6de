"""A second bot for a scenario, with the toy embedder, in a separate process.

The process is forked from one that has imported all modules, like the index's build processes.
"""

import logging
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.admin.admin_service import AdminService
from bot.assistant import Assistant
from bot.config import Settings
from bot.indexing import Indexer
from bot.question_log import QuestionLog
from bot.slack.service import Service
from index import child_process
from index.sources import source
from index.sources.source import Source
from index.storage.chroma.server import ChromaServer
from tests.support.bundled import replace_bundled
from tests.support.gates import Gates, SlowEmbedder
from tests.support.stores import open_store

STARTING = 60  # seconds
STOPPING = 15


@dataclass(frozen=True, kw_only=True)
class Order:
    """The configuration of the second bot: its mode, and the resources it shares with the first."""

    mode: str
    api_url: str
    bot_token: str
    app_token: str
    signing_secret: str
    data: str
    database: str
    chroma: str
    gates: str
    bundled: str
    sources: list[dict[str, Any]] = field(default_factory=list)
    constants: dict[str, object] = field(default_factory=dict)  # module constants, by full name
    others: dict[str, Any] = field(default_factory=dict)


@dataclass
class SecondBot:
    """The process of the second bot, and the port on which it listens in HTTP mode."""

    process: ForkServerProcess
    port: int

    def kill(self) -> None:
        """Send SIGKILL to the process."""
        self.process.kill()
        self.process.join()


@contextmanager
def second_bot(order: Order, log: Path) -> Iterator[SecondBot]:
    """Start the bot and yield it once it is ready; stop it after the block."""
    child_process.PRELOADED[:] = [*dict.fromkeys([*child_process.PRELOADED, __name__])]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(child_process.PRELOADED)
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(order, log, theirs))
    process.start()
    theirs.close()
    try:
        assert ours.poll(STARTING), log.read_text()
        yield SecondBot(process, ours.recv())
    finally:
        ours.close()
        process.join(STOPPING)
        process.kill()
        process.join()


def serve(order: Order, log: Path, line: Connection) -> None:
    """Report the port on `line`, then serve until the other end of `line` is closed."""
    logging.basicConfig(filename=log, level=logging.INFO, force=True)
    if Path(order.bundled) != source.bundled():
        replace_bundled(Path(order.bundled), setattr)
    for constant, value in order.constants.items():
        place, _, name = constant.rpartition(".")
        setattr(import_module(place), name, value)
    paths = {name: Path(order.others[name]) for name in ("import_dir",) if name in order.others}
    lists = {name: tuple(order.others[name]) for name in ("admins",) if name in order.others}
    settings = Settings(
        slack_bot_token=SecretStr(order.bot_token),
        slack_app_token=SecretStr(order.app_token),
        slack_signing_secret=SecretStr(order.signing_secret),
        slack_api_url=order.api_url,
        data_dir=Path(order.data),
        port=0,
        ops_port=0,
        **{**order.others, **paths, **lists},
    )
    store = open_store(Path(order.data), order.database, ChromaServer(order.chroma))
    embedder = SlowEmbedder(Gates(Path(order.gates)))
    sources = tuple(Source(**source) for source in order.sources)
    administration = AdminService(Indexer(store, embedder, sources), (), settings.import_dir)
    assistant = Assistant(
        store, embedder, "", administration, QuestionLog(store, settings.retention_days)
    )
    service = Service(settings, assistant, order.mode)  # type: ignore[arg-type]
    service.start()
    while not service.ready:
        time.sleep(0.01)
    line.send(service.port)
    with suppress(EOFError, ConnectionError):
        line.recv()
    service.stop(5)
    store.close()
