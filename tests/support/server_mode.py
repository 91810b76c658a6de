"""Run the tests on a Chroma server and PostgreSQL, with two bots: `pytest --server-mode`.

Each data directory has its own database; a copied directory gets a copied database. The scenarios
start a second bot in a separate process, with the same servers (see `tests.support.second_bot`).
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from index.storage import Store
from index.storage.chroma.server import ChromaServer
from index.storage.db.ledger import Ledger
from tests.support.chroma_server import Chroma, chroma_server
from tests.support.postgres import Postgres, copied_database, fresh_database, postgres_server
from tests.support.proxy import Proxy, proxy_to
from tests.support.second_bot import SecondBot

MARK = "database.json"  # in a data directory: names its database and that database's owner


class ServerMode:
    """The two servers, and a database per directory. Only one instance is active at a time."""

    active: ServerMode | None = None
    one_bot = False  # whether the current test runs without a second bot

    def __init__(self, postgres: Postgres, chroma: Chroma, proxy: Proxy) -> None:
        self.postgres = postgres
        self.chroma = chroma
        self.proxy = proxy  # proxy between the bots and Chroma
        self.apart = False  # whether each bot has a separate data directory
        self.second: SecondBot | None = None  # the second bot of the current scenario
        self._empty = fresh_database(postgres)
        Ledger.migrate(Path(), self._empty)

    @property
    def server(self) -> ChromaServer:
        return ChromaServer(f"http://127.0.0.1:{self.proxy.port}")

    def database_of(self, directory: Path) -> str:
        """Return the URL of a data directory's database, which is created if necessary."""
        mark, owner = directory / MARK, str(directory.resolve())
        known = json.loads(mark.read_text()) if mark.is_file() else {"url": self._empty}
        if known.get("owner") == owner:
            return str(known["url"])
        url = self._copied(str(known["url"]))
        directory.mkdir(parents=True, exist_ok=True)
        mark.write_text(json.dumps({"url": url, "owner": owner}))
        return url

    def share(self, directory: Path, other: Path) -> None:
        """Make an empty directory use the database of another one."""
        shutil.rmtree(other, ignore_errors=True)
        other.mkdir(parents=True)
        url = self.database_of(directory)
        (other / MARK).write_text(json.dumps({"url": url, "owner": str(other.resolve())}))

    def environment(self, directory: Path) -> dict[str, str]:
        """Return the settings that the command line needs in server mode."""
        return {"DATABASE_URL": self.database_of(directory), "CHROMA_URL": self.server.url}

    def unanswered(self, directory: Path) -> int:
        """Return the number of deliveries without an answer."""
        return self._number(directory, "SELECT count(*) FROM deliveries WHERE answered IS NULL")

    def answering(self, directory: Path) -> int:
        """Return the number of processes that have taken deliveries so far."""
        taken = "SELECT count(DISTINCT member) FROM deliveries WHERE member <> ''"
        return self._number(directory, taken)

    def _number(self, directory: Path, query: str) -> int:
        engine = create_engine(self.database_of(directory), poolclass=NullPool)
        with engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one())

    def _copied(self, url: str) -> str:
        """Copy a database to serve as another ledger; return its URL."""
        maintenance = make_url(url).set(database="postgres")
        engine = create_engine(maintenance, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            leave = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(leave), {"name": make_url(url).database})
        copy = copied_database(url)
        engine = create_engine(copy, poolclass=NullPool)
        with engine.begin() as connection:
            named = {"name": secrets.token_hex(4)}
            connection.execute(text("UPDATE identity SET name = :name"), named)
            connection.execute(text("DELETE FROM members"))
        return copy


@contextmanager
def server_mode(folder: Path) -> Iterator[ServerMode]:
    """Put stores on the servers during the block, unless a test chooses otherwise."""
    with (
        postgres_server(folder) as postgres,
        chroma_server(folder / "chroma") as chroma,
        proxy_to(chroma.port) as proxy,
    ):
        if isinstance(postgres, str):
            pytest.skip(postgres)
        mode = ServerMode.active = ServerMode(postgres, chroma, proxy)
        with pytest.MonkeyPatch.context() as patch:
            plain = Store.__init__

            def on_servers(
                self: Store,
                directory: Path,
                database: str = "",
                server: ChromaServer | None = None,
                **options: Any,
            ) -> None:
                database = database or mode.database_of(directory)
                plain(self, directory, database, server or mode.server, **options)

            patch.setattr(Store, "__init__", on_servers)
            yield mode
        ServerMode.active = None
