"""Fixtures of generations to damage, and of a Chroma server behind a proxy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.chroma_server import Chroma
from tests.support.proxy import Proxy, proxy_to
from tests.unit.index.storage.damages import build_with_saved_graph, copied


@pytest.fixture
def proxy(chroma: Chroma) -> Iterator[Proxy]:
    with proxy_to(chroma.port) as proxy:
        yield proxy


@pytest.fixture(scope="package")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation with a saved graph; tests restore what they change."""
    return build_with_saved_graph(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return copied(whole, tmp_path)
