"""A PostgreSQL server for tests: the installed binaries, with a data directory of their own.

It listens on 127.0.0.1 alone, on no Unix socket, and ends with the process that started it: by
the context manager when that can run, else (`kill -9`) by the kernel, which sends the server the
signal named by setpriv's `--pdeathsig`. What is then left is its folder, about 40 MB. The kernel
counts from the thread that started the server, so that has to be one that stays, as pytest's
main thread does.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

STARTING = 30  # seconds that initdb, and then the server, may take
STOPPING = 10  # seconds before connections are cut without ceremony
USER = "nearsay"

# Nothing here has to outlive a crash of the machine.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",  # two bots in each of many scenarios have some
}


class Unavailable(Exception):
    """Why there is no server, in a sentence."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that runs: the SQLAlchemy URL, with the password, of an empty database on it."""

    url: str


@contextmanager
def postgres_server(folder: Path) -> Iterator[Postgres | str]:
    """A server for as long as the block lasts, or a sentence that says why there is none.

    Root cannot run PostgreSQL, so it is run as `postgres`, or else as `nobody`. Its files are in
    a folder of their own in `folder`, or in the system's temporary folder when that user cannot
    enter `folder`, as is so for the folders that pytest makes. They are removed at the end.
    """
    with ExitStack() as stack:
        server: Postgres | str
        try:
            server = stack.enter_context(_running(folder))
        except Unavailable as reason:
            server = str(reason)
        yield server


def fresh_database(server: Postgres) -> str:
    """The URL of a new, empty database on `server`."""
    name = f"test_{secrets.token_hex(8)}"
    _execute(server.url, f"CREATE DATABASE {name}")
    return _beside(server.url, name)


def copied_database(url: str) -> str:
    """The URL of a new database that holds what the one at `url` does. To that one nobody may be
    connected; PostgreSQL waits 5 seconds for those who are just leaving."""
    name = f"test_{secrets.token_hex(8)}"
    _execute(_beside(url, "postgres"), f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}")
    return _beside(url, name)


def drop_database(url: str) -> None:
    """Drops what was made here, and cuts its connections; each takes about 7 MB."""
    _execute(_beside(url, "postgres"), f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def _beside(url: str, name: str) -> str:
    """The URL of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


@contextmanager
def _running(folder: Path) -> Iterator[Postgres]:
    programs = _programs()
    account = _account()
    with _home(folder, account) as home:
        password = secrets.token_urlsafe(16)
        _make_cluster(programs, home, account, password)
        port = _free_port()
        server = Postgres(f"postgresql+psycopg://{USER}:{password}@127.0.0.1:{port}/postgres")
        with _process(programs, home, account, port) as process:
            _wait_until_ready(server, process, home / "log")
            yield server


def _programs() -> Path:
    """The folder of `initdb` and `postgres`, of the newest version where there are several."""
    if not shutil.which("setpriv"):
        raise Unavailable("There is no setpriv (util-linux) here to end a PostgreSQL server with.")
    for folder in _places():
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    raise Unavailable(
        "No PostgreSQL server is installed here; on Debian: apt-get install postgresql"
    )


def _places() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            yield Path(told.stdout.strip())
    versions = [path for path in Path("/usr/lib/postgresql").glob("*") if path.name.isdigit()]
    for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
        yield version / "bin"
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def _account() -> pwd.struct_passwd | None:
    """Who is to run the server; None for oneself."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """The arguments of `subprocess` that make `account` run a program."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def _home(folder: Path, account: pwd.struct_passwd | None) -> Iterator[Path]:
    """A folder that belongs to `account` and is closed to others."""
    enter = subprocess.run(["test", "-x", folder], check=False, **_as(account))
    parent = folder if enter.returncode == 0 else None
    with tempfile.TemporaryDirectory(prefix="nearsay-postgres-", dir=parent) as name:
        if account is not None:
            os.chown(name, account.pw_uid, account.pw_gid)
        yield Path(name)


def _make_cluster(
    programs: Path, home: Path, account: pwd.struct_passwd | None, password: str
) -> None:
    secret = home / "password"
    secret.write_text(password, encoding="utf-8")
    if account is not None:
        os.chown(secret, account.pw_uid, account.pw_gid)
    command: list[str | Path] = [programs / "initdb", "--pgdata", home / "data"]
    command += ["--username", USER, "--pwfile", secret, "--auth", "scram-sha-256"]
    command += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
    try:
        made = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=STARTING,
            cwd=home,
            check=False,
            **_as(account),
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"PostgreSQL's initdb took more than {STARTING} seconds.") from error
    if made.returncode != 0:
        raise Unavailable(f"PostgreSQL's initdb failed: {_complaint(made.stderr)}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(
    programs: Path, home: Path, account: pwd.struct_passwd | None, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """The server's process, which may not answer yet; stopped at the end."""
    command: list[str | Path] = ["setpriv", "--pdeathsig", "INT", programs / "postgres"]
    command += ["-D", home / "data", "-p", str(port)]
    command += [f"--{name}={value}" for name, value in SETTINGS.items()]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            start_new_session=True,  # Ctrl-C is for the tests; they stop the server last.
            **_as(account),
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        try:
            process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # its immediate one, which takes 5 s at most
            process.wait()


def _wait_until_ready(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return _execute(server.url, "SELECT 1")
        except OperationalError:
            time.sleep(0.02)  # The server tells nobody when it is ready; asking is the way.
    raise Unavailable(f"PostgreSQL did not start: {_complaint(log.read_text(errors='replace'))}")


def _complaint(output: str) -> str:
    """The line of a program's output that says what is wrong."""
    lines = output.strip().splitlines() or ["it said nothing"]
    return next((line for line in lines if "FATAL" in line or "error:" in line), lines[-1])
