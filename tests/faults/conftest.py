"""Data directories for the tests: an empty one, and one that tests copy and then damage."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from index.indexing.reindex import SourceContent, reindex
from tests.faults.content import FILES, QuickToy, entries_of
from tests.faults.homes import Home
from tests.support.postgres import Postgres, fresh_database


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Home:
    """Return an empty data directory."""
    return Home.fresh(tmp_path / "home" / "data", database_url)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Postgres | None], Home]:
    """Return a data directory with two generations, on a server or on SQLite; each is built
    once."""

    @cache
    def build(server: Postgres | None) -> Home:
        url = "" if server is None else fresh_database(server)
        home = Home.fresh(tmp_path_factory.mktemp("whole"), url)
        store = home.store()
        for number in (1, 2):
            reindex(store, SourceContent(entries_of((number,) * FILES)), QuickToy())
        store.close()
        return home

    return build


@pytest.fixture
def two_generations(
    request: pytest.FixtureRequest,
    database_url: str,
    whole: Callable[[Postgres | None], Home],
) -> Home:
    """Return a data directory with two generations, whose entries carry 1 and 2; tests copy it."""
    return whole(request.getfixturevalue("postgres") if database_url else None)
