from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from bot.bench import txtai_peer
from bot.bench.data import Document, read_dataset
from bot.bench.lineup import LeftOut, lineup
from bot.bench.txtai_peer import txtai_hybrid
from index.embedder import Vectors
from tests.bot.bench.folders import write_bakery
from tests.support.toy import ToyEmbedder


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Document, ...]:
    return read_dataset(write_bakery(tmp_path / "bakery")).documents


class FakeEmbeddings:
    """What of txtai's index is used, ranked by cosine alone."""

    def __init__(self, *, method: str, transform: object, hybrid: bool) -> None:
        assert (method, hybrid) == ("external", True)
        assert callable(transform)
        self.transform: Callable[[Sequence[str]], Vectors] = transform
        self.closed = False

    def index(self, documents: Iterable[tuple[str, str]]) -> None:
        self.ids, texts = zip(*documents, strict=True)
        self.vectors = self.transform(list(texts))

    def search(self, query: str, limit: int) -> list[tuple[str, float]]:
        scores = (self.vectors @ self.transform([query])[0]).tolist()
        found = zip(self.ids, scores, strict=True)
        return sorted(found, key=lambda item: -item[1])[:limit]

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def fake_txtai(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("txtai")
    module.Embeddings = FakeEmbeddings  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "txtai", module)
    monkeypatch.setattr(txtai_peer, "is_installed", lambda: True)


def test_a_peer_that_is_not_installed_is_said_with_the_command_that_installs_it(
    documents: tuple[Document, ...], toy: ToyEmbedder, tmp_path: Path
) -> None:
    with (
        patch("importlib.util.find_spec", return_value=None),
        lineup(documents, toy, tmp_path / "peers", lambda *_: None) as (peers, left_out),
    ):
        assert [peer.name for peer in peers] == ["model alone", "BM25", "RRF", "substring"]
        assert left_out == (LeftOut("txtai hybrid", txtai_peer.MISSING),)
        assert "pip install -e '.[txtai]'" in left_out[0].why


@pytest.mark.usefixtures("fake_txtai")
def test_a_peer_that_is_installed_is_asked(
    documents: tuple[Document, ...], toy: ToyEmbedder, tmp_path: Path
) -> None:
    with lineup(documents, toy, tmp_path / "peers", lambda *_: None) as (peers, left_out):
        assert (peers[-1].name, left_out) == ("txtai hybrid", ())
        assert peers[-1].find("dark rye loaf")[0] == "rye"


@pytest.mark.usefixtures("fake_txtai")
def test_txtai_gets_documents_as_documents_and_queries_as_queries(
    documents: tuple[Document, ...], toy: ToyEmbedder
) -> None:
    with txtai_hybrid(documents, toy) as peer:
        assert (toy.embedded, toy.asked) == (len(documents), 0)
        peer.find("dark rye loaf")
        assert (toy.embedded, toy.asked) == (len(documents), 1)
    assert peer.embeddings.closed


@pytest.mark.skipif(importlib.util.find_spec("txtai") is None, reason="txtai is not installed")
def test_the_real_txtai_finds_by_meaning_and_by_words(
    documents: tuple[Document, ...], toy: ToyEmbedder
) -> None:
    with txtai_hybrid(documents, toy) as peer:
        assert peer.find("a dark loaf of rye")[0] == "rye"
        assert peer.find("gluten")[0] == "salt"
        assert (toy.embedded, toy.asked) == (len(documents), 2)
