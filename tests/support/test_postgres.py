"""The PostgreSQL server of the tests: apart from everything else, and gone when they are."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from tests.support import postgres
from tests.support.postgres import (
    Postgres,
    copied_database,
    drop_database,
    fresh_database,
    postgres_server,
)

ROOT = Path(__file__).parents[2]
LISTENING = "0A"  # a state in /proc/net/tcp
LOOPBACK = "0100007F"  # 127.0.0.1 there

# Starts a server, says where it is, and waits to be killed.
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
    """The one value that a query gives, as text."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return str(connection.execute(text(question)).scalar_one())


def process_of(url: str) -> int:
    """The id of the server's own process."""
    return int(ask(url, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))


def folder_of(url: str) -> Path:
    return Path(ask(url, "SHOW data_directory"))


def test_a_table_is_kept_in_its_database_and_no_other_sees_it(server: Postgres) -> None:
    one, other = fresh_database(server), fresh_database(server)
    with create_engine(one, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE buoys (colour text)"))
        connection.execute(text("INSERT INTO buoys VALUES ('grün')"))

    assert ask(one, "SELECT colour FROM buoys") == "grün"
    with pytest.raises(ProgrammingError, match="buoys"):
        ask(other, "SELECT colour FROM buoys")


def test_a_copy_holds_what_the_database_did_and_goes_its_own_way(server: Postgres) -> None:
    url = fresh_database(server)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE TABLE buoys AS SELECT 'red' AS colour"))
    copy = copied_database(url)
    with create_engine(copy, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE buoys SET colour = 'green'"))

    assert ask(url, "SELECT colour FROM buoys") == "red"
    assert ask(copy, "SELECT colour FROM buoys") == "green"


def test_a_dropped_database_is_gone_though_somebody_is_connected(server: Postgres) -> None:
    url = fresh_database(server)
    with create_engine(url).connect():
        drop_database(url)
    with pytest.raises(OperationalError, match="does not exist"):
        ask(url, "SELECT 1")


def test_nobody_enters_without_the_password(server: Postgres) -> None:
    wrong = make_url(server.url).set(password="guess").render_as_string(hide_password=False)
    with pytest.raises(OperationalError, match="password authentication failed"):
        ask(wrong, "SELECT 1")


def test_it_listens_on_loopback_only(server: Postgres) -> None:
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


def test_it_runs_as_a_user_that_is_not_root_in_a_folder_closed_to_others(server: Postgres) -> None:
    process = Path(f"/proc/{process_of(server.url)}")
    home = folder_of(server.url).parent
    assert process.stat().st_uid != 0
    assert home.stat().st_uid == process.stat().st_uid
    assert home.stat().st_mode & 0o077 == 0


def test_after_the_block_the_process_its_port_and_its_files_are_gone(
    server: Postgres, tmp_path: Path
) -> None:
    with postgres_server(tmp_path) as own:
        assert isinstance(own, Postgres)
        process, folder = process_of(own.url), folder_of(own.url)
        with create_engine(own.url).connect():  # A connection left open does not hold it up.
            pass
    assert not Path(f"/proc/{process}").exists()
    assert not folder.parent.exists()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", make_url(own.url).port or 0)) != 0


def test_it_ends_with_a_test_run_that_is_killed(server: Postgres, tmp_path: Path) -> None:
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
    shutil.rmtree(folder.parent)  # What nobody was left to do.


def test_without_binaries_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "_places", lambda: iter([tmp_path]))
    with postgres_server(tmp_path) as reason:
        assert isinstance(reason, str)
        assert "apt-get install postgresql" in reason


def test_a_server_that_does_not_start_says_why(
    server: Postgres, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres, "_free_port", lambda: make_url(server.url).port)
    with postgres_server(tmp_path) as reason:
        assert isinstance(reason, str)
        assert "did not start" in reason
        assert "TCP/IP sockets" in reason
