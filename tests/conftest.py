"""Fixtures: a toy index for tests that do not depend on meaning, the encyclopedia's index for the
others.

No test uses a network: downloads from the model hub are switched off.
"""

import os
import pickle
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from bot.assistant import Assistant
from index.embedding.embedder import SentenceEmbedder
from index.indexing.reindex import SourceContent, reindex
from index.storage import Generation, Store
from index.storage.db.ledger import Ledger
from tests.support import fast, in_process
from tests.support.child_process import Command, run_nearsay
from tests.support.chroma_server import Chroma, chroma_server
from tests.support.entries import harbour
from tests.support.postgres import Postgres, drop_database, fresh_database, postgres_server
from tests.support.server_mode import ServerMode, server_mode
from tests.support.stores import open_store
from tests.support.toy import ToyEmbedder

os.environ["HF_HUB_OFFLINE"] = "1"

# Keep temporary files in memory if there is room: on disk, every database commit is slow.
MEMORY = Path("/dev/shm")
NEEDED = 6 * 1024**3  # bytes
if (
    "TMPDIR" not in os.environ
    and os.access(MEMORY, os.W_OK)
    and shutil.disk_usage(MEMORY).free > NEEDED
):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

MODEL = "all-MiniLM-L6-v2"
# Examples per property: few in every run and always the same, so that a run fails only for what was
# changed; many other ones with --hypothesis-profile=many.
for name, examples in (("fast", 5), ("few", 25), ("many", 300)):
    settings.register_profile(
        name,
        max_examples=examples,
        derandomize=name != "many",
        deadline=None,  # how long an example takes depends on what else the machine does
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile("few")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--server-mode",
        action="store_true",
        help="run the scenarios on a Chroma server and PostgreSQL, with two bots",
    )
    parser.addoption(
        "--fast",
        action="store_true",
        help="run only the tests that use no model, no server and no child process",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--fast"):
        settings.load_profile("fast")


def pytest_collection(session: pytest.Session) -> None:
    """Enforce fast mode in the processes that run tests. With -n, these are only the workers."""
    config = session.config
    starts_workers = config.getoption("numprocesses") and not hasattr(config, "workerinput")
    if config.getoption("--fast") and not starts_workers:
        fast.enforce()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """In fast mode, skip folders without fast tests before importing them."""
    return (config.getoption("--fast") and fast.is_slow_path(collection_path)) or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--fast"):
        chosen = [item for item in items if fast.is_fast(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(chosen)])
        items[:] = chosen


@pytest.fixture(scope="session", autouse=True)
def on_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Start the servers of --server-mode for the whole run."""
    if not request.config.getoption("--server-mode"):
        yield
        return
    with server_mode(tmp_path_factory.mktemp("servers")):
        yield


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Choose threads or processes for builds, and skip tests that server mode cannot run.

    Builds run in threads, and files are parsed in this process, unless the test is marked
    `children`. In server mode, a test that accesses the bot's process gets one bot, and a test that
    reads SQLite or Chroma files is skipped.
    """
    in_process.use_processes()
    if item.get_closest_marker("children") is None:
        in_process.use_threads()
    ServerMode.one_bot = item.get_closest_marker("one_bot") is not None
    if item.config.getoption("--server-mode") and item.get_closest_marker("on_files") is not None:
        pytest.skip("needs the files of SQLite or Chroma")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests marked `databases` on each kind of database, all others on SQLite.

    `databases("slow")` marks PostgreSQL runs as slow.
    """
    marked = metafunc.definition.get_closest_marker("databases")
    if marked is not None and "database_url" in metafunc.fixturenames:
        marks = [pytest.mark.slow] if "slow" in marked.args else []
        on_postgresql = pytest.param("postgresql", marks=marks)
        metafunc.parametrize("database_url", ["sqlite", on_postgresql], indirect=True)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres | str]:
    """Yield a PostgreSQL server for this run, or the reason why no server can be started."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """Yield a Chroma server for this run."""
    with chroma_server(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture
def shared_url(postgres: Postgres | str) -> Iterator[str]:
    """Yield the URL of an empty PostgreSQL database that has the ledger's tables."""
    if isinstance(postgres, str):
        pytest.skip(postgres)
    url = fresh_database(postgres)
    Ledger.migrate(Path(), url)
    yield url
    drop_database(url)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Yield the URL of an empty database, or an empty string for SQLite in the data directory."""
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
    """Return the data directory of a harbour index; tests copy it."""
    directory = tmp_path_factory.mktemp("harbour")
    store = open_store(directory)
    reindex(store, SourceContent(harbour()), ToyEmbedder())
    store.close()
    return directory


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    """Reset the umask after each test; the command line changes it."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)


@pytest.fixture
def toy() -> ToyEmbedder:
    return ToyEmbedder()


@pytest.fixture
def harbour_store(harbour_directory: Path, tmp_path: Path, database_url: str) -> Iterator[Store]:
    """Yield a store for one test; its generation g000001 is the harbour index."""
    directory = tmp_path / "data"
    if database_url:
        Ledger.migrate(directory, database_url)
    else:
        shutil.copytree(harbour_directory, directory)
    store = open_store(directory, database_url)
    if database_url:
        reindex(store, SourceContent(harbour()), ToyEmbedder())
    yield store
    store.close()


@pytest.fixture
def desk(harbour_store: Store, toy: ToyEmbedder) -> Assistant:
    """Return an assistant that answers from the harbour index."""
    return Assistant(harbour_store, toy)


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Return a folder shared by all workers of a run, where the first worker that needs a slow
    artefact builds it."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "common"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def model_directory(common: Path) -> Path:
    """Return the folder of the default model, converted by the first worker that needs it."""
    with FileLock(common / "models.lock"):
        SentenceEmbedder(MODEL, common / "models").queries(["dog"])
    return common / "models"


@pytest.fixture(scope="session")
def real_embedder(model_directory: Path) -> SentenceEmbedder:
    return SentenceEmbedder(MODEL, model_directory)


@pytest.fixture(scope="session")
def first_use(common: Path) -> subprocess.CompletedProcess[str]:
    """Run a first command in an empty data directory, which indexes the bundled encyclopedia;
    return its result. It runs once per test run."""
    noted = common / "first-use"
    with FileLock(common / "first-use.lock"):
        if not noted.exists():
            done = run_nearsay("say", "/define RAG", data=common / "data")
            noted.write_bytes(pickle.dumps(done))
    found: subprocess.CompletedProcess[str] = pickle.loads(noted.read_bytes())
    return found


@pytest.fixture(scope="session")
def real_directory(
    first_use: subprocess.CompletedProcess[str],
    common: Path,
    model_directory: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """Return a worker's data directory, with the encyclopedia indexed by the default model."""
    assert first_use.returncode == 0, first_use.stderr
    data = tmp_path_factory.mktemp("real") / "data"
    shutil.copytree(common / "data", data, ignore=shutil.ignore_patterns("models"))
    (data / "models").symlink_to(model_directory)
    return data


@pytest.fixture(scope="session")
def real_desk(real_directory: Path, real_embedder: SentenceEmbedder) -> Assistant:
    """Return an assistant that answers from the encyclopedia with the default model."""
    return Assistant(open_store(real_directory), real_embedder)


@pytest.fixture(scope="session")
def real_generation(real_desk: Assistant) -> Iterator[Generation]:
    """Yield the encyclopedia's generation, for tests that do not change it."""
    with real_desk.store.reading() as generation:
        yield generation


@pytest.fixture
def nearsay(tmp_path: Path) -> Command:
    """Run the command line in an empty folder."""
    return partial(run_nearsay, folder=tmp_path)
