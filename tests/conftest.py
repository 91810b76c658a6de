"""Fixtures: a toy index for what needs no meaning, the real index of the encyclopedia for what
does. No test reaches a network: the model hub is switched off."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock

from bot.desk import Desk
from index.embedder import SentenceEmbedder
from index.reindex import Content, reindex
from index.store import Store
from index.store.ledger import Ledger
from tests.support.chroma_server import Chroma, chroma_server
from tests.support.entries import harbour
from tests.support.postgres import Postgres, drop_database, fresh_database, postgres_server
from tests.support.server_mode import ServerMode, server_mode
from tests.support.toy import ToyEmbedder

os.environ["HF_HUB_OFFLINE"] = "1"
REPOSITORY = Path(__file__).parent.parent


Command = Callable[..., subprocess.CompletedProcess[str]]


def run_nearsay(
    *arguments: str,
    data: Path,
    stdin: str | bytes | None = None,
    folder: Path | None = None,
    **settings: str,
) -> subprocess.CompletedProcess[str]:
    """Runs the command line as a person would, in `folder`, with only these settings."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NEARSAY_", "SLACK_"))
    }
    environment |= {"NEARSAY_DATA_DIR": str(data), "HF_HUB_OFFLINE": "1", "COLUMNS": "80"}
    environment |= {"PYTHONPATH": str(REPOSITORY), **settings}
    if ServerMode.active is not None:
        environment |= ServerMode.active.environment(data)
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=(stdin.encode() if isinstance(stdin, str) else stdin) or b"",
        capture_output=True,
        env=environment,
        cwd=folder or data.parent,
        timeout=300,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server-mode",
        action="store_true",
        help="the scenarios on a Chroma server and PostgreSQL, with two bots",
    )


@pytest.fixture(scope="session", autouse=True)
def on_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """With --server-mode, what the whole run has in common."""
    if not request.config.getoption("--server-mode"):
        yield
        return
    with server_mode(tmp_path_factory.mktemp("servers")):
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """In server mode a test that reaches into the process of the bot has one bot, and one that
    looks at the files of SQLite or of Chroma is left out."""
    ServerMode.one_bot = item.get_closest_marker("one_bot") is not None
    if item.config.getoption("--server-mode") and item.get_closest_marker("on_files") is not None:
        pytest.skip("It is about the files of SQLite and of Chroma.")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests that are marked `databases` run on each kind of database, all others on SQLite."""
    marked = metafunc.definition.get_closest_marker("databases") is not None
    if marked and "database_url" in metafunc.fixturenames:
        metafunc.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres | str]:
    """A PostgreSQL server of our own; or why there is none."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """A Chroma server of our own."""
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture
def shared_url(postgres: Postgres | str) -> Iterator[str]:
    """The address of an empty PostgreSQL database with the ledger's tables."""
    if isinstance(postgres, str):
        pytest.skip(postgres)
    url = fresh_database(postgres)
    Ledger.migrate(Path(), url)
    yield url
    drop_database(url)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database; empty for SQLite in the data directory."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield ""
        return
    server: Postgres | str = request.getfixturevalue("postgres")
    if isinstance(server, str):
        pytest.skip(server)
    url = fresh_database(server)
    yield url
    drop_database(url)


@pytest.fixture(scope="session")
def harbour_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of an index of the harbour, to be copied."""
    directory = tmp_path_factory.mktemp("harbour")
    store = Store(directory)
    reindex(store, Content(harbour()), ToyEmbedder())
    store.close()
    return directory


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """The umask is the same after a test, also where that has run the command line."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def toy() -> ToyEmbedder:
    return ToyEmbedder()


@pytest.fixture
def harbour_store(harbour_directory: Path, tmp_path: Path, database_url: str) -> Iterator[Store]:
    """A store of one's own that holds the harbour as generation g000001."""
    directory = tmp_path / "data"
    if database_url:
        Ledger.migrate(directory, database_url)
    else:
        shutil.copytree(harbour_directory, directory)
    store = Store(directory, database_url)
    if database_url:
        reindex(store, Content(harbour()), ToyEmbedder())
    yield store
    store.close()


@pytest.fixture
def desk(harbour_store: Store, toy: ToyEmbedder) -> Desk:
    """A desk over the harbour."""
    return Desk(harbour_store, toy)


@pytest.fixture(scope="session")
def model_directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the converted default model is kept for the whole run."""
    return tmp_path_factory.mktemp("real") / "models"


@pytest.fixture(scope="session")
def real_embedder(model_directory: Path) -> SentenceEmbedder:
    """The default model."""
    return SentenceEmbedder("all-MiniLM-L6-v2", model_directory)


@pytest.fixture(scope="session")
def first_use(
    model_directory: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> subprocess.CompletedProcess[str]:
    """The first command in a fresh data directory, which indexes the bundled encyclopedia.

    That takes a minute, so one worker does it, and the others begin with a copy.
    """
    data = model_directory.parent
    if worker_id == "master":  # there is one process only
        return run_nearsay("say", "/define RAG", data=data)
    shared = tmp_path_factory.getbasetemp().parent / "first-use"
    with FileLock(shared.with_suffix(".lock")):
        if (shared / "done").exists():
            done: subprocess.CompletedProcess[str] = pickle.loads((shared / "done").read_bytes())
        else:
            shared.mkdir(exist_ok=True)
            done = run_nearsay("say", "/define RAG", data=shared / "data")
            (shared / "done").write_bytes(pickle.dumps(done))
    # A model that is there already may be in use.
    there = shutil.ignore_patterns("models") if model_directory.exists() else None
    shutil.copytree(shared / "data", data, ignore=there, dirs_exist_ok=True)
    return done


@pytest.fixture(scope="session")
def real_directory(first_use: subprocess.CompletedProcess[str], model_directory: Path) -> Path:
    """A data directory with the bundled encyclopedia indexed by the default model."""
    assert first_use.returncode == 0, first_use.stderr
    return model_directory.parent


@pytest.fixture(scope="session")
def real_desk(real_directory: Path, real_embedder: SentenceEmbedder) -> Desk:
    """A desk over the bundled encyclopedia and the default model."""
    return Desk(Store(real_directory), real_embedder)


@pytest.fixture
def nearsay(tmp_path: Path) -> Command:
    """Runs the command line in an empty folder."""
    return partial(run_nearsay, folder=tmp_path)
