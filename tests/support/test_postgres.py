"""The tests' PostgreSQL server is isolated, and stops when the tests stop."""

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.support.postgres import (
    Postgres,
    postgres_server,
)

ROOT = Path(__file__).parents[2]
LISTENING = "0A"  # a state in /proc/net/tcp
LOOPBACK = "0100007F"  # 127.0.0.1 in /proc/net/tcp

# Starts a server, prints its location, and waits to be killed.
HOLDER = """
import sys
from pathlib import Path
from tests.support.postgres import Postgres, postgres_server
with postgres_server(Path(sys.argv[1])) as server:
    print(server.url if isinstance(server, Postgres) else "", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with postgres_server(tmp_path_factory.mktemp("postgres")) as found:
        if isinstance(found, str):
            pytest.skip(found)
        yield found


def ask(url: str, question: str) -> str:
    """Return the single value in the result of a query, as text."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return str(connection.execute(text(question)).scalar_one())


def process_of(url: str) -> int:
    """Return the id of the server's process."""
    return int(ask(url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))


def folder_of(url: str) -> Path:
    return Path(ask(url, "SHOW data_directory"))


def test_server_listens_on_loopback_only(server: Postgres) -> None:
    port = make_url(server.url).port
    assert port is not None
    addresses = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for row in table.read_text().splitlines()[1:] if table.exists() else []:
            _, local, _, state, *_ = row.split()
            address, _, number = local.partition(":")
            if int(number, 16) == port and state == LISTENING:
                addresses.add(address)
    assert addresses == {LOOPBACK}
    assert ask(server.url, "SHOW unix_socket_directories") == ""


def test_server_ends_when_the_test_run_is_killed(server: Postgres, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as holder:
        assert holder.stdout is not None
        url = holder.stdout.readline().strip()
        process, folder = os.pidfd_open(process_of(url)), folder_of(url)
        holder.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([process], [], [], 10)
    os.close(process)
    assert ended
    shutil.rmtree(folder.parent)  # Remove the files that the killed process left.
