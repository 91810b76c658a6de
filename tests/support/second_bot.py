"""A second bot beside that of a scenario, in a process of its own, on the toy embedder.

    python -m tests.support.second_bot < ORDER

The order is one line of JSON: what `Order` has. It says its port once it is ready, and ends with
its standard input.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from bot.admin.administration import Administration
from bot.desk import Desk
from bot.indexing import Indexer
from bot.memory import Memory
from bot.settings import Secret, Settings
from bot.slack.service import Service
from index.chroma_server import ChromaServer
from index.sources import reading
from index.sources.source import Source
from index.store import Store
from tests.support.gates import Gates, SlowEmbedder

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the bot is to be: its mode, and what it shares with the first one."""

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
    others: dict[str, Any] = field(default_factory=dict)


@dataclass
class SecondBot:
    """The process, and the port that it listens on in HTTP mode."""

    process: subprocess.Popen[str]
    port: int

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.wait()


@contextmanager
def second_bot(order: Order, log: Path) -> Iterator[SecondBot]:
    """The bot, ready; it is gone after the block."""
    with log.open("a") as trouble:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.second_bot"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=trouble,
            text=True,
            cwd=ROOT,
        )
    into, out = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
    try:
        into.write(json.dumps(asdict(order)) + "\n")
        into.flush()
        said = out.readline()
        assert said, log.read_text()
        yield SecondBot(process, int(said))
        if process.poll() is None:
            into.close()
            process.wait(15)
    finally:
        process.kill()
        process.wait()
        out.close()


def main() -> None:
    order = Order(**json.loads(sys.stdin.readline()))
    bundled = Path(order.bundled)
    reading.bundled = lambda: bundled
    sys.modules["bot.indexing"].bundled = lambda: bundled  # type: ignore[attr-defined]
    sys.modules["bot.slack.editing.listeners"].SETTLED = 0.1  # type: ignore[attr-defined]
    sys.modules["bot.slack.editing.live_courier"].LOOK = 0.2  # type: ignore[attr-defined]
    paths = {name: Path(order.others[name]) for name in ("import_dir",) if name in order.others}
    lists = {name: tuple(order.others[name]) for name in ("admins",) if name in order.others}
    settings = Settings(
        slack_bot_token=Secret(order.bot_token),
        slack_app_token=Secret(order.app_token),
        slack_signing_secret=Secret(order.signing_secret),
        slack_api_url=order.api_url,
        data_dir=Path(order.data),
        port=0,
        ops_port=0,
        **{**order.others, **paths, **lists},
    )
    store = Store(Path(order.data), order.database, ChromaServer(order.chroma))
    embedder = SlowEmbedder(Gates(Path(order.gates)))
    sources = tuple(Source(**source) for source in order.sources)
    administration = Administration(Indexer(store, embedder, sources), (), settings.import_dir)
    desk = Desk(store, embedder, "", administration, Memory(store, settings.retention_days))
    service = Service(settings, desk, order.mode, digest=administration.digest)  # type: ignore[arg-type]
    service.start()
    while not service.ready:
        time.sleep(0.01)
    print(service.port, flush=True)
    sys.stdin.read()
    service.stop(5)
    store.close()


if __name__ == "__main__":
    main()
