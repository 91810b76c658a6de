"""A PostgreSQL server for tests: the installed binaries with their own data directory.

It listens on 127.0.0.1 only, not on a Unix socket, and ends with the process that started it. The
context manager stops it; if that process is killed, the kernel sends the signal named by setpriv's
`--pdeathsig`, and the server's folder (about 40 MB) remains. The kernel watches the thread that
started the server, so that thread must outlive the tests, as pytest's main thread does.
"""

import os
import pwd
import secrets
import shutil
import signal
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

from tests.support.chroma_server import free_port

START_S = 30  # time limit in seconds for initdb, and again for the server
STOP_S = 10  # seconds until connections are cut
USER = "nearsay"

# The data need not survive a crash of the machine.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "400",  # two bots in each of many scenarios hold connections
}


class Unavailable(Exception):
    """The reason why no server can be started, as a sentence."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server: the SQLAlchemy URL of an empty database, with the password."""

    url: str


@contextmanager
def postgres_server(folder: Path) -> Iterator[Postgres | str]:
    """Run a server during the block, or yield the reason why none can be started.

    PostgreSQL refuses to run as root, so root runs it as `postgres`, or else as `nobody`. Its files
    are in a separate folder in `folder`, or in the system's temporary folder if that user cannot
    enter `folder`, as with pytest's folders. They are removed at the end.
    """
    with ExitStack() as stack:
        server: Postgres | str
        try:
            server = stack.enter_context(_run_server(folder))
        except Unavailable as reason:
            server = str(reason)
        yield server


def fresh_database(server: Postgres) -> str:
    """Create an empty database on `server`; return its URL."""
    name = f"test_{secrets.token_hex(8)}"
    _execute(server.url, f"CREATE DATABASE {name}")
    return _with_database(server.url, name)


def copied_database(url: str) -> str:
    """Copy the database at `url`; return the copy's URL. Nothing may be connected to the original;
    PostgreSQL waits 5 seconds for connections to close."""
    name = f"test_{secrets.token_hex(8)}"
    _execute(
        _with_database(url, "postgres"), f"CREATE DATABASE {name} TEMPLATE {make_url(url).database}"
    )
    return _with_database(url, name)


def drop_database(url: str) -> None:
    """Close all connections to a database created here and drop it. Each takes about 7 MB."""
    _execute(
        _with_database(url, "postgres"), f"DROP DATABASE {make_url(url).database} WITH (FORCE)"
    )


def _with_database(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _execute(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement))


@contextmanager
def _run_server(folder: Path) -> Iterator[Postgres]:
    programs = _find_binaries()
    account = _account()
    with _private_folder(folder, account) as home:
        password = secrets.token_urlsafe(16)
        _make_cluster(programs, home, account, password)
        port = free_port()
        server = Postgres(f"postgresql+psycopg://{USER}:{password}@127.0.0.1:{port}/postgres")
        with _process(programs, home, account, port) as process:
            _wait_until_ready(server, process, home / "log")
            yield server


def _find_binaries() -> Path:
    """Return the folder with `initdb` and `postgres` from the newest installed version."""
    if not shutil.which("setpriv"):
        raise Unavailable("There is no setpriv (util-linux) here to end a PostgreSQL server with.")
    for folder in _binary_folders():
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            return folder
    raise Unavailable(
        "No PostgreSQL server is installed here; on Debian: apt-get install postgresql"
    )


def _binary_folders() -> Iterator[Path]:
    if pg_config := shutil.which("pg_config"):
        result = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        )
        if result.returncode == 0:
            yield Path(result.stdout.strip())
    versions = [path for path in Path("/usr/lib/postgresql").glob("*") if path.name.isdigit()]
    for version in sorted(versions, key=lambda path: int(path.name), reverse=True):
        yield version / "bin"
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def _account() -> pwd.struct_passwd | None:
    """Return the account under which the server runs; None means the current one."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is no user postgres or nobody.")


def _run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Return the arguments for `subprocess` that run a program as `account`."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def _private_folder(folder: Path, account: pwd.struct_passwd | None) -> Iterator[Path]:
    """Yield a folder that belongs to `account` and that other users cannot enter."""
    enter = subprocess.run(["test", "-x", folder], check=False, **_run_as(account))
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
            timeout=START_S,
            cwd=home,
            check=False,
            **_run_as(account),
        )
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"PostgreSQL's initdb took more than {START_S} seconds.") from error
    if made.returncode != 0:
        raise Unavailable(f"PostgreSQL's initdb failed: {_complaint(made.stderr)}")


@contextmanager
def _process(
    programs: Path, home: Path, account: pwd.struct_passwd | None, port: int
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the server's process, which may not answer yet; stop it at the end."""
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
            start_new_session=True,  # Ctrl-C must not reach the server: the tests stop it last.
            **_run_as(account),
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)  # its immediate shutdown, which takes 5 s at most
            process.wait()


def _wait_until_ready(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return _execute(server.url, "SELECT 1")
        except OperationalError:
            time.sleep(0.02)  # The server gives no signal when it is ready.
    raise Unavailable(f"PostgreSQL did not start: {_complaint(log.read_text(errors='replace'))}")


def _complaint(output: str) -> str:
    """Return the line of a program's output that states the error."""
    lines = output.strip().splitlines() or ["it said nothing"]
    return next((line for line in lines if "FATAL" in line or "error:" in line), lines[-1])
