from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from index.evaluation import baselines as peers_module
from index.evaluation.baselines import (
    NO_TXTAI,
    Bm25,
    ModelAlone,
    SkippedBaseline,
    Substring,
    fuse_ranks,
    open_baselines,
)
from index.evaluation.beir import Document
from index.progress import no_progress
from tests.benchmarks.beir.dataset import read_dataset
from tests.benchmarks.beir.folders import write_bakery
from tests.support.toy import ToyEmbedder


@pytest.fixture
def documents(tmp_path: Path) -> tuple[Document, ...]:
    return read_dataset(write_bakery(tmp_path / "bakery")).documents


def test_the_model_baseline_ranks_whole_documents_by_cosine(
    documents: tuple[Document, ...], toy: ToyEmbedder, tmp_path: Path
) -> None:
    query = "yeast and flour"
    _, vectors = zip(*toy.documents([document.whole for document in documents]), strict=True)
    cosines = np.concatenate(vectors) @ toy.queries([query])[0]
    model = ModelAlone(documents, toy, tmp_path / "model", no_progress)
    assert model.find(query) == [documents[row].id for row in np.argsort(-cosines)]
    assert model.find(query, 2) == model.find(query)[:2]
    model.close()


def test_bm25_finds_titles_and_texts_by_words_of_the_query(
    documents: tuple[Document, ...], tmp_path: Path
) -> None:
    words = Bm25(documents, tmp_path / "words")
    assert words.find("sourdough") == ["sour"]
    assert words.find("gluten") == ["salt"]
    assert set(words.find("flour")) == {"sour", "rye"}
    assert words.find("zebra") == []


def test_rrf_sums_reciprocal_ranks() -> None:
    # a: 1/61 + 1/63, b: 1/62 + 1/61, c: 1/63, d: 1/62
    assert fuse_ranks(["a", "b", "c"], ["b", "d", "a"]) == ["b", "a", "d", "c"]
    # b (2/65) ranks before a (1/61) because k is large
    assert fuse_ranks(["a", "1", "2", "3", "b"], ["4", "5", "6", "7", "b"])[0] == "b"


CATALOGUE = [
    Document("1", "Tokenization", "Cutting text into tokens."),
    Document("2", "Token", "A piece of text."),
    Document("3", "Cost", "What each token costs."),
    Document("4", "", "Nothing of the kind."),
]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("TOKEN", ["2", "1", "3"]),  # the shortest title first, then texts
        ("of text", ["2"]),
        ("text of a piece", ["2"]),  # most words
        ("costs each zebra", ["3"]),
        ("costs zebra", []),  # half is not most
        ("zebra", []),
        ("?!", []),
    ],
)
def test_substring_finds_the_query_or_most_of_its_words(query: str, found: list[str]) -> None:
    assert Substring(CATALOGUE).find(query) == found


def test_a_missing_baseline_is_reported_with_its_install_command(
    documents: tuple[Document, ...], toy: ToyEmbedder, tmp_path: Path
) -> None:
    with (
        patch.object(peers_module, "find_spec", return_value=None),
        open_baselines(documents, toy, tmp_path / "peers", no_progress) as (peers, left_out),
    ):
        assert [peer.name for peer in peers] == ["model alone", "BM25", "RRF", "substring"]
        assert left_out == (SkippedBaseline("txtai hybrid", NO_TXTAI),)
        assert "pip install -e '.[txtai]'" in left_out[0].why
